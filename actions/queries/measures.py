"""Outcome measures with their values, the council's own area beside the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from actions.models import OutcomeMeasure, OutcomeValue
from hdcperf.rag import Direction

__all__ = ["AreaSeries", "MeasureSeries", "series_of"]

ENGLAND = "E92000001"


@dataclass
class AreaSeries:
    """One area's values by period (None: not published), oldest first."""

    code: str
    name: str
    is_ours: bool
    values: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def known(self) -> list[tuple[str, Decimal]]:
        return [(period, value) for period, value in self.values.items() if value is not None]


@dataclass
class MeasureSeries:
    """A measure's values for one breakdown: every period published, and each area's values in them."""

    measure: OutcomeMeasure
    breakdown: str
    periods: list[str] = field(default_factory=list)
    areas: dict[str, AreaSeries] = field(default_factory=dict)

    @property
    def ours(self) -> AreaSeries | None:
        return next((one for one in self.areas.values() if one.is_ours), None)

    @property
    def england(self) -> AreaSeries | None:
        return self.areas.get(ENGLAND)

    @property
    def direction(self) -> Direction:
        return Direction(self.measure.direction)

    def in_order(self) -> list[AreaSeries]:
        """Our own area first, England last, the others by name between."""
        return sorted(self.areas.values(), key=lambda one: (not one.is_ours, one.code == ENGLAND, one.name))


def series_of(measures: Iterable[OutcomeMeasure]) -> dict[int, list[MeasureSeries]]:
    """Each measure's series by its breakdowns (the whole first), in one query however many there are."""
    wanted = {one.pk: one for one in measures}
    rows = OutcomeValue.objects.filter(measure__in=wanted).order_by("period_end", "period_start", "area_name")
    found: dict[tuple[int, str], MeasureSeries] = {}
    for row in rows:
        key = (row.measure_id, row.breakdown)
        series = found.setdefault(key, MeasureSeries(wanted[row.measure_id], row.breakdown))
        if row.period not in series.periods:
            series.periods.append(row.period)
        area = series.areas.setdefault(row.area_code, AreaSeries(row.area_code, row.area_name, row.is_ours))
        area.values[row.period] = row.value
    by_measure: defaultdict[int, list[MeasureSeries]] = defaultdict(list)
    for (measure, _), series in sorted(found.items()):
        by_measure[measure].append(series)
    return by_measure
