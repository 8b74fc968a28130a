"""From a meeting back to the day its papers are drafted, in England's working days. Pure: no ORM, no today.

The agenda and reports of the council's own bodies are open to the public five clear working days before the meeting:
neither the day they are published nor the day of the meeting counts (Local Government Act 1972, section 100B).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hdcperf.periods import working_days

__all__ = ["CLEAR_DAYS", "STATUTORY", "Step", "StepName", "Timetable", "agenda_sentence", "clear_days", "timetable"]

CLEAR_DAYS = 5
STATUTORY = frozenset({"scrutiny", "cabinet", "council", "governance"})
"""Bodies whose papers must be public before they meet; the board and the leadership team meet in private."""
PAPERS_SENT = 3
"""Working days before a private meeting by which its papers are sent."""


class StepName(StrEnum):
    """What is done with a pack before its meeting, in this order."""

    DRAFT = "draft"
    LEADERSHIP = "leadership"
    STATUTORY_COMMENTS = "statutory_comments"
    PORTFOLIO = "portfolio"
    DEMOCRATIC = "democratic"
    PUBLICATION = "publication"


_LABELS: Mapping[StepName, str] = {
    StepName.DRAFT: "Draft ready",
    StepName.LEADERSHIP: "Corporate leadership comments",
    StepName.STATUTORY_COMMENTS: "Finance and legal comments",
    StepName.PORTFOLIO: "Portfolio holder comments",
    StepName.DEMOCRATIC: "With democratic services",
    StepName.PUBLICATION: "Published",
}
_BEFORE_PUBLICATION: Mapping[StepName, int] = {
    StepName.DRAFT: 12,
    StepName.LEADERSHIP: 10,
    StepName.STATUTORY_COMMENTS: 7,
    StepName.PORTFOLIO: 4,
    StepName.DEMOCRATIC: 2,
    StepName.PUBLICATION: 0,
}
"""Working days from each step to the publication of a public body's agenda."""
_BEFORE_SENDING: Mapping[StepName, int] = {StepName.DRAFT: 2, StepName.PUBLICATION: 0}


@dataclass(frozen=True)
class Step:
    """One step and the last day for it."""

    name: StepName
    label: str
    on: date


@dataclass(frozen=True)
class Timetable:
    """The steps of a meeting's papers, earliest first, and the meeting's day."""

    steps: tuple[Step, ...]
    meeting: date

    def on(self, name: StepName) -> date | None:
        """The last day for a step, or None where this body's papers have no such step."""
        return next((step.on for step in self.steps if step.name is name), None)

    @property
    def publication(self) -> date:
        """The day its agenda is published, or its papers are sent."""
        return self.steps[-1].on

    def next_step(self, today: date) -> Step | None:
        """The first step whose day has not passed, or None once the papers are out."""
        return next((step for step in self.steps if step.on >= today), None)

    def days_to_agenda(self, today: date) -> int:
        """Working days from ``today`` to publication; 0 on the day, negative after it."""
        return working_days().working_days_between(today, self.publication)


def timetable(body: str, meeting: date) -> Timetable:
    """The timetable of the papers for the meeting of ``body`` (a ``Meeting.Body`` or a pack's audience)."""
    calendar = working_days()
    public = body in STATUTORY
    # Counting back from a day leaves out that day and takes in the one reached, so one more than the clear days.
    out = calendar.add_working_days(meeting, -(CLEAR_DAYS + 1) if public else -PAPERS_SENT)
    offsets = _BEFORE_PUBLICATION if public else _BEFORE_SENDING
    steps = tuple(
        Step(name, _label(name, public), calendar.add_working_days(out, -days)) for name, days in offsets.items()
    )
    return Timetable(steps, meeting)


def _label(name: StepName, public: bool) -> str:
    return "Papers sent" if name is StepName.PUBLICATION and not public else _LABELS[name]


def clear_days(published: date, meeting: date) -> int:
    """Working days strictly between the two: neither the day of publication nor that of the meeting counts."""
    calendar = working_days()
    between = calendar.working_days_between(published, meeting)
    return between - calendar.is_working_day(meeting)


def agenda_sentence(found: Timetable, today: date) -> str:
    """How long there is until the agenda, in words that can begin a sentence: ``12 working days to the agenda``."""
    left = found.days_to_agenda(today)
    if left == 0 and today <= found.publication:
        return "The agenda goes out today"
    if today > found.publication:
        return "The agenda is out" if today <= found.meeting else "The meeting is over"
    return f"{left} working {'day' if left == 1 else 'days'} to the agenda"
