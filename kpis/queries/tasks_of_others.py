"""The tasks of those who check, decide and oversee: the Performance Team, the board, a service's manager."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, round_dates
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.tasks import Task
from kpis.models import Challenge, LockException, MonthlyReturn, Revision, TargetSet

__all__ = ["board_tasks", "service_tasks", "team_tasks"]

State = MonthlyReturn.State
NOT_IN = (State.NOT_STARTED, State.DRAFT)
ASKED_OF_LATE = timedelta(days=92)
"""How long after its month a round's missing returns are still asked for."""
LISTED = 5
"""More revisions or disputes than this are one task with a count."""


def board_tasks(who: Standing) -> Iterator[Task]:
    """Challenges escalated to the board that await its decision (framework E.1)."""
    if not who.may(Permission.RULE_ON_CHALLENGES):
        return
    escalated = Challenge.objects.with_the_board().select_related("monthly_return__kpi_year").order_by("escalated_at")
    for challenge in escalated:
        record = challenge.monthly_return
        yield Task(
            title=f"Decide the dispute about {record.measured} for {record.kpi_year.code} {record.kpi_year.name}",
            href=reverse("ruling", args=[record.measured, record.kpi_year.code]),
            hint=f"{challenge.get_about_display()}. Escalated on {day(challenge.escalated_at)}",
            state=record.state,
            urgent=True,
        )


def team_tasks(who: Standing, today: date) -> Iterator[Task]:
    """The Performance Team's: rounds to check, revisions to decide, a month to open, locks lifted, targets."""
    if who.may(Permission.REVIEW_RETURNS):
        yield from _rounds(today)
        yield from _not_in(today)
        yield from _revisions(who)
        yield from _targets(today)
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
            yield Task(
                title=f"Check the {period} returns: {counts['check']} to check",
                href=reverse("returns", args=[period.month]),
                due=period.locks_on,
                hint=_round_hint(counts),
                late=period.is_locked(today),
            )


def _round_hint(counts: dict[str, int]) -> str:
    parts = []
    if counts["answered"]:
        parts.append(f"{count_of(counts['answered'], 'challenge')} answered")
    if counts["asked"]:
        parts.append(f"{count_of(counts['asked'], 'return')} waiting for the service's answer")
    if counts["board"]:
        parts.append(f"{counts['board']} with the board")
    return ", ".join(parts)


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
        parts = [f"{missing} of {count_of(returns[period.pk]['due'], 'return')} not in"] if missing else []
        parts += [f"{count_of(late, 'challenge')} not answered in time"] if late else []
        yield Task(
            title=f"Ask for what is missing in {period}: {', '.join(parts)}",
            href=reverse("returns", args=[period.month]),
            due=period.locks_on,
            hint="It is locked: a lock can be lifted for one return" if period.is_locked(today) else "",
            late=period.is_locked(today),
        )


def _revisions(who: Standing) -> Iterator[Task]:
    """Proposed revisions somebody else proposed."""
    proposed = (
        Revision.objects.filter(state=Revision.State.PROPOSED)
        .exclude(proposed_by__in=who.people)
        .select_related("monthly_return__kpi_year", "proposed_by")
        .order_by("proposed_at")
    )
    found = list(proposed)
    for revision in found[:LISTED]:
        record = revision.monthly_return
        yield Task(
            title=f"Decide a revision of {record.measured} for {record.kpi_year.code} {record.kpi_year.name}",
            href=reverse("revision", args=[revision.pk]),
            hint=f"{revision.get_kind_display()}, proposed by {revision.proposed_by.name} on "
            f"{day(revision.proposed_at)}",
            urgent=True,
        )
    if len(found) > LISTED:
        more = count_of(len(found) - LISTED, "more revision")
        yield Task(title=f"Decide {more}", href=reverse("revisions"), urgent=True)


def _targets(today: date) -> Iterator[Task]:
    year = Month.from_date(today).financial_year
    waiting = TargetSet.objects.filter(
        state=TargetSet.State.AWAITING, kpi_year__year__in=(year.start_year, year.next.start_year)
    ).count()
    if waiting:
        yield Task(
            title=f"{count_of(waiting, 'target')} awaiting approval",
            href=f"{reverse('kpi-list')}?target=awaiting",
            hint="Their KPIs are not judged until the target is approved",
        )


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
    for exception in lifted:
        record = exception.monthly_return
        yield Task(
            title=f"Lock lifted for {record.measured}, {record.kpi_year.code} {record.kpi_year.name}",
            href=reverse("return", args=[record.measured, record.kpi_year.code]),
            due=exception.expires_on,
            hint=f"Asked for by {exception.asked_by}: it locks again after {day(exception.expires_on)}",
            state=record.state,
        )


def service_tasks(who: Standing, today: date) -> Iterator[Task]:
    """For those who answer for a service: how many of its returns of each open round are in, while some are not."""
    reach = who.reach(Permission.SEE_WORKING_RETURNS)
    if reach.council or not reach:
        return
    counted = (
        MonthlyReturn.objects.filter(
            reach.rows("kpi_year__"), period__opens_on__lte=today, period__locks_on__gte=today
        )
        .order_by()
        .values("period__starts_on", "period__due_on", "kpi_year__service__name")
        .annotate(
            due=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=NOT_IN)),
            asked=Count("pk", filter=Q(state=State.CHALLENGED)),
        )
    )
    for row in counted:
        if not row["waiting"] and not row["asked"]:
            continue
        month = Month.from_date(row["period__starts_on"])
        inside = row["due"] - row["waiting"]
        yield Task(
            title=f"{row['kpi_year__service__name']}: {inside} of {count_of(row['due'], 'return')} in for {month}",
            href=reverse("returns", args=[month]),
            due=row["period__due_on"],
            hint=f"{count_of(row['asked'], 'challenge')} to answer" if row["asked"] else "",
            late=bool(row["waiting"]) and today > row["period__due_on"],
        )
