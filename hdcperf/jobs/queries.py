"""Which jobs somebody may see, and what the schedule did and does next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db.models import Max, QuerySet

from hdcperf.jobs.models import Job, Run
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission

__all__ = ["SHOWN_FAILED", "Scheduled", "failed_lately", "jobs_of", "keeps_jobs", "scheduled"]

SHOWN_FAILED = timedelta(days=7)


def keeps_jobs(who: Standing) -> bool:
    """Whether they see every job, cancel one and take one up again."""
    return who.may(Permission.SEE_JOBS)


def jobs_of(who: Standing) -> QuerySet[Job]:
    """The jobs they may see: those they started themselves, or all; without what only administrators read."""
    rows = Job.objects.defer("detail")
    return rows if keeps_jobs(who) else rows.filter(by=who.user_id)


def failed_lately(now: datetime) -> QuerySet[Run]:
    """The scheduled runs of the last seven days that failed."""
    return Run.objects.filter(started_at__gte=now - SHOWN_FAILED).exclude(error="")


@dataclass(frozen=True)
class Scheduled:
    """A task of the schedule: when it runs next (None where nothing runs the schedule), and its last run."""

    name: str
    next_at: datetime
    last: Run | None


def scheduled(now: datetime) -> Iterator[Scheduled]:
    """The schedule, the next to run first. Two queries."""
    latest = Run.objects.values("name").annotate(latest=Max("pk")).values("latest")
    last = {run.name: run for run in Run.objects.filter(pk__in=latest).defer("detail")}
    rows = [
        Scheduled(name, now + entry["schedule"].remaining_estimate(now), last.get(name))
        for name, entry in current_app.conf.beat_schedule.items()
    ]
    yield from sorted(rows, key=lambda one: (one.next_at, one.name))
