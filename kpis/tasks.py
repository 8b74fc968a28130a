"""What the schedule does for KPIs."""

from __future__ import annotations

from celery import shared_task

from hdcperf import clock
from hdcperf.jobs.recording import recorded
from kpis.operations.periods import escalate_at_lock


@shared_task
@recorded("Send old challenges of locked months to the board")
def lock_months() -> int:
    """Challenges older than three working days at their month's lock go to the board (framework C.2)."""
    return escalate_at_lock(clock.today())
