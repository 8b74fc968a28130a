"""Red, amber, green: one pure rule for every figure in the product (framework C.1.2).

Read from the top, stopping at the first that is true: a direction of *none*, or no target, is never judged;
no figure is *no data*; on target or better is green; on the intervention level or better is amber; anything
else is red. A target without an intervention level therefore has no amber. Figures are judged unrounded.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Self

__all__ = ["MAX_DIGITS", "Direction", "LabelledEnum", "Movement", "Rag", "check_figure", "judge", "movement"]

MAX_DIGITS = 15
"""Significant digits a figure may have: what a spreadsheet keeps, so an export loses nothing."""


class LabelledEnum(StrEnum):
    """A stored word with the words people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Rag(LabelledEnum):
    """How a figure stands. Always printed as a word as well as a colour."""

    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"
    NO_DATA = "no_data", "No data"
    NOT_JUDGED = "not_judged", "Not judged"

    @property
    def rank(self) -> int:
        """For sorting, worst first: red 0, amber 1, no data 2, green 3, not judged 4."""
        return (Rag.RED, Rag.AMBER, Rag.NO_DATA, Rag.GREEN, Rag.NOT_JUDGED).index(self)

    @property
    def is_off_target(self) -> bool:
        """Amber or red: the commentary must say what is being done, by when and by whom."""
        return self in (Rag.AMBER, Rag.RED)


class Direction(LabelledEnum):
    """Which way is better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    RANGE = "range", "Within a range"
    NONE = "none", "Context only, neither way is better"


class Movement(LabelledEnum):
    """How a figure moved since an earlier one (the framework's direction of travel)."""

    BETTER = "better", "Better"
    WORSE = "worse", "Worse"
    SAME = "same", "No change"
    NONE = "none", "Not compared"


def judge(
    actual: Decimal | None,
    target: Decimal | None,
    intervention: Decimal | None,
    direction: Direction,
    target_upper: Decimal | None = None,
    intervention_upper: Decimal | None = None,
) -> Rag:
    """The RAG of a figure, all in the measure's own unit (percentages 0 to 100). Framework C.1.2.

    For a range ``target`` and ``target_upper`` are the edges of the band that is green, ``intervention`` and
    ``intervention_upper`` those of the band that is amber. Raises TypeError for anything but Decimals,
    ValueError for over 15 digits, not-a-number, a range with one edge, or an upper edge without a range.
    """
    direction = Direction(direction)
    for figure in (actual, target, intervention, target_upper, intervention_upper):
        check_figure(figure)
    _check_edges(direction, target, target_upper)
    _check_edges(direction, intervention, intervention_upper)
    if direction is Direction.NONE or target is None:
        return Rag.NOT_JUDGED
    if actual is None:
        return Rag.NO_DATA
    if _within(actual, target, target_upper, direction):
        return Rag.GREEN
    if intervention is not None and _within(actual, intervention, intervention_upper, direction):
        return Rag.AMBER
    return Rag.RED


def movement(
    previous: Decimal | None,
    current: Decimal | None,
    direction: Direction,
    target: Decimal | None = None,
    target_upper: Decimal | None = None,
) -> Movement:
    """Whether ``current`` is better or worse than ``previous``.

    For a range, better is nearer to the target band, and any two figures inside it are the same; without a
    band, and where neither way is better, nothing is compared.
    """
    direction = Direction(direction)
    for figure in (previous, current, target, target_upper):
        check_figure(figure)
    if previous is None or current is None or direction is Direction.NONE:
        return Movement.NONE
    if direction is Direction.RANGE:
        if target is None or target_upper is None:
            return Movement.NONE
        gain = _distance(previous, target, target_upper) - _distance(current, target, target_upper)
    elif direction is Direction.HIGHER:
        gain = current - previous
    else:
        gain = previous - current
    if gain == 0:
        return Movement.SAME
    return Movement.BETTER if gain > 0 else Movement.WORSE


def check_figure(figure: object) -> None:
    """Raise TypeError unless it is a Decimal or None; ValueError when not finite or over 15 digits."""
    if figure is None:
        return
    if not isinstance(figure, Decimal):
        raise TypeError(f"Figures are Decimals, not {type(figure).__name__}: a float is not exact.")
    if not figure.is_finite():
        raise ValueError("A figure must be a number.")
    digits = "".join(map(str, figure.as_tuple().digits)).strip("0")
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"A figure has at most {MAX_DIGITS} digits.")


def _check_edges(direction: Direction, lower: Decimal | None, upper: Decimal | None) -> None:
    if direction is Direction.RANGE:
        if (lower is None) != (upper is None):
            raise ValueError("A range has two edges.")
    elif upper is not None:
        raise ValueError("Only a range has an upper edge.")


def _within(actual: Decimal, edge: Decimal, upper: Decimal | None, direction: Direction) -> bool:
    """On the edge, or on its better side."""
    if direction is Direction.LOWER:
        return actual <= edge
    return actual >= edge and (upper is None or actual <= upper)


def _distance(actual: Decimal, lower: Decimal, upper: Decimal) -> Decimal:
    """How far outside the band; nought inside it."""
    return max(lower - actual, actual - upper, Decimal(0))
