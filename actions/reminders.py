"""What people are reminded of about actions and projects, and told at once (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from django.urls import reverse

from actions.models import (
    ActionUpdate,
    ActionYear,
    Challenge,
    ChallengeMessage,
    Project,
    ProjectReport,
    ReportChallenge,
    ReportChallengeMessage,
    ReportRevisionTransition,
    RevisionTransition,
)
from actions.queries.home_tasks import ASKED_OF_LATE
from actions.rules.guidelines import GUIDELINES, REPORT_GUIDELINES
from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.reminders.handover import Gone, gone_since
from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece
from hdcperf.review.moves import disputed
from hdcperf.review.reminding import CHECKING, Reminded, to_check
from hdcperf.ui import count_of

__all__ = ["KINDS", "NOTICES"]

ANSWERING = (
    "Add what is missing, or correct it beside the question.",
    "If it is right as it is, say why. Either side can ask the board to decide.",
)

UPDATE: Reminded[ActionUpdate] = Reminded(
    noun="update",
    link="update",
    called=lambda record: f"the {record.span} update of {record.action_year.code} {record.action_year.title}",
    href=lambda record: reverse("action-update", args=[record.span, record.action_year.code]),
    actors=lambda record: frozenset({record.action_year.responsible_id}),
    service=lambda record: record.action_year.service_id,
)

REPORT: Reminded[ProjectReport] = Reminded(
    noun="report",
    link="report",
    called=lambda record: f"the {record.span} report of {record.project}",
    href=lambda record: reverse("project-report", args=[record.span, record.project.code]),
    actors=lambda record: frozenset({record.project.manager_id}),
    service=lambda record: record.project.service_id,
)


def _updates(ids: Iterable[int]) -> list[ActionUpdate]:
    return list(ActionUpdate.objects.filter(pk__in=set(ids)).select_related("action_year"))


def _reports(ids: Iterable[int]) -> list[ProjectReport]:
    return list(ProjectReport.objects.filter(pk__in=set(ids)).select_related("project"))


# Open work


def open_updates(today: date) -> Iterator[Piece]:
    """Every update of an open quarter, and of one that locked lately, that is not in; two queries."""
    rows = ActionUpdate.objects.owed().filter(
        period__opened_at__isnull=False,
        period__opens_on__lte=today,
        period__starts_on__gte=today - ASKED_OF_LATE,
    )
    rows = rows.select_related("action_year", "period").prefetch_related("lock_exceptions")
    return UPDATE.to_enter(rows, today)


def open_reports(today: date) -> Iterator[Piece]:
    """Every project's report of an open quarter, and of one that locked lately, that is not in; two queries."""
    rows = ProjectReport.objects.owed().filter(
        period__opened_at__isnull=False,
        period__opens_on__lte=today,
        period__starts_on__gte=today - ASKED_OF_LATE,
    )
    rows = rows.select_related("project", "period").prefetch_related("lock_exceptions")
    return REPORT.to_enter(rows, today)


def update_challenges(today: date) -> Iterator[Piece]:
    return UPDATE.to_answer(Challenge.objects.all(), _updates)


def report_challenges(today: date) -> Iterator[Piece]:
    return REPORT.to_answer(ReportChallenge.objects.all(), _reports)


def updates_to_check(today: date) -> Iterator[Piece]:
    rows = ActionUpdate.objects.filter(excused="", period__starts_on__gte=today - ASKED_OF_LATE)
    rows = rows.exclude(pk__in=disputed(ActionUpdate.objects.all(), Challenge, "update").values("pk"))
    return to_check(rows, "action update", "check-updates", lambda one: reverse("quarter", args=[one.span]), today)


def reports_to_check(today: date) -> Iterator[Piece]:
    rows = ProjectReport.objects.filter(excused="", period__starts_on__gte=today - ASKED_OF_LATE)
    rows = rows.exclude(pk__in=disputed(ProjectReport.objects.all(), ReportChallenge, "report").values("pk"))
    href = "#projects"
    return to_check(
        rows, "project report", "check-reports", lambda one: reverse("quarter", args=[one.span]) + href, today
    )


def updates_late_before(since: date, today: date) -> Mapping[int, int]:
    rows = ActionUpdate.objects.filter(excused="", period__due_on__gte=since, period__due_on__lt=today).order_by()
    return UPDATE.late_before(rows, _responsible, today)


