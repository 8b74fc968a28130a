"""How the months of a target come about from two years averaged: each month's figures, shares and target in rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from dataquality.queries.proposed_targets import Ground, TargetPlan
from dataquality.rules.month_shapes import MonthShare, gap_sentences
from hdcperf.periods import Month
from kpis.presenters.figures import bare_figure
from kpis.rules.figures import YtdRule
from kpis.rules.sentences import span
from kpis.rules.year_to_date import Levels

__all__ = ["AverageRow", "AverageView", "average_view"]

_WIDE = Context(prec=60)
_SUMMED = (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL)


@dataclass(frozen=True)
class AverageRow:
    """A month: its figure and share in the year before and in the one before that, their average, its target."""

    month: str
    before: str
    latest: str
    average: str
    target: str


@dataclass(frozen=True)
class AverageView:
    """The rows, the two years that head their columns, and the arithmetic in sentences."""

    rows: tuple[AverageRow, ...]
    before: str
    latest: str
    sentences: tuple[str, ...]


def average_view(ground: Ground, plan: TargetPlan, months: Mapping[Month, Levels]) -> AverageView:
    """The arithmetic from the figures as they stood when the target was set. The months must have their shares."""
    shares = ground.averaged(plan.figures)
    latest, before = ground.two_years
    both = sum(one.latest is not None and one.before is not None for one in shares)
    # A sum's month is a share of the whole; a level's is measured by the average, so the shares are of so many.
    of = Decimal(1) if ground.measure.rule in _SUMMED else Decimal(both)
    return AverageView(
        rows=tuple(_row(ground, one, of, months[one.figures.month]) for one in shares),
        before=str(before),
        latest=str(latest),
        sentences=(*_how(ground), *gap_sentences(plan.figures, latest, before), _comes_to(ground, plan, months)),
    )


def _row(ground: Ground, one: MonthShare, of: Decimal, levels: Levels) -> AverageRow:
    kpi_year = ground.kpi_year
    return AverageRow(
        month=span(one.figures.month, kpi_year.frequency),
        before=_cell(ground, one.figures.before, one.before, of),
        latest=_cell(ground, one.figures.latest, one.latest, of),
        average=_percent(one.weight * of),
        target=ground.measure.show(levels.target) if levels.target is not None else "None",
    )


def _cell(ground: Ground, figure: Decimal | None, share: Decimal | None, of: Decimal) -> str:
    if figure is None or share is None:
        return "No figure"
    return f"{bare_figure(ground.kpi_year, figure)} ({_percent(share * of)})"


def _percent(share: Decimal) -> str:
    return f"{_WIDE.multiply(share, Decimal(100)).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _how(ground: Ground) -> tuple[str, ...]:
    match ground.measure.rule:
        case YtdRule.ADDS_UP:
            what = "what its year came to in the months that both years have"
            then = "The year’s target is shared out in proportion to the averages."
        case YtdRule.RUNNING_TOTAL:
            what = "what its year came to in the months that both years have"
            then = (
                "The year’s target is shared out in proportion to the averages. The figures here are what each month "
                "added; the targets are totals to date."
            )
        case YtdRule.LATEST:
            what = "its year’s average over the months that both years have"
            then = "The targets keep these proportions, and the last month’s is the year’s target."
        case _:
            what = "its year’s average over the months that both years have"
            then = "The targets keep these proportions round the year’s target."
    return (f"Each month is given as a percentage of {what}, and the two percentages are averaged. {then}",)


def _comes_to(ground: Ground, plan: TargetPlan, months: Mapping[Month, Levels]) -> str:
    """What the months come to, beside the year's target."""
    targets = [levels.target for _, levels in sorted(months.items()) if levels.target is not None]
    show, wanted = ground.measure.show, plan.year.target
    assert wanted is not None
    match ground.measure.rule:
        case YtdRule.ADDS_UP:
            return f"The months add up to {show(sum(targets, Decimal(0)))}."
        case YtdRule.RUNNING_TOTAL | YtdRule.LATEST:
            return f"The months end at {show(targets[-1])}."
    mean = _WIDE.divide(sum(targets, Decimal(0)), Decimal(len(targets)))
    mean = mean.quantize(Decimal(1).scaleb(-ground.measure.decimals), ROUND_HALF_UP)
    if mean == wanted:
        return f"The months average {show(mean)}."
    return f"The months average {show(mean)} and not {show(wanted)}, for none can be beyond what the KPI can be."
