"""What the checks of an update read (framework, *Corporate Plan Actions*). Pure: no ORM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.rules.colours import ActionRag, driver
from hdcperf.periods import Quarter

__all__ = ["Before", "MilestoneFacts", "PartFacts", "UpdateFacts", "next_milestone"]

DUE, REACHED, MOVED, NEW = "due", "reached", "moved", "new"


@dataclass(frozen=True)
class MilestoneFacts:
    """A milestone and what the update says of it: due, reached, moved or new; nothing while it is not said.

    ``due_on`` is its date before the update (None for a new one); ``on`` the day it was reached, or its new date.
    ``field`` is the box it is entered in.
    """

    name: str
    due_on: date | None
    said: str = ""
    on: date | None = None
    reason: str = ""
    reached_on: date | None = None
    field: str = "milestones"

    @property
    def is_reached(self) -> bool:
        return self.reached_on is not None or self.said == REACHED

    @property
    def due(self) -> date | None:
        """The day it is due once the update is accepted."""
        return self.on if self.said in (MOVED, NEW) and self.on is not None else self.due_on

    def is_overdue(self, as_at: date) -> bool:
        return not self.is_reached and self.due is not None and self.due < as_at

    @property
    def slips(self) -> bool:
        """Its date moves to a later one."""
        return self.said == MOVED and self.on is not None and self.due_on is not None and self.on > self.due_on


@dataclass(frozen=True)
class PartFacts:
    """A part of the action, and the colour it stands at for the quarter."""

    name: str
    rag: ActionRag


@dataclass(frozen=True)
class Before:
    """What the update before said: the latest one that was handed in."""

    quarter: str
    rag: ActionRag
    done: str = ""
    impact: str = ""
    recovery: str = ""


@dataclass(frozen=True)
class UpdateFacts:
    """Everything the checks read. ``as_at`` is the day it was handed in, or today while it is being written.

    ``due_on`` is the action's due date before the update, ``ended_on`` the day it was dropped, if it was.
    """

    quarter: Quarter
    as_at: date
    starts_on: date
    due_on: date
    rag: ActionRag | None = None
    before: Before | None = None
    done: str = ""
    rag_reason: str = ""
    impact: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    achieved: str = ""
    new_due_on: date | None = None
    new_due_reason: str = ""
    milestones: tuple[MilestoneFacts, ...] = ()
    parts: tuple[PartFacts, ...] = ()
    ended_on: date | None = None

    @property
    def rag_before(self) -> ActionRag | None:
        return self.before.rag if self.before is not None else None

    @property
    def due(self) -> date:
        """The action's due date once the update is accepted."""
        return self.new_due_on or self.due_on

    @property
    def still_open(self) -> tuple[MilestoneFacts, ...]:
        """The milestones not reached, the earliest first."""
        found = (one for one in self.milestones if not one.is_reached and (one.name or one.due))
        return tuple(sorted(found, key=lambda one: one.due or date.max))

    @property
    def is_dropped(self) -> bool:
        return self.ended_on is not None

    @property
    def driven_by(self) -> tuple[PartFacts, ...]:
        """The parts whose colour is not the one their parent was given, and would drive it."""
        known = [part for part in self.parts if part.rag is not ActionRag.AWAITED]
        colour = driver(self.rag, (part.rag for part in known)) if self.rag is not None else None
        return tuple(part for part in known if part.rag is colour)


def next_milestone(milestones: Iterable[MilestoneFacts]) -> MilestoneFacts | None:
    """The first milestone still to come, once the update is accepted."""
    to_come = [one for one in milestones if not one.is_reached and one.due is not None]
    return min(to_come, key=lambda one: one.due or date.max, default=None)
