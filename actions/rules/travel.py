"""Whether an outcome measure moves the way preferred, in a sentence (framework, *Working Together*).

There is no target and no RAG, by design: the council does not control these measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hdcperf.rag import Direction, Movement

__all__ = ["compared", "travel", "travel_words"]


def travel(values: Sequence[Decimal], direction: Direction) -> Movement:
    """How the newest of ``values`` (oldest first) stands to the one before it."""
    if len(values) < 2 or direction is Direction.NONE:
        return Movement.NONE
    before, now = values[-2], values[-1]
    if now == before:
        return Movement.SAME
    better = now > before if direction is Direction.HIGHER else now < before
    return Movement.BETTER if better else Movement.WORSE


def travel_words(periods: Sequence[str], values: Sequence[Decimal], direction: Direction, figure: object) -> str:
    """A sentence on which way it moves; ``figure`` prints a value with its unit."""
    show = figure if callable(figure) else str
    if not values:
        return "No value is published for this district."
    newest = f"{show(values[-1])} in {periods[-1]}"
    if len(values) == 1:
        return f"{newest}; there is nothing earlier to compare it with."
    way = "up" if values[-1] > values[-2] else "down"
    moved = f"{way} from {show(values[-2])} in {periods[-2]}"
    match travel(values, direction):
        case Movement.SAME:
            return f"{newest}, the same as in {periods[-2]}."
        case Movement.BETTER:
            return f"{newest}, {moved}: the way preferred."
        case Movement.WORSE:
            return f"{newest}, {moved}: not the way preferred."
    return f"{newest}, {moved if values[-1] != values[-2] else 'the same as before'}. Neither way is preferred."


def compared(ours: Decimal, theirs: Decimal, direction: Direction, name: str) -> str:
    """How ours stands beside another area's for the same period, in a few words."""
    if ours == theirs:
        return f"the same as {name}"
    higher = ours > theirs
    if direction is Direction.NONE:
        return f"{'higher' if higher else 'lower'} than {name}"
    good = higher == (direction is Direction.HIGHER)
    return f"{'better' if good else 'worse'} than {name}"
