"""Projects, their reports and changes of their dates, invented and looking it. Every row is saved, with its history.

A report's traits put it in a state: ``ProjectReportFactory(submitted=True)``. A status that is amber or red brings
its recovery.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from actions.models import (
    ChangeRequest,
    Project,
    ProjectMilestone,
    ProjectReport,
    ProjectReportTransition,
    ReportAuthor,
    ReportChallenge,
    ReportLockException,
    ReportRevision,
)
from actions.rules.colours import ActionRag
from hdcperf.organisation.models import User
from tests.factories.actions import Q2, RAISED_AT, round_of_quarter
from tests.factories.organisation import OutcomeFactory, PortfolioFactory, ServiceFactory, UserFactory

__all__ = [
    "ChangeRequestFactory",
    "ProjectFactory",
    "ProjectMilestoneFactory",
    "ProjectReportFactory",
    "ReportChallengeFactory",
    "ReportLockExceptionFactory",
    "ReportRevisionFactory",
]

State = ProjectReport.State


class ProjectFactory(DjangoModelFactory[Project]):
    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"PR {n + 1}")
    name = factory.Sequence(lambda n: f"Example project {n + 1}")
    purpose = "Shows how a project is reported."
    outcome = factory.SubFactory(OutcomeFactory)
    service = factory.SubFactory(ServiceFactory)
    portfolio = factory.SubFactory(PortfolioFactory)
    sponsor = factory.SubFactory(UserFactory)
    manager = factory.SubFactory(UserFactory)
    board = "Example Programme Board"
    starts_on = date(2026, 4, 1)
    ends_on = date(2027, 3, 31)


class ProjectMilestoneFactory(DjangoModelFactory[ProjectMilestone]):
    class Meta:
        model = ProjectMilestone

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Example stage {n + 1}")
    due_on = date(2026, 12, 18)


class ChangeRequestFactory(DjangoModelFactory[ChangeRequest]):
    """A change of the project's end that waits for its board. Traits: ``approved``, ``declined``, ``withdrawn``.

    ``approved`` moves no date: the operation does.
    """

    class Meta:
        model = ChangeRequest

    class Params:
        decided = factory.Trait(met_on=date(2026, 10, 20), decision="Agreed as asked.")
        approved = factory.Trait(state=ChangeRequest.State.APPROVED, decided=True)
        declined = factory.Trait(state=ChangeRequest.State.DECLINED, decided=True)
        withdrawn = factory.Trait(state=ChangeRequest.State.WITHDRAWN)

    project = factory.SubFactory(ProjectFactory)
    old_on = factory.LazyAttribute(lambda row: row.milestone.due_on if row.milestone else row.project.ends_on)
    milestone = None
    new_on = date(2027, 6, 30)
    reason = "The contractor starts a season later."
    requested_by = factory.SelfAttribute("project.manager")
    requested_at = RAISED_AT


class ProjectReportFactory(DjangoModelFactory[ProjectReport]):
    """The report of Q2 2026/27, not started. Traits: ``draft``, ``submitted``, ``challenged``, ``accepted``.

    ``submitted_by`` and ``accepted_by`` are named in the transitions and as author; somebody new unless given.
    """

    class Meta:
        model = ProjectReport

    class Params:
        span = Q2
        draft = factory.Trait(state=State.DRAFT)
        submitted = factory.Trait(state=State.SUBMITTED)
        challenged = factory.Trait(state=State.CHALLENGED)
        accepted = factory.Trait(state=State.ACCEPTED)

    project = factory.SubFactory(ProjectFactory)
    quarter = factory.LazyAttribute(lambda row: row.span.first_day)
    period = factory.LazyAttribute(lambda row: round_of_quarter(row.span))
    state = State.NOT_STARTED
    status = factory.LazyAttribute(lambda row: _unless_new(row, ActionRag.GREEN.value))
    board = factory.LazyAttribute(lambda row: _unless_new(row, row.project.board))
    met_on = factory.LazyAttribute(lambda row: None if row.state == State.NOT_STARTED else row.span.last_day)
    board_words = factory.LazyAttribute(lambda row: _unless_new(row, "On course; report again next quarter."))
    progress = factory.LazyAttribute(lambda row: _unless_new(row, f"Twelve examples were built during {row.span}."))
    risks = factory.LazyAttribute(lambda row: _unless_new(row, "The price of timber may rise by a tenth."))
    next_steps = factory.LazyAttribute(lambda row: _unless_new(row, "The roof is next, by Christmas."))
    recovery = factory.LazyAttribute(lambda row: "A second crew starts." if row.status in ("amber", "red") else "")
    recovery_by = factory.LazyAttribute(lambda row: date(2026, 12, 1) if row.status in ("amber", "red") else None)
    recovery_owner = factory.LazyAttribute(lambda row: "Example manager" if row.status in ("amber", "red") else "")

    @classmethod
    def _create(cls, model_class: type[ProjectReport], *args: Any, **kwargs: Any) -> ProjectReport:
        submitted_by, accepted_by = kwargs.pop("submitted_by", None), kwargs.pop("accepted_by", None)
        record = model_class(**kwargs)
        record.save()
        _lived_through(record, submitted_by, accepted_by)
        return record


def _unless_new(row: Any, words: str) -> str:
    return "" if row.state == State.NOT_STARTED else words


def _lived_through(record: ProjectReport, submitted_by: User | None, accepted_by: User | None) -> None:
    """The author and the transitions that lead to the state the report is in."""
    path = [("draft", State.DRAFT), ("submit", State.SUBMITTED)]
    path += {
        State.CHALLENGED.value: [("challenge", State.CHALLENGED)],
        State.ACCEPTED.value: [("accept", State.ACCEPTED)],
    }.get(str(record.state), [])
    states = [target.value for _, target in path]
    if record.state not in states:
        return
    author = submitted_by or record.project.manager
    ReportAuthor.objects.create(report=record, user=author)
    before = State.NOT_STARTED.value
    for name, target in path[: states.index(str(record.state)) + 1]:
        by = author if name in ("draft", "submit") else accepted_by or UserFactory()
        ProjectReportTransition.objects.create(
            report=record,
            move=name,
            from_state=before,
            to_state=target.value,
            by=by,
            by_name=by.name,
            at=RAISED_AT,
        )
        before = target.value


class ReportChallengeFactory(DjangoModelFactory[ReportChallenge]):
    """An open challenge about the risks of a challenged report. Traits: ``escalated``, ``answered``."""

    class Meta:
        model = ReportChallenge

    class Params:
        answered = factory.Trait(state=ReportChallenge.State.ANSWERED)
        escalated = factory.Trait(escalated_at=RAISED_AT, escalation_reason="The two sides did not agree.")

    report = factory.SubFactory(ProjectReportFactory, challenged=True)
    about = ReportChallenge.About.RISKS
    reason = ReportChallenge.Reason.UNCLEAR
    question = "What would a dearer roof mean for the date?"
    raised_by = factory.SubFactory(UserFactory)
    raised_at = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    due_on = date(2026, 10, 8)


class ReportLockExceptionFactory(DjangoModelFactory[ReportLockException]):
    class Meta:
        model = ReportLockException

    report = factory.SubFactory(ProjectReportFactory)
    reason = "The board met late."
    asked_by = "Example Service"
    granted_by = factory.SubFactory(UserFactory)
    granted_at = RAISED_AT
    expires_on = date(2026, 11, 30)


class ReportRevisionFactory(DjangoModelFactory[ReportRevision]):
    """A proposed correction of an accepted report: its words, with the status left as it is."""

    class Meta:
        model = ReportRevision

    report = factory.SubFactory(ProjectReportFactory, accepted=True)
    kind = ReportRevision.Kind.CORRECTION
    reason = "One example was counted twice."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = RAISED_AT
    old_status = factory.SelfAttribute("report.status")
    new_status = factory.SelfAttribute("old_status")
    old_board = factory.SelfAttribute("report.board")
    new_board = factory.SelfAttribute("old_board")
    old_met_on = factory.SelfAttribute("report.met_on")
    new_met_on = factory.SelfAttribute("old_met_on")
    old_board_words = factory.SelfAttribute("report.board_words")
    new_board_words = factory.SelfAttribute("old_board_words")
    old_progress = factory.SelfAttribute("report.progress")
    new_progress = "Eleven examples were built during the quarter."
    old_risks = factory.SelfAttribute("report.risks")
    new_risks = factory.SelfAttribute("old_risks")
