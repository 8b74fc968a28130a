"""Projects: registered, reported each quarter, their status set by their board (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from actions.models.actions import Action
from actions.models.updates import RAG_CHOICES, STATES
from hdcperf.codes import code_key
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, ReportingPeriod, Service, User
from hdcperf.periods import Month, Quarter
from hdcperf.review.models import (
    AbstractAuthor,
    AbstractChallenge,
    AbstractLockException,
    AbstractMessage,
    ChallengeManager,
)
from hdcperf.workflow import Transition


class Project(models.Model):
    """A project with its purpose, people, board and dates. Its dates move only by an approved change request."""

    code = models.CharField(max_length=20)
    code_key = models.CharField(max_length=80, editable=False, unique=True)
    name = models.CharField(max_length=200)
    purpose = models.TextField(max_length=1000)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="projects")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="projects")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="projects")
    sponsor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="projects_sponsored")
    manager = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="projects_managed", verbose_name="project manager"
    )
    board = models.CharField("board that sets its status", max_length=200)
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on")
    closed_on = models.DateField("closed on", null=True, blank=True)
    closed_why = models.TextField("how it closed", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["code_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="project_ends_after_it_starts",
                violation_error_message="A project cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_why="") | Q(closed_on__isnull=False) & ~Q(closed_why=""),
                name="a_closed_project_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.code_key = code_key(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def scope(self) -> Scope:
        return Scope(service=self.service_id, directorate=self.service.directorate_id, portfolio=self.portfolio_id)


class ProjectAction(models.Model):
    """An action a project serves."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="serves")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="projects")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["project", "action"], name="project_serves_an_action_once")]

    def __str__(self) -> str:
        return f"{self.project}: {self.action}"


class ProjectMilestone(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    name = models.CharField(max_length=200)
    due_on = models.DateField("due on")
    reached_on = models.DateField("reached on", null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="project_milestone_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ChangeRequest(models.Model):
    """A request to move a project's date: the board decides, an officer records it, and the old date is kept."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="change_requests")
    milestone = models.ForeignKey(
        ProjectMilestone, on_delete=models.PROTECT, related_name="change_requests", null=True, blank=True
    )
    old_on = models.DateField("date now")
    new_on = models.DateField("date asked for")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    met_on = models.DateField("date of the board's meeting", null=True, blank=True)
    decision = models.TextField("what the board decided", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["requested", "approved", "declined", "withdrawn"]),
                name="change_request_state_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="change_request_says_why"),
            models.CheckConstraint(
                condition=~Q(new_on=F("old_on")),
                name="change_request_moves_the_date",
                violation_error_message="This is the date it has now.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"]) | Q(met_on__isnull=False) & ~Q(decision=""),
                name="a_decided_change_says_when_and_what",
            ),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state="requested", milestone__isnull=False),
                name="one_change_of_a_milestone_asked_for_at_a_time",
                violation_error_message="A change of this date is already waiting for the board.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state="requested", milestone__isnull=True),
                name="one_change_of_the_end_asked_for_at_a_time",
                violation_error_message="A change of this date is already waiting for the board.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_on:%-d %B %Y} to {self.new_on:%-d %B %Y}"

    @property
    def scope(self) -> Scope:
        return self.project.scope


class ChangeRequestTransition(Transition):
    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class ProjectReport(models.Model):
    """A project's report for a quarter. The status is its board's, with the meeting that set it."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        CHALLENGED = "challenged", "Challenged"
        ACCEPTED = "accepted", "Accepted"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    quarter = models.DateField("first day of the quarter")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="project_reports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField("status set by its board", max_length=12, choices=RAG_CHOICES, blank=True)
    met_on = models.DateField("date the board set it", null=True, blank=True)
    board_words = models.TextField("what the board said", blank=True)
    progress = models.TextField("progress this quarter", blank=True)
    next_steps = models.TextField("next steps, with dates", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-quarter", "project__code_key"]
        constraints = [
            models.UniqueConstraint(fields=["project", "quarter"], name="one_report_for_a_project_and_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="report_is_for_a_quarter"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="report_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "challenged", "accepted"])
                | ~Q(status="") & Q(met_on__isnull=False) & ~Q(progress=""),
                name="submitted_report_has_its_board_s_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code} {self.span}"

    @property
    def span(self) -> Quarter:
        return Month.from_date(self.quarter).quarter

    @property
    def scope(self) -> Scope:
        return self.project.scope

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED


class ProjectReportTransition(Transition):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class ReportAuthor(AbstractAuthor):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="authors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="report_author_named_once")]


class ReportChallenge(AbstractChallenge):
    """A question about a project's report, or the report returned, saying what is missing."""

    class About(models.TextChoices):
        WHOLE = "whole", "The whole report"

    class Reason(models.TextChoices):
        MISSING = "missing", "Something is missing"
        DOES_NOT_MATCH = "does_not_match", "The words do not match the status"
        UNCLEAR = "unclear", "The words are not clear"
        LOOKS_WRONG = "looks_wrong", "A fact looks wrong"
        OTHER = "other", "Something else"

    about = models.CharField(max_length=12, choices=About.choices, default=About.WHOLE)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="challenges")

    history = tracked()
    objects = ChallengeManager()

    class Meta(AbstractChallenge.Meta):
        constraints = [
            *AbstractChallenge.Meta.constraints,
            models.UniqueConstraint(
                fields=["report", "about"],
                condition=~Q(state="closed"),
                name="one_open_challenge_about_a_report",
                violation_error_message="There is already an open challenge about this report.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_reason_display()}"


class ReportChallengeMessage(AbstractMessage):
    challenge = models.ForeignKey(ReportChallenge, on_delete=models.PROTECT, related_name="messages")

    def __str__(self) -> str:
        return self.words


class ReportLockException(AbstractLockException):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="lock_exceptions")

    history = tracked()

    class Meta(AbstractLockException.Meta):
        pass
