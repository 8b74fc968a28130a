"""Collection rounds: what opening one would make, how far each has come, and the locks that are lifted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, RoundDates, months_between, opening_dates, round_dates
from kpis.models import KpiPerson, KpiYear, LockException, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.operations.periods import still_missing
from kpis.rules.rounds import DATES, has_passed

__all__ = [
    "Opening",
    "Round",
    "YearEnd",
    "active_exceptions",
    "load_rounds",
    "not_opened",
    "opening",
    "outturns",
    "to_open",
    "year_end",
]

State = MonthlyReturn.State


@dataclass(frozen=True)
class Round:
    """A month's round, whether or not anybody has set its dates or opened it."""

    month: Month
    period: ReportingPeriod | None
    today: date

    @property
    def usual(self) -> RoundDates:
        """The dates a round of this month has when nobody sets others."""
        return round_dates(self.month)

    @property
    def dates(self) -> RoundDates:
        """Those set, else those it would be opened with today."""
        return self.period.dates if self.period is not None else opening_dates(self.month, self.today)

    @property
    def is_opened(self) -> bool:
        return self.period is not None and self.period.is_opened

    @property
    def is_over(self) -> bool:
        """Locked; or a month nobody opened, whose usual dates have all passed."""
        if self.period is None:
            return self.usual.locks_on < self.today
        return self.is_opened and self.period.is_locked(self.today)

    @property
    def is_due(self) -> bool:
        """The month it measures is over."""
        return self.month.last_day < self.today

    @property
    def movable(self) -> tuple[str, ...]:
        """The names of the dates that can be moved: of an open month those to come, and the lock in any case."""
        return tuple(
            name
            for name in DATES
            if name == "locks_on" or not self.is_opened or not has_passed(name, self.dates, self.today)
        )


def load_rounds(months: Collection[Month], today: date) -> list[Round]:
    """The rounds of these months, in one query."""
    first_days = [month.first_day for month in months]
    there = {one.month: one for one in ReportingPeriod.objects.months().filter(starts_on__in=first_days)}
    return [Round(month, there.get(month), today) for month in months]


def to_open(today: date) -> list[Month]:
    """The months that are over and wait to be opened, since the last that was; at least the one now running."""
    running = Month.from_date(today)
    latest = ReportingPeriod.objects.months().opened().order_by("-starts_on").first()
    first = max(latest.month.next, running - MOST_WAITING) if latest is not None else running.previous
    return list(months_between(first, running.previous)) or [max(first, running)]


def not_opened(today: date) -> list[Month]:
    """The months of this year and the last that have begun and that nobody has opened, the newest first."""
    running = Month.from_date(today)
    months = months_between(running.financial_year.previous.months[0], running)
    opened = ReportingPeriod.objects.months().opened().filter(starts_on__gte=months[0].first_day)
    there = {one.month for one in opened}
    return [month for month in reversed(months) if month not in there]


MOST_WAITING = 3
"""Months waiting to be opened that are shown with what opening them would create."""


@dataclass(frozen=True)
class Opening:
    """The returns that opening a month would create, and the KPIs that lack something for it."""

    to_create: list[tuple[KpiYear, Month]]
    without_target: list[KpiYear]
    without_people: list[KpiYear]
    not_set_up: list[KpiYear]


def opening(month: Month) -> Opening:
    """Look before opening ``month``; nothing is written."""
    wanted = still_missing(month)
    years = {one.pk: one for one, _ in wanted}
    targeted = set(
        MonthlyTarget.objects.filter(
            target_set__kpi_year__in=years,
            target_set__state=TargetSet.State.APPROVED,
            month__in={measured.first_day for _, measured in wanted},
            target__isnull=False,
        ).values_list("target_set__kpi_year", flat=True)
    )
    peopled = set(KpiPerson.objects.filter(kpi_year__in=years).values_list("kpi_year", flat=True))
    return Opening(
        to_create=wanted,
        without_target=[one for pk, one in years.items() if pk not in targeted and one.direction != "none"],
        without_people=[one for pk, one in years.items() if pk not in peopled],
        not_set_up=_not_set_up(month),
    )


def _not_set_up(month: Month) -> list[KpiYear]:
    """KPIs of last year that have not ended and have no facts for the year of ``month``."""
    year = month.financial_year.start_year
    this_year = KpiYear.objects.filter(year=year).values("kpi")
    return list(
        KpiYear.objects.filter(Q(kpi__ended_after__isnull=True) | Q(kpi__ended_after__gte=month.first_day))
        .filter(year=year - 1, months_in_arrears=0)
        .exclude(kpi__in=this_year)
        .order_by("code_key")
    )


def active_exceptions(today: date) -> QuerySet[LockException]:
    """The locks that are lifted today, those that end first at the top."""
    return (
        LockException.objects.filter(expires_on__gte=today)
        .exclude(monthly_return__state=State.ACCEPTED)
        .select_related("monthly_return__kpi_year", "granted_by", "ended_by")
        .order_by("expires_on", "pk")
    )


def outturns(month: Month) -> list[MonthlyReturn]:
    """In April's round, March's outturns that are not final yet; otherwise none."""
    if month.number_in_year != 1:
        return []
    found = MonthlyReturn.objects.filter(month=month.previous.first_day, outturn=MonthlyReturn.Outturn.PROVISIONAL)
    return list(found.select_related("kpi_year__service").order_by("kpi_year__code_key"))


@dataclass(frozen=True)
class YearEnd:
    """The two rounds that April runs side by side, and how far March's outturns have come."""

    march: Round
    april: Round
    total: int
    accepted: int
    provisional: int


def year_end(today: date) -> YearEnd | None:
    """The latest year end while it is being collected, or while an outturn is still provisional; otherwise none."""
    running = Month.from_date(today)
    march = running.financial_year.previous.months[-1]
    accepted = Q(state=State.ACCEPTED)
    counted = MonthlyReturn.objects.filter(month=march.first_day).exclude(outturn=MonthlyReturn.Outturn.NONE)
    counts = counted.aggregate(
        total=Count("pk"),
        accepted=Count("pk", filter=accepted),
        provisional=Count("pk", filter=accepted & Q(outturn=MonthlyReturn.Outturn.PROVISIONAL)),
    )
    if running.number_in_year > 2 and not counts["provisional"]:
        return None
    first, second = load_rounds([march, march.next], today)
    return YearEnd(first, second, **counts)
