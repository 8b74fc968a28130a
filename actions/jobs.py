"""Long work of the Corporate Plan, run in the background: each can be done again from its start."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from actions.models import MeasureDraft
from actions.operations.measures import apply_measures
from actions.operations.quarters import open_quarter as open_the_quarter
from actions.presenters.measures import imported_words
from actions.presenters.quarters import opened_words
from hdcperf.importing import FileRefused, NotApplied
from hdcperf.jobs.running import JobRefused, Result, Working
from hdcperf.periods import Quarter
from hdcperf.workflow import MoveRefused

__all__ = ["import_measures", "open_quarter"]


def import_measures(job: Working, *, draft: int, fingerprint: str) -> Result:
    """Import outcome measures as they were previewed: all of them, or nothing."""
    assert job.by is not None
    page = reverse("outcome-measures")
    try:
        with transaction.atomic():
            plan = apply_measures(draft, fingerprint, by=job.by)
            job.hold()
    except MeasureDraft.DoesNotExist:
        return Result("The file was imported or thrown away already.", page)
    except (FileRefused, NotApplied) as refused:
        raise JobRefused(str(refused)) from refused
    return Result(imported_words(plan), page)


def open_quarter(job: Working, *, quarter: str) -> Result:
    """Open a quarter and make the updates and reports still missing."""
    span = Quarter.parse(quarter)
    try:
        with transaction.atomic():
            opened = open_the_quarter(span, by=job.by, tell=job.progress)
            job.hold()
    except MoveRefused as refused:
        raise JobRefused(str(refused)) from refused
    return Result(opened_words(opened), reverse("quarter", args=[span]))
