"""Next year's target in words and rows: the arithmetic, the level, the months, the last two years beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dataquality.presenters.averages import AverageView, average_view
from dataquality.queries.proposed_targets import Ground, TargetPlan, spread
from dataquality.queries.setting import Line
from dataquality.rules.yearly_targets import arithmetic, is_beaten
from hdcperf.charts import KpiChart, Point, present
from hdcperf.charts.present import ChartView
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction, Rag
from hdcperf.ui import Tag, rag_tag
from kpis.models import KpiYear
from kpis.presenters.kpi_chart import chart_level, unit_words
from kpis.presenters.standing import levels_words
from kpis.rules.figures import YtdRule, format_target
from kpis.rules.profiles import Profile, ProfileRefused
from kpis.rules.sentences import span
from kpis.rules.year_to_date import Levels

__all__ = [
    "BEATEN",
    "HistoryRow",
    "PlanView",
    "ResultCell",
    "history_rows",
    "level_words",
    "plan_view",
    "result_cell",
    "target_words",
    "this_years_words",
]

BEATEN = Tag("Beaten already", "yellow")


def _range(kpi_year: KpiYear, lower: Decimal | None, upper: Decimal | None) -> str:
    return "" if lower is None else format_target(lower, upper, kpi_year.unit, kpi_year.decimals)


def this_years_words(line: Line) -> str:
    """This year's target."""
    held = line.past.this_year
    return _range(line.year, held.target, held.target_upper) or "None"


@dataclass(frozen=True)
class ResultCell:
    """Last year's result, and which it is."""

    figure: str
    words: str

    @property
    def text(self) -> str:
        return f"{self.figure} ({self.words})" if self.words else self.figure


def result_cell(line: Line) -> ResultCell:
    """Last year's result as it was when the target was proposed; as it is now while none is."""
    plan, result = line.plan, line.past.result
    if plan is not None and plan.result is not None:
        result = plan.result
    if result is None:
        return ResultCell("None yet", "")
    return ResultCell(_range(line.year, result.value, None), result.words)


def target_words(line: Line) -> str:
    """Next year's target; empty while none is proposed, *None* where it is to have none."""
    if line.proposal.verdict == "drop" or line.plan is None:
        return ""
    return _range(line.year, line.plan.year.target, line.plan.year.target_upper) or "None"


def level_words(line: Line) -> str:
    if line.plan is None or line.plan.year.target is None:
        return ""
    return _range(line.year, line.plan.year.intervention, line.plan.year.intervention_upper) or "None"


@dataclass(frozen=True)
class HistoryRow:
    """A year before: its target, its level, what it came to and how that was judged."""

    year: str
    target: str
    result: str
    rag: Tag


def history_rows(ground: Ground) -> list[HistoryRow]:
    """The years before, newest first."""
    rows = []
    for one in ground.past.years:
        result, words = one.outturn, "Not over yet"
        if result is None and one.forecast is not None and one.forecast.forecast is not None:
            result = one.forecast.forecast
            words = f"{_range(one.kpi_year, result, None)}, as forecast in {one.forecast.measured}"
        elif result is not None:
            words = _range(one.kpi_year, result, None)
        rag = one.levels.judge(result, Direction(one.kpi_year.direction))
        rows.append(
            HistoryRow(str(one.kpi_year.financial_year), levels_words(one.kpi_year, one.levels), words, rag_tag(rag))
        )
    return rows


@dataclass(frozen=True)
class PlanView:
    """A target as its page shows it. ``refused`` says why its months cannot be drawn, where they cannot.

    ``average`` is the arithmetic of the months where two years are averaged.
    """

    sentences: tuple[str, ...]
    beaten: str
    target: str
    spread: str
    chart: ChartView | None
    refused: str = ""
    average: AverageView | None = None


def plan_view(ground: Ground, plan: TargetPlan) -> PlanView:
    """The arithmetic with its figures, whether it is beaten already, and the months over the last two years."""
    kpi_year = ground.kpi_year
    refused = ""
    months: Mapping[Month, Levels] = {}
    try:
        months = spread(ground, plan) if plan.year.target is not None else {}
    except ProfileRefused as problem:
        refused = str(problem)
    return PlanView(
        sentences=tuple(_sentences(ground, plan)),
        beaten=_beaten(ground, plan),
        target=levels_words(kpi_year, plan.year),
        spread=_spread_words(plan),
        chart=_chart(ground, months) if months else None,
        refused=refused,
        average=average_view(ground, plan, months) if months and plan.profile is Profile.TWO_YEARS else None,
    )


