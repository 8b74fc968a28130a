"""One row of the grid: a KPI's boxes with how it would stand, or how it was handed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.urls import reverse

from hdcperf.ui import Link, Pair, Tag, rag_tag, state_tag
from kpis.forms.entering import PROMPT_FIELDS
from kpis.forms.return_grid import GridRowForm
from kpis.models import KpiYear, MonthlyReturn
from kpis.presenters.standing import levels_words
from kpis.queries.assessing import KNOWN, Assessment, as_figure
from kpis.queries.grid import GridFacts
from kpis.rules.facts import lower_first
from kpis.rules.figures import NothingToMeasure

__all__ = ["GridRow", "fixed_row", "open_row"]


@dataclass(frozen=True)
class GridRow:
    """A KPI in the grid. ``form`` is None where nothing can be typed."""

    link: Link
    position: str
    target: str
    last_month: str
    state: Tag
    pair: Pair
    shown: str
    waivers: tuple[str, ...] = ()
    prefix: str = ""
    version: int = 0
    preview: str = ""
    form: GridRowForm | None = None
    figures: tuple[BoundField, ...] = ()
    forecast: tuple[BoundField, ...] = ()
    words: tuple[BoundField, ...] = ()
    error: str = ""
    theirs: tuple[str, ...] = ()


def _common(facts: GridFacts, record: MonthlyReturn, found: Assessment) -> dict[str, object]:
    kpi_year = record.kpi_year
    address = reverse("return", args=[record.measured, kpi_year.code])
    collected = record.period.month if record.period is not None else record.measured
    return {
        "link": Link(f"{kpi_year.code} {kpi_year.name}", address),
        "position": f"As at {record.measured}" if collected != record.measured else "",
        "target": _target(kpi_year, found),
        "state": state_tag(record.state),
        "pair": Pair(rag_tag(found.rag), rag_tag(found.forecast_rag), "Year end"),
        "waivers": tuple(facts.waivers.get(record.kpi_year_id, ())),
        "shown": "No data" if record.no_data else kpi_year.figure(found.headline) or "Not entered",
    }


def _target(kpi_year: KpiYear, found: Assessment) -> str:
    words = levels_words(kpi_year, found.month_levels, found.awaiting_target)
    return words if words == "No target" else f"Target {lower_first(words)}"


def fixed_row(facts: GridFacts, record: MonthlyReturn, found: Assessment) -> GridRow:
    """A return that is handed in, locked, or without a figure: on its own page only."""
    return GridRow(last_month="", **_common(facts, record, found))  # type: ignore[arg-type]


def open_row(
    facts: GridFacts,
    record: MonthlyReturn,
    form: GridRowForm,
    found: Assessment,
    version: int,
    error: str,
    theirs: tuple[str, ...],
) -> GridRow:
    """A return whose figure, forecast and words can be typed."""
    kpi_year = record.kpi_year
    return GridRow(
        last_month=_last_month(facts, record),
        prefix=str(form.prefix),
        version=version,
        preview=reverse("return-preview", args=[record.measured, kpi_year.code]),
        form=form,
        figures=tuple(form.bound(["value", "numerator", "denominator"])),
        forecast=tuple(form.bound(["forecast"])),
        words=tuple(form.bound(PROMPT_FIELDS)),
        error=error,
        theirs=theirs,
        **_common(facts, record, found),  # type: ignore[arg-type]
    )


def _last_month(facts: GridFacts, record: MonthlyReturn) -> str:
    """The year's last figure before this one."""
    returns = facts.years[record.kpi_year_id].returns
    before = [month for month, one in returns.items() if month < record.measured and one.state in KNOWN]
    if not before:
        return ""
    last = returns[max(before)]
    figure = as_figure(last.measured, last).figure(record.kpi_year.unit, record.kpi_year.rate_per)
    if isinstance(figure, NothingToMeasure) or figure is None:
        return f"{last.measured.name}: no figure"
    return f"{last.measured.name}: {record.kpi_year.figure(figure)}"
