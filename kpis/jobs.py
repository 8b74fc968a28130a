"""Long work of the KPIs, run in the background: each can be done again from its start (see ``hdcperf/jobs``)."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from hdcperf.importing import FileRefused, NotApplied
from hdcperf.jobs.running import JobRefused, Result, Working
from hdcperf.periods import Month
from hdcperf.workflow import MoveRefused
from kpis.models import ImportDraft, ImportRun
from kpis.operations.importing import apply_draft
from kpis.operations.periods import left_out, open_period
from kpis.presenters.importing import imported_words
from kpis.presenters.periods import left_out_words, opened_words

__all__ = ["import_register", "open_month"]


def import_register(job: Working, *, draft: int, fingerprint: str, sha256: str) -> Result:
    """Import a register as it was previewed: all of it, or nothing. Imported already, it says what that did."""
    assert job.by is not None
    try:
        with transaction.atomic():
            run = apply_draft(draft, fingerprint, by=job.by, tell=job.progress)
            job.hold()
    except ImportDraft.DoesNotExist as gone:
        done = ImportRun.objects.filter(sha256=sha256, by=job.by).first()
        if done is None:
            raise JobRefused("The file was thrown away before it was imported. Send it again.") from gone
        run = done
    except (FileRefused, NotApplied) as refused:
        raise JobRefused(str(refused)) from refused
    return Result(imported_words(run), reverse("import"))


def open_month(job: Working, *, month: str) -> Result:
    """Open a month and make the returns still missing (framework C.2)."""
    opened = Month.parse(month)
    try:
        with transaction.atomic():
            period, made = open_period(opened, by=job.by, tell=job.progress)
            job.hold()
    except MoveRefused as refused:
        raise JobRefused(str(refused)) from refused
    words = " ".join(filter(None, (opened_words(period, made), left_out_words(left_out(opened)))))
    return Result(words, reverse("returns", args=[opened]))
