"""The page of one project: how it stands, quarter by quarter, what its board said and decided, and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.models import ChangeRequest
from actions.presenters.action import AT_A_GLANCE, QuarterCell, StepRow, old_dates
from actions.presenters.action_facts import RevisionRow, is_officer
from actions.presenters.projects import ended_words, moved_words, project_tag
from actions.presenters.words import movement_piece
from actions.queries.dates import Step
from actions.queries.project_page import ProjectHistory
from actions.queries.project_told import ReportTold
from actions.rules.colours import ActionRag
from actions.rules.standing import move_between
from hdcperf.organisation.access import Standing
from hdcperf.rag import Movement
from hdcperf.ui import Dated, Link, SummaryRow, Tag, day, mark_tag, promise, rag_tag, state_tag
from hdcperf.ui import Movement as MovementPiece

__all__ = [
    "ProjectStand",
    "ReportWords",
    "RequestRow",
    "facts",
    "quarters",
    "reports",
    "requests",
    "revisions",
    "stand",
    "steps",
]


@dataclass(frozen=True)
class ProjectStand:
    """The head of the page: the sentences, and how it stands now and stood before."""

    sentences: tuple[str, ...]
    quarter: str
    now: Tag
    before_quarter: str
    before: Tag
    movement: MovementPiece
    marks: tuple[Tag, ...]


def stand(history: ProjectHistory) -> ProjectStand:
    line = history.line
    marks = [mark_tag(name) for name in line.report.marks] if line.report is not None else []
    late = (("End overdue", line.end_is_late), ("Milestone overdue", line.step_is_late))
    return ProjectStand(
        sentences=tuple(one for one in _sentences(history) if one),
        quarter=str(line.quarter),
        now=project_tag(line.now),
        before_quarter=str(line.quarter.previous),
        before=project_tag(line.before),
        movement=movement_piece(line.movement),
        marks=(*marks, *(Tag(words, "solid", "exclamation") for words, holds in late if holds)),
    )


def _sentences(history: ProjectHistory) -> Iterator[str]:
    line, project = history.line, history.project
    if project.closed_on is not None:
        yield f"{ended_words(line)} {project.closed_why}"
    yield moved_words(line)
    if line.is_over:
        return
    ends, step = line.dates.due_on, line.dates.next_step
    yield f"It was to end on {day(ends)} and is not closed." if line.end_is_late else f"It ends on {day(ends)}."
    if step is not None and line.step_is_late:
        yield f"The milestone “{step.name}” was due on {day(step.due_on)} and is not reached."
    elif step is not None:
        yield f"Next: {step.name}, by {day(step.due_on)}."


def quarters(history: ProjectHistory) -> list[QuarterCell]:
    """The last eight quarters, oldest first."""
    line = history.line
    told = line.told.by_quarter
    return [
        QuarterCell(
            str(quarter),
            project_tag(line.told.at(quarter)),
            f"#{quarter.slug}" if quarter in told and told[quarter].says_something else "",
        )
        for quarter in (line.quarter - back for back in reversed(range(AT_A_GLANCE)))
    ]


@dataclass(frozen=True)
class ReportWords:
    """What a quarter's report said: the board's status with its meeting, the officer's own view if it differs."""

    slug: str
    heading: str
    tag: Tag
    movement: MovementPiece | None
    marks: tuple[Tag, ...]
    board: str
    differs: str
    parts: tuple[tuple[str, str], ...]
    note: str
    href: str
    hint: str


def reports(history: ProjectHistory) -> list[ReportWords]:
    """Every quarter's report, newest first."""
    told = history.line.told
    return [
        _report(history, one)
        for _, one in sorted(told.by_quarter.items(), reverse=True)
        if one.says_something or one.excused
    ]


def _report(history: ProjectHistory, one: ReportTold) -> ReportWords:
    told, said = history.line.told, one.said
    marks = [mark_tag(name) for name in one.marks]
    if not one.stands and one.record is not None:
        marks.insert(0, state_tag(one.record.state))
    moved = move_between(told.at(one.quarter.previous), told.at(one.quarter))
    return ReportWords(
        slug=one.quarter.slug,
        heading=str(one.quarter),
        tag=rag_tag(said.status) if said.status else Tag("Report awaited", "rag-no-data", "ring"),
        movement=movement_piece(moved) if one.stands and moved is not Movement.NONE else None,
        marks=tuple(marks),
        board=f"Set by {said.board} on {day(said.met_on)}." if said.status and said.met_on else "",
        differs=_differs(one),
        parts=tuple(_parts(one)),
        note=one.excused or (f"As issued in {one.issued_in}." if one.issued_in else ""),
        href=reverse("project-report", args=[one.quarter, history.project.code]) if one.record is not None else "",
        hint=f"for {one.quarter}",
    )


