"""A round as the Performance Team checks it: every return with its figures, in the order to take them (E.1).

The number of queries does not depend on how many returns there are, nor on how much history their KPIs have.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod, Service
from hdcperf.periods import Month
from hdcperf.rag import Rag
from hdcperf.review.queue import IN, place_of
from kpis.models import (
    Challenge,
    DerivedChange,
    Finding,
    KpiPerson,
    KpiYear,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    ReturnAuthor,
    Revision,
)
from kpis.queries.assessing import assess
from kpis.queries.templates import waived_in
from kpis.queries.trends import compares_months
from kpis.queries.years import levels_of, load_years
from kpis.rules.figures import Frequency, Headline, YtdRule
from kpis.rules.year_to_date import Levels, MonthFigure

__all__ = ["RoundRow", "Sent", "load_round", "previous_month"]

State = MonthlyReturn.State
WORDS = ("what_happened", "why", "being_done", "internal_note", "no_data_reason", "forecast_note")


@dataclass(frozen=True)
class Sent:
    """Who last submitted a return (and for whom), and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class RoundRow:
    """One return of a round. Figures in the KPI's unit, unrounded; ``marks`` are names for ``ui.mark_tag``.

    ``is_own`` says that the reader typed it, answers for it, or stands in for somebody who does, and so cannot accept
    it.
    """

    record: MonthlyReturn
    month_figure: Decimal | None
    ytd_figure: Decimal | None
    levels: Levels
    rag: Rag
    forecast_rag: Rag
    previous: Decimal | None
    marks: tuple[str, ...]
    findings: int
    sent: Sent | None
    with_board: bool
    is_own: bool

    @property
    def kpi_year(self) -> KpiYear:
        return self.record.kpi_year

    @property
    def service(self) -> Service:
        return self.kpi_year.service

    @property
    def code_key(self) -> str:
        return self.kpi_year.code_key

    @property
    def headline(self) -> Decimal | None:
        """The figure RAG judges."""
        return self.ytd_figure if self.kpi_year.headline == Headline.YTD.value else self.month_figure

    @property
    def compared(self) -> Decimal | None:
        """The figure its movement is about."""
        return self.month_figure if compares_months(self.kpi_year) else self.ytd_figure

    @property
    def order(self) -> tuple[float, int, int, float, str]:
        """What waits for the team first, the worst first, the latest first."""
        latest = -self.sent.at.timestamp() if self.sent else 0.0
        return (place_of(self), self.rag.rank, self.forecast_rag.rank, latest, self.code_key)


def load_round(who: Standing, period: ReportingPeriod) -> list[RoundRow]:
    """The returns of ``period`` that ``who`` works on, in the order to check them; at most twelve queries."""
    records = _records(who, period)
    if not records:
        return []
    live = {one.kpi_year_id: one.kpi_year for one in records if not one.is_accepted}
    facts = load_years(live.values(), MonthlyReturn.objects.defer(*WORDS))
    previous = _previous(records)
    findings = dict(
        Finding.objects.filter(monthly_return__period=period)
        .order_by()
        .values_list("monthly_return")
        .annotate(Count("pk"))
    )
    sent = _sent(period)
    own = _own(who, period)
    rows = []
    for record in records:
        found = None if record.is_accepted else assess(facts[record.kpi_year_id], record.measured)
        noted = vars(record)
        rows.append(
            RoundRow(
                record=record,
                month_figure=record.month_figure if found is None else found.month_figure,
                ytd_figure=record.ytd_figure if found is None else found.ytd_figure,
                levels=levels_of(record) if found is None else found.judged_by,
                rag=Rag(record.rag or Rag.NO_DATA) if found is None else found.rag,
                forecast_rag=Rag(record.forecast_rag or Rag.NO_DATA) if found is None else found.forecast_rag,
                previous=previous.get(record.pk),
                marks=_marks(record, clock.today()),
                findings=findings.get(record.pk, 0),
                sent=sent.get(record.pk),
                with_board=noted["with_board"],
                is_own=record.pk in own,
            )
        )
    return sorted(rows, key=lambda row: row.order)


