"""A year's dated target sets: which judges which month, from when a new one can govern, and what a level may be.

A later set governs later months only, and a month that was judged keeps its target (framework C.1.2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal

from hdcperf.periods import Month
from hdcperf.rag import Direction
from kpis.rules.figures import Frequency
from kpis.rules.year_to_date import Levels

__all__ = [
    "WRONG_SIDE",
    "first_of_period",
    "governed",
    "governing",
    "level_field_refusal",
    "levels_refusal",
    "open_starts",
]

WRONG_SIDE = (
    "The intervention level must be on the worse side of the target: below it where higher is better, above it "
    "where lower is better, outside it on both sides for a range. A level needs a target."
)


def governing(month: Month, starts: Collection[Month]) -> Month | None:
    """The start of the set that governs ``month``: the latest that had come by then, or None before the first."""
    return max((start for start in starts if start <= month), default=None)


def governed(start: Month, starts: Collection[Month], months: Sequence[Month]) -> tuple[Month, ...]:
    """The months of the year that the set beginning at ``start`` governs beside the others."""
    among = {*starts, start}
    return tuple(month for month in months if governing(month, among) == start)


def first_of_period(month: Month, frequency: Frequency | str) -> Month:
    """The first month of what is measured at ``month``: itself, or its quarter's or its year's first."""
    return month - {"monthly": 0, "quarterly": 2, "yearly": 11}[Frequency(frequency).value]


def open_starts(months: Sequence[Month], frequency: Frequency | str, judged: Collection[Month]) -> tuple[Month, ...]:
    """The months a new set can govern from: the first of each period after the last that a target has judged.

    Nothing is left once the year's last month is judged. ``months`` are those with a figure, in order.
    """
    last = max(judged, default=None)
    return tuple(first_of_period(month, frequency) for month in months if last is None or month > last)


def levels_refusal(levels: Levels, direction: Direction) -> str:
    """The database's rule on levels, as a sentence when they break it (see ``kpis.models.targets.level_rule``)."""
    target, level, upper, level_upper = (
        levels.target,
        levels.intervention,
        levels.target_upper,
        levels.intervention_upper,
    )
    if levels == Levels():
        return ""
    if direction is Direction.NONE:
        return "The KPI is context only, so it has no target."
    if direction is Direction.RANGE:
        if target is None or upper is None or (level is None) != (level_upper is None):
            return "A range has two edges, a lower and an upper."
        fits = target <= upper and (
            level is None or level_upper is None or (level <= target and level_upper >= upper)
        )
        return "" if fits else WRONG_SIDE
    if upper is not None or level_upper is not None:
        return "Only a range has an upper edge."
    if level is None:
        return ""
    if target is None:
        return "A level needs a target."
    return "" if (level <= target if direction is Direction.HIGHER else level >= target) else WRONG_SIDE


def level_field_refusal(
    levels: Levels, direction: Direction, show: Callable[[Decimal], str]
) -> tuple[str, str] | None:
    """Which of the four figures is wrong and why, as a sentence that says what to enter; None when all can stand."""
    target, upper = levels.target, levels.target_upper
    if target is None:
        return None if levels == Levels() else ("target", "Enter the target as well: a level needs one.")
    if direction is Direction.RANGE:
        if upper is None:
            return "target_upper", "Enter the upper edge as well: a range has two."
        if upper < target:
            return "target_upper", f"The upper edge is {show(upper)}, below the lower edge of {show(target)}."
        if (levels.intervention is None) != (levels.intervention_upper is None):
            missing = "intervention" if levels.intervention is None else "intervention_upper"
            return missing, "Enter the intervention level at both edges, or leave both empty for no amber."
        return _beyond("intervention", levels.intervention, target, show, below=True) or _beyond(
            "intervention_upper", levels.intervention_upper, upper, show, below=False
        )
    return _beyond("intervention", levels.intervention, target, show, below=direction is Direction.HIGHER)


def _beyond(
    field: str, level: Decimal | None, target: Decimal, show: Callable[[Decimal], str], *, below: bool
) -> tuple[str, str] | None:
    if level is None or (level <= target if below else level >= target):
        return None
    wrong, right = ("above", "or lower") if below else ("below", "or higher")
    return field, (
        f"The intervention level of {show(level)} is {wrong} the target of {show(target)}, its better side: "
        f"enter {show(target)} {right}, or leave it empty for no amber."
    )
