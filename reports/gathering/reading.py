"""Everything a pack is made of, read in a fixed number of queries however many KPIs, actions and projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from actions.models import ActionUpdate, ActionYear, IssuedUpdate, OutcomeMeasure, Project, ProjectReport
from actions.queries.listing import Line, lines
from actions.queries.measures import MeasureSeries, series_of
from actions.queries.projects import ProjectLine, project_lines, projects_held
from dataquality.models import Comparator, ComparatorValue
from hdcperf.organisation.models import Council, Outcome
from hdcperf.periods import FinancialYear, Month, Quarter
from kpis.models import IssuedFigure, MonthlyReturn
from kpis.queries.board import BoardKpi, Changes, board_month, changes_since
from kpis.queries.histories import Past, histories
from reports.gathering.posts import Posts, everything_accepted, load_posts
from reports.packs.sections import Audience

__all__ = ["KpiRead", "Sources", "Span", "last_month_of", "quarter_of", "read"]

Span = Month | Quarter | FinancialYear


def last_month_of(span: Span) -> Month:
    """The month a pack's figures stand at."""
    if isinstance(span, FinancialYear):
        return span.months[-1]
    return span.last_month if isinstance(span, Quarter) else span


def quarter_of(span: Span) -> Quarter | None:
    """The quarter whose updates and projects' reports are in a pack; a month's pack has none."""
    return None if isinstance(span, Month) else last_month_of(span).quarter


def step_of(span: Span) -> int:
    """How many months lie between this period and the one it is compared with."""
    return {Month: 1, Quarter: 3, FinancialYear: 12}[type(span)]


@dataclass(frozen=True)
class KpiRead:
    """A KPI in the period: where its return has got to, and its past."""

    board: BoardKpi
    past: Past


@dataclass
class Sources:
    """What was read. ``seen`` are figures as members last had them, by return; ``seen_updates`` by update."""

    span: Span
    audience: Audience
    today: date
    council: Council | None
    posts: Posts
    outcomes: list[Outcome]
    kpis: list[KpiRead] = field(default_factory=list)
    actions: list[Line] = field(default_factory=list)
    projects: list[ProjectLine] = field(default_factory=list)
    measures: list[tuple[OutcomeMeasure, list[MeasureSeries]]] = field(default_factory=list)
    comparators: dict[int, list[Comparator]] = field(default_factory=dict)
    seen: dict[int, IssuedFigure] = field(default_factory=dict)
    seen_updates: dict[int, IssuedUpdate] = field(default_factory=dict)
    updates_now: dict[int, ActionUpdate] = field(default_factory=dict)
    changes: Changes | None = None
    update_states: dict[int, str] = field(default_factory=dict)
    report_states: dict[int, str] = field(default_factory=dict)

    @property
    def last_month(self) -> Month:
        return last_month_of(self.span)

    @property
    def quarter(self) -> Quarter | None:
        return quarter_of(self.span)

    @property
    def step(self) -> int:
        """Months to the period it is compared with."""
        return step_of(self.span)

    @property
    def before(self) -> str:
        """The period it is compared with, in words."""
        if isinstance(self.span, FinancialYear):
            return str(self.span.previous)
        return str(self.span - 1)


def read(span: Span, audience: Audience, today: date) -> Sources:
    """What the pack of ``span`` for ``audience`` is made of, as it stands today."""
    eye, last = everything_accepted(today), last_month_of(span)
    board = board_month(eye, last)
    past = histories(eye, [one.kpi_year.pk for one in board.kpis], last)
    found = Sources(
        span=span,
        audience=audience,
        today=today,
        council=Council.objects.first(),
        posts=load_posts(today),
        outcomes=list(Outcome.objects.select_related("priority").order_by("priority__number", "number")),
        kpis=[KpiRead(one, past[one.kpi_year.pk]) for one in board.kpis],
    )
    found.comparators = _comparators(one.board.kpi_year.kpi_id for one in found.kpis)
    if audience is Audience.BOARD:
        found.changes = changes_since(eye, last, board.period)
    else:
        found.seen = _seen_figures(found.kpis)
    if (quarter := found.quarter) is not None:
        _read_plan(found, quarter)
    if audience is Audience.YEARLY:
        measures = list(OutcomeMeasure.objects.select_related("outcome").order_by("outcome__number", "name"))
        series = series_of(measures)
        found.measures = [(one, series.get(one.pk, [])) for one in measures]
    return found


def _read_plan(found: Sources, quarter: Quarter) -> None:
    """The actions and projects of the quarter, and what members had of updates before."""
    eye = everything_accepted(found.today)
    rows = list(
        ActionYear.objects.adopted()
        .filter(plan_year__year=quarter.year.start_year)
        .select_related("action", "plan_year", "service", "portfolio", "outcome__priority", "responsible")
        .order_by("code_key")
    )
    found.actions = lines(eye, quarter, rows, words=True, since=quarter - 4)
    held = [one for one in projects_held() if not _ended_before(one, quarter)]
    found.projects = project_lines(eye, quarter, held, words=True, since=quarter - 4)
    states = ActionUpdate.objects.filter(quarter=quarter.first_day, excused="")
    found.update_states = dict(states.values_list("action_id", "state"))
    reports = ProjectReport.objects.filter(quarter=quarter.first_day, excused="")
    found.report_states = dict(reports.values_list("project_id", "state"))
    if found.audience is not Audience.BOARD:
        _read_seen_updates(found, [row.action_id for row in rows], quarter)


def _ended_before(project: Project, quarter: Quarter) -> bool:
    begun = project.starts_on <= quarter.last_day
    return not begun or (project.closed_on is not None and project.closed_on < quarter.first_day)


def _seen_figures(kpis: Iterable[KpiRead]) -> dict[int, IssuedFigure]:
    """The figures as the panel last had them, by return: the newest issue wins."""
    records = [
        figure.record_id
        for one in kpis
        for kept in (one.past.history.seen, one.past.history.before)
        if kept is not None
        for figure in kept.by_month.values()
    ]
    rows = IssuedFigure.objects.filter(monthly_return__in=records, audience=IssuedFigure.Audience.PANEL)
    return {row.monthly_return_id: row for row in rows.order_by("issued_on", "pk").defer("commentary")}


def _read_seen_updates(found: Sources, actions: list[int], quarter: Quarter) -> None:
    """The updates of earlier quarters as the panel last had them, and as they are accepted now."""
    since = (quarter - 4).first_day
    rows = IssuedUpdate.objects.filter(
        update__action__in=actions,
        audience=IssuedUpdate.Audience.PANEL,
        update__quarter__gte=since,
        update__quarter__lt=quarter.first_day,
    )
    found.seen_updates = {row.update_id: row for row in rows.order_by("issued_on", "pk")}
    now = ActionUpdate.objects.filter(pk__in=found.seen_updates, state=ActionUpdate.State.ACCEPTED)
    found.updates_now = {row.pk: row for row in now.select_related("action_year")}


def _comparators(kpis: Iterable[int]) -> dict[int, list[Comparator]]:
    found: defaultdict[int, list[Comparator]] = defaultdict(list)
    values = Prefetch("values", ComparatorValue.objects.order_by("period_end"))
    for row in Comparator.objects.filter(kpi__in=list(kpis)).prefetch_related(values):
        found[row.kpi_id].append(row)
    return found


# A return's states, as the pages of packs ask for them.
NOT_HANDED_IN = (MonthlyReturn.State.NOT_STARTED.value, MonthlyReturn.State.DRAFT.value)
