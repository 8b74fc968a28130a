"""The register of projects, a row each, and how many stand how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from actions.presenters.words import at_tag, movement_piece
from actions.queries.projects import ProjectLine
from actions.queries.told import Source
from actions.rules.projects import PROJECT_AT
from actions.rules.standing import At
from hdcperf.rag import Movement
from hdcperf.ui import Count, Dated, Link, Tag, count_of, day, mark_tag, state_tag
from hdcperf.ui import Movement as MovementPiece

__all__ = ["ProjectRow", "ServingRow", "moved_words", "project_counts", "project_rows", "project_tag", "serving_rows"]


def project_tag(at: At) -> Tag:
    """How a project stands, as a word and a shape: ``at_tag`` in the words of projects."""
    plain = at_tag(at)
    return Tag(PROJECT_AT[at.value], plain.colour, plain.mark)


@dataclass(frozen=True)
class ProjectRow:
    """One project: how it stands now and stood before, what comes next, when it ends, and what is late."""

    code: str
    name: str
    href: str
    place: str
    board: str
    before: Tag
    now: Tag
    state: Tag | None
    movement: MovementPiece
    next_step: str
    next_on: Dated | None
    step_late: Tag | None
    ends: Dated
    end_late: Tag | None
    report_late: Tag | None
    note: str


def project_rows(lines: Iterable[ProjectLine]) -> list[ProjectRow]:
    return [_row(line) for line in lines]


def _row(line: ProjectLine) -> ProjectRow:
    project, report, step = line.project, line.report, line.dates.next_step
    record = report.record if report is not None and report.source is Source.WORKING else None
    begun = record is not None and record.state != "not_started"
    disputed = report is not None and "disputed" in report.marks
    shown = step is not None and not line.is_over
    return ProjectRow(
        code=project.code,
        name=project.name,
        href=reverse("project", args=[project.code]),
        place=project.service.name,
        board=project.board,
        before=project_tag(line.before),
        now=project_tag(line.now),
        state=mark_tag("disputed") if disputed else state_tag(record.state) if begun and record is not None else None,
        movement=movement_piece(line.movement),
        next_step=step.name if shown and step is not None else "",
        next_on=Dated(step.due_on, [one.old_on for one in step.moved]) if shown and step is not None else None,
        step_late=mark_tag("overdue") if line.step_is_late else None,
        ends=Dated(line.dates.due_on, [one.old_on for one in line.dates.moved]),
        end_late=mark_tag("overdue") if line.end_is_late else None,
        report_late=mark_tag("late") if report is not None and report.late else None,
        note=ended_words(line),
    )


def ended_words(line: ProjectLine) -> str:
    """How it ended, in a sentence; nothing while it goes on."""
    project = line.project
    if project.closed_on is None:
        return ""
    return f"{project.get_closed_how_display()} on {day(project.closed_on)}."


def project_counts(
    lines: list[ProjectLine], link: Callable[[str, str], str], chosen: str
) -> tuple[list[Count], str, tuple[Link, ...]]:
    """A tile for each status that some have, how many there are in words, and how many moved which way.

    ``link`` gives the address that leaves only what has this value of a filter; ``chosen`` is the status filtered by.
    """
    now = Counter(line.now for line in lines)
    late = sum(line.is_overdue for line in lines)
    moves = Counter(line.movement for line in lines)
    tiles = [
        Count(now[at], project_tag(at), link("status", at.value), current=chosen == at.value)
        for at in (At(value) for value in PROJECT_AT)
        if now[at]
    ]
    words = f"{count_of(len(lines), 'project')}, {late} with an end or a milestone overdue."
    labels = {Movement.BETTER: "better", Movement.WORSE: "worse", Movement.SAME: "with no change"}
    found = tuple(
        Link(f"{moves[one]} {label}", link("movement", one.value)) for one, label in labels.items() if moves[one]
    )
    return tiles, words, found


def moved_words(line: ProjectLine) -> str:
    """How the newest status that counts compares with the quarter before it, in a sentence."""
    latest = line.told.standing(line.quarter)
    if latest is None:
        return "None of its reports has been accepted yet." if not line.told.only_issued else ""
    now, before = line.told.at(latest.quarter), line.told.at(latest.quarter.previous)
    moved = {
        Movement.BETTER: f", better than the quarter before ({PROJECT_AT[before.value].lower()})",
        Movement.WORSE: f", worse than the quarter before ({PROJECT_AT[before.value].lower()})",
        Movement.SAME: ", as the quarter before",
        Movement.NONE: "",
    }[line.movement if latest.quarter == line.quarter else Movement.NONE]
    return f"Its board called it {PROJECT_AT[now.value].lower()} at the end of {latest.quarter}{moved}."


@dataclass(frozen=True)
class ServingRow:
    """A project that serves an action, with its board's newest status for those who may see it."""

    link: Link
    board: str
    ends: Dated
    ended: str
    status: Tag | None
    when: str


def serving_rows(lines: Iterable[ProjectLine]) -> list[ServingRow]:
    return [_serving(line) for line in lines]


def _serving(line: ProjectLine) -> ServingRow:
    project = line.project
    latest = line.told.standing(line.quarter)
    return ServingRow(
        link=Link(f"{project.code} {project.name}", reverse("project", args=[project.code])),
        board=project.board,
        ends=Dated(line.dates.due_on, [one.old_on for one in line.dates.moved]),
        ended=ended_words(line),
        status=project_tag(line.told.at(latest.quarter)) if latest is not None else None,
        when=str(latest.quarter) if latest is not None else "",
    )
