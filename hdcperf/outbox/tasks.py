"""What the workers do with messages."""

from __future__ import annotations

from celery import shared_task

from hdcperf.jobs.recording import recorded
from hdcperf.outbox import operations
from hdcperf.outbox.delivery import deliver
from hdcperf.outbox.soon import SEND_MESSAGES


@shared_task(name=SEND_MESSAGES)
@recorded("Send messages", often=True)
def send_messages() -> int:
    """Send what is due, and give how many messages were tried. Any number may run at once."""
    came = deliver()
    return came.sent + came.postponed + came.failed


@shared_task
@recorded("Forget old messages")
def forget_messages() -> int:
    """Delete messages older than ``settings.TOLD_KEEP_DAYS``, whose words went long before."""
    return operations.forget_old()


@shared_task
@recorded("Delete the words of old messages")
def clear_messages() -> int:
    """Delete the words of messages older than ``settings.OUTBOX_KEEP_DAYS``; what is kept says who was told when."""
    return operations.clear_old()
