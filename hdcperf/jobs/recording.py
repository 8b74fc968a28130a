"""Keeping a record of what ran by the schedule: when, how long, how many things it did, what failed and why."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from django.utils import timezone

from hdcperf.jobs.models import Run

__all__ = ["KEPT_FOR", "recorded"]

P = ParamSpec("P")
KEPT_FOR = timedelta(days=90)


def recorded(name: str, *, often: bool = False) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Record each run of a scheduled task under ``name``, its words in the schedule. The task gives a count.

    What it raises is recorded and raised again. Of a task that runs ``often``, only the last run that did nothing is
    kept.
    """

    def decorate(task: Callable[P, int]) -> Callable[P, int]:
        @wraps(task)
        def run(*args: P.args, **kwargs: P.kwargs) -> int:
            row = Run.objects.create(name=name)
            try:
                row.count = task(*args, **kwargs)
            except Exception as problem:
                row.error = f"{type(problem).__name__}: {problem}"
                row.detail = traceback.format_exc()
                raise
            finally:
                row.ended_at = timezone.now()
                row.save()
                _forget(row, often)
            return row.count

        run.words = name  # type: ignore[attr-defined]
        return run

    return decorate


def _forget(row: Run, often: bool) -> None:
    before = Run.objects.filter(name=row.name, started_at__lt=row.started_at)
    before.filter(started_at__lt=row.started_at - KEPT_FOR).delete()
    if often:
        before.filter(count=0).delete()
