"""A month as the board sees it: every KPI with its figure, what is missing, disputed or revised (C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef

from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, round_dates
from hdcperf.rag import Rag
from hdcperf.roles import Permission
from kpis.models import Challenge, DerivedChange, KpiYear, MonthlyReturn, RevisionTransition
from kpis.queries.figures import Figure, figures
from kpis.queries.trends import Past, trends, with_year_before

__all__ = [
    "BoardKpi",
    "BoardMonth",
    "Changes",
    "InRound",
    "board_month",
    "changes_since",
    "matches",
    "what_is_being_done",
]

State = MonthlyReturn.State
NOT_WITH_THE_TEAM = (State.NOT_STARTED, State.DRAFT)


@dataclass(frozen=True)
class InRound:
    """Where a return of the round has got to: facts that are not figures, so all who see the page may read them."""

    record_id: int
    state: str
    due_on: date | None
    challenged: bool
    escalated: bool

    @property
    def is_in(self) -> bool:
        return self.state not in NOT_WITH_THE_TEAM


@dataclass(frozen=True)
class BoardKpi:
    """One KPI in the round: what it measures, the figure if it counts or is disputed, and its recent past."""

    kpi_year: KpiYear
    measured: Month
    in_round: InRound | None
    figure: Figure | None
    year: Mapping[Month, Figure]
    past: Mapping[Month, Past]

    @property
    def counts(self) -> bool:
        return self.figure is not None and self.figure.stands

    @property
    def disputed(self) -> bool:
        """Shown, marked, and not counted; only to those who may see it."""
        return self.figure is not None and not self.figure.stands

    @property
    def rag(self) -> Rag | None:
        """Its RAG where it counts: None while it is not accepted, or when nothing is due this month."""
        return self.figure.rag if self.figure is not None and self.figure.stands else None

    @property
    def before(self) -> Past | None:
        """The newest figure that counts before the month measured."""
        months = [month for month in self.past if month < self.measured]
        return self.past[max(months)] if months else None


@dataclass(frozen=True)
class BoardMonth:
    """The round of a month. ``period`` is None for a month that was imported or not opened."""

    month: Month
    period: ReportingPeriod | None
    kpis: list[BoardKpi]

    @property
    def due(self) -> list[BoardKpi]:
        return [one for one in self.kpis if one.in_round is not None]


def board_month(who: Standing, month: Month) -> BoardMonth:
    """The month's KPIs over which ``who`` sees accepted figures, in a fixed number of queries."""
    chosen = _measured_in(who, month)
    kpi_years = [kpi_year for kpi_year, _ in chosen]
    seen = figures(who, kpi_years, last=month, as_the_board=True)
    with_before = {one.pk: one for year in _by_year(kpi_years) for one in with_year_before(year)}
    first = min((measured for _, measured in chosen), default=month) - 12
    past = trends(who, list(with_before.values()), first, month)
    states = _states(chosen)
    kpis = [
        BoardKpi(
            kpi_year=kpi_year,
            measured=measured,
            in_round=states.get(kpi_year.pk),
            figure=_figure(seen[kpi_year.pk].by_month.get(measured)),
            year=seen[kpi_year.pk].by_month,
            past=past.get(kpi_year.kpi_id, {}),
        )
        for kpi_year, measured in chosen
    ]
    period = ReportingPeriod.objects.collecting(month)
    return BoardMonth(month, period, kpis)


def _measured_in(who: Standing, month: Month) -> list[tuple[KpiYear, Month]]:
    """The KPIs in scope with the month each measures in this round: earlier for those in arrears."""
    rows = (
        KpiYear.objects.filter(who.reach(Permission.SEE_ACCEPTED).rows(), is_live=True)
        .alias(place=_months_since_nought(month) - F("months_in_arrears") - 12 * F("year") - F("year_starts_in"))
        .filter(place__gte=0, place__lt=12)
        .select_related("kpi__predecessor", "service", "portfolio", "outcome__priority")
        .order_by("code_key")
    )
    found: list[tuple[KpiYear, Month]] = []
    for kpi_year in rows:
        measured = month - kpi_year.months_in_arrears
        if kpi_year.kpi.is_measured_in(measured):
            found.append((kpi_year, measured))
    return found


