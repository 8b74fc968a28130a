"""Noting a dated event once for every chart it touches. Permission (note events) is the caller's to check."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from kpis.models import EventKpi, KpiEvent

__all__ = ["change_event", "note_event", "remove_event"]


def note_event(*, month: Month, sentence: str, kpis: Collection[int], by: User) -> KpiEvent:
    """Note what happened in ``month`` on the charts of the KPIs (ids) given."""
    event = KpiEvent(month=month.first_day, sentence=sentence, noted_by=by)
    with transaction.atomic():
        save_as(event, by=by, reason="Noted")
        _touch(event, kpis, by)
    return event


def change_event(event: KpiEvent, *, month: Month, sentence: str, kpis: Collection[int], by: User) -> KpiEvent:
    """Correct an event: its month, its words, or the charts it touches."""
    with transaction.atomic():
        fresh = KpiEvent.objects.select_for_update().get(pk=event.pk)
        if (fresh.month, fresh.sentence) != (month.first_day, sentence):
            fresh.month, fresh.sentence = month.first_day, sentence
            save_as(fresh, by=by, reason="Corrected")
        _touch(fresh, kpis, by)
    return fresh


def _touch(event: KpiEvent, kpis: Collection[int], by: User) -> None:
    """Make the charts touched exactly ``kpis``, row by row so that each leaves its history."""
    there = {row.kpi_id: row for row in event.touches.all()}
    for kpi_id, row in there.items():
        if kpi_id not in kpis:
            row._history_user = by  # type: ignore[attr-defined]
            row.delete()
    for kpi_id in kpis:
        if kpi_id not in there:
            save_as(EventKpi(event=event, kpi_id=kpi_id), by=by, reason="On this chart")


def remove_event(event: KpiEvent, *, by: User) -> None:
    """Take an event off every chart; the history keeps it."""
    with transaction.atomic():
        _touch(event, (), by)
        event._history_user = by  # type: ignore[attr-defined]
        event._change_reason = "Removed"  # type: ignore[attr-defined]
        event.delete()
