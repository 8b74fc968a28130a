"""How next year's target of a KPI is worked out: from its past, by a method, spread over its months (C.1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from dataquality.models import Proposal, ProposedMonth
from dataquality.queries.results import NO_PAST, Past, past_of
from dataquality.rules.month_shapes import MonthFigures, MonthShare, ShapeRefused, averaged
from dataquality.rules.yearly_targets import Method, Result, is_beaten
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction
from hdcperf.review.problems import Problem
from kpis.models import KpiYear
from kpis.queries.findings import measure_of
from kpis.queries.years import expected_months
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import Profile, ProfileRefused, monthly_levels, typed_refusal
from kpis.rules.target_sets import level_field_refusal
from kpis.rules.year_to_date import Levels

__all__ = ["EDGES", "Ground", "TargetPlan", "ground_of", "month_box", "plan_of", "plan_problems", "spread"]


@dataclass(frozen=True)
class TargetPlan:
    """A year's target as it is proposed: how it comes about, its levels, and how it is spread over the months.

    ``months`` are the levels of months that were typed, or averaged over two years from ``figures``; the other
    profiles are spread anew whenever they are read.
    """

    method: Method
    year: Levels
    percent: Decimal | None = None
    result: Result | None = None
    profile: Profile = Profile.FLAT
    shape_year: int | None = None
    intervention_why: str = ""
    beaten_why: str = ""
    months: Mapping[Month, Levels] = field(default_factory=dict)
    figures: tuple[MonthFigures, ...] = ()


@dataclass(frozen=True)
class Ground:
    """A KPI's next year and what its target is worked out from."""

    kpi_year: KpiYear
    past: Past

    @property
    def measure(self) -> Measure:
        return measure_of(self.kpi_year)

    @property
    def direction(self) -> Direction:
        return Direction(self.kpi_year.direction)

    @property
    def months(self) -> tuple[Month, ...]:
        return expected_months(self.kpi_year)

    @property
    def shape_year(self) -> int | None:
        """The year whose shape can be followed, if one can."""
        return self.past.shape_year(self.measure, self.months)

    @property
    def two_years(self) -> tuple[FinancialYear, FinancialYear]:
        """The year before the one being set, and the one before that."""
        last = self.kpi_year.financial_year.previous
        return last, last.previous

    @cached_property
    def two_years_figures(self) -> tuple[MonthFigures, ...]:
        """Each month's own figures in those two years."""
        return tuple(MonthFigures(month, self.past.own(month, 1), self.past.own(month, 2)) for month in self.months)

    def averaged(self, figures: Sequence[MonthFigures]) -> list[MonthShare]:
        """The months' averaged shares. Raises ShapeRefused, whose sentence says why there are none."""
        return averaged(figures, *self.two_years)

    @property
    def average_refusal(self) -> str:
        """Why the two years cannot be averaged; empty when they can."""
        try:
            self.averaged(self.two_years_figures)
        except ShapeRefused as refused:
            return str(refused)
        return ""

    def spread_averaged(self, year: Levels, figures: Sequence[MonthFigures]) -> dict[Month, Levels]:
        """Each month's levels in the averaged shape. Raises ProfileRefused when the year cannot be spread so."""
        try:
            shape = [share.weight for share in self.averaged(figures)]
            return monthly_levels(self.measure, self.months, year, shape)
        except ProfileRefused:
            raise
        except ShapeRefused as refused:
            raise ProfileRefused("profile", str(refused)) from refused
        except ValueError as refused:
            raise ProfileRefused("profile", "The last month came to nought, so there is no shape.") from refused


def ground_of(kpi_year: KpiYear) -> Ground:
    """Read it in a fixed number of queries."""
    return Ground(kpi_year, past_of([kpi_year.kpi_id], kpi_year.year).get(kpi_year.kpi_id, NO_PAST))


def plan_of(proposal: Proposal) -> TargetPlan | None:
    """The target a proposal holds, as it was saved; None while it has none."""
    if not proposal.method:
        return None
    result = None
    if proposal.last_result is not None:
        result = Result(proposal.last_result, proposal.last_result_from)
    return TargetPlan(
        method=Method(proposal.method),
        year=Levels(proposal.target, proposal.intervention, proposal.target_upper, proposal.intervention_upper),
        percent=proposal.percent,
        result=result,
        profile=Profile(proposal.profile),
        shape_year=proposal.shape_year,
        intervention_why=proposal.intervention_why,
        beaten_why=proposal.beaten_why,
        **_months_of(proposal),
    )


KEPT_BY_MONTH = frozenset({Profile.TWO_YEARS, Profile.TYPED})
"""The profiles whose months are kept with the proposal, and go live as they were approved."""


