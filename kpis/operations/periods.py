"""Opening a month's collection round, and what its lock does by itself (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.organisation.rounds import hold_round
from hdcperf.periods import APRIL, Month
from hdcperf.review.rounds import locking
from hdcperf.review.rounds.setting import refuse_others, refuse_passed
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.checking import DIALOGUE
from kpis.workflow import MoveRefused


def due_in(month: Month) -> Iterator[tuple[KpiYear, Month]]:
    """The KPIs due in the round of ``month``, each with the month it measures (earlier for those in arrears)."""
    # A year may start in any month, and a figure be up to 11 months in arrears.
    years = {month.year, month.year - 1, month.year - 2}
    live = KpiYear.objects.filter(year__in=years, is_live=True)
    for kpi_year in live.select_related("kpi__predecessor", "service"):
        measured = month - kpi_year.months_in_arrears
        if measured in kpi_year.financial_year and kpi_year.reports(measured):
            yield kpi_year, measured


def open_period(month: Month, *, by: User | None = None, tell: Tell = nobody) -> tuple[ReportingPeriod, int]:
    """Open the round of ``month`` and create the returns due; return it with how many were created.

    Doing it twice changes nothing: dates an officer has set stay, and only returns still missing are made (for a
    KPI added since). The last month of a year is a provisional outturn until it is confirmed in April's round.
    Raises NotPermitted, or MoveRefused for a month that has not begun or whose dates have passed; without ``by`` it
    is the computer's own doing (``manage.py open_period``).
    """
    if by is not None:
        refuse_others(by, "open_period")
    if month.first_day > clock.today():
        raise MoveRefused(f"{month} has not begun, so it cannot be opened yet.", state="", move="open_period")
    with transaction.atomic():
        refuse_passed(month, "open_period")
        period = hold_round(month, by)
        missing = still_missing(month)
        for number, (kpi_year, measured) in enumerate(missing):
            tell(number, len(missing))
            _create_return(kpi_year, measured, period, by)
    return period, len(missing)


def still_missing(month: Month) -> list[tuple[KpiYear, Month]]:
    """The KPIs due in the round of ``month`` that have no return yet, each with the month it measures.

    A KPI without a signed template is left out, save by a waiver (framework B.1).
    """
    today = clock.today()
    return [(one, measured) for one, measured in _without_return(month) if one.may_be_collected(today)]


def left_out(month: Month) -> list[KpiYear]:
    """The KPIs due in the round of ``month`` whose template is neither signed off nor waived: no return is made."""
    today = clock.today()
    return [one for one, _ in _without_return(month) if not one.may_be_collected(today)]


def _without_return(month: Month) -> list[tuple[KpiYear, Month]]:
    wanted = list(due_in(month))
    there = set(
        MonthlyReturn.objects.filter(
            kpi__in=[kpi_year.kpi_id for kpi_year, _ in wanted],
            month__in={measured.first_day for _, measured in wanted},
        ).values_list("kpi_id", "month")
    )
    return [(one, measured) for one, measured in wanted if (one.kpi_id, measured.first_day) not in there]


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
    """Send to the board every challenge that was older than three working days when its month locked."""
    return locking.escalate_at_lock(ReportingPeriod.MONTH, [DIALOGUE], today)
