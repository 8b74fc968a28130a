"""When somebody is reminded of a piece of work, counted in England's working days. Pure: no ORM, no real today.

Opened; some working days before it is due; overdue, then again every few working days, and from a certain one on to
the service manager, the head of service and the Performance Team as well. Where a day was missed, the last step that
is due stands for those before it: nobody is sent a pile of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from hdcperf.periods import working_days

__all__ = ["USUAL", "Phase", "Step", "Timings", "kept_from", "sending_day", "standing", "timing_problems"]


class Phase(StrEnum):
    OPENED = "opened"
    BEFORE = "before"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Timings:
    """Working days: before the due date, after it, and between two reminders of what is overdue.

    ``manager_after`` and ``head_after`` count reminders: with the next one after so many, they are told as well.
    """

    first_before: int = 5
    last_before: int = 1
    overdue_after: int = 1
    again_every: int = 3
    manager_after: int = 2
    head_after: int = 4


USUAL = Timings()


@dataclass(frozen=True)
class Step:
    """One reminder of one piece of work: its day, and which it is.

    ``number`` is the working days before the due date, or how manieth of those overdue it is.
    """

    on: date
    phase: Phase
    number: int = 0
    is_last_before: bool = False

    @property
    def code(self) -> str:
        """What the step is known by: ``opened``, ``before-5``, ``overdue-2``."""
        return self.phase.value if self.phase is Phase.OPENED else f"{self.phase.value}-{self.number}"

    @property
    def is_overdue(self) -> bool:
        return self.phase is Phase.OVERDUE

    def tells_manager(self, timings: Timings) -> bool:
        return self.is_overdue and self.number > timings.manager_after

    def tells_head(self, timings: Timings) -> bool:
        """The head of service, and the Performance Team with them."""
        return self.is_overdue and self.number > timings.head_after


def kept_from(today: date, days: int) -> date:
    """The first day of what is still reminded of, and of which it is kept for ``days`` that somebody was told."""
    return today - timedelta(days=days)


def sending_day(day: date) -> bool:
    """Whether reminders are sent on ``day``: on England's working days."""
    return working_days().is_working_day(day)


@lru_cache(maxsize=4096)
def standing(opened: date, due: date, today: date, timings: Timings = USUAL) -> Step | None:
    """The step that stands on ``today``: the last whose day has come; None before it opened."""
    calendar = working_days()
    first = opened if calendar.is_working_day(opened) else calendar.add_working_days(opened, 1)
    if today < first:
        return None
    found = Step(first, Phase.OPENED)
    for number in (timings.first_before, timings.last_before):
        on = calendar.add_working_days(due, -number)
        if found.on < on <= today:
            found = Step(on, Phase.BEFORE, number, is_last_before=number == timings.last_before)
    past = calendar.working_days_between(due, today)
    if past >= timings.overdue_after:
        number = (past - timings.overdue_after) // timings.again_every + 1
        on = calendar.add_working_days(due, timings.overdue_after + timings.again_every * (number - 1))
        # What was opened after it was due is first opened, then overdue.
        if on > found.on or (on == found.on and found.phase is not Phase.OPENED):
            found = Step(on, Phase.OVERDUE, number)
    return found


def timing_problems(timings: Timings) -> dict[str, str]:
    """What is wrong with timings somebody typed, by field, in sentences."""
    found = {}
    if timings.first_before <= timings.last_before:
        found["first_before"] = "The first reminder comes more working days before the due date than the last"
    if timings.last_before < 1:
        found["last_before"] = "The last reminder comes at least 1 working day before the due date"
    if timings.overdue_after < 1:
        found["overdue_after"] = "What is due is overdue on the next working day at the soonest: enter 1 or more"
    if timings.again_every < 1:
        found["again_every"] = "Enter 1 working day or more between two reminders"
    if timings.head_after < timings.manager_after:
        found["head_after"] = "The service manager is told before the head of service, or with them"
    return found
