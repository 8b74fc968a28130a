"""What a person has to do about quarterly updates, by when (framework, *Corporate Plan Actions*, E.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from actions.models import ActionUpdate, Challenge, LockException, Revision
from actions.queries.live import live_actions, live_projects
from actions.queries.plan_tasks import plan_tasks
from actions.queries.project_tasks import project_tasks
from actions.queries.promises import promise_tasks
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, round_dates
from hdcperf.review.home_tasks import (
    NOT_IN,
    Called,
    answering_tasks,
    check_task,
    dispute_tasks,
    entering_task,
    lifted_tasks,
    missing_task,
    revision_tasks,
    service_tasks,
)
from hdcperf.roles import Permission
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Task

__all__ = ["tasks"]

State = ActionUpdate.State
ASKED_OF_LATE = timedelta(days=184)
"""How long after its quarter began an update that locked unfinished stays among its officer's tasks."""


def tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do about updates, projects and the next year's set today, own and covered.

    The number of queries does not depend on how many actions there are.
    """
    found = [
        *_own_updates(who),
        *_own_challenges(who),
        *promise_tasks(who),
        *_board(who),
        *plan_tasks(who),
        *project_tasks(who),
    ]
    if who.may(Permission.REVIEW_RETURNS):
        found += [*_rounds(who), *_revisions(who)]
    if who.may(Permission.MANAGE_PERIODS):
        found += [*_quarter_to_open(who), *_lifted_locks(who)]
    return [*found, *_services(who)]


def _called(record: ActionUpdate, who: Standing, page: str = "action-update") -> Called:
    action_year = record.action_year
    return Called(
        f"the {record.span} update of {action_year.name}",
        reverse(page, args=[record.span, action_year.code]),
        who.acting_for(action_year.responsible_id),
    )


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
        yield entering_task(record, _called(record, who), noun="update", today=today)


def _own_challenges(who: Standing) -> Iterator[Task]:
    """Challenges to answer, one task an update."""
    theirs = Challenge.objects.filter(update__action_year__responsible__in=who.people)
    challenges = theirs.select_related("update__action_year")
    return answering_tasks(challenges, "update", partial(_called, who=who), who.today)


# The board's


def _board(who: Standing) -> Iterator[Task]:
    """Challenges escalated to the board that await its decision (framework E.1)."""
    challenges = Challenge.objects.select_related("update__action_year")
    return dispute_tasks(who, challenges, "update", partial(_called, who=who, page="action-ruling"))


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
    if counts["check"]:
        yield check_task(period, counts, noun="update", href=address, today=today)
    missing = counts["not_in"] if today > period.due_on and period.starts_on >= today - ASKED_OF_LATE else 0
    if missing or counts["late"]:
        words = f"{count_of(missing, 'update')} not in" if missing else ""
        yield missing_task(period, words, counts["late"], noun="update", href=address, today=today)


def _revisions(who: Standing) -> Iterator[Task]:
    """Proposed revisions somebody else proposed."""
    revisions = Revision.objects.select_related("update__action_year", "proposed_by")
    calling = partial(_called, who=who)
    return revision_tasks(who, revisions, "update", calling, page="action-revision", noun=" of updates")


def _quarter_to_open(who: Standing) -> Iterator[Task]:
    quarter = Month.from_date(who.today).quarter.previous
    dates = round_dates(quarter.last_month)
    if who.today < dates.opens_on or ReportingPeriod.objects.collecting(quarter) is not None:
        return
    if live_actions(quarter).exists() or live_projects(quarter).exists():
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
    return lifted_tasks(lifted, "update", partial(_called, who=who))


# A service's


def _services(who: Standing) -> Iterator[Task]:
    """For those who answer for a service: how many of its updates of each open round are in, while some are not."""
    reach = who.reach(Permission.SEE_WORKING_RETURNS)
    if reach.council or not reach:
        return iter(())
    return service_tasks(
        ActionUpdate.objects.filter(reach.rows("action_year__"), excused=""),
        "action_year__service__name",
        lambda day: Month.from_date(day).quarter,
        noun="update",
        page="quarter",
        today=who.today,
    )