def _months_of(proposal: Proposal) -> dict[str, Any]:
    if Profile(proposal.profile) not in KEPT_BY_MONTH:
        return {}
    rows = sorted(proposal.months.all(), key=lambda row: row.month)
    held = [(Month.from_date(row.month), row) for row in rows]
    figures = tuple(MonthFigures(month, row.latest, row.before) for month, row in held)
    return {
        "months": {month: _levels(row) for month, row in held},
        "figures": figures if proposal.profile == Profile.TWO_YEARS.value else (),
    }


def _levels(row: ProposedMonth) -> Levels:
    return Levels(row.target, row.intervention, row.target_upper, row.intervention_upper)


def spread(ground: Ground, plan: TargetPlan) -> dict[Month, Levels]:
    """Each month's levels. Raises ProfileRefused, whose sentence says why, when the year cannot be spread so."""
    if plan.profile in KEPT_BY_MONTH:
        if set(plan.months) != set(ground.months):
            raise ProfileRefused("profile", "Its months are not those of the year any more: set its target again.")
        return {month: plan.months[month] for month in ground.months}
    shape = None
    if plan.profile is Profile.LAST_YEAR:
        year = plan.shape_year
        shape = None if year is None else ground.past.shape(ground.measure, ground.months, year)
        if shape is None:
            raise ProfileRefused("profile", "The year whose shape it followed has a month without a figure now.")
    try:
        return monthly_levels(ground.measure, ground.months, plan.year, shape)
    except ProfileRefused:
        raise
    except ValueError as refused:
        raise ProfileRefused("profile", "That year came to nought, so it has no shape to follow.") from refused


def plan_problems(kpi_year: KpiYear, plan: TargetPlan) -> list[Problem]:
    """What is wrong with a target as it was typed: its level, its limits, its months, and what it leaves unsaid."""
    ground = ground_of(kpi_year)
    show, (least, most) = ground.measure.show, ground.measure.year_limits
    if ground.direction is Direction.NONE:
        return [Problem("method", "This KPI is context only, so it has no target.")]
    if plan.year.target is None:
        return []
    if wrong := level_field_refusal(plan.year, ground.direction, show):
        return [Problem(*wrong)]
    found = []
    for name, value in vars(plan.year).items():
        if value is not None and least is not None and value < least:
            found.append(Problem(name, f"{show(value)} is below {show(least)}, the smallest it can be."))
        elif value is not None and most is not None and value > most:
            found.append(Problem(name, f"{show(value)} is above {show(most)}, the largest it can be."))
    if not plan.intervention_why.strip():
        found.append(Problem("intervention_why", "Say why this intervention level, or why there is none"))
    beaten = plan.result is not None and is_beaten(plan.result.value, plan.year, ground.direction)
    if beaten and not plan.beaten_why.strip() and plan.result is not None:
        found.append(
            Problem(
                "beaten_why",
                f"{show(plan.result.value)} ({plan.result.words}) beats this target already: "
                "say why it is not raised",
            )
        )
    return found or _months_problems(ground, plan)


def _months_problems(ground: Ground, plan: TargetPlan) -> list[Problem]:
    try:
        months = spread(ground, plan)
    except ProfileRefused as refused:
        return [Problem(refused.field, str(refused))]
    if plan.profile is Profile.TYPED:
        return _typed_problems(ground, plan, months)
    for month, levels in months.items():
        if wrong := level_field_refusal(levels, ground.direction, ground.measure.show):
            return [Problem("profile", f"Spread so, {month} cannot stand: {wrong[1]}")]
    return []


EDGES = {
    "target": "target",
    "target_upper": "target, upper edge",
    "intervention": "intervention level",
    "intervention_upper": "intervention level, upper edge",
}


def month_box(edge: str, month: Month) -> str:
    """The name of the box in which a month's figure is typed."""
    return f"{edge}_{month.slug}"


def _typed_problems(ground: Ground, plan: TargetPlan, months: Mapping[Month, Levels]) -> list[Problem]:
    """What is wrong with months as they were typed: each by itself, then what they come to."""
    measure, found = ground.measure, []
    show, least, most = measure.show, measure.minimum, measure.maximum
    for month, levels in months.items():
        if levels.target is None:
            found.append(Problem(month_box("target", month), f"Enter a target for {month}: 0 if it is nought"))
            continue
        if wrong := level_field_refusal(levels, ground.direction, show):
            found.append(Problem(month_box(wrong[0], month), f"{month}: {wrong[1]}"))
        for edge, value in vars(levels).items():
            if value is not None and least is not None and value < least:
                sentence = f"{month}: {show(value)} is below {show(least)}, the smallest it can be."
                found.append(Problem(month_box(edge, month), sentence))
            elif value is not None and most is not None and value > most:
                sentence = f"{month}: {show(value)} is above {show(most)}, the largest it can be."
                found.append(Problem(month_box(edge, month), sentence))
    if found:
        return found
    for edge, words in EDGES.items():
        typed = {month: getattr(levels, edge) for month, levels in months.items()}
        if sentence := typed_refusal(measure, typed, getattr(plan.year, edge), words):
            found.append(Problem("profile", sentence))
    return found
