"""The example's projects, lived through: registered, reported each quarter, two changes of date, one closed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from actions.example.story import Story
from actions.models import Project, ProjectReport
from actions.operations.changing_dates import BoardDecision, approve, ask
from actions.operations.projects import ProjectFacts, amend, close, register
from actions.operations.report_entry import ReportEntry
from actions.operations.reporting import REPORTS, accept_report, submit
from actions.rules.proposals import DatedStep
from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter, working_days
from hdcperf.review.saving import Incomplete

__all__ = [
    "change_the_squares",
    "close_the_front_door",
    "register_projects",
    "report",
    "report_the_last",
    "serve_the_new_action",
]

LAST = Quarter.parse("2026-27-Q2")


@cache
def _told() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parent / "projects.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def register_projects(story: Story) -> None:
    """The strategic insights team puts each project into the register, with its dates and the actions it serves."""
    for told in _told().values():
        facts = ProjectFacts(
            code=told["code"],
            name=told["name"],
            purpose=told["purpose"],
            outcome=story.cast.outcomes[told["outcome"]],
            service=story.cast.services[told["service"]],
            portfolio=story.cast.portfolios[told["portfolio"]],
            sponsor=story.cast.users[told["sponsor"]],
            manager=_manager(story, told),
            board=told["board"],
        )
        with clock.taken_to_be(told["registered"]):
            register(
                facts,
                starts_on=told["starts"],
                ends_on=told["ends"],
                steps=[DatedStep(due_on, name) for due_on, name in told["milestones"]],
                serves=[story.actions[key] for key in told["serves"]],
                by=story.cast.users["strategic-insights"],
            )


def _manager(story: Story, told: dict[str, Any]) -> User:
    named = told.get("manager")
    return story.cast.users[named] if named else story.cast.holders[told["service"]]


def _reports(quarter: Quarter) -> Iterator[tuple[dict[str, Any], ProjectReport]]:
    """The reports of a quarter with what is told of their projects."""
    by_code = {told["code"]: told for told in _told().values()}
    rows = ProjectReport.objects.filter(quarter=quarter.first_day).select_related("project", "period")
    for record in rows.order_by("project__code_key"):
        yield by_code[record.project.code], record


def report(story: Story, quarter: Quarter) -> None:
    """A quarter that is over: every report handed in and accepted."""
    for number, (told, record) in enumerate(_reports(quarter)):
        handed_in = working_days().add_working_days(record.period.opens_on, 2 + number)
        with clock.taken_to_be(handed_in):
            sent = _hand_in(story, told, record)
        with clock.taken_to_be(working_days().add_working_days(handed_in, 3)):
            accept_report(sent, by=story.colleague if number % 2 else story.team)


def _hand_in(story: Story, told: dict[str, Any], record: ProjectReport) -> ProjectReport:
    """Enter and submit a report as the project's manager would, answering what the checks ask."""
    words = told[record.span.slug]
    entry, by = _entry(told, record, words), _manager(story, told)
    try:
        return submit(record, entry, by=by, version=record.version)
    except Incomplete as found:
        if "answer" not in words or any(check.is_error for check in found.problems):
            raise AssertionError(f"{record}: {[check.sentence for check in found.problems]}") from found
        answers = {check.code: words["answer"] for check in found.problems}
        return submit(found.fresh, entry, by=by, version=found.fresh.version, answers=answers)


def _entry(told: dict[str, Any], record: ProjectReport, words: dict[str, Any]) -> ReportEntry:
    late = words.get("late", ())
    fallen_due = record.project.milestones.filter(reached_on__isnull=True, due_on__lte=record.span.last_day)
    reached = [(one.pk, _day_reached(one.due_on, record.span)) for one in fallen_due if one.name not in late]
    return ReportEntry(
        status=words["status"],
        board=told["board"],
        met_on=working_days().nth_working_day(record.span.last_month, 12),
        board_words=words["board"],
        own_view=words.get("own_view", ""),
        own_view_why=words.get("own_why", ""),
        progress=words["progress"],
        risks=words["risks"],
        next_steps=words.get("next", ""),
        recovery=words.get("will", ""),
        recovery_by=words.get("by"),
        recovery_owner=words.get("who", ""),
        reached=tuple(sorted(reached)),
    )


def _day_reached(due_on: date, span: Quarter) -> date:
    """The working day before a milestone was due; for one that was late, a day towards the end of the quarter."""
    if due_on < span.first_day:
        return working_days().nth_working_day(span.last_month, 9)
    return working_days().add_working_days(due_on, -1)


def serve_the_new_action(story: Story) -> None:
    """The plan for 2025/26 has an action that the front door serves: the register says so."""
    project = Project.objects.get(code=_told()["front-door"]["code"])
    with clock.taken_to_be(date(2025, 4, 3)):
        amend(
            project,
            ProjectFacts.of(project),
            serves=[story.actions["automated-service"]],
            new_steps=[],
            reason="The plan for 2025/26 has an action that it serves.",
            by=story.cast.users["strategic-insights"],
            version=project.version,
        )


def change_the_squares(story: Story) -> None:
    """The opening of the first square moves, as its board approved in December 2025."""
    project = Project.objects.get(code=_told()["squares"]["code"])
    with clock.taken_to_be(date(2025, 11, 24)):
        request = ask(
            project,
            milestone=project.milestones.get(name="First square opens"),
            new_on=date(2026, 6, 20),
            reason="Eleven cellars under the square must be filled before it is paved, which frost stops in winter.",
            by=project.manager,
        )
    decided = BoardDecision(date(2025, 12, 9), "Approved, once, and the second square is to begin meanwhile.")
    with clock.taken_to_be(decided.met_on + timedelta(days=1)):
        approve(request, decided, by=story.cast.users["strategic-insights"])


def close_the_front_door(story: Story) -> None:
    """The project that did what it was for is closed."""
    project = Project.objects.get(code=_told()["front-door"]["code"])
    with clock.taken_to_be(date(2026, 7, 1)):
        close(
            project,
            on=date(2026, 6, 30),
            how=Project.End.COMPLETED,
            why="Twelve services are behind one page and one number, eleven old numbers are closed, and 61 in 100 "
            "requests need no call. Customer Services keeps the page from July.",
            by=story.cast.users["strategic-insights"],
        )


def report_the_last(story: Story) -> None:
    """Q2 2026/27: one report accepted, one waiting to be checked, one asked about; a change of date waits."""
    records = {told["code"]: (told, record) for told, record in _reports(LAST)}
    with clock.taken_to_be(date(2026, 10, 12)):
        squares = _hand_in(story, *records["PR2"])
    with clock.taken_to_be(date(2026, 10, 16)):
        accept_report(squares, by=story.team)
    with clock.taken_to_be(date(2026, 10, 28)):
        _hand_in(story, *records["PR1"])
        meadows = _hand_in(story, *records["PR4"])
        ask(
            meadows.project,
            milestone=meadows.project.milestones.get(name="Path open to walkers"),
            new_on=date(2027, 3, 26),
            reason="The bridge in the middle of the path waits for a permit that cannot come before December.",
            by=meadows.project.manager,
        )
    with clock.taken_to_be(date(2026, 11, 3)):
        REPORTS.ask(
            meadows,
            about="risks",
            reason="unclear",
            question="What does it cost if the path ends at the ditch until spring, and who pays?",
            by=story.colleague,
        )
