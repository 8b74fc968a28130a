"""What the schedule does for the Corporate Plan."""

from __future__ import annotations

from celery import shared_task

from actions.operations.quarters import escalate_at_lock
from hdcperf import clock
from hdcperf.jobs.recording import recorded


@shared_task
@recorded("Send old challenges of locked quarters to the board")
def lock_quarters() -> int:
    """Challenges older than three working days at their quarter's lock go to the board (framework C.2)."""
    return escalate_at_lock(clock.today())
