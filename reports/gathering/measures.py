"""Outcome measures of the district, for the yearly report: no target and no RAG, by design (*Working Together*)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from actions.models import OutcomeMeasure
from actions.queries.measures import MeasureSeries
from actions.rules.travel import travel_words
from hdcperf.charts import KpiChart, Point, describe
from hdcperf.rag import Direction
from hdcperf.ui import figure
from reports.packs.items import FrozenMeasure, MeasurePoint
from reports.packs.pieces import Figure

__all__ = ["measure_of"]

PERIODS_SHOWN = 10


def measure_of(measure: OutcomeMeasure, series: list[MeasureSeries]) -> FrozenMeasure:
    """The measure for everybody (its first series): our area's values, then the others' newest."""
    first = series[0] if series else None
    show = _printer(measure)
    known = first.ours.known[-PERIODS_SHOWN:] if first is not None and first.ours is not None else []
    direction = Direction(measure.direction)
    values = [value for _, value in known]
    return FrozenMeasure(
        reference=measure.reference,
        name=measure.name,
        outcome=measure.outcome.name if measure.outcome is not None else "",
        unit=measure.unit_label,
        direction=direction.label,
        source=measure.source,
        publisher=measure.publisher,
        sentence=travel_words([period for period, _ in known], values, direction, show),
        definition=measure.definition,
        licence=measure.licence,
        source_address=measure.source_address,
        next_published=measure.next_published_on,
        values=tuple(_points(first, show)) if first is not None else (),
        chart=_chart(measure, known),
    )


def _printer(measure: OutcomeMeasure) -> Callable[[Decimal], str]:
    suffix = "%" if measure.unit_label == "%" else f" {measure.unit_label}" if measure.unit_label else ""
    return lambda value: figure(value, measure.decimals) + suffix


def _points(series: MeasureSeries, show: Callable[[Decimal], str]) -> Iterator[MeasurePoint]:
    for area in series.in_order():
        shown = area.known[-PERIODS_SHOWN:] if area.is_ours else area.known[-1:]
        for period, value in shown:
            yield MeasurePoint(area.name, period, Figure(value, show(value)))


def _chart(measure: OutcomeMeasure, known: list[tuple[str, Decimal]]) -> KpiChart | None:
    if len(known) < 2:
        return None
    suffix = "%" if measure.unit_label == "%" else f" {measure.unit_label}" if measure.unit_label else ""
    made = KpiChart(
        title=measure.name,
        points=tuple(Point(label=period, short=period, value=value) for period, value in known),
        suffix=suffix,
        decimals=measure.decimals,
        this_label="Value",
    )
    return KpiChart(**{**vars(made), "alt": describe(made)})
