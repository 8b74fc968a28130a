"""The tasks of those who check, decide and oversee: the Performance Team, the board, a service's manager."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, round_dates
from hdcperf.review import home_tasks
from hdcperf.review.home_tasks import LISTED, NOT_IN
from hdcperf.roles import Permission
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Task
from kpis.models import Challenge, LockException, MonthlyReturn, Revision, TargetSet

__all__ = ["board_tasks", "service_tasks", "team_tasks"]

State = MonthlyReturn.State
ASKED_OF_LATE = timedelta(days=92)
"""How long after its month a round's missing returns are still asked for."""


def board_tasks(who: Standing) -> Iterator[Task]:
    """Challenges escalated to the board that await its decision (framework E.1)."""
    challenges = Challenge.objects.select_related("monthly_return__kpi_year")
    return home_tasks.dispute_tasks(who, challenges, "monthly_return", lambda record: _called(record, "ruling"))


def _called(record: MonthlyReturn, page: str = "return") -> home_tasks.Called:
    kpi_year = record.kpi_year
    name = f"{record.measured} for {kpi_year.code} {kpi_year.name}"
    return home_tasks.Called(name, reverse(page, args=[record.measured, kpi_year.code]))


def team_tasks(who: Standing, today: date) -> Iterator[Task]:
    """The Performance Team's: rounds to check, revisions to decide, a month to open, locks lifted, targets."""
    if who.may(Permission.REVIEW_RETURNS):
        yield from _rounds(today)
        yield from _not_in(today)
        yield from _revisions(who)
    if who.may(Permission.MANAGE_SETTING):
        yield from _targets(who, today)
    if who.may(Permission.MANAGE_PERIODS):
        yield from _month_to_open(today)
        yield from _lifted_locks(today)


def _rounds(today: date) -> Iterator[Task]:
    """One task a round with something to check, the latest first."""
    answered = Challenge.objects.filter(monthly_return=OuterRef("pk"), state=Challenge.State.ANSWERED)
    with_board = Challenge.objects.with_the_board().filter(monthly_return=OuterRef("pk"))
    counted = (
        MonthlyReturn.objects.filter(state__in=(State.SUBMITTED, State.CHALLENGED), period__isnull=False)
        .annotate(answered=Exists(answered), with_board=Exists(with_board))
        .order_by()
        .values("period", "state", "answered", "with_board")
        .annotate(how_many=Count("pk"))
    )
    rounds: dict[int, dict[str, int]] = {}
    for row in counted:
        counts = rounds.setdefault(row["period"], {"check": 0, "answered": 0, "asked": 0, "board": 0})
        counts["board"] += row["how_many"] * row["with_board"]
        counts["asked"] += row["how_many"] * (row["state"] == State.CHALLENGED and not row["with_board"])
        if row["state"] == State.SUBMITTED and not row["with_board"]:
            counts["check"] += row["how_many"]
            counts["answered"] += row["how_many"] * row["answered"]
    for period in ReportingPeriod.objects.filter(pk__in=rounds):
        counts = rounds[period.pk]
        if counts["check"]:
            href = reverse("returns", args=[period.month])
            yield home_tasks.check_task(period, counts, noun="return", href=href, today=today)


def _not_in(today: date) -> Iterator[Task]:
    """Rounds past their day, with returns that are not in or challenges nobody answered in time: to be asked for."""
    rounds = ReportingPeriod.objects.filter(
        kind=ReportingPeriod.MONTH, opens_on__lte=today, starts_on__gte=today - ASKED_OF_LATE
    )
    # A return whose lock is lifted is a task of its own.
    lifted = LockException.objects.filter(monthly_return=OuterRef("pk"), expires_on__gte=today)
    counted = (
        MonthlyReturn.objects.filter(period__in=rounds)
        .order_by()
        .values("period")
        .annotate(due=Count("pk"), not_in=Count("pk", filter=Q(state__in=NOT_IN) & ~Exists(lifted)))
    )
    returns = {row["period"]: row for row in counted}
    unanswered = (
        Challenge.objects.filter(state=Challenge.State.OPEN, escalated_at__isnull=True, due_on__lt=today)
        .order_by()
        .values("monthly_return__period")
        .annotate(how_many=Count("pk"))
    )
    waiting = {row["monthly_return__period"]: row["how_many"] for row in unanswered}
    for period in rounds:
        if period.pk not in returns:
            continue
        missing = returns[period.pk]["not_in"] if today > period.due_on else 0
        late = waiting.get(period.pk, 0)
        if not missing and not late:
            continue
        words = f"{missing} of {count_of(returns[period.pk]['due'], 'return')} not in" if missing else ""
        href = reverse("returns", args=[period.month])
        yield home_tasks.missing_task(period, words, late, noun="return", href=href, today=today)


def _revisions(who: Standing) -> Iterator[Task]:
    """Proposed revisions somebody else proposed."""
    revisions = Revision.objects.select_related("monthly_return__kpi_year", "proposed_by")
    return home_tasks.revision_tasks(who, revisions, "monthly_return", _called, page="revision")


def _targets(who: Standing, today: date) -> Iterator[Task]:
    """Targets of this year and the next that somebody else proposed."""
    year = Month.from_date(today).financial_year
    waiting = list(
        TargetSet.objects.filter(
            state=TargetSet.State.AWAITING, kpi_year__year__in=(year.start_year, year.next.start_year)
        )
        .exclude(set_by__isnull=False, set_by__in=who.people)
        .select_related("kpi_year", "set_by")
        .order_by("from_month", "kpi_year__code_key")
    )
    for one in waiting[:LISTED]:
        proposed = f"Proposed by {one.set_by.name}. " if one.set_by is not None else ""
        yield Task(
            title=f"Record who approved the target of {one.kpi_year.code} {one.kpi_year.name} from {one.start}",
            href=reverse("target-set", args=[one.pk]),
            hint=f"{proposed}It judges no month until it is approved",
        )
    if len(waiting) > LISTED:
        more = count_of(len(waiting) - LISTED, "more target")
        yield Task(title=f"{more} awaiting approval", href=f"{reverse('kpi-list')}?target=awaiting")


def _month_to_open(today: date) -> Iterator[Task]:
    month = Month.from_date(today).previous
    there = ReportingPeriod.objects.months().filter(starts_on=month.first_day).first()
    opens_on = there.opens_on if there is not None else round_dates(month).opens_on
    if today >= opens_on and (there is None or not there.is_opened):
        yield Task(
            title=f"Open {month} for collection",
            href=reverse("period", args=[month]),
            due=opens_on,
            late=today > opens_on,
        )


def _lifted_locks(today: date) -> Iterator[Task]:
    lifted = (
        LockException.objects.filter(expires_on__gte=today)
        .exclude(monthly_return__state=State.ACCEPTED)
        .select_related("monthly_return__kpi_year")
    )
    return home_tasks.lifted_tasks(lifted, "monthly_return", _called)


def service_tasks(who: Standing, today: date) -> Iterator[Task]:
    """For those who answer for a service: how many of its returns of each open round are in, while some are not."""
    reach = who.reach(Permission.SEE_WORKING_RETURNS)
    if reach.council or not reach:
        return iter(())
    return home_tasks.service_tasks(
        MonthlyReturn.objects.filter(reach.rows("kpi_year__")),
        "kpi_year__service__name",
        Month.from_date,
        noun="return",
        page="returns",
        today=today,
    )