def _responsible(ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    rows = ActionUpdate.objects.filter(pk__in=list(ids)).values_list("pk", "action_year__responsible")
    return {pk: frozenset({person}) for pk, person in rows}


def reports_late_before(since: date, today: date) -> Mapping[int, int]:
    rows = ProjectReport.objects.filter(excused="", period__due_on__gte=since, period__due_on__lt=today).order_by()
    return REPORT.late_before(rows, _managers, today)


def _managers(ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    rows = ProjectReport.objects.filter(pk__in=list(ids)).values_list("pk", "project__manager")
    return {pk: frozenset({person}) for pk, person in rows}


KINDS = (
    Kind(
        code="action-update",
        one="action update",
        many="action updates",
        open_work=open_updates,
        missed="the quarter locks without your update. The action is then reported as “update awaited”, and your "
        "service manager and head of service are told.",
        guidelines=tuple(GUIDELINES.values()),
        requested=True,
        late_before=updates_late_before,
    ),
    Kind(
        code="project-report",
        one="project report",
        many="project reports",
        open_work=open_reports,
        missed="the quarter locks without your report. The project is then reported as “update awaited”, and your "
        "service manager and head of service are told.",
        guidelines=tuple(REPORT_GUIDELINES.values()),
        requested=True,
        late_before=reports_late_before,
    ),
    Kind(
        code="update-challenge",
        one="question about an action to answer",
        many="questions about actions to answer",
        open_work=update_challenges,
        missed="the update cannot be accepted, and a question that is old when the quarter locks goes to the board.",
        guidelines=ANSWERING,
        told_at_once=True,
    ),
    Kind(
        code="report-challenge",
        one="question about a project to answer",
        many="questions about projects to answer",
        open_work=report_challenges,
        missed="the report cannot be accepted, and a question that is old when the quarter locks goes to the board.",
        guidelines=ANSWERING,
        told_at_once=True,
    ),
    Kind(
        code="updates-to-check",
        one="quarter of action updates to check",
        many="quarters of action updates to check",
        open_work=updates_to_check,
        missed="the quarter locks with updates that nobody accepted, and its actions stand at “update awaited”.",
        guidelines=CHECKING,
    ),
    Kind(
        code="reports-to-check",
        one="quarter of project reports to check",
        many="quarters of project reports to check",
        open_work=reports_to_check,
        missed="the quarter locks with reports that nobody accepted, and its projects stand at “update awaited”.",
        guidelines=CHECKING,
    ),
)


# Told at once


def _update_dialogue(moment: datetime) -> Iterator[Notice]:
    return UPDATE.dialogue(ChallengeMessage.objects.all(), moment, _updates)


def _report_dialogue(moment: datetime) -> Iterator[Notice]:
    return REPORT.dialogue(ReportChallengeMessage.objects.all(), moment, _reports)


def _update_revisions(moment: datetime) -> Iterator[Notice]:
    rows = RevisionTransition.objects.all()
    return UPDATE.revisions(rows, moment, _updates, lambda one: reverse("action-revision", args=[one.pk]))


def _report_revisions(moment: datetime) -> Iterator[Notice]:
    rows = ReportRevisionTransition.objects.all()
    return REPORT.revisions(rows, moment, _reports, lambda one: reverse("project-revision", args=[one.pk]))


def _left_behind(moment: datetime) -> Iterator[Notice]:
    """The actions and projects of somebody who left, to their service's manager: another officer must be named."""
    left = {one.person: one for one in gone_since(moment) if one.has_left}
    if not left:
        return
    year = Month.from_date(clock.today()).financial_year.start_year
    actions = ActionYear.objects.adopted().filter(
        plan_year__year=year, responsible__in=list(left), action__ended_on__isnull=True
    )
    projects = Project.objects.filter(manager__in=list(left), closed_on__isnull=True)
    held: dict[tuple[int, int], list[str]] = {}
    for one in actions.order_by("code_key"):
        held.setdefault((one.responsible_id, one.service_id), []).append(f"{one.code} {one.title}")
    for project in projects.order_by("code_key"):
        held.setdefault((project.manager_id, project.service_id), []).append(str(project))
    for (person, service), names in held.items():
        yield _left_with_manager(left[person], service, names)


def _left_with_manager(gone: Gone, service: int, names: list[str]) -> Notice:
    return Notice(
        subject=f"{gone.subject}-service-{service}",
        on=gone.on,
        title=f"{gone.words}: {count_of(len(names), 'action or project', 'actions and projects')} without an officer",
        href=reverse("action-list"),
        recipients=frozenset({gone.person}),
        service=service,
        words=f"Ask the Performance Team to name another officer for {'; '.join(names)}.",
    )


NOTICES = (
    NoticeSource("update-dialogue", "A question about an update is asked, answered or decided", _update_dialogue),
    NoticeSource("report-dialogue", "A question about a project is asked, answered or decided", _report_dialogue),
    NoticeSource("update-revision", "A revision of an update waits, or was declined", _update_revisions),
    NoticeSource("report-revision", "A revision of a report waits, or was declined", _report_revisions),
    NoticeSource("actions-left", "An officer left with actions or projects", _left_behind),
)
