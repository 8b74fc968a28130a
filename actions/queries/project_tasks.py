"""What a person has to do about projects: reports, and changes of their dates (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from actions.models import ChangeRequest, ProjectReport, ReportChallenge, ReportLockException, ReportRevision
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
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
)
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Task

__all__ = ["project_tasks"]

State = ProjectReport.State
ASKED_OF_LATE = timedelta(days=184)
"""How long after its quarter began a report that locked unfinished stays among its manager's tasks."""


def project_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do about projects today, in a number of queries that does not grow with them."""
    found = [*_own_reports(who), *_own_challenges(who), *_board(who)]
    if who.may(Permission.REVIEW_RETURNS):
        found += [*_rounds(who), *_revisions(who)]
    if who.may(Permission.REPORT_PROJECTS):
        found += _changes_to_record(who)
    if who.may(Permission.MANAGE_PERIODS):
        found += _lifted_locks(who)
    return found


def _called(record: ProjectReport, who: Standing, page: str = "project-report") -> Called:
    project = record.project
    return Called(
        f"the {record.span} report of {project}",
        reverse(page, args=[record.span, project.code]),
        who.acting_for(project.manager_id),
    )


def _own_reports(who: Standing) -> Iterator[Task]:
    """Reports of one's own projects to start or finish; one that locked unfinished stays for a while."""
    waiting = ProjectReport.objects.owed().filter(
        project__manager__in=who.people,
        period__opens_on__lte=who.today,
        period__starts_on__gte=who.today - ASKED_OF_LATE,
    )
    for record in waiting.select_related("project", "period").prefetch_related("lock_exceptions"):
        yield entering_task(record, _called(record, who), noun="report", today=who.today)


def _own_challenges(who: Standing) -> Iterator[Task]:
    challenges = ReportChallenge.objects.filter(report__project__manager__in=who.people)
    challenges = challenges.select_related("report__project")
    return answering_tasks(challenges, "report", partial(_called, who=who), who.today)


def _board(who: Standing) -> Iterator[Task]:
    """Challenges escalated to the council's board that await its decision (framework E.1)."""
    challenges = ReportChallenge.objects.select_related("report__project")
    return dispute_tasks(who, challenges, "report", partial(_called, who=who, page="project-ruling"))


def _rounds(who: Standing) -> Iterator[Task]:
    """A task for each quarter with reports to check, and one with reports to ask for."""
    challenges = ReportChallenge.objects.filter(report=OuterRef("pk"))
    late = challenges.filter(state=ReportChallenge.State.OPEN, escalated_at__isnull=True, due_on__lt=who.today)
    in_state = {name: Q(state=name) for name in ("submitted", "challenged")}
    counted = (
        ProjectReport.objects.exclude(state=State.ACCEPTED)
        .filter(excused="", period__opens_on__lte=who.today)
        .annotate(
            is_answered=Exists(challenges.filter(state=ReportChallenge.State.ANSWERED)),
            with_board=Exists(ReportChallenge.objects.with_the_board().filter(report=OuterRef("pk"))),
            unanswered=Exists(late),
        )
        .order_by()
        .values("period")
        .annotate(
            waiting=Count("pk", filter=in_state["submitted"] & Q(with_board=False)),
            answered=Count("pk", filter=in_state["submitted"] & Q(with_board=False, is_answered=True)),
            asked=Count("pk", filter=in_state["challenged"] & Q(with_board=False)),
            board=Count("pk", filter=Q(with_board=True)),
            not_in=Count("pk", filter=Q(state__in=NOT_IN)),
            late=Count("pk", filter=Q(unanswered=True)),
        )
    )
    rounds = {row["period"]: row | {"check": row["waiting"]} for row in counted}
    for period in ReportingPeriod.objects.filter(pk__in=rounds):
        counts, address = rounds[period.pk], f"{reverse('quarter', args=[period.span])}#projects"
        if counts["check"]:
            yield check_task(period, counts, noun="project report", href=address, today=who.today)
        asks = who.today > period.due_on and period.starts_on >= who.today - ASKED_OF_LATE
        missing = counts["not_in"] if asks else 0
        if missing or counts["late"]:
            words = f"{count_of(missing, 'project report')} not in" if missing else ""
            yield missing_task(period, words, counts["late"], noun="project report", href=address, today=who.today)


def _revisions(who: Standing) -> Iterator[Task]:
    revisions = ReportRevision.objects.select_related("report__project", "proposed_by")
    calling = partial(_called, who=who)
    return revision_tasks(who, revisions, "report", calling, page="project-revision", noun=" of reports")


def _changes_to_record(who: Standing) -> list[Task]:
    """Changes of date somebody else asked for: what the board decided is to be recorded."""
    waiting = ChangeRequest.objects.filter(state=ChangeRequest.State.REQUESTED).exclude(requested_by__in=who.people)
    return [
        Task(
            title=f"Record what the board decided: {one.project}, {one}",
            href=reverse("project-change", args=[one.pk]),
            hint=f"Asked for by {one.requested_by.name} on {day(one.requested_at)}",
        )
        for one in waiting.select_related("project", "requested_by").order_by("requested_at")
    ]


def _lifted_locks(who: Standing) -> Iterator[Task]:
    lifted = ReportLockException.objects.filter(expires_on__gte=who.today, report__state__in=NOT_IN)
    lifted = lifted.select_related("report__project").order_by("expires_on")
    return lifted_tasks(lifted, "report", partial(_called, who=who))
