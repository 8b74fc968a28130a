"""What it would take from here: the monthly figure needed to reach the year's target (framework E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from hdcperf.periods import Month
from hdcperf.rag import Direction, LabelledEnum
from kpis.rules.figures import CALCULATION, Frequency, YtdRule, format_target
from kpis.rules.forecasts import Measure, Progress, progress
from kpis.rules.year_to_date import MonthFigure

__all__ = ["Reach", "WhatItTakes", "what_it_would_take"]


class Reach(LabelledEnum):
    """How the year's target stands from here."""

    NEEDED = "needed", "Can be reached"
    STRETCH = "stretch", "Needs more than the best month ever"
    MET = "met", "Already certain"
    OUT_OF_REACH = "out_of_reach", "Out of reach"
    OVER = "over", "The year is complete"
    UNKNOWN = "unknown", "Cannot be worked out"


@dataclass(frozen=True)
class WhatItTakes:
    """The figure each remaining month needs, in the measure's unit, rounded so that it suffices; and a sentence.

    For a range ``needed`` to ``needed_upper`` is what the months may be. ``best`` is the best month ever.
    """

    reach: Reach
    sentence: str
    needed: Decimal | None = None
    needed_upper: Decimal | None = None
    months_left: int = 0
    best: Decimal | None = None
    best_month: Month | None = None


def what_it_would_take(
    measure: Measure,
    figures: Sequence[MonthFigure],
    year_target: Decimal | None,
    direction: Direction,
    year_target_upper: Decimal | None = None,
    history: Sequence[MonthFigure] = (),
) -> WhatItTakes:
    """The monthly figure needed for the rest of the year to reach ``year_target`` (framework E.1).

    ``figures`` are this year's so far; ``history`` earlier years', for the best month ever.
    """
    direction = Direction(direction)
    if direction is Direction.NONE or year_target is None:
        return WhatItTakes(Reach.UNKNOWN, "There is no target for the year to work from.")
    so_far = progress(measure, figures)
    if so_far is None:
        return WhatItTakes(Reach.UNKNOWN, "There is no figure yet this year to work from.")
    if not so_far.left:
        return WhatItTakes(Reach.OVER, f"The year is complete: it ended at {measure.show(so_far.value)}.")
    if direction is Direction.RANGE:
        return _for_range(measure, so_far, year_target, year_target_upper)
    best = _best(measure, [*history, *figures], direction)
    exact = _each_month(measure, so_far, year_target)
    return _told(measure, so_far, year_target, direction, exact, best)


def _each_month(measure: Measure, so_far: Progress, target: Decimal) -> Decimal:
    """The figure that, in every month left, ends the year exactly on ``target``.

    A weighted measure is taken to have as much to measure in each month left as on average so far.
    """
    left = Decimal(len(so_far.left))
    if measure.rule in (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL):
        return CALCULATION.divide(target - so_far.value, left)
    if measure.rule is YtdRule.LATEST:
        return target
    return CALCULATION.divide(target * so_far.total - so_far.value * so_far.counted, left)


def _is_summed(measure: Measure) -> bool:
    return measure.rule in (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL)


def _floor(measure: Measure) -> Decimal:
    """The least a month can be: nought unless the measure says otherwise."""
    least = Decimal(0) if measure.minimum is None else measure.minimum
    return min(least, Decimal(0)) if measure.rule is YtdRule.RUNNING_TOTAL else least


def _ceiling(measure: Measure) -> Decimal | None:
    """The most a month can be. A running total's limit is about the total, so what a month adds has none."""
    return None if measure.rule is YtdRule.RUNNING_TOTAL else measure.maximum


def _told(
    measure: Measure,
    so_far: Progress,
    target: Decimal,
    direction: Direction,
    exact: Decimal,
    best: tuple[Decimal, Month] | None,
) -> WhatItTakes:
    """The answer for a measure where higher, or lower, is better."""
    higher = direction is Direction.HIGHER
    needed = _rounded(exact, measure.decimals, ROUND_CEILING if higher else ROUND_FLOOR)
    floor, ceiling = _floor(measure), _ceiling(measure)
    too_low, too_high = exact < floor, ceiling is not None and exact > ceiling
    at_floor, at_ceiling = exact <= floor, ceiling is not None and exact >= ceiling
    if measure.rule is not YtdRule.LATEST and (at_floor if higher else at_ceiling):
        return _answer(Reach.MET, _met(measure, so_far, target, higher), needed, so_far, best)
    if too_high if higher else too_low:
        return _answer(Reach.OUT_OF_REACH, _out_of_reach(measure, so_far, target, higher), needed, so_far, best)
    beyond = best is not None and (exact > best[0] if higher else exact < best[0])
    sentence = _needed(measure, so_far, target, higher, needed)
    if best is not None:
        shown = measure.show(best[0])
        if beyond:
            sentence += f" That is better than the best month ever ({shown} in {best[1]})."
        else:
            sentence += f" The best month ever was {shown}, in {best[1]}."
    return _answer(Reach.STRETCH if beyond else Reach.NEEDED, sentence, needed, so_far, best)


