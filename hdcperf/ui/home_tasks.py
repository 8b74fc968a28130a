"""Things somebody has to do, from every workflow: one list on the home page, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hdcperf.ui.pieces import Tag, TaskRow
from hdcperf.ui.tags import mark_tag, state_tag
from hdcperf.ui.words import count_of, day

__all__ = ["Reading", "Task", "summary", "task_rows"]

NO_DATE = date.max


@dataclass(frozen=True)
class Task:
    """What, where, by when. ``state`` is the record's, ``acting_for`` says whose work it is when not one's own.

    ``urgent`` has no date and comes first all the same: somebody is waiting for a decision.
    """

    title: str
    href: str
    due: date | None = None
    hint: str = ""
    state: str = ""
    late: bool = False
    locked: bool = False
    urgent: bool = False
    acting_for: str = ""

    @property
    def urgency(self) -> tuple[bool, bool, date, bool, str]:
        """Sorts most urgent first: what can be done before what is locked, then by date, own work before others'."""
        return (self.locked, not self.urgent, self.due or NO_DATE, bool(self.acting_for), self.title)


@dataclass(frozen=True)
class Reading:
    """A page worth opening, and a line on what is on it."""

    title: str
    href: str
    hint: str = ""


def task_rows(tasks: Iterable[Task], today: date) -> list[TaskRow]:
    """Each task as a row of the list, its date in words."""
    return [
        TaskRow(
            title=task.title,
            href=task.href,
            status=_status(task),
            hint=task.hint,
            due=_due(task, today),
            marks=_marks(task),
        )
        for task in tasks
    ]


def _status(task: Task) -> Tag | None:
    if task.locked:
        return mark_tag("locked")
    if task.late:
        return mark_tag("overdue")
    return state_tag(task.state) if task.state else None


def _marks(task: Task) -> tuple[Tag, ...]:
    return (Tag(task.acting_for, "outline"),) if task.acting_for else ()


def _due(task: Task, today: date) -> str:
    if task.due is None:
        return ""
    left = (task.due - today).days
    words = {0: " (today)", 1: " (tomorrow)"}.get(left, "")
    return f"{'Was due' if left < 0 else 'By'} {day(task.due)}{words}"


def summary(tasks: list[Task]) -> str:
    """How much there is, in a sentence; empty when there is nothing."""
    if not tasks:
        return ""
    can_do = [task for task in tasks if not task.locked]
    late = sum(task.late for task in can_do)
    covered = sum(bool(task.acting_for) for task in tasks)
    parts = [f"You have {count_of(len(tasks), 'task')}"]
    if late:
        parts.append(f"{late} overdue")
    if covered:
        parts.append(f"{covered} for somebody else")
    return ", ".join(parts) + "."
