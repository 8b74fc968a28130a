"""What the schedule runs: the day's reminders at eight, notices each minute, and at night what is to be forgotten."""

from __future__ import annotations

from celery import shared_task

from hdcperf import clock
from hdcperf.jobs.recording import recorded
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.operations.forgetting import forget_old
from hdcperf.reminders.operations.notices import send_notices


@shared_task
@recorded("Send the day’s reminders")
def send_the_days_reminders() -> int:
    """Post the day's reminders; run again, it posts only what is new."""
    return send_reminders(clock.today())


@shared_task
@recorded("Send notices", often=True)
def send_the_notices() -> int:
    """Tell people of what happened since the last sweep."""
    return send_notices(clock.now())


@shared_task
@recorded("Forget old reminders")
def forget_reminders() -> int:
    """Delete who was told of what, where it can no longer be sent."""
    return forget_old(clock.today())
