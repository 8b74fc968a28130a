"""Opening a month's collection round, and what its lock does by itself (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import APRIL, Month, round_dates, working_days
from kpis.models import Challenge, ChallengeMessage, KpiYear, MonthlyReturn
from kpis.rules.figures import Frequency

ESCALATES_AFTER = 3
"""Working days: a challenge older than this at the lock goes to the board by itself."""


def due_in(month: Month) -> Iterator[tuple[KpiYear, Month]]:
    """The KPIs due in the round of ``month``, each with the month it measures (earlier for those in arrears)."""
    # A year may start in any month, and a figure be up to 11 months in arrears.
    years = {month.year, month.year - 1, month.year - 2}
    for kpi_year in KpiYear.objects.filter(year__in=years).select_related("kpi", "service"):
        measured = month - kpi_year.months_in_arrears
        if measured in kpi_year.financial_year and _reports(kpi_year, measured):
            yield kpi_year, measured


def _reports(kpi_year: KpiYear, measured: Month) -> bool:
    ended = kpi_year.kpi.ended_after
    if ended is not None and measured.first_day > ended:
        return False
    return kpi_year.months.index(measured) + 1 in Frequency(kpi_year.frequency).months


def open_period(month: Month, *, by: User | None = None) -> tuple[ReportingPeriod, int]:
    """Open the round of ``month`` and create the returns due; return it with how many were created.

    Doing it twice changes nothing: dates an officer has edited stay, and only returns still missing are made (for a
    KPI added since). The last month of a year is a provisional outturn until it is confirmed in April's round.
    """
    with transaction.atomic():
        period = ReportingPeriod.objects.filter(kind=ReportingPeriod.MONTH, starts_on=month.first_day).first()
        if period is None:
            dates = round_dates(month)
            period = ReportingPeriod(
                starts_on=month.first_day,
                opens_on=dates.opens_on,
                due_on=dates.due_on,
                locks_on=dates.locks_on,
                opened_by=by,
            )
            save_as(period, by=by, reason="Opened for collection")
        wanted = list(due_in(month))
        there = set(
            MonthlyReturn.objects.filter(
                kpi__in=[kpi_year.kpi_id for kpi_year, _ in wanted],
                month__in={measured.first_day for _, measured in wanted},
            ).values_list("kpi_id", "month")
        )
        missing = [(k, measured) for k, measured in wanted if (k.kpi_id, measured.first_day) not in there]
        for kpi_year, measured in missing:
            _create_return(kpi_year, measured, period, by)
    return period, len(missing)


def _create_return(kpi_year: KpiYear, measured: Month, period: ReportingPeriod, by: User | None) -> None:
    # Only the council's own year has an outturn that is provisional first.
    march = kpi_year.year_starts_in == APRIL and measured == kpi_year.months[-1]
    fresh = MonthlyReturn(
        kpi=kpi_year.kpi,
        kpi_year=kpi_year,
        month=measured.first_day,
        period=period,
        outturn=MonthlyReturn.Outturn.PROVISIONAL if march else MonthlyReturn.Outturn.NONE,
    )
    save_as(fresh, by=by, reason=f"Opened with {period}")


def escalate_at_lock(today: date) -> int:
    """Send to the board every challenge that was older than three working days when its month locked.

    Returns how many went. Safe to run any number of times: a locked period is done once (framework E.1).
    """
    sent = 0
    with transaction.atomic():
        locked = ReportingPeriod.objects.select_for_update().filter(locks_on__lt=today, escalated_on__isnull=True)
        for period in locked:
            sent += _escalate_old_challenges(period)
            period.escalated_on = today
            save_as(period, by=None, reason="Locked: old challenges went to the board")
    return sent


def _escalate_old_challenges(period: ReportingPeriod) -> int:
    old = Challenge.objects.not_closed().filter(Q(escalated_at__isnull=True), monthly_return__period=period)
    count = 0
    for challenge in old.select_for_update():
        raised = clock.local_day(challenge.raised_at)
        if working_days().add_working_days(raised, ESCALATES_AFTER) >= period.locks_on:
            continue
        reason = f"{period} locked while this challenge was more than {ESCALATES_AFTER} working days old."
        challenge.escalated_at = clock.now()
        challenge.escalation_reason = reason
        save_as(challenge, by=None, reason=reason)
        ChallengeMessage.objects.create(
            challenge=challenge,
            kind=ChallengeMessage.Kind.ESCALATION,
            words=reason,
            by=None,
            by_name="At the lock",
            at=clock.now(),
        )
        count += 1
    return count
