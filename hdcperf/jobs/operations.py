"""Starting jobs, taking up what was lost, cancelling, and taking up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hdcperf.jobs.models import Job
from hdcperf.jobs.queueing import queue
from hdcperf.jobs.running import MOST_ATTEMPTS
from hdcperf.organisation.models import User

__all__ = ["cancel", "start", "sweep", "take_up_again"]


def start(
    kind: str, by: User | None, label: str, arguments: Mapping[str, Any] | None = None, *, key: str = ""
) -> Job:
    """Keep a job and have it run when the transaction commits; give its row, whose page is at ``/jobs/<pk>/``.

    ``arguments`` are what JSON holds: ids, words, ISO dates. With a ``key`` there is one open job of a kind about a
    thing: a second click gives the one under way. Raises KeyError for a kind that ``settings.JOB_KINDS`` lacks.
    """
    settings.JOB_KINDS[kind]
    job = Job(
        kind=kind, key=key, label=label[:200], arguments=dict(arguments or {}), by=by, by_name=by.name if by else ""
    )
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        return Job.objects.open().get(kind=kind, key=key)
    transaction.on_commit(partial(queue, job.pk))
    if settings.JOBS_RUN == "thread":
        sweep()  # no beat does it
    return job


def sweep(now: datetime | None = None) -> int:
    """Take up what was lost: jobs whose process died, and jobs the broker forgot. Gives how many.

    Each is changed by one statement that asks again, so of two sweeps at once one finds it.
    """
    now = now or timezone.now()
    return _give_up(now) + _free(now) + _queue_again(now)


def _give_up(now: datetime) -> int:
    return (
        Job.objects.stale(now)
        .filter(attempts__gte=MOST_ATTEMPTS)
        .update(
            state=Job.State.FAILED,
            token=None,
            ended_at=now,
            error=f"The process that ran it died {MOST_ATTEMPTS} times. An administrator can take it up again.",
        )
    )


def _free(now: datetime) -> int:
    freed = 0
    for pk in Job.objects.stale(now).values_list("pk", flat=True):
        mine = (
            Job.objects.stale(now)
            .filter(pk=pk)
            .update(state=Job.State.WAITING, token=None, beat_at=None, queued_at=now)
        )
        if mine:
            freed += 1
            transaction.on_commit(partial(queue, pk))
    return freed


def _queue_again(now: datetime) -> int:
    queued = 0
    for pk in Job.objects.never_taken(now).values_list("pk", flat=True):
        if Job.objects.never_taken(now).filter(pk=pk).update(queued_at=now):
            queued += 1
            transaction.on_commit(partial(queue, pk))
    return queued


def cancel(job: Job, *, by: User) -> bool:
    """Stop a job that waits or runs: its process stops at its next sign of progress. Whether it was still open."""
    stopped = (
        Job.objects.open()
        .filter(pk=job.pk)
        .update(state=Job.State.CANCELLED, token=None, ended_at=timezone.now(), outcome=f"Cancelled by {by.name}.")
    )
    return bool(stopped)


def take_up_again(job: Job) -> bool:
    """Run a job again that failed, was cancelled, or whose process died. Whether there was anything to take up."""
    now = timezone.now()
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
        try:
            with transaction.atomic():
                found = (ended | Job.objects.stale(now).filter(pk=job.pk)).update(
                    state=Job.State.WAITING,
                    token=None,
                    beat_at=None,
                    ended_at=None,
                    attempts=0,
                    error="",
                    detail="",
                    outcome="",
                    queued_at=now,
                )
        except IntegrityError:  # another about the same thing is under way
            return False
        if found:
            transaction.on_commit(partial(queue, job.pk))
    return bool(found)
