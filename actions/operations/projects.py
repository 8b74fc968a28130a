"""The register of projects: registering one, changing what is not a date, closing it and taking it up again.

Dates are not changed here: they move by ``changing_dates``, as the project's board decides (framework, *Quarterly
Reporting*).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.models import Action, ChangeRequest, Project, ProjectAction, ProjectMilestone, ProjectReport
from actions.project_workflow import may_register
from actions.rules.proposals import DatedStep, code_problem, dates_problems
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.periods import Month
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from hdcperf.workflow import NotPermitted, SomebodyElseDidIt, refuse_stale

__all__ = ["ProjectFacts", "amend", "close", "held_project", "register", "take_up_again"]


@dataclass(frozen=True)
class ProjectFacts:
    """What a project is, but for its dates."""

    code: str
    name: str
    purpose: str
    outcome: Outcome
    service: Service
    portfolio: Portfolio
    sponsor: User
    manager: User
    board: str

    @classmethod
    def of(cls, project: Project) -> ProjectFacts:
        return cls(**{name: getattr(project, name) for name in cls.__dataclass_fields__})

    @property
    def scope(self) -> Scope:
        return Scope(self.service.pk, self.service.directorate_id, self.portfolio.pk)


def held_project(pk: int) -> Project:
    """The project, fresh, and held until the transaction ends: two who change it take turns."""
    rows = Project.objects.select_for_update(of=("self",))
    found: Project = rows.select_related("service", "portfolio", "outcome", "sponsor", "manager").get(pk=pk)
    return found


def register(
    facts: ProjectFacts,
    *,
    starts_on: date,
    ends_on: date,
    steps: Sequence[DatedStep],
    serves: Iterable[Action],
    by: User,
) -> Project:
    """Register a project with its dates, its milestones and the actions it serves.

    Raises NotPermitted, or ProposalRefused naming each field that is wrong; nothing is written then.
    """
    _permit(by, facts.scope, "register")
    with transaction.atomic():
        refuse([*_code_problems(facts.code, None), *_dates_problems(starts_on, ends_on, steps)])
        project = Project(**vars(facts), starts_on=starts_on, ends_on=ends_on)
        save_as(project, by=by, reason="Registered")
        _add_steps(project, steps, by, "Registered with the project")
        _serve(project, serves, by, "Registered with the project")
    return project


def amend(
    project: Project,
    facts: ProjectFacts,
    *,
    serves: Collection[Action],
    new_steps: Sequence[DatedStep],
    reason: str,
    by: User,
    version: int,
) -> Project:
    """Change what a project is, the actions it serves, and add milestones; its dates and theirs stay.

    Raises StaleRecord when somebody changed it since ``version``, NotPermitted or ProposalRefused. The same again (a
    double click) changes nothing.
    """
    with transaction.atomic():
        fresh = held_project(project.pk)
        for scope in (fresh.scope, facts.scope):
            _permit(by, scope, "amend")
        kept = {one.action_id for one in fresh.serves.all()}
        names = {one.name.casefold() for one in fresh.milestones.all()}
        added = [one for one in new_steps if one.name.casefold() not in names]
        same = ProjectFacts.of(fresh) == facts and kept == {one.pk for one in serves} and not added
        if same and fresh.version != version:
            return fresh
        refuse_stale(fresh, version)
        refuse([*_code_problems(facts.code, fresh), *_added_problems(fresh, new_steps, names)])
        refuse([Problem("name", "Nothing is changed.")] if same else [])
        for name, value in vars(facts).items():
            setattr(fresh, name, value)
        fresh.version += 1
        save_as(fresh, by=by, reason=reason)
        _add_steps(fresh, added, by, reason)
        _serve(fresh, serves, by, reason)
    return fresh


def close(project: Project, *, on: date, how: str, why: str, by: User) -> Project:
    """Close a project, with how it ended and what came of it: reports of later quarters are no longer owed.

    The quarter it ends in still has its last report. The same again (a double click) changes nothing. Raises
    NotPermitted, ProposalRefused, or SomebodyElseDidIt when it is closed already.
    """
    with transaction.atomic():
        fresh = held_project(project.pk)
        _permit(by, fresh.scope, "close")
        if fresh.closed_on is not None:
            if (fresh.closed_on, fresh.closed_how, fresh.closed_why) == (on, how, why):
                return fresh
            raise SomebodyElseDidIt(_closed_already(fresh), state="", move="close")
        refuse(_closing_problems(fresh, on))
        fresh.closed_on, fresh.closed_how, fresh.closed_why = on, how, why
        fresh.version += 1
        label = Project.End(how).label
        save_as(fresh, by=by, reason=f"{label}: {why}")
        words = f"The project was closed on {day(on)}: {label[:1].lower()}{label[1:]}. No report is owed for it."
        later = Month.from_date(on).quarter.next.first_day
        for report in ProjectReport.objects.filter(project=fresh, quarter__gte=later).owed():
            _excuse(report, words, by)
    return fresh


def take_up_again(project: Project, *, reason: str, by: User) -> Project:
    """A project that was closed goes on after all: its open reports are owed again. Raises NotPermitted."""
    with transaction.atomic():
        fresh = held_project(project.pk)
        _permit(by, fresh.scope, "take_up_again")
        if fresh.closed_on is not None:
            fresh.closed_on, fresh.closed_how, fresh.closed_why = None, "", ""
            fresh.version += 1
            save_as(fresh, by=by, reason=reason)
            for report in ProjectReport.objects.filter(project=fresh).exclude(excused=""):
                _excuse(report, "", by)
    return fresh


# Parts


def _permit(by: User, scope: Scope, move: str) -> None:
    if sentence := may_register(by, scope):
        raise NotPermitted(sentence, state="", move=move)


def _excuse(report: ProjectReport, words: str, by: User) -> None:
    report.excused = words
    report.version += 1
    save_as(report, by=by, reason=words or "Owed again")


def _code_problems(code: str, project: Project | None) -> list[Problem]:
    if sentence := code_problem(code):
        return [Problem("code", sentence)]
    taken = Project.objects.filter(code_key=code_key(code))
    if project is not None:
        taken = taken.exclude(pk=project.pk)
    there = taken.first()
    return [] if there is None else [Problem("code", f"{there} has this code. Choose another.")]


def _dates_problems(starts_on: date, ends_on: date, steps: Sequence[DatedStep]) -> list[Problem]:
    names = frozenset(one.name for one in steps)
    found = dates_problems(starts_on, ends_on, steps, names, noun="project")
    ends = {"due_on": ("ends_on", f"A project cannot end before it starts, on {day(starts_on)}.")}
    return [Problem(*ends[one.field]) if one.field in ends else one for one in found]


def _added_problems(project: Project, steps: Sequence[DatedStep], names: Collection[str]) -> list[Problem]:
    """Another date for a milestone there is would move it; the same line again (a double click) adds nothing."""
    twice = [one for one in steps if one.name.casefold() in names]
    known = {one.name.casefold(): one.due_on for one in project.milestones.all()} if twice else {}
    found = [
        f"The project has a milestone called “{one.name}” already: give the new one another name, or ask for a "
        "change of the date of the one there is."
        for one in twice
        if known[one.name.casefold()] != one.due_on
    ]
    return [
        *(Problem("milestones", sentence) for sentence in found),
        *_dates_problems(project.starts_on, project.ends_on, steps),
    ]


def _closing_problems(project: Project, on: date) -> list[Problem]:
    if on > clock.today():
        return [Problem("on", f"{day(on)} is yet to come: close the project when it has ended.")]
    if on < project.starts_on:
        return [Problem("on", f"The project only started on {day(project.starts_on)}.")]
    waiting = project.change_requests.filter(state=ChangeRequest.State.REQUESTED).first()
    if waiting is not None:
        sentence = (
            f"A change of date from {waiting} is waiting for the board. Record what the board decided, or withdraw "
            "it, then close the project."
        )
        return [Problem("on", sentence)]
    return []


def _closed_already(project: Project) -> str:
    last = project.history.exclude(closed_on=None).order_by("history_date", "history_id").first()
    who = f" {last.history_by_name} recorded it." if last is not None and last.history_by_name else ""
    return f"This project was closed on {day(project.closed_on)} already.{who}"


def _add_steps(project: Project, steps: Iterable[DatedStep], by: User, reason: str) -> None:
    for one in steps:
        save_as(ProjectMilestone(project=project, name=one.name, due_on=one.due_on), by=by, reason=reason)


def _serve(project: Project, actions: Iterable[Action], by: User, reason: str) -> None:
    wanted = {one.pk for one in actions}
    for row in project.serves.all():
        if row.action_id not in wanted:
            delete_as(row, by=by, reason=reason)
        wanted.discard(row.action_id)
    for pk in sorted(wanted):
        save_as(ProjectAction(project=project, action_id=pk), by=by, reason=reason)
