"""Outcome measures, ready for their pages: no target and no RAG, by design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.urls import reverse
from django.utils.safestring import SafeString

from actions.models import OutcomeMeasure
from actions.queries.measures import AreaSeries, MeasureSeries
from actions.rules.travel import compared, travel, travel_words
from hdcperf.charts import sparkline
from hdcperf.importing import Plan, Status
from hdcperf.rag import Direction
from hdcperf.ui import Link, Movement, SummaryRow, day, figure

__all__ = ["MeasureRow", "SeriesTable", "facts", "imported_words", "measure_row", "series_table"]


def printer(measure: OutcomeMeasure) -> Callable[[Decimal], str]:
    """How the measure's values are printed, with its unit."""
    suffix = "%" if measure.unit_label == "%" else f" {measure.unit_label}" if measure.unit_label else ""

    def show(value: Decimal) -> str:
        return figure(value, measure.decimals) + suffix

    return show


def imported_words(plan: Plan[Any]) -> str:
    """What an import did."""
    new, changed = plan.counts[Status.NEW], plan.counts[Status.CHANGED]
    return f"Imported: {new:,} new and {changed:,} changed values."


@dataclass(frozen=True)
class MeasureRow:
    """One measure in the list: where our area is, which way it moved, and how it stands beside England."""

    link: Link
    outcome: str
    latest: str
    period: str
    movement: Movement
    beside: str
    trend: SafeString | None
    direction: str


def measure_row(measure: OutcomeMeasure, series: list[MeasureSeries]) -> MeasureRow:
    first = series[0] if series else None
    ours = first.ours.known if first is not None and first.ours is not None else []
    direction = Direction(measure.direction)
    values = [value for _, value in ours]
    name = str(measure) + (f" ({first.breakdown.lower()})" if first is not None and first.breakdown else "")
    return MeasureRow(
        link=Link(name, reverse("outcome-measure", args=[measure.reference])),
        outcome=measure.outcome.name if measure.outcome is not None else "",
        latest=printer(measure)(values[-1]) if values else "Not published",
        period=ours[-1][0] if ours else "",
        movement=Movement(travel(values, direction).value, arrow=_arrow(values)),
        beside=_beside_england(first) if first is not None else "",
        trend=_trend(first, first.ours) if first is not None and first.ours is not None else None,
        direction=direction.label,
    )


def _arrow(values: Sequence[Decimal]) -> Literal["up", "down", ""]:
    """Which way the newest number went from the one before."""
    if len(values) < 2 or values[-1] == values[-2]:
        return ""
    return "up" if values[-1] > values[-2] else "down"


def _beside_england(series: MeasureSeries) -> str:
    """How our area stands beside England in the newest period both are published for."""
    ours, england = series.ours, series.england
    if ours is None or england is None:
        return ""
    for period in reversed(series.periods):
        mine, theirs = ours.values.get(period), england.values.get(period)
        if mine is not None and theirs is not None:
            words = compared(mine, theirs, series.direction, f"England ({printer(series.measure)(theirs)})")
            return f"{words[:1].upper()}{words[1:]} in {period}"
    return ""


def _trend(series: MeasureSeries, area: AreaSeries) -> SafeString:
    values = [area.values.get(period) for period in series.periods]
    known = area.known
    show = printer(series.measure)
    words = (
        f"{area.name}: {show(known[0][1])} in {known[0][0]} to {show(known[-1][1])} in {known[-1][0]}"
        if known
        else ""
    )
    return sparkline(values, title=words or f"{area.name}: no values")


@dataclass(frozen=True)
class AreaHead:
    """An area and the shape of its values."""

    name: str
    trend: SafeString


@dataclass(frozen=True)
class PeriodRow:
    """A period's values, in the order of the areas."""

    period: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SeriesTable:
    """A measure's values for one breakdown: periods down, areas across (ours first), with a sentence on ours."""

    anchor: str
    title: str
    sentence: str
    beside: str
    areas: tuple[AreaHead, ...]
    rows: tuple[PeriodRow, ...]


def series_table(series: MeasureSeries, number: int) -> SeriesTable:
    show = printer(series.measure)
    known = series.ours.known if series.ours is not None else []
    areas = series.in_order()
    return SeriesTable(
        anchor=f"values-{number}",
        title=series.breakdown or "Everybody",
        sentence=travel_words([one for one, _ in known], [value for _, value in known], series.direction, show),
        beside=_beside_england(series),
        areas=tuple(AreaHead(area.name, _trend(series, area)) for area in areas),
        rows=tuple(
            PeriodRow(period, tuple(_cell(area.values.get(period), show) for area in areas))
            for period in series.periods
        ),
    )


def _cell(value: Decimal | None, show: Callable[[Decimal], str]) -> str:
    return "Not published" if value is None else show(value)


def facts(measure: OutcomeMeasure) -> list[SummaryRow]:
    """Where it is from, and what is preferred."""
    source: object = measure.source
    if measure.source_address:
        source = Link(measure.source, measure.source_address)
    rows = [
        ("What is measured", measure.definition),
        ("Direction of travel preferred", Direction(measure.direction).label),
        ("Outcome of the plan", measure.outcome.name if measure.outcome is not None else ""),
        ("Source", source),
        ("Publisher", measure.publisher),
        ("Licence", measure.licence),
        ("Next published", day(measure.next_published_on)),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]