def _sentences(ground: Ground, plan: TargetPlan) -> list[str]:
    if plan.year.target is None:
        return ["It has no target: it is reported and not judged."]
    if plan.year.target_upper is not None:
        return [f"The target is {_range(ground.kpi_year, plan.year.target, plan.year.target_upper)}."]
    found = [
        arithmetic(ground.measure, plan.method, percent=plan.percent, result=plan.result, target=plan.year.target)
    ]
    result = plan.result.value if plan.result is not None else None
    rag = plan.year.judge(result, ground.direction)
    if plan.result is not None and rag in (Rag.GREEN, Rag.AMBER, Rag.RED):
        shown = _range(ground.kpi_year, plan.result.value, None)
        found.append(f"Against it, {shown} ({plan.result.words}) would be {rag.label.lower()}.")
    return found


def _beaten(ground: Ground, plan: TargetPlan) -> str:
    if plan.result is None or not is_beaten(plan.result.value, plan.year, ground.direction):
        return ""
    shown = _range(ground.kpi_year, plan.result.value, None)
    return f"{shown} ({plan.result.words}) beats this target already."


def _spread_words(plan: TargetPlan) -> str:
    if plan.year.target is None:
        return ""
    if plan.profile is Profile.LAST_YEAR and plan.shape_year is not None:
        return f"Spread in the shape of {FinancialYear(plan.shape_year)}"
    if plan.profile is Profile.TWO_YEARS:
        return "Spread in the shape of the last two years, averaged"
    if plan.profile is Profile.TYPED:
        return "Typed for each month"
    return "Spread flat, the same each month"


def _own(ground: Ground, month: Month, back: int) -> Decimal | None:
    """A running total is drawn as it was entered, beside its targets, which are totals too."""
    if ground.kpi_year.ytd_rule == YtdRule.RUNNING_TOTAL.value:
        return ground.past.to_date(month, back)
    return ground.past.own(month, back)


def _chart(ground: Ground, months: Mapping[Month, Levels]) -> ChartView:
    kpi_year = ground.kpi_year
    prefix, suffix = unit_words(kpi_year)
    year = kpi_year.financial_year
    points = tuple(
        Point(
            label=span(month, kpi_year.frequency),
            short=f"Q{month.quarter.number}" if kpi_year.frequency == "quarterly" else month.name[:3],
            value=_own(ground, month, 1),
            level=chart_level(levels),
            last_year=_own(ground, month, 2),
            missing="No figure yet",
        )
        for month, levels in months.items()
    )
    chart = KpiChart(
        title=f"{kpi_year.name}: targets of {year} over the last two years",
        points=points,
        prefix=prefix,
        suffix=suffix,
        decimals=kpi_year.decimals,
        this_label=str(year.previous),
        last_label=str(year.previous.previous),
    )
    return present(replace(chart, alt=_alt(chart, year)), "target-chart")


def _alt(chart: KpiChart, year: FinancialYear) -> str:
    """What the chart shows: the points are months of the year being set, their figures those of the years before."""
    targets = [(point.label, point.level.target) for point in chart.points if point.level is not None]
    series = [
        (chart.this_label, [(point.label.split()[0], point.value) for point in chart.points]),
        (chart.last_label, [(point.label.split()[0], point.last_year) for point in chart.points]),
    ]
    parts = [f"Targets of {year}: {_range_of(chart, targets)}."]
    for name, points in series:
        known = [(label, value) for label, value in points if value is not None]
        if not known:
            parts.append(f"{name} has no figures yet.")
            continue
        parts.append(f"{name}, {len(known)} of {len(points)} figures: {_range_of(chart, known)}.")
    return " ".join(parts)


def _range_of(chart: KpiChart, known: Sequence[tuple[str, Decimal]]) -> str:
    """The lowest and the highest, each with its month; one figure where all are the same."""
    if len(chart.points) == 1:  # a yearly KPI: the year is named already
        return chart.figure(known[0][1])
    (low, least), (high, most) = min(known, key=lambda one: one[1]), max(known, key=lambda one: one[1])
    if least == most:
        return f"{chart.figure(least)} throughout" if len(known) > 1 else f"{chart.figure(least)} in {low}"
    return f"lowest {chart.figure(least)} in {low}, highest {chart.figure(most)} in {high}"
