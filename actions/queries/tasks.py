"""What a person has to do about quarterly updates, by when (framework, *Corporate Plan Actions*, E.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from actions.models import ActionUpdate, Challenge, LockException, Revision
from actions.queries.live import live_actions
from actions.queries.plan_tasks import plan_tasks
from actions.queries.promises import promise_tasks
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, round_dates
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.tasks import Task

__all__ = ["tasks"]

State = ActionUpdate.State
NOT_IN = (State.NOT_STARTED, State.DRAFT)
ASKED_OF_LATE = timedelta(days=184)
"""How long after its quarter began an update that locked unfinished stays among its officer's tasks."""
LISTED = 5
"""More revisions than this are one task with a count."""


def tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do about updates and the next year's set today, own and covered.

    The number of queries does not depend on how many actions there are.
    """
    found = [*_own_updates(who), *_own_challenges(who), *promise_tasks(who), *_board(who), *plan_tasks(who)]
    if who.may(Permission.REVIEW_RETURNS):
        found += [*_rounds(who), *_revisions(who)]
    if who.may(Permission.MANAGE_PERIODS):
        found += [*_quarter_to_open(who), *_lifted_locks(who)]
    return [*found, *_services(who)]


def _address(record: ActionUpdate) -> str:
    return reverse("action-update", args=[record.span, record.action_year.code])


# The officer's


def _own_updates(who: Standing) -> Iterator[Task]:
    """Updates to start or finish; one that locked unfinished stays for a while, since somebody must ask for it."""
    today = who.today
    waiting = (
        ActionUpdate.objects.owed()
        .filter(
            action_year__responsible__in=who.people,
            period__opens_on__lte=today,
            period__starts_on__gte=today - ASKED_OF_LATE,
        )
        .select_related("action_year", "period")
        .prefetch_related("lock_exceptions")
    )
    for record in waiting:
        period = record.period
        lifted = max(
            (one.expires_on for one in record.lock_exceptions.all() if one.expires_on >= today), default=None
        )
        yield Task(
            title=f"{'Finish' if record.state == State.DRAFT else 'Start'} the {record.span} update of "
            f"{record.action_year.name}",
            href=_address(record),
            due=lifted or period.due_on,
            hint=_about_the_lock(period, lifted, today),
            state=record.state,
            locked=period.is_locked(today) and lifted is None,
            late=today > period.due_on,
            acting_for=who.acting_for(record.action_year.responsible_id),
        )


def _about_the_lock(period: ReportingPeriod, lifted: date | None, today: date) -> str:
    if lifted is not None:
        return f"The lock is lifted for this update until {day(lifted)}"
    if period.is_locked(today):
        return f"Locked after {day(period.locks_on)}: ask the Performance Team to lift the lock"
    return ""


def _own_challenges(who: Standing) -> Iterator[Task]:
    """Challenges to answer, one task an update: a reopened part can be changed whatever the lock says."""
    open_ones = (
        Challenge.objects.filter(update__action_year__responsible__in=who.people, state=Challenge.State.OPEN)
        .select_related("update__action_year")
        .order_by("due_on", "pk")
    )
    by_update: dict[int, list[Challenge]] = {}
    for challenge in open_ones:
        by_update.setdefault(challenge.update_id, []).append(challenge)
    for challenges in by_update.values():
        first, record = challenges[0], challenges[0].update
        about = "a challenge" if len(challenges) == 1 else f"{len(challenges)} challenges"
        yield Task(
            title=f"Answer {about} about the {record.span} update of {record.action_year.name}",
            href=_address(record),
            due=first.due_on,
            hint="; ".join(f"{one.get_about_display()}: {one.get_reason_display().lower()}" for one in challenges),
            state=record.state,
            late=who.today > first.due_on,
            acting_for=who.acting_for(record.action_year.responsible_id),
        )


# The board's


def _board(who: Standing) -> Iterator[Task]:
    """Challenges escalated to the board that await its decision (framework E.1)."""
    if not who.may(Permission.RULE_ON_CHALLENGES):
        return
    escalated = Challenge.objects.with_the_board().select_related("update__action_year").order_by("escalated_at")
    for challenge in escalated:
        record = challenge.update
        yield Task(
            title=f"Decide the dispute about the {record.span} update of {record.action_year.name}",
            href=reverse("action-ruling", args=[record.span, record.action_year.code]),
            hint=f"{challenge.get_about_display()}. Escalated on {day(challenge.escalated_at)}",
            state=record.state,
            urgent=True,
        )


# The Performance Team's


def _rounds(who: Standing) -> Iterator[Task]:
    """A task for each quarter with something to check, and one with something to ask for."""
    answered = Challenge.objects.filter(update=OuterRef("pk"), state=Challenge.State.ANSWERED)
    with_board = Challenge.objects.with_the_board().filter(update=OuterRef("pk"))
    late = Challenge.objects.filter(
        update=OuterRef("pk"), state=Challenge.State.OPEN, escalated_at__isnull=True, due_on__lt=who.today
    )
    counted = (
        ActionUpdate.objects.exclude(state=State.ACCEPTED)
        .filter(excused="", period__opens_on__lte=who.today)
        .annotate(answered=Exists(answered), with_board=Exists(with_board), late=Exists(late))
        .order_by()
        .values("period", "state", "answered", "with_board", "late")
        .annotate(how_many=Count("pk"))
    )
    rounds: dict[int, dict[str, int]] = {}
    for row in counted:
        counts = rounds.setdefault(
            row["period"], dict.fromkeys(("check", "answered", "asked", "board", "not_in", "late"), 0)
        )
        many = row["how_many"]
        to_check = row["state"] == State.SUBMITTED and not row["with_board"]
        counts["board"] += many * row["with_board"]
        counts["check"] += many * to_check
        counts["answered"] += many * (to_check and row["answered"])
        counts["asked"] += many * (row["state"] == State.CHALLENGED and not row["with_board"])
        counts["not_in"] += many * (row["state"] in NOT_IN)
        counts["late"] += many * row["late"]
    for period in ReportingPeriod.objects.filter(pk__in=rounds):
        yield from _round(period, rounds[period.pk], who.today)


def _round(period: ReportingPeriod, counts: dict[str, int], today: date) -> Iterator[Task]:
    address = reverse("quarter", args=[period.span])
    locked = period.is_locked(today)
    if counts["check"]:
        yield Task(
            title=f"Check the {period} updates: {counts['check']} to check",
            href=address,
            due=period.locks_on,
            hint=_round_hint(counts),
            late=locked,
        )
    missing = counts["not_in"] if today > period.due_on and period.starts_on >= today - ASKED_OF_LATE else 0
    if missing or counts["late"]:
        parts = [f"{count_of(missing, 'update')} not in"] if missing else []
        parts += [f"{count_of(counts['late'], 'challenge')} not answered in time"] if counts["late"] else []
        yield Task(
            title=f"Ask for what is missing in {period}: {', '.join(parts)}",
            href=address,
            due=period.locks_on,
            hint="It is locked: a lock can be lifted for one update" if locked else "",
            late=locked,
        )


def _round_hint(counts: dict[str, int]) -> str:
    parts = []
    if counts["answered"]:
        parts.append(f"{count_of(counts['answered'], 'update')} with its challenge answered")
    if counts["asked"]:
        parts.append(f"{count_of(counts['asked'], 'update')} waiting for the service's answer")
    if counts["board"]:
        parts.append(f"{counts['board']} with the board")
    return ", ".join(parts)


def _revisions(who: Standing) -> Iterator[Task]:
    """Proposed revisions somebody else proposed."""
    proposed = (
        Revision.objects.filter(state=Revision.State.PROPOSED)
        .exclude(proposed_by__in=who.people)
        .select_related("update__action_year", "proposed_by")
        .order_by("proposed_at")
    )
    found = list(proposed)
    for revision in found[:LISTED]:
        record = revision.update
        yield Task(
            title=f"Decide a revision of the {record.span} update of {record.action_year.name}",
            href=reverse("action-revision", args=[revision.pk]),
            hint=f"{revision.get_kind_display()}, proposed by {revision.proposed_by.name} on "
            f"{day(revision.proposed_at)}",
            urgent=True,
        )
    if len(found) > LISTED:
        more = count_of(len(found) - LISTED, "more revision")
        yield Task(title=f"Decide {more} of updates", href=reverse("action-revisions"), urgent=True)


def _quarter_to_open(who: Standing) -> Iterator[Task]:
    quarter = Month.from_date(who.today).quarter.previous
    dates = round_dates(quarter.last_month)
    if who.today < dates.opens_on or ReportingPeriod.objects.collecting(quarter) is not None:
        return
    if live_actions(quarter).exists():
        yield Task(
            title=f"Open {quarter} for updates",
            href=reverse("quarters"),
            due=dates.opens_on,
            late=who.today > dates.opens_on,
        )


def _lifted_locks(who: Standing) -> Iterator[Task]:
    lifted = (
        LockException.objects.filter(expires_on__gte=who.today, update__state__in=NOT_IN)
        .select_related("update__action_year")
        .order_by("expires_on")
    )
    for exception in lifted:
        record = exception.update
        yield Task(
            title=f"Lock lifted for the {record.span} update of {record.action_year.name}",
            href=_address(record),
            due=exception.expires_on,
            hint=f"Asked for by {exception.asked_by}: it locks again after {day(exception.expires_on)}",
            state=record.state,
        )


# A service's


def _services(who: Standing) -> Iterator[Task]:
    """For those who answer for a service: how many of its updates of each open round are in, while some are not."""
    reach = who.reach(Permission.SEE_WORKING_RETURNS)
    if reach.council or not reach:
        return
    counted = (
        ActionUpdate.objects.filter(
            reach.rows("action_year__"),
            excused="",
            period__opens_on__lte=who.today,
            period__locks_on__gte=who.today,
        )
        .order_by()
        .values("period__starts_on", "period__due_on", service=F("action_year__service__name"))
        .annotate(
            due=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=NOT_IN)),
            asked=Count("pk", filter=Q(state=State.CHALLENGED)),
        )
    )
    for row in counted:
        if not row["waiting"] and not row["asked"]:
            continue
        quarter = Month.from_date(row["period__starts_on"]).quarter
        inside = row["due"] - row["waiting"]
        yield Task(
            title=f"{row['service']}: {inside} of {count_of(row['due'], 'update')} in for {quarter}",
            href=reverse("quarter", args=[quarter]),
            due=row["period__due_on"],
            hint=f"{count_of(row['asked'], 'update')} with a challenge to answer" if row["asked"] else "",
            late=bool(row["waiting"]) and who.today > row["period__due_on"],
        )
