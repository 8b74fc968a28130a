"""The list of actions, a row each, and how many stand how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from actions.presenters.words import at_tag, movement_piece, parts_sentence
from actions.queries.listing import Line
from actions.queries.told import Source
from actions.rules.standing import At
from hdcperf.control import Control
from hdcperf.periods import Quarter
from hdcperf.rag import Movement
from hdcperf.ui import Link, Tag, count_of, day, mark_tag, short_day, state_tag
from hdcperf.ui import Movement as MovementPiece

__all__ = ["ActionRow", "Counts", "action_rows", "counts"]


@dataclass(frozen=True)
class ActionRow:
    """One action: how it stands now and stood before, what comes next and when, and what is late."""

    code: str
    title: str
    href: str
    place: str
    control: str
    before: Tag
    now: Tag
    state: Tag | None
    movement: MovementPiece
    next_step: str
    next_on: str
    step_late: Tag | None
    due_on: str
    was_due: str
    due_late: Tag | None
    update_late: Tag | None
    notes: tuple[str, ...]


def action_rows(lines: Iterable[Line], names: dict[int, str]) -> list[ActionRow]:
    """A row for each line; ``names`` gives the action a part belongs to, by the id of its row."""
    return [_row(line, names) for line in lines]


def _row(line: Line, names: dict[int, str]) -> ActionRow:
    row, step, update = line.row, line.dates.next_step, line.update
    moved = line.dates.moved
    begun = update is not None and update.source is Source.WORKING and update.state != "not_started"
    disputed = update is not None and "disputed" in update.marks
    over = line.is_over
    return ActionRow(
        code=row.code,
        title=row.title,
        href=reverse("action", args=[row.plan_year.financial_year, row.code]),
        place=row.service.name,
        control=Control(row.control).word,
        before=at_tag(line.before),
        now=at_tag(line.now),
        state=mark_tag("disputed") if disputed else state_tag(update.state) if begun and update else None,
        movement=movement_piece(line.movement),
        next_step="" if over or step is None else step.name,
        next_on="" if over or step is None else short_day(step.due_on),
        due_on=short_day(line.dates.due_on),
        was_due=short_day(moved[-1].old_on) if moved else "",
        step_late=mark_tag("overdue") if line.step_is_late else None,
        due_late=mark_tag("overdue") if line.action_is_late else None,
        update_late=mark_tag("late") if update is not None and update.late else None,
        notes=tuple(_notes(line, names)),
    )


def _notes(line: Line, names: dict[int, str]) -> Iterable[str]:
    if line.row.parent_id in names:
        yield f"A part of {names[line.row.parent_id]}."
    if line.parts:
        yield parts_sentence(line.now, [(part.row.code, part.now) for part in line.parts])
    ending = line.told.ending
    if ending is not None:
        yield f"{ending.how.capitalize()} on {day(ending.on)}."


@dataclass(frozen=True)
class CountRow:
    """How many actions stand so, now and the quarter before."""

    tag: Tag
    before: int
    now: Link
    change: str


@dataclass(frozen=True)
class Counts:
    """The counts of a list, and how many moved which way."""

    before_heading: str
    now_heading: str
    rows: tuple[CountRow, ...]
    moves: tuple[Link, ...]
    overdue: Link
    total: str


def counts(lines: list[Line], quarter: Quarter, link: Callable[[str, str], str]) -> Counts:
    """``link`` gives the address that leaves only what has this value of a filter."""
    now, before = Counter(line.now for line in lines), Counter(line.before for line in lines)
    moves = Counter(line.movement for line in lines)
    late = sum(line.is_overdue for line in lines)
    words = {
        Movement.BETTER: "better",
        Movement.WORSE: "worse",
        Movement.SAME: "with no change",
        Movement.NONE: "not compared",
    }
    return Counts(
        before_heading=str(quarter.previous),
        now_heading=str(quarter),
        rows=tuple(
            CountRow(
                at_tag(at),
                before[at],
                Link(str(now[at]), link("rag", at.value) if now[at] else "", at.label.lower()),
                _change(now[at] - before[at]),
            )
            for at in At
            if now[at] or before[at]
        ),
        moves=tuple(
            Link(f"{moves[one]} {words[one]}", link("movement", one.value)) for one in Movement if moves[one]
        ),
        overdue=Link(f"{late} overdue", link("overdue", "yes") if late else ""),
        total=count_of(len(lines), "action"),
    )


def _change(difference: int) -> str:
    if not difference:
        return "No change"
    return f"{abs(difference)} {'more' if difference > 0 else 'fewer'}"
