"""Long work of the yearly setting, run in the background: it can be done again from its start."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from dataquality.models import SettingRound
from dataquality.operations.going_live import advance
from dataquality.setting_workflow import MoveRefused, StaleRecord
from hdcperf.jobs.running import JobRefused, Result, Working
from hdcperf.ui import count_of

__all__ = ["go_live"]

STALE = "The set was changed after you opened its page, so nothing was done. Open it again and look it through."


def go_live(job: Working, *, pk: int, version: int) -> Result:
    """Make a set the KPIs of its year, with their targets (framework C.1). Live already, it is left."""
    assert job.by is not None
    record = SettingRound.objects.get(pk=pk)
    if record.state != SettingRound.State.LIVE:
        try:
            with transaction.atomic():
                record = advance(record, "go_live", by=job.by, version=version, tell=job.progress)
                job.hold()
        except StaleRecord as stale:
            raise JobRefused(STALE) from stale
        except MoveRefused as refused:
            raise JobRefused(str(refused)) from refused
    year, rows = record.financial_year, record.proposals.all()
    going_on = rows.filter(kpi_year__isnull=False).count()
    job.progress(len(rows), len(rows))
    dropped = f"; {count_of(len(rows) - going_on, 'KPI')} ended" if going_on < len(rows) else ""
    words = f"{count_of(going_on, 'KPI')} went live, with their targets, as the KPIs of {year}{dropped}."
    return Result(words, reverse("setting", args=[year]))
