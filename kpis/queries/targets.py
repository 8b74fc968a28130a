"""What a KPI year's targets are worked out from and shown beside: the sets it has had, and last year's results."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from hdcperf.periods import Month
from hdcperf.rag import Direction
from kpis.models import KpiYear, MonthlyReturn, TargetSet, TargetSetTransition
from kpis.queries.assessing import KNOWN, as_figure
from kpis.queries.findings import measure_of
from kpis.queries.trends import comparable
from kpis.queries.years import YearFacts, load_years
from kpis.rules.figures import Headline
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import Profile, ProfileRefused, monthly_levels, shape_of
from kpis.rules.target_preview import PreviewMonth, against_last_year
from kpis.rules.target_sets import open_starts
from kpis.rules.year_to_date import Levels, MonthFigure, levels_to_date

__all__ = ["TargetGround", "last_years_figures", "sets_of", "target_ground"]


def last_years_figures(kpi_year: KpiYear) -> list[MonthFigure]:
    """What was reported for each month of the year before, submitted or accepted; none where it was measured
    differently."""
    before = KpiYear.objects.filter(kpi=kpi_year.kpi_id, year=kpi_year.year - 1).first()
    if before is None or not comparable(before, kpi_year):
        return []
    records = MonthlyReturn.objects.filter(kpi_year=before, state__in=KNOWN).order_by("month")
    return [as_figure(record.measured, record) for record in records]


def sets_of(kpi_year: KpiYear) -> list[TargetSet]:
    """Every set the year has had, the newest first, with who did what to it; a fixed number of queries."""
    made = Prefetch("transitions", TargetSetTransition.objects.order_by("at", "pk"))
    rows = TargetSet.objects.filter(kpi_year=kpi_year).select_related("set_by").prefetch_related(made)
    return list(rows.order_by("-from_month", "-pk"))


@dataclass(frozen=True)
class TargetGround:
    """A KPI's year with its returns and targets, and last year's figures: what a new target is worked out from."""

    facts: YearFacts
    last_year: tuple[MonthFigure, ...]

    @property
    def kpi_year(self) -> KpiYear:
        return self.facts.kpi_year

    @cached_property
    def measure(self) -> Measure:
        return measure_of(self.kpi_year)

    @property
    def direction(self) -> Direction:
        return Direction(self.kpi_year.direction)

    @cached_property
    def shape(self) -> list[Decimal] | None:
        """Last year's own monthly figures, where every month has one that can serve."""
        return shape_of(self.measure, self.facts.expected, self.last_year)

    @cached_property
    def starts(self) -> tuple[Month, ...]:
        """The months a new set can govern from: after what is judged, and not before the latest approved set."""
        approved = [one.start for one in self.facts.target_sets if one.state == TargetSet.State.APPROVED]
        latest = max(approved, default=None)
        found = open_starts(self.facts.expected, self.kpi_year.frequency, self.facts.judged)
        return tuple(start for start in found if latest is None or start >= latest)

    @property
    def awaiting(self) -> TargetSet | None:
        """The set that awaits approval, if one does."""
        return next((one for one in self.facts.target_sets if one.state == TargetSet.State.AWAITING), None)

    def to_date(self, levels: dict[Month, Levels]) -> dict[Month, Levels]:
        """The levels the year to date is held to, from the months' own."""
        return levels_to_date(self.measure.rule, levels, first_month=self.measure.first_month)

    @cached_property
    def last_years_result(self) -> Decimal | None:
        """What last year came to, where its last month was reported and no month is missing."""
        to_date = self.measure.to_date(self.last_year)
        last = to_date.get(self.facts.expected[-1] - 12)
        return last.value if last is not None and last.is_complete else None

    def spread(self, start: Month, year: Levels, profile: Profile) -> dict[Month, Levels]:
        """The months from ``start`` on, flat or in last year's shape. Raises ProfileRefused, whose sentence says why.

        Of a sum, what the months before are held to is taken off the year's first.
        """
        shape = self.shape if profile is Profile.LAST_YEAR else None
        kept = self.facts.kept_before(start)
        try:
            months = monthly_levels(self.measure, self.facts.expected, year, shape, kept)
        except ProfileRefused:
            raise
        except ValueError as refused:
            raise ProfileRefused("profile", "Last year came to nought, so it has no shape to follow.") from refused
        return {month: levels for month, levels in months.items() if month >= start}

    def preview(self, start: Month, months: dict[Month, Levels]) -> list[PreviewMonth]:
        """Last year's results against the year's levels, with those of ``months`` in place of what governs now."""
        levels = {
            month: months[month] if month in months else self.facts.month_levels(month)
            for month in self.facts.expected
        }
        return against_last_year(
            self.measure,
            levels,
            self.last_year,
            self.direction,
            is_ytd=self.kpi_year.headline == Headline.YTD.value,
            start=start,
        )


def target_ground(kpi_year: KpiYear) -> TargetGround:
    """Read it in a fixed number of queries."""
    return TargetGround(load_years([kpi_year])[kpi_year.pk], tuple(last_years_figures(kpi_year)))