def _differs(one: ReportTold) -> str:
    """The officer's own view where it is not the board's, in a sentence."""
    record = one.record
    if record is None or not record.own_view or record.own_view == record.status:
        return ""
    board, own = (ActionRag(value).label.lower() for value in (record.status, record.own_view))
    return f"The project’s own officers see it otherwise: {own}, not {board}. {record.own_view_why}"


def _parts(one: ReportTold) -> Iterator[tuple[str, str]]:
    said = one.said
    found = (
        ("What the board said", said.board_words),
        ("What was done", said.progress),
        ("Risks", said.risks),
        ("What comes next", said.next_steps),
    )
    yield from ((label, words) for label, words in found if words)
    if said.recovery:
        yield "What will be done", promise(said.recovery, said.recovery_by, said.recovery_owner)
    if said.next_milestone:
        yield "Next milestone then", f"{said.next_milestone}, by {day(said.next_milestone_on)}"


def steps(history: ProjectHistory) -> list[StepRow]:
    line = history.line
    return [
        StepRow(one.name, day(one.due_on), old_dates(one.moved), _step_tag(one, history)) for one in line.dates.steps
    ]


def _step_tag(step: Step, history: ProjectHistory) -> Tag:
    if step.reached_on is not None:
        return Tag(f"Reached {day(step.reached_on)}", "rag-completed", "tick")
    if history.line.is_over:
        return Tag("Not reached", "grey")
    return mark_tag("overdue") if step.is_late(history.line.today) else Tag("To come", "grey")


def facts(history: ProjectHistory, who: Standing) -> list[SummaryRow]:
    """What the project is; officers are named to officers."""
    project, line, officer = history.project, history.line, is_officer(who)
    rows: list[tuple[str, object]] = [
        ("Outcome", project.outcome.name),
        ("Priority", project.outcome.priority.name),
        ("Portfolio", project.portfolio.name),
        ("Service", f"{project.service.name} ({project.service.directorate.name})"),
        ("Sponsor", project.sponsor.name if officer else ""),
        ("Project manager", project.manager.name if officer else ""),
        ("Board that sets its status", project.board),
        ("Starts", day(project.starts_on)),
        ("Ends", Dated(line.dates.due_on, [one.old_on for one in line.dates.moved])),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


@dataclass(frozen=True)
class RequestRow:
    """A change of a date: which, old and new, why, and what the board decided."""

    what: Link
    dated: Dated
    reason: str
    asked: str
    state: Tag
    decided: str


_STATES = {"approved": "teal", "requested": "blue", "declined": "grey", "withdrawn": "grey"}


def requests(history: ProjectHistory, who: Standing) -> list[RequestRow]:
    """Every change that was asked for, newest first."""
    officer = is_officer(who)
    return [request_row(one, history.project.board, named=officer) for one in history.requests]


def request_row(one: ChangeRequest, board: str, *, named: bool) -> RequestRow:
    """``named``: whether this reader is told who asked."""
    name = one.milestone.name if one.milestone is not None else "The project’s end"
    decided = f"{board} on {day(one.met_on)}: {one.decision}" if one.met_on is not None else ""
    state = "Waiting for the board" if one.state == ChangeRequest.State.REQUESTED else one.get_state_display()
    return RequestRow(
        what=Link(name, reverse("project-change", args=[one.pk])) if named else Link(name, ""),
        dated=Dated(one.new_on, (one.old_on,)),
        reason=one.reason,
        asked=f"Asked for by {one.requested_by.name} on {day(one.requested_at)}" if named else "",
        state=Tag(state, _STATES[one.state]),
        decided=decided,
    )


_DECIDED = {"accepted": "teal", "proposed": "blue", "declined": "grey", "withdrawn": "grey"}
_REVISED = (
    ("What the board said", "board_words"),
    ("What was done", "progress"),
    ("Risks", "risks"),
    ("What will be done", "recovery"),
)


def revisions(history: ProjectHistory) -> list[RevisionRow]:
    """Revisions of its reports, newest first."""
    return [
        RevisionRow(
            quarter=str(one.report.span),
            kind=one.get_kind_display(),
            old_rag=rag_tag(one.old_status),
            new_rag=rag_tag(one.new_status),
            words=tuple(
                (label, getattr(one, f"old_{name}"), getattr(one, f"new_{name}"))
                for label, name in _REVISED
                if getattr(one, f"old_{name}") != getattr(one, f"new_{name}")
            ),
            reason=one.reason,
            state=Tag(one.get_state_display(), _DECIDED[one.state]),
            when=day(list(one.transitions.all())[-1].at if one.transitions.all() else one.proposed_at),
        )
        for one in history.revisions
    ]
