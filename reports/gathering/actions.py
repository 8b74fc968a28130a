"""An action and a project as a pack prints them (framework, *Corporate Plan Actions*, *Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse

from actions.models import ActionUpdate, IssuedReport, ProjectReport
from actions.queries.dates import ActionDates, Moved
from actions.queries.listing import Line
from actions.queries.projects import ProjectLine
from actions.rules.colours import driver
from actions.rules.standing import At, move_between
from hdcperf.control import Control
from hdcperf.periods import Quarter
from hdcperf.rag import Movement as Word
from reports.gathering.posts import Posts
from reports.gathering.reading import NOT_HANDED_IN, Sources
from reports.packs.items import FrozenAction, FrozenProject
from reports.packs.pieces import Colour, Milestone, MovedDate, Movement, Promise, Status
from reports.rules.front_page import listed

__all__ = ["action_of", "in_the_pack", "project_of"]


def in_the_pack(line: Line) -> bool:
    """Whether an action has something to say of the quarter: one dropped or completed earlier has not."""
    if line.now in (At.NOT_IN_PLAN, At.NOT_DUE):
        return False
    ended = line.told.ending
    over = line.now in (At.DROPPED, At.COMPLETED) and line.update is None
    return not (over and ended is not None and ended.on < line.quarter.first_day) and not (
        over and line.before in (At.DROPPED, At.COMPLETED)
    )


def at_colour(at: At) -> Colour:
    """How it stands, as a colour: what has none is drawn as an update that is awaited."""
    return Colour(at.value if at.rag is not None else "awaited", at.label)


def _before(at: At) -> Colour | None:
    return at_colour(at) if at.rag is not None else None


def _compared_with(quarter: Quarter, sources: Sources) -> Quarter:
    """The quarter at the end of the period before."""
    return quarter - sources.step // 3


def _moved(word: Word, sources: Sources) -> Movement:
    since = f"since {sources.before}"
    words = {"better": f"Better {since}", "worse": f"Worse {since}", "same": f"No change {since}"}
    return Movement(word.value, words.get(word.value, "Not compared"))


def action_of(line: Line, sources: Sources) -> FrozenAction:
    """The action with its accepted update of the quarter; without one it says whose turn it is."""
    row, told, before = line.row, line.update, line.told.at(_compared_with(line.quarter, sources))
    words = told.words if told is not None else None
    responsible = sources.posts.of(row.responsible_id, f"An officer of {row.service.name}")
    return FrozenAction(
        code=row.code,
        reference=row.action.reference,
        title=row.title,
        wording=row.wording,
        control=Control(row.control).word,
        service=row.service.name,
        status=Status(at_colour(line.now), None, _before(before)),
        address=reverse("action", args=[row.plan_year.financial_year, row.code]),
        portfolio=row.portfolio.name,
        responsible=responsible,
        success=row.success,
        due=line.dates.due_on,
        missing="" if told is not None or line.now is not At.AWAITED else _missing(line, sources),
        movement=_moved(move_between(before, line.now), sources),
        rag_reason=words.rag_reason if words else "",
        done=words.done if words else _ended(line),
        impact=words.impact if words else "",
        achieved=words.achieved if words else "",
        recovery=_promise(words.recovery, words.recovery_by, words.recovery_owner, sources.posts, row.service.name)
        if words
        else None,
        next_milestone=_next(told.next_milestone, told.next_milestone_on) if told else None,
        moved_dates=tuple(_moved_dates("The action", line.dates)),
        driver=_driver(line),
        marks=told.marks if told is not None else (),
    )


def _missing(line: Line, sources: Sources) -> str:
    state = sources.update_states.get(line.row.action_id, ActionUpdate.State.NOT_STARTED.value)
    if state in NOT_HANDED_IN:
        return f"Not handed in yet by {line.row.service.name}"
    return "Not accepted yet: it is being checked"


def _ended(line: Line) -> str:
    """What is said of an action that ended by decision, and so owes no update."""
    action = line.row.action
    if action.ended_on is None or line.now not in (At.DROPPED, At.COMPLETED):
        return ""
    return action.ended_why


def _promise(what: str, by: date | None, owner: str, posts: Posts, service: str) -> Promise | None:
    if not (what or by or owner):
        return None
    return Promise(what, by, posts.in_place_of(owner, f"An officer of {service}"))


def _next(name: str, on: date | None) -> Milestone | None:
    return Milestone(name, on) if name and on is not None else None


def _moved_dates(of: str, dates: ActionDates) -> Iterator[MovedDate]:
    """Its own date and its milestones' as they moved, oldest first."""
    yield from _each(of, dates.moved)
    for step in dates.steps:
        yield from _each(step.name, step.moved)


def _each(of: str, moved: Iterable[Moved]) -> Iterator[MovedDate]:
    for one in moved:
        yield MovedDate(of, one.old_on, one.new_on, one.reason)


def _driver(line: Line) -> str:
    """Which parts stand worse than the action does: a parent's colour once hid a part's."""
    now = line.now.rag
    parts = [(part.row.name, part.now.rag) for part in line.parts if part.now.rag is not None]
    found = driver(now, [colour for _, colour in parts]) if now is not None else None
    if now is None or found is None:
        return ""
    names = [name for name, colour in parts if colour is found]
    return (
        f"It is {now.label.lower()}, while {listed(names)} {'is' if len(names) == 1 else 'are'} {found.label.lower()}"
    )


def project_of(line: ProjectLine, sources: Sources) -> FrozenProject:
    """The project with the status its board gave, in the board's words."""
    project, report = line.project, line.report
    said = report.said if report is not None and report.stands else None
    posts, service = sources.posts, project.service.name
    otherwise = f"An officer of {service}"
    return FrozenProject(
        code=project.code,
        name=project.name,
        purpose=project.purpose,
        board=said.board if said is not None else project.board,
        service=service,
        status=Status(at_colour(line.now), None, _before(line.told.at(_compared_with(line.quarter, sources)))),
        address=reverse("project", args=[project.code]),
        sponsor=posts.of(project.sponsor_id, otherwise),
        manager=posts.of(project.manager_id, otherwise),
        met_on=said.met_on if said is not None else None,
        board_words=said.board_words if said is not None else "",
        progress=said.progress if said is not None else "",
        risks=said.risks if said is not None else "",
        next_steps=said.next_steps if said is not None else "",
        recovery=_project_promise(said, posts, service),
        ends_on=line.dates.due_on,
        next_milestone=_next(said.next_milestone, said.next_milestone_on) if said is not None else None,
        moved_dates=tuple(_moved_dates("The end of the project", line.dates)),
        closed=project.closed_why if line.is_over else "",
        missing=_project_missing(line, sources) if said is None and line.now is At.AWAITED else "",
    )


def _project_promise(said: ProjectReport | IssuedReport | None, posts: Posts, service: str) -> Promise | None:
    if said is None:
        return None
    return _promise(said.recovery, said.recovery_by, said.recovery_owner, posts, service)


def _project_missing(line: ProjectLine, sources: Sources) -> str:
    state = sources.report_states.get(line.project.pk, ProjectReport.State.NOT_STARTED.value)
    if state in NOT_HANDED_IN:
        return f"Not reported yet by {line.project.service.name}"
    return "Not accepted yet: it is being checked"
