"""What KPIs came to in the years before: results and forecasts for many KPIs in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from dataquality.rules.yearly_targets import Result
from hdcperf.periods import Month
from kpis.models import KpiYear, MonthlyReturn, TargetSet
from kpis.queries.assessing import as_figure
from kpis.queries.findings import measure_of
from kpis.queries.trends import comparable
from kpis.queries.years import NO_LEVELS, YearFacts, levels_of, load_years
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import shape_of
from kpis.rules.year_to_date import Levels, MonthFigure, YearToDate

__all__ = ["NO_PAST", "Past", "YearPast", "past_of"]

YEARS_SHOWN = 3
"""How many years before the one being set are read: the last, and two to see which way it goes."""


@dataclass(frozen=True)
class YearPast:
    """One year of a KPI: its accepted figures and its targets."""

    facts: YearFacts

    @property
    def kpi_year(self) -> KpiYear:
        return self.facts.kpi_year

    @cached_property
    def measure(self) -> Measure:
        return measure_of(self.kpi_year)

    @cached_property
    def figures(self) -> list[MonthFigure]:
        return [as_figure(month, one) for month, one in sorted(self.facts.returns.items())]

    @cached_property
    def to_date(self) -> dict[Month, YearToDate]:
        return self.measure.to_date(self.figures)

    @cached_property
    def outturn(self) -> Decimal | None:
        """What the year came to, once its last month is accepted and no month is missing."""
        last = self.to_date.get(self.facts.expected[-1])
        return last.value if last is not None and last.is_complete else None

    @cached_property
    def forecast(self) -> MonthlyReturn | None:
        """The newest accepted return with a year-end forecast."""
        made = [one for _, one in sorted(self.facts.returns.items()) if one.forecast is not None]
        return made[-1] if made else None

    @cached_property
    def levels(self) -> Levels:
        """The year's target as it stands at its end."""
        approved = [one for one in self.facts.target_sets if one.state == TargetSet.State.APPROVED]
        return levels_of(approved[-1]) if approved else NO_LEVELS

    @cached_property
    def levels_at_first(self) -> Levels:
        """The year's target as it was first approved."""
        approved = [one for one in self.facts.target_sets if one.state == TargetSet.State.APPROVED]
        return levels_of(approved[0]) if approved else NO_LEVELS


@dataclass(frozen=True)
class Past:
    """A KPI's years before the one being set, newest first; only those measured as the newest is."""

    years: list[YearPast] = field(default_factory=list)

    @property
    def last(self) -> YearPast | None:
        return self.years[0] if self.years else None

    @property
    def this_year(self) -> Levels:
        """The target of the year before the one being set."""
        return self.last.levels if self.last is not None else NO_LEVELS

    @cached_property
    def result(self) -> Result | None:
        """Last year's result: its outturn, else what it is forecast to come to, else the year before's outturn."""
        for one in self.years:
            year = one.kpi_year.financial_year
            if one.outturn is not None:
                return Result(one.outturn, f"{year}")
            if one.forecast is not None and one.forecast.forecast is not None:
                words = f"{year} as forecast in {one.forecast.measured}"
                return Result(one.forecast.forecast, words, is_forecast=True)
        return None

    def shape(self, measure: Measure, months: Sequence[Month], year: int) -> list[Decimal] | None:
        """The months of the year starting in ``year`` as proportions for ``months``, those of the year being set."""
        found = next((one for one in self.years if one.kpi_year.year == year), None)
        if found is None:
            return None
        # shape_of reads the year before the months it is given.
        back = months[-1].year_from(measure.first_month).start_year - year
        return shape_of(measure, [month - 12 * (back - 1) for month in months], found.figures)

    def shape_year(self, measure: Measure, months: Sequence[Month]) -> int | None:
        """The newest year whose every month has a figure that can serve."""
        years = [one.kpi_year.year for one in self.years]
        return next((year for year in years if self.shape(measure, months, year) is not None), None)

    def _at(self, month: Month, back: int) -> YearToDate | None:
        """The same month so many years before, where it has a figure."""
        wanted = month - 12 * back
        found = next((one.to_date[wanted] for one in self.years if wanted in one.to_date), None)
        return None if found is None or wanted in found.missing else found

    def own(self, month: Month, back: int) -> Decimal | None:
        """The month's own figure so many years before."""
        found = self._at(month, back)
        return found.own if found is not None else None

    def to_date(self, month: Month, back: int) -> Decimal | None:
        """The year to date at the month so many years before."""
        found = self._at(month, back)
        return found.value if found is not None else None


NO_PAST = Past()


def past_of(kpis: Collection[int], year: int) -> dict[int, Past]:
    """The years before the one starting in ``year``, by KPI; four queries however many KPIs."""
    rows = KpiYear.objects.filter(kpi__in=kpis, year__lt=year, year__gte=year - YEARS_SHOWN, is_live=True)
    held = list(rows.select_related("service", "portfolio").order_by("-year"))
    accepted = MonthlyReturn.objects.filter(state=MonthlyReturn.State.ACCEPTED)
    facts = load_years(held, accepted)
    found: dict[int, list[YearPast]] = {}
    for one in held:
        before = found.setdefault(one.kpi_id, [])
        if not before or comparable(one, before[0].kpi_year):
            before.append(YearPast(facts[one.pk]))
    return {kpi: Past(years) for kpi, years in found.items()}
