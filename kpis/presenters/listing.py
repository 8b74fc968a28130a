"""The list of KPIs, a row each, with only the figures the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.safestring import SafeString

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.ui import Movement, Tag, mark_tag, rag_tag
from kpis.models import KpiYear
from kpis.presenters.figures import NO_FIGURES, figure_words, mark_tags, movement_piece, trend_line, when_words
from kpis.queries.figures import Figure, KpiFigures
from kpis.queries.trends import Past, compares_months, trends, with_year_before
from kpis.rules.figures import Frequency

__all__ = ["KpiRow", "kpi_rows", "previous_month"]


@dataclass(frozen=True)
class KpiRow:
    """One KPI: how it stands at its latest figure. ``note`` says so when there is none to see."""

    code: str
    name: str
    href: str
    service: str
    note: str = ""
    figure: str = ""
    when: str = ""
    now: Tag | None = None
    forecast: Tag | None = None
    movement: Movement | None = None
    trend: SafeString | None = None
    marks: tuple[Tag, ...] = ()


def previous_month(kpi_year: KpiYear, month: Month) -> Month:
    """The month of the figure before: a quarter or a year earlier for those measured so."""
    return month - 12 // len(Frequency(kpi_year.frequency).months)


def kpi_rows(who: Standing, kpi_years: list[KpiYear], seen: Mapping[int, KpiFigures]) -> list[KpiRow]:
    """A row for each of ``kpi_years`` (all of one financial year), in two more queries for their trends."""
    if not kpi_years:
        return []
    first = min(one.months[0] for one in kpi_years) - 12
    past = trends(who, with_year_before(kpi_years), first, max(one.months[-1] for one in kpi_years))
    return [_row(one, seen[one.pk], past.get(one.kpi_id, {})) for one in kpi_years]


def _row(kpi_year: KpiYear, seen: KpiFigures, past: Mapping[Month, Past]) -> KpiRow:
    latest = seen.latest()
    disputed = _disputed_since(seen.by_month.values(), latest)
    row = KpiRow(
        code=kpi_year.code,
        name=kpi_year.name,
        href=reverse("kpi", args=[kpi_year.financial_year, kpi_year.code]),
        service=kpi_year.service.name,
        note="" if latest else "No accepted figure yet" if seen.sees_more_than_issued else NO_FIGURES,
        marks=disputed,
    )
    if latest is None:
        return row
    before = past.get(previous_month(kpi_year, latest.month))
    current = latest.month_figure if compares_months(kpi_year) else latest.ytd_figure
    return replace(
        row,
        figure=figure_words(kpi_year, latest),
        when=when_words(kpi_year, latest.month),
        now=rag_tag(latest.rag),
        forecast=rag_tag(latest.forecast_rag),
        movement=movement_piece(kpi_year, before.figure if before else None, current, latest.judged_by),
        trend=trend_line(kpi_year, past, latest.month, latest.rag),
        marks=(*mark_tags(latest), *disputed),
    )


def _disputed_since(figures: Iterable[Figure], latest: Figure | None) -> tuple[Tag, ...]:
    """The mark of a newer figure that is with the board, for those who may see it."""
    newer = any("disputed" in one.marks and (latest is None or one.month > latest.month) for one in figures)
    return (mark_tag("disputed"),) if newer else ()
