"""What the workers run: one job, and the sweep that takes up what was lost."""

from __future__ import annotations

from celery import shared_task

from hdcperf.jobs import operations, running
from hdcperf.jobs.queueing import RUN_JOB
from hdcperf.jobs.recording import recorded

SWEEP = "Take up lost jobs"


@shared_task(name=RUN_JOB)
def run_job(pk: int) -> bool:
    """Do the work of a job; delivered twice, the second finds it claimed or ended."""
    return running.run(pk)


@shared_task
@recorded(SWEEP, often=True)
def take_up_lost() -> int:
    """Take up jobs whose process died or that the broker forgot; its record is the beat's sign of life too."""
    return operations.sweep()
