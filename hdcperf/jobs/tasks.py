"""What the workers run: one job, the sweep that takes up what was lost, and the forgetting of old sign-ins."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

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


@shared_task
@recorded("Forget sign-ins that have run out")
def forget_sign_ins() -> int:
    """Their rows would otherwise stay for ever."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted
