"""A KPI's year, loaded in a fixed number of queries however many KPIs are asked for: returns, targets, people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from hdcperf.periods import Month
from kpis.models import KpiYear, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.rules import year_to_date as rules
from kpis.rules.figures import YtdRule
from kpis.rules.target_sets import governing
from kpis.rules.year_to_date import Levels, levels_to_date

__all__ = ["NO_LEVELS", "YearFacts", "expected_months", "levels_of", "load_targets", "load_years", "year_levels_of"]

NO_LEVELS = Levels()
_COLUMNS = ("target", "target_upper", "intervention", "intervention_upper")


def levels_of(row: TargetSet | MonthlyTarget | MonthlyReturn) -> Levels:
    """The target and intervention level a row holds."""
    return Levels(**{column: getattr(row, column) for column in _COLUMNS})


def year_levels_of(row: MonthlyReturn) -> Levels:
    """The year's target and intervention level an accepted return's forecast, or outturn, was judged by."""
    return Levels(**{column: getattr(row, f"year_{column}") for column in _COLUMNS})


@dataclass
class YearFacts:
    """One KPI's year: its returns by month measured, and its target sets with their months, earliest first.

    The sets are those that govern and those awaiting approval: not what was sent back, taken back or replaced.
    """

    kpi_year: KpiYear
    returns: dict[Month, MonthlyReturn] = field(default_factory=dict)
    target_sets: list[TargetSet] = field(default_factory=list)
    targets: dict[int, dict[Month, MonthlyTarget]] = field(default_factory=dict)

    def governing(self, month: Month) -> TargetSet | None:
        """The approved target set that governs ``month``: the latest that had started by then."""
        approved = {one.start: one for one in self.target_sets if one.state == TargetSet.State.APPROVED}
        start = governing(month, approved)
        return None if start is None else approved[start]

    def is_awaiting_approval(self, month: Month) -> bool:
        """Whether a target for ``month`` has been proposed and none approved."""
        proposed = any(one.from_month <= month.first_day for one in self.target_sets)
        return proposed and self.governing(month) is None

    def month_levels(self, month: Month) -> Levels:
        """The month's own target, as its target set has it (cumulative for a running total)."""
        governing = self.governing(month)
        row = self.targets.get(governing.pk, {}).get(month) if governing else None
        return levels_of(row) if row else NO_LEVELS

    def ytd_levels(self, month: Month, left_out: Collection[Month] = ()) -> Levels:
        """The target for the year to date at ``month``, from each month's governing target.

        Months without a figure are ``left_out``, so that like is compared with like; where no month has one yet, it
        is the month's own.
        """
        by_month = {one: self.month_levels(one) for one in self.expected if one <= month}
        by_month.setdefault(month, self.month_levels(month))
        counted = [one for one in by_month if one not in left_out] or [month]
        year = self.kpi_year
        first, rule = year.year_starts_in, YtdRule(year.ytd_rule)
        return levels_to_date(rule, by_month, first_month=first, counted=counted, at=month)[month]

    def year_levels(self, month: Month) -> Levels:
        """The year's target that governed at ``month``: what a year-end forecast is judged by."""
        governing = self.governing(month)
        return levels_of(governing) if governing else NO_LEVELS

    def kept_before(self, start: Month) -> dict[Month, Levels]:
        """The levels of the months before ``start``, where an approved set governs the first of them.

        Empty where the year begins without a target: nothing is kept then.
        """
        before = [month for month in self.expected if month < start]
        if not before or self.governing(before[0]) is None:
            return {}
        return {month: self.month_levels(month) for month in before}

    @property
    def judged(self) -> list[Month]:
        """The months accepted with a target: they keep it, whatever is approved later."""
        return [month for month, one in self.returns.items() if one.is_accepted and one.target is not None]

    @property
    def expected(self) -> tuple[Month, ...]:
        """The months of the year that have a figure at this KPI's frequency."""
        return expected_months(self.kpi_year)


def expected_months(kpi_year: KpiYear) -> tuple[Month, ...]:
    """The months of the KPI's year that have a figure at its frequency."""
    return rules.expected_months(kpi_year.financial_year, kpi_year.frequency)


def load_years(kpi_years: Iterable[KpiYear], among: QuerySet[MonthlyReturn] | None = None) -> dict[int, YearFacts]:
    """The facts of each of ``kpi_years`` by its id, in three queries (returns, target sets, monthly targets).

    ``among`` leaves out the returns the reader may not see: nothing of them then goes into a year to date.
    """
    found = {one.pk: YearFacts(one) for one in kpi_years}
    rows = MonthlyReturn.objects.all() if among is None else among
    for record in rows.filter(kpi_year__in=found).order_by("month"):
        facts = found[record.kpi_year_id]
        record.kpi_year = facts.kpi_year
        facts.returns[record.measured] = record
    load_targets(found)
    return found


def load_targets(found: dict[int, YearFacts]) -> None:
    """Put their target sets and monthly targets on the facts given by KPI year's id, in two queries."""
    sets = {}
    states = (TargetSet.State.APPROVED, TargetSet.State.AWAITING)
    for target_set in TargetSet.objects.filter(kpi_year__in=found, state__in=states).order_by("from_month"):
        sets[target_set.pk] = found[target_set.kpi_year_id]
        sets[target_set.pk].target_sets.append(target_set)
    for row in MonthlyTarget.objects.filter(target_set__in=sets).order_by("month"):
        sets[row.target_set_id].targets.setdefault(row.target_set_id, {})[Month.from_date(row.month)] = row
