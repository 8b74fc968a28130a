"""My tasks, ready for the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hdcperf.ui import Tag, TaskRow, count_of, day, mark_tag, state_tag
from kpis.queries.task import Task

__all__ = ["summary", "task_rows"]


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