def _answer(
    reach: Reach, sentence: str, needed: Decimal, so_far: Progress, best: tuple[Decimal, Month] | None
) -> WhatItTakes:
    value, month = best if best is not None else (None, None)
    return WhatItTakes(reach, sentence, needed, None, len(so_far.left), value, month)


def _met(measure: Measure, so_far: Progress, target: Decimal, higher: bool) -> str:
    if higher and _is_summed(measure):
        return f"The year's target of {measure.show(target)} is already met: {measure.show(so_far.value)} so far."
    sentence = f"The year's target of {measure.show(target)} is already certain, whatever the rest of the year brings"
    return f"{sentence}, if as much is measured as so far." if measure.rule is YtdRule.WEIGHTED else f"{sentence}."


def _out_of_reach(measure: Measure, so_far: Progress, target: Decimal, higher: bool) -> str:
    shown = measure.show(target)
    if not higher and _is_summed(measure):
        return (
            f"The year's target of {shown} can no longer be reached: it is {measure.show(so_far.value)} already, "
            f"with {'1 ' if len(so_far.left) == 1 else ''}{_left(measure, so_far)}."
        )
    limit = _ceiling(measure) if higher else _floor(measure)
    assert limit is not None
    return (
        f"The year's target of {shown} can no longer be reached: even {measure.show(limit)} in every "
        f"{_noun(measure)} left would not be enough."
    )


def _needed(measure: Measure, so_far: Progress, target: Decimal, higher: bool, needed: Decimal) -> str:
    bound = "at least" if higher else "no more than"
    needs = f"{_needs(measure, so_far)} {bound} {measure.show(needed)}"
    if measure.rule is YtdRule.LATEST:
        return f"To end the year on its target, {needs}; {so_far.last} was {measure.show(so_far.value)}."
    as_much = ", if as much is measured as so far" if measure.rule is YtdRule.WEIGHTED else ""
    return f"To end the year at {measure.show(target)}, {needs}{as_much}."


def _for_range(measure: Measure, so_far: Progress, lower: Decimal, upper: Decimal | None) -> WhatItTakes:
    """The answer for a range: the months may be anywhere between two figures."""
    if upper is None:
        raise ValueError("A range has two edges.")
    least, most = _each_month(measure, so_far, lower), _each_month(measure, so_far, upper)
    floor, ceiling = _floor(measure), _ceiling(measure)
    band = _between(measure, lower, upper)
    left = len(so_far.left)
    if most < floor or (ceiling is not None and least > ceiling):
        sentence = f"The year can no longer end within its range of {band}: it is {measure.show(so_far.value)}."
        return WhatItTakes(Reach.OUT_OF_REACH, sentence, months_left=left)
    if least <= floor and ceiling is not None and most >= ceiling:
        return WhatItTakes(
            Reach.MET, f"The year is already certain to end within its range of {band}.", months_left=left
        )
    least = max(least, floor)
    most = most if ceiling is None else min(most, ceiling)
    needed = _rounded(least, measure.decimals, ROUND_CEILING)
    needed_upper = _rounded(most, measure.decimals, ROUND_FLOOR)
    if needed > needed_upper:
        needed, needed_upper = (_rounded(one, measure.decimals, ROUND_HALF_UP) for one in (least, most))
    needs = f"{_needs(measure, so_far)} {_between(measure, needed, needed_upper)}"
    sentence = f"To end the year within its range of {band}, {needs}."
    return WhatItTakes(Reach.NEEDED, sentence, needed, needed_upper, left)


def _between(measure: Measure, lower: Decimal, upper: Decimal) -> str:
    return format_target(lower, upper, measure.unit, measure.decimals, measure.unit_label)


def _best(measure: Measure, figures: Sequence[MonthFigure], direction: Direction) -> tuple[Decimal, Month] | None:
    """The best month's own figure, and when: the latest of equals."""
    own = [(at.own, month) for month, at in measure.to_date(figures).items() if at.own is not None]
    if not own:
        return None
    if direction is Direction.HIGHER:
        return max(own)
    least = min(value for value, _ in own)
    return max(one for one in own if one[0] == least)


def _rounded(value: Decimal, decimals: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=Context(prec=60, rounding=rounding))


def _noun(measure: Measure) -> str:
    return {Frequency.MONTHLY: "month", Frequency.QUARTERLY: "quarter", Frequency.YEARLY: "year"}[measure.frequency]


def _left(measure: Measure, so_far: Progress) -> str:
    """``month left``, ``5 months left``."""
    count = len(so_far.left)
    return f"{_noun(measure)} left" if count == 1 else f"{count} {_noun(measure)}s left"


def _needs(measure: Measure, so_far: Progress) -> str:
    """What needs to reach the figure, up to the figure itself."""
    if measure.rule is YtdRule.LATEST:
        return f"{so_far.left[-1]} needs to be"
    if len(so_far.left) == 1:
        return f"the {_left(measure, so_far)} needs to be"
    return f"the {_left(measure, so_far)} need to average"