def _records(who: Standing, period: ReportingPeriod) -> list[MonthlyReturn]:
    mine = OuterRef("pk")
    rows = (
        MonthlyReturn.objects.working_for(who)
        .filter(period=period)
        .select_related("kpi_year__service__directorate", "period")
        .defer(*WORDS)
        .annotate(
            with_board=Exists(Challenge.objects.with_the_board().filter(monthly_return=mine)),
            revised=Exists(Revision.objects.filter(monthly_return=mine, state=Revision.State.ACCEPTED)),
            waiting_revision=Exists(Revision.objects.filter(monthly_return=mine, state=Revision.State.PROPOSED)),
            moved=Exists(DerivedChange.objects.filter(monthly_return=mine)),
            lifted=Exists(LockException.objects.filter(monthly_return=mine, expires_on__gte=clock.today())),
            first_sent=Subquery(
                MonthlyReturnTransition.objects.filter(monthly_return=mine, move="submit")
                .order_by("at", "pk")
                .values("at")[:1]
            ),
            answered=Exists(Challenge.objects.filter(monthly_return=mine, state=Challenge.State.ANSWERED)),
            waived=Exists(waived_in(period).filter(pk=OuterRef("kpi_year"))),
        )
        .order_by("kpi_year__code_key")
    )
    return list(rows)


def _marks(record: MonthlyReturn, today: date) -> tuple[str, ...]:
    noted = vars(record)
    period = record.period
    locked = period is not None and period.is_locked(today) and record.state in (State.NOT_STARTED, State.DRAFT)
    marks = {
        "disputed": noted["with_board"],
        "answered": noted["answered"] and not noted["with_board"],
        "late": record.is_late(today),
        "came in late": record.came_in_late(noted["first_sent"]),
        "locked": locked and not noted["lifted"],
        "lock lifted": noted["lifted"] and not record.is_accepted,
        "revised": noted["revised"] or (noted["moved"] and record.kpi_year.headline == Headline.YTD.value),
        "revision waiting": noted["waiting_revision"],
        "provisional": record.is_accepted and record.outturn == MonthlyReturn.Outturn.PROVISIONAL,
        "no data": record.no_data,
        "waiver": noted["waived"],
    }
    return tuple(name for name, holds in marks.items() if holds)


def previous_month(kpi_year: KpiYear, month: Month) -> Month:
    """The month of the figure before: a quarter or a year earlier for those measured so."""
    return month - 12 // len(Frequency(kpi_year.frequency).months)


def _previous(records: Collection[MonthlyReturn]) -> dict[int, Decimal | None]:
    """The figure each return's movement is measured from, by the return's id, in one query."""
    wanted = {(one.kpi_id, previous_month(one.kpi_year, one.measured).first_day): one for one in records}
    columns = ("month_figure", "ytd_figure", "value", "numerator", "denominator")
    rows = (
        MonthlyReturn.objects.filter(kpi__in={kpi for kpi, _ in wanted}, month__in={month for _, month in wanted})
        .filter(Q(state__in=IN))
        .order_by()
        .values_list("kpi_id", "month", "state", *columns)
    )
    found: dict[int, Decimal | None] = {}
    for kpi_id, month, state, month_figure, ytd_figure, *entered in rows:
        record = wanted.get((kpi_id, month))
        if record is None:
            continue
        if state == State.ACCEPTED:
            found[record.pk] = month_figure if compares_months(record.kpi_year) else ytd_figure
        elif record.kpi_year.ytd_rule != YtdRule.RUNNING_TOTAL.value and compares_months(record.kpi_year):
            figure = MonthFigure(Month.from_date(month), *entered).figure(
                record.kpi_year.unit, record.kpi_year.rate_per
            )
            found[record.pk] = figure if isinstance(figure, Decimal) else None
    return found


def _sent(period: ReportingPeriod) -> dict[int, Sent]:
    """When each return of the round last reached the team, and from whom."""
    rows = MonthlyReturnTransition.objects.filter(
        monthly_return__period=period, move__in=("submit", "answer"), to_state=State.SUBMITTED
    ).order_by("at", "pk")
    return {row.monthly_return_id: Sent(row.who, row.at) for row in rows}


def _own(who: Standing, period: ReportingPeriod) -> set[int]:
    """The returns of the round that ``who`` typed or answers for, themselves or for somebody they cover."""
    typed = ReturnAuthor.objects.filter(monthly_return__period=period, user__in=who.people)
    named = KpiPerson.objects.filter(user__in=who.people)
    answers_for = MonthlyReturn.objects.filter(period=period, kpi_year__in=named.values("kpi_year")).order_by()
    return {*typed.values_list("monthly_return_id", flat=True), *answers_for.values_list("pk", flat=True)}
