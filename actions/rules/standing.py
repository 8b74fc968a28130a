"""How an action stands at the end of a quarter, from the updates a person may see. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from actions.rules.colours import ActionRag, movement
from hdcperf.periods import Quarter
from hdcperf.rag import LabelledEnum, Movement

__all__ = ["At", "Ending", "move_between", "stands_at"]


class At(LabelledEnum):
    """How an action stands: its colour, or why it has none. The order is that of counts and filters."""

    GREEN = "green", ActionRag.GREEN.label
    AMBER = "amber", ActionRag.AMBER.label
    RED = "red", ActionRag.RED.label
    COMPLETED = "completed", ActionRag.COMPLETED.label
    NOT_STARTED = "not_started", ActionRag.NOT_STARTED.label
    AWAITED = "awaited", ActionRag.AWAITED.label
    NOT_ISSUED = "not_issued", "Not issued yet"
    DROPPED = "dropped", "Dropped"
    NOT_DUE = "not_due", "Not due yet"
    NOT_IN_PLAN = "not_in_plan", "Not in the plan"

    @property
    def rag(self) -> ActionRag | None:
        """The colour, where it is one."""
        return ActionRag(self.value) if self.value in list(ActionRag) else None

    @property
    def rank(self) -> int:
        """For sorting, worst first; those without a colour last."""
        colour = self.rag
        return colour.rank if colour is not None else len(ActionRag) + list(At).index(self)


@dataclass(frozen=True)
class Ending:
    """When and how an action ended: completed or dropped."""

    on: date
    how: str


def stands_at(
    quarter: Quarter,
    known: Mapping[Quarter, ActionRag],
    *,
    years: frozenset[int],
    is_open: bool,
    ending: Ending | None = None,
    only_issued: bool = False,
) -> At:
    """How an action stands at the end of ``quarter``.

    ``known`` are the colours of updates that count (accepted, or issued to this reader); ``years`` the plan years the
    action is in; ``is_open`` whether the quarter's updates have been asked for. One completed earlier stays so.
    """
    if quarter in known:
        return At(known[quarter].value)
    earlier = [one for one in known if one < quarter]
    if earlier and known[max(earlier)].is_finished:
        return At.COMPLETED
    if ending is not None and ending.on < quarter.last_day:
        return At.COMPLETED if ending.how == "completed" else At.DROPPED
    if quarter.year.start_year not in years:
        return At.NOT_IN_PLAN
    if not is_open:
        return At.NOT_DUE
    return At.NOT_ISSUED if only_issued else At.AWAITED


def move_between(before: At, now: At) -> Movement:
    """Whether it stands better or worse than the quarter before; where either has no colour, nothing is compared."""
    return movement(before.rag, now.rag)
