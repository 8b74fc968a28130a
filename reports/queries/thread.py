"""The golden thread: each priority down to its outcomes, actions, projects and KPIs, and up again from any of them.

Read in a fixed number of queries however much there is. Only colours the person may see are in it (framework,
*Performance Guidance for Staff*).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from actions.models import ActionYear
from actions.queries.projects import ProjectLine, project_lines, projects_held, register_quarter
from actions.queries.told import Told, told
from actions.rules.colours import ActionRag
from hdcperf.codes import code_key
from hdcperf.control import Control
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import Outcome
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Rag
from kpis.models import KpiYear
from kpis.queries.figures import Figure, figures

__all__ = ["Knot", "OutcomeThread", "PriorityThread", "actions_now", "golden_thread", "kpis_now", "projects_now"]


@dataclass(frozen=True)
class Knot:
    """An action, a project or a KPI: its name, its page, and how it stands for this reader (None: unseen)."""

    identity: int
    code: str
    name: str
    href: str
    service: str
    colour: ActionRag | Rag | None
    control: str = ""
    part_of: str = ""
    serves: str = ""

    def goes_by(self, text: str) -> bool:
        """Whether somebody who asks for ``text`` means this: its code however it is written, or words of its name."""
        return code_key(self.code) == code_key(text) or text.casefold() in self.name.casefold()


@dataclass
class OutcomeThread:
    outcome: Outcome
    actions: list[Knot] = field(default_factory=list)
    projects: list[Knot] = field(default_factory=list)
    kpis: list[Knot] = field(default_factory=list)

    def narrowed(self, text: str) -> OutcomeThread:
        """Only what goes by ``text``."""
        return OutcomeThread(
            self.outcome,
            [one for one in self.actions if one.goes_by(text)],
            [one for one in self.projects if one.goes_by(text)],
            [one for one in self.kpis if one.goes_by(text)],
        )

    @property
    def is_empty(self) -> bool:
        return not (self.actions or self.projects or self.kpis)


@dataclass
class PriorityThread:
    number: int
    name: str
    outcomes: list[OutcomeThread] = field(default_factory=list)


def golden_thread(who: Standing, text: str = "") -> list[PriorityThread]:
    """Every priority with what hangs on it; with ``text``, only the threads that lead to what goes by it."""
    actions, measures = _by_outcome(actions_now(who)), _by_outcome(kpis_now(who))
    projects = _by_outcome(projects_now(who))
    found: dict[int, PriorityThread] = {}
    for outcome in Outcome.objects.select_related("priority").order_by("priority__number", "number"):
        priority = outcome.priority
        thread = OutcomeThread(outcome, actions[outcome.pk], projects[outcome.pk], measures[outcome.pk])
        if text:
            thread = thread.narrowed(text)
            if thread.is_empty:
                continue
        found.setdefault(priority.pk, PriorityThread(priority.number, priority.name)).outcomes.append(thread)
    return list(found.values())


def _by_outcome(rows: Iterable[tuple[int | None, Knot]]) -> defaultdict[int, list[Knot]]:
    found: defaultdict[int, list[Knot]] = defaultdict(list)
    for outcome, knot in rows:
        if outcome is not None:
            found[outcome].append(knot)
    return found


def _this_year(today: date) -> FinancialYear:
    return Month.from_date(today).financial_year


def actions_now(who: Standing) -> list[tuple[int, Knot]]:
    """This year's actions of the plan with their outcomes' ids, in the order of their codes."""
    year = _this_year(who.today)
    rows = list(
        ActionYear.objects.adopted()
        .filter(plan_year__year=year.start_year)
        .select_related("service", "parent", "plan_year")
        .order_by("code_key")
    )
    seen = told(who, [row.action_id for row in rows], since=year.quarters[0] - 4)
    now = Month.from_date(who.today).quarter
    return [(row.outcome_id, _action(row, seen[row.action_id].standing(now))) for row in rows]


def _action(row: ActionYear, latest: Told | None) -> Knot:
    return Knot(
        identity=row.action_id,
        code=row.code,
        name=row.title,
        href=reverse("action", args=[row.plan_year.financial_year, row.code]),
        service=row.service.name,
        colour=latest.rag if latest is not None else None,
        control=Control(row.control).word,
        part_of=row.parent.code if row.parent is not None else "",
    )


def projects_now(who: Standing) -> list[tuple[int, Knot]]:
    """The projects that go on, with their outcomes' ids; each says which actions it serves."""
    quarter = register_quarter(who)
    lines = project_lines(who, quarter, projects_held(), since=quarter - 4)
    return [(line.project.outcome_id, _project(line)) for line in lines if not line.is_over]


def _project(line: ProjectLine) -> Knot:
    latest = line.told.standing(line.quarter)
    return Knot(
        identity=line.project.pk,
        code=line.project.code,
        name=line.project.name,
        href=reverse("project", args=[line.project.code]),
        service=line.project.service.name,
        colour=latest.status if latest is not None else None,
        serves=", ".join(row.code for row in line.serves),
    )


def kpis_now(who: Standing) -> list[tuple[int | None, Knot]]:
    """This year's KPIs with their outcomes' ids, in the order of their codes."""
    rows = list(
        KpiYear.objects.filter(year=_this_year(who.today).start_year, is_live=True)
        .select_related("service", "portfolio")
        .order_by("code_key")
    )
    seen = figures(who, rows)
    return [(row.outcome_id, _kpi(row, seen[row.pk].latest())) for row in rows]


def _kpi(row: KpiYear, latest: Figure | None) -> Knot:
    return Knot(
        identity=row.kpi_id,
        code=row.code,
        name=row.name,
        href=reverse("kpi", args=[row.financial_year, row.code]),
        service=row.service.name,
        colour=latest.rag if latest is not None else None,
        control=Control(row.control).word,
    )
