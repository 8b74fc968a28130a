"""Opening a month's collection round, and what its lock does by itself (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.organisation.rounds import hold_round
from hdcperf.periods import APRIL, Month
from hdcperf.roles import Permission
from hdcperf.ui import day
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.checking import DIALOGUE
from kpis.rules.figures import Frequency
from kpis.workflow import MoveRefused, NotPermitted


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
    Raises NotPermitted; without ``by`` it is the computer's own doing (``manage.py open_period``).
    """
    if by is not None:
        _refuse(by, "open_period")
    with transaction.atomic():
        period = hold_round(month, by)
        missing = still_missing(month)
        for kpi_year, measured in missing:
            _create_return(kpi_year, measured, period, by)
    return period, len(missing)


def _refuse(by: User, name: str) -> None:
    if not standing(by).may(Permission.MANAGE_PERIODS):
        sentence = "Only the Performance Team opens a month and sets its dates."
        raise NotPermitted(sentence, state="", move=name)


def still_missing(month: Month) -> list[tuple[KpiYear, Month]]:
    """The KPIs due in the round of ``month`` that have no return yet, each with the month it measures."""
    wanted = list(due_in(month))
    there = set(
        MonthlyReturn.objects.filter(
            kpi__in=[kpi_year.kpi_id for kpi_year, _ in wanted],
            month__in={measured.first_day for _, measured in wanted},
        ).values_list("kpi_id", "month")
    )
    return [(one, measured) for one, measured in wanted if (one.kpi_id, measured.first_day) not in there]


@dataclass(frozen=True)
class NewDates:
    """The dates a round is to have."""

    opens_on: date
    due_on: date
    locks_on: date

    @classmethod
    def of(cls, period: ReportingPeriod) -> NewDates:
        """The dates it has now."""
        return cls(period.opens_on, period.due_on, period.locks_on)

    def refusal(self) -> str:
        """The sentence that refuses the dates, or nothing."""
        if self.opens_on <= self.due_on <= self.locks_on:
            return ""
        return "A month opens, then falls due, then locks: check the order of the dates."


class DatesMoved(MoveRefused):
    """Somebody set the dates since the page was opened; ``period`` is the round as it is now."""

    def __init__(self, period: ReportingPeriod) -> None:
        sentence = (
            f"{period}: somebody changed the dates since you opened the page. It opens on {day(period.opens_on)}, "
            f"is due on {day(period.due_on)} and locks after {day(period.locks_on)}. Check yours, and save again."
        )
        super().__init__(sentence, state="", move="set_dates")
        self.period = period


def set_dates(
    wanted: Mapping[int, NewDates], *, by: User, reason: str, was: Mapping[int, NewDates] | None = None
) -> int:
    """Give rounds (by id) new dates, all or none, and return how many changed.

    ``was`` are the dates the page showed. A round that is to lock again later escalates again at that lock. Raises
    NotPermitted, DatesMoved, or MoveRefused when dates are out of order.
    """
    _refuse(by, "set_dates")
    shown = was or {}
    changed = 0
    with transaction.atomic():
        for period in ReportingPeriod.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
            dates = wanted[period.pk]
            if sentence := dates.refusal():
                raise MoveRefused(f"{period}: {sentence}", state="", move="set_dates")
            now = NewDates.of(period)
            if now == dates:
                continue
            if shown.get(period.pk, now) != now:
                raise DatesMoved(period)
            period.opens_on, period.due_on, period.locks_on = dates.opens_on, dates.due_on, dates.locks_on
            if not period.is_locked(clock.today()):
                period.escalated_on = None
            save_as(period, by=by, reason=reason)
            changed += 1
    return changed


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
        locked = ReportingPeriod.objects.select_for_update().filter(
            kind=ReportingPeriod.MONTH, locks_on__lt=today, escalated_on__isnull=True
        )
        for period in locked:
            sent += DIALOGUE.escalate_at_lock(period)
            period.escalated_on = today
            save_as(period, by=None, reason="Locked: old challenges went to the board")
    return sent