def _months_since_nought(month: Month) -> int:
    return 12 * month.year + month.month


def _by_year(kpi_years: Iterable[KpiYear]) -> list[list[KpiYear]]:
    """Those measured in this financial year and, because they are in arrears, in the last."""
    found: dict[int, list[KpiYear]] = {}
    for one in kpi_years:
        found.setdefault(one.year, []).append(one)
    return list(found.values())


def _figure(figure: Figure | None) -> Figure | None:
    """The figure if it counts or is disputed; what is still being worked on is not the board's."""
    return figure if figure is not None and (figure.stands or "disputed" in figure.marks) else None


def _states(chosen: list[tuple[KpiYear, Month]]) -> dict[int, InRound]:
    measured = {kpi_year.pk: month.first_day for kpi_year, month in chosen}
    not_closed = Challenge.objects.not_closed().filter(monthly_return=OuterRef("pk"))
    with_board = Challenge.objects.with_the_board().filter(monthly_return=OuterRef("pk"))
    rows = (
        MonthlyReturn.objects.filter(kpi_year__in=measured, month__in=set(measured.values()))
        .order_by()
        .annotate(challenged=Exists(not_closed), escalated=Exists(with_board))
        .values_list("kpi_year_id", "month", "pk", "state", "period__due_on", "challenged", "escalated")
    )
    return {kpi_year_id: InRound(*rest) for kpi_year_id, month, *rest in rows if measured[kpi_year_id] == month}


def what_is_being_done(kpis: Iterable[BoardKpi]) -> dict[int, dict[str, Any]]:
    """What is promised with the amber and red figures that count, by the return's id, in one query."""
    off = [
        one.figure.record_id for one in kpis if one.figure is not None and one.counts and one.figure.rag.is_off_target
    ]
    rows = MonthlyReturn.objects.filter(pk__in=off).values("pk", "being_done", "done_by", "done_owner")
    return {row["pk"]: dict(row) for row in rows}


def matches(one: BoardKpi, asked: Mapping[str, Any]) -> bool:
    """Whether the filters of the address leave this KPI on the page."""
    kpi_year = one.kpi_year
    if asked.get("service") and kpi_year.service_id != int(asked["service"]):
        return False
    if asked.get("portfolio") and kpi_year.portfolio_id != int(asked["portfolio"]):
        return False
    if aim := asked.get("aim"):
        outcome = kpi_year.outcome
        number = None if outcome is None else outcome.priority.number if aim[0] == "p" else outcome.number
        if number != int(aim[1:]):
            return False
    return not asked.get("rag") or one.rag == asked["rag"]


@dataclass(frozen=True)
class Changes:
    """Figures seen before that changed while this round was collected: by a revision, or because another did."""

    revised: list[RevisionTransition]
    moved: list[DerivedChange]


def changes_since(who: Standing, month: Month, period: ReportingPeriod | None) -> Changes:
    """What changed between the lock of the round before and the lock of this one, in three queries."""
    earlier = ReportingPeriod.objects.collecting(month.previous)
    start = earlier.locks_on if earlier is not None else round_dates(month.previous).locks_on
    end = period.locks_on if period is not None else round_dates(month).locks_on
    between = {"at__gt": _end_of(start), "at__lte": _end_of(end)}
    reach = who.reach(Permission.SEE_ACCEPTED)
    revised = (
        RevisionTransition.objects.filter(
            reach.rows("revision__monthly_return__kpi_year__"), move="accept", **between
        )
        .select_related("revision__monthly_return__kpi_year")
        .order_by("at", "pk")
    )
    moved = (
        DerivedChange.objects.filter(reach.rows("monthly_return__kpi_year__"), **between)
        .select_related("monthly_return__kpi_year", "cause")
        .order_by("at", "monthly_return__month")
    )
    return Changes(list(revised), list(moved))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LONDON) + timedelta(days=1)
