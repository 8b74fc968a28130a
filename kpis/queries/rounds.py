"""Collection rounds: what opening one would make, how far each has come, and the locks that are lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, months_between
from hdcperf.review.rounds.reading import Round, load_rounds
from kpis.models import KpiPerson, KpiYear, LockException, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.operations.periods import left_out, still_missing

__all__ = [
    "Opening",
    "YearEnd",
    "active_exceptions",
    "not_opened",
    "opening",
    "outturns",
    "to_open",
    "year_end",
]

State = MonthlyReturn.State


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
    """The returns that opening a month would create, and the KPIs that lack something for it or are left out."""

    to_create: list[tuple[KpiYear, Month]]
    without_target: list[KpiYear]
    without_people: list[KpiYear]
    not_set_up: list[KpiYear]
    left_out: list[KpiYear]


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
        left_out=left_out(month),
    )


def _not_set_up(month: Month) -> list[KpiYear]:
    """KPIs of last year that have not ended and have no facts for the year of ``month``."""
    year = month.financial_year.start_year
    this_year = KpiYear.objects.filter(year=year, is_live=True).values("kpi")
    return list(
        KpiYear.objects.filter(Q(kpi__ended_after__isnull=True) | Q(kpi__ended_after__gte=month.first_day))
        .filter(year=year - 1, months_in_arrears=0, is_live=True)
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
