"""What a person has to do in the monthly cycle, by when, most urgent first (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month
from hdcperf.review.home_tasks import Called, answering_tasks, entering_task
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Task
from kpis.models import Challenge, MonthlyReturn, TargetSet, WordCorrection
from kpis.queries.duties import Duties, duties_of
from kpis.queries.tasks_of_others import ASKED_OF_LATE, board_tasks, service_tasks, team_tasks

__all__ = ["tasks_for"]

State = MonthlyReturn.State
CORRECTION_SHOWN = timedelta(days=14)


def tasks_for(user: User, today: date) -> list[Task]:
    """Everything ``user`` has to do in the monthly cycle on ``today``, own and covered.

    The number of queries does not depend on how many KPIs there are.
    """
    who = standing(user)
    duties = duties_of(who)
    found: list[Task] = []
    if duties:
        found += _returns(duties, today)
        found += _challenges(duties, today)
        found += _outturns(duties, today)
        found += _corrections(duties, today)
    found += _targets_sent_back(who, today)
    found += board_tasks(who)
    found += team_tasks(who, today)
    found += service_tasks(who, today)
    return found


def _code(record: MonthlyReturn) -> str:
    return f"{record.kpi_year.code} {record.kpi_year.name}"


def _address(record: MonthlyReturn) -> str:
    return reverse("return", args=[record.measured, record.kpi_year.code])


def _returns(duties: Duties, today: date) -> Iterator[Task]:
    """Returns to start or finish; one that locked unfinished stays for a while, since somebody must ask for it."""
    waiting = (
        MonthlyReturn.objects.filter(
            kpi_year__in=duties.kpi_years,
            state__in=(State.NOT_STARTED, State.DRAFT),
            period__opens_on__lte=today,
            period__starts_on__gte=today - ASKED_OF_LATE,
        )
        .select_related("kpi_year", "period")
        .prefetch_related("lock_exceptions")
        .defer("why", "what_happened", "being_done", "internal_note")
    )
    for record in waiting:
        called = Called(
            f"the {record.measured} return for {_code(record)}", _address(record), duties.words(record.kpi_year_id)
        )
        yield entering_task(record, called, noun="return", today=today, otherwise=_about_the_round(record))


def _about_the_round(record: MonthlyReturn) -> str:
    """A figure in arrears names an earlier month, and is not late for that."""
    period = record.period
    return f"Collected with {period}" if period is not None and record.measured != period.month else ""


def _challenges(duties: Duties, today: date) -> Iterator[Task]:
    """Challenges to answer, one task a return."""

    def calling(record: MonthlyReturn) -> Called:
        return Called(f"{record.measured} for {_code(record)}", _address(record), duties.words(record.kpi_year_id))

    theirs = Challenge.objects.filter(monthly_return__kpi_year__in=duties.kpi_years)
    return answering_tasks(theirs.select_related("monthly_return__kpi_year"), "monthly_return", calling, today)


def _outturns(duties: Duties, today: date) -> Iterator[Task]:
    """March's provisional outturn, to be confirmed as final in April's round."""
    provisional = MonthlyReturn.objects.filter(
        kpi_year__in=duties.kpi_years,
        state=State.ACCEPTED,
        outturn=MonthlyReturn.Outturn.PROVISIONAL,
    ).select_related("kpi_year")
    found = list(provisional)
    rounds = _rounds_after(found, today) if found else {}
    for record in found:
        period = rounds.get(record.measured.next)
        if period is not None:
            yield Task(
                title=f"Confirm the {record.kpi_year.financial_year} outturn for {_code(record)} as final",
                href=_address(record),
                due=period.due_on,
                hint="It is provisional until you confirm it, or propose a revision",
                late=today > period.due_on,
                acting_for=duties.words(record.kpi_year_id),
            )


def _rounds_after(records: Iterable[MonthlyReturn], today: date) -> dict[Month, ReportingPeriod]:
    """The rounds of the months after those measured, once they are open."""
    starts = {record.measured.next.first_day for record in records}
    periods = ReportingPeriod.objects.months().opened().filter(starts_on__in=starts, opens_on__lte=today)
    return {period.month: period for period in periods}


def _corrections(duties: Duties, today: date) -> Iterator[Task]:
    """Typing mistakes a reviewer corrected lately: for the owner to see, and to undo."""
    lately = (
        WordCorrection.objects.filter(
            monthly_return__kpi_year__in=duties.kpi_years,
            undone_at__isnull=True,
            corrected_at__date__gte=today - CORRECTION_SHOWN,
        )
        .filter(Q(monthly_return__issued__isnull=True))
        .select_related("monthly_return__kpi_year", "corrected_by")
    )
    by_return: dict[int, list[WordCorrection]] = {}
    for correction in lately:
        by_return.setdefault(correction.monthly_return_id, []).append(correction)
    for corrections in by_return.values():
        record = corrections[0].monthly_return
        yield Task(
            title=f"See {count_of(len(corrections), 'correction')} of the {record.measured} return "
            f"for {_code(record)}",
            href=_address(record),
            hint=f"{corrections[0].corrected_by.name} corrected a typing mistake; you can undo it",
            state=record.state,
            acting_for=duties.words(record.kpi_year_id),
        )


def _targets_sent_back(who: Standing, today: date) -> Iterator[Task]:
    """Targets one proposed that were sent back, until another is proposed."""
    year = Month.from_date(today).financial_year
    since = TargetSet.objects.filter(kpi_year=OuterRef("kpi_year"), pk__gt=OuterRef("pk"))
    sent_back = (
        TargetSet.objects.filter(
            state=TargetSet.State.SENT_BACK,
            set_by__in=who.people,
            kpi_year__year__in=(year.start_year, year.next.start_year),
        )
        .exclude(Exists(since))
        .select_related("kpi_year")
        .order_by("kpi_year__code_key")
    )
    for one in sent_back:
        yield Task(
            title=f"Put right the target of {one.kpi_year.code} {one.kpi_year.name} from {one.start}",
            href=reverse("target-set", args=[one.pk]),
            hint="It was sent back: the reason is with it",
            acting_for=f"For {who.covering[one.set_by_id]}" if one.set_by_id in who.covering else "",
        )
