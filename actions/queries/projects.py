"""The register of projects as one person may see it: how each stands, its dates and those it had, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from actions.models import ActionYear, ChangeRequest, Project, ProjectAction, ProjectMilestone, ProjectReport
from actions.queries.dates import ActionDates, Moved, Step
from actions.queries.project_sight import issued_to, works_on_reports
from actions.queries.project_told import ProjectTold, ReportTold, told_of_projects
from actions.queries.told import opened_quarters
from actions.rules.standing import At, move_between
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing
from hdcperf.organisation.filters import in_place
from hdcperf.periods import Month, Quarter
from hdcperf.rag import Movement
from hdcperf.roles import Permission

__all__ = [
    "ProjectLine",
    "actions_served",
    "find_project",
    "narrowed",
    "project_dates",
    "project_lines",
    "projects_held",
    "register_quarter",
    "serving",
]


@dataclass
class ProjectLine:
    """One project at the end of a quarter, beside the quarter before."""

    project: Project
    quarter: Quarter
    told: ProjectTold
    dates: ActionDates
    today: date
    serves: list[ActionYear] = field(default_factory=list)

    @property
    def now(self) -> At:
        return self.told.at(self.quarter)

    @property
    def before(self) -> At:
        return self.told.at(self.quarter.previous)

    @property
    def movement(self) -> Movement:
        return move_between(self.before, self.now)

    @property
    def report(self) -> ReportTold | None:
        """The quarter's own report, in the making or not, where there is one to see."""
        return self.told.by_quarter.get(self.quarter)

    @property
    def is_over(self) -> bool:
        return self.told.life.is_over(self.today)

    @property
    def end_is_late(self) -> bool:
        return not self.is_over and self.dates.due_on < self.today

    @property
    def step_is_late(self) -> bool:
        step = self.dates.next_step
        return not self.is_over and step is not None and step.is_late(self.today)

    @property
    def is_overdue(self) -> bool:
        """Its end has passed, or a milestone has."""
        return self.end_is_late or self.step_is_late


def projects_held() -> QuerySet[Project]:
    """Every project with what a list prints of it, in the order of their codes."""
    rows: QuerySet[Project] = Project.objects.select_related(
        "service__directorate", "portfolio", "outcome__priority", "sponsor", "manager"
    )
    return rows.order_by("code_key")


def find_project(code: str) -> Project | None:
    """The project with this code, however it is written."""
    return projects_held().filter(code_key=code_key(code)).first()


def narrowed(rows: QuerySet[Project], asked: dict[str, Any]) -> QuerySet[Project]:
    """Those of ``rows`` that the filters on the register itself leave."""
    rows = in_place(rows, asked)
    if words := asked.get("words"):
        named = Q(name__icontains=words) | Q(purpose__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(code_key=code_key(words)))
    return rows


def register_quarter(who: Standing) -> Quarter:
    """The newest quarter whose reports this person may read; else the newest asked for, or the last that ended."""
    if who.may(Permission.SEE_ACCEPTED) or who.may(Permission.REPORT_PROJECTS):
        accepted = ProjectReport.objects.filter(state=ProjectReport.State.ACCEPTED).order_by("-quarter")
        newest = accepted.values_list("quarter", flat=True).first()
        if newest is not None:
            return Month.from_date(newest).quarter
    elif not works_on_reports(who):
        issued = issued_to(who.may(Permission.SEE_ISSUED)).order_by("-report__quarter")
        newest = issued.values_list("report__quarter", flat=True).first()
        if newest is not None:
            return Month.from_date(newest).quarter
    return max(opened_quarters(who.today), default=Month.from_date(who.today).quarter.previous)


def project_lines(
    who: Standing,
    quarter: Quarter,
    projects: Iterable[Project],
    *,
    words: bool = False,
    since: Quarter | None = None,
) -> list[ProjectLine]:
    """A line for each of ``projects`` (with ``service``), in seven queries however many there are."""
    held = list(projects)
    seen = told_of_projects(who, held, words=words, since=since)
    when, served = project_dates(held), actions_served(held, who.today)
    return [ProjectLine(one, quarter, seen[one.pk], when[one.pk], who.today, served.get(one.pk, [])) for one in held]


def project_dates(projects: Iterable[Project]) -> dict[int, ActionDates]:
    """Each project's end and milestones, with the dates they had before as its board moved them; two queries."""
    held = {one.pk: one for one in projects}
    moved: dict[tuple[int, int | None], list[Moved]] = defaultdict(list)
    approved = ChangeRequest.objects.filter(project__in=held, state=ChangeRequest.State.APPROVED)
    # In the order they were decided: each date's own moves follow one another.
    for one in approved.order_by("requested_at", "pk"):
        moved[one.project_id, one.milestone_id].append(Moved(one.old_on, one.new_on, one.reason))
    found = {pk: ActionDates(one.ends_on, tuple(moved[pk, None])) for pk, one in held.items()}
    for step in ProjectMilestone.objects.filter(project__in=held).order_by("due_on", "pk"):
        steps = found[step.project_id].steps
        steps.append(Step(step.name, step.due_on, step.reached_on, tuple(moved[step.project_id, step.pk])))
    return found


def actions_served(projects: Iterable[Project], today: date) -> dict[int, list[ActionYear]]:
    """The actions each project serves, by its id, as they are in the newest plan that has begun; one query."""
    served = ProjectAction.objects.filter(project__in=[one.pk for one in projects]).values_list("project", "action")
    by_action: dict[int, list[int]] = defaultdict(list)
    for project, action in served:
        by_action[action].append(project)
    year = Month.from_date(today).financial_year.start_year
    rows = ActionYear.objects.adopted().filter(action__in=by_action, plan_year__year__lte=year)
    newest: dict[int, ActionYear] = {}
    for row in rows.select_related("plan_year", "service").order_by("plan_year__year"):
        newest[row.action_id] = row
    found: dict[int, list[ActionYear]] = defaultdict(list)
    for row in sorted(newest.values(), key=lambda one: one.code_key):
        for project in by_action[row.action_id]:
            found[project].append(row)
    return found


def serving(who: Standing, action: int) -> list[ProjectLine]:
    """The projects that serve an action (its id), as ``who`` may see them."""
    rows = projects_held().filter(serves__action=action)
    quarter = register_quarter(who)
    return project_lines(who, quarter, rows, since=quarter - 8)
