"""A project's report for a quarter: its status is its board's (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from actions.models.issued_reports import ToldOfProject
from actions.models.projects import Project, ProjectMilestone
from actions.models.updates import RAG_CHOICES, STATES
from actions.rules.colours import ActionRag
from hdcperf.history import TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, Quarter
from hdcperf.review.models import (
    AbstractAuthor,
    AbstractChallenge,
    AbstractFinding,
    AbstractLockException,
    AbstractMessage,
    AbstractRevision,
    ChallengeManager,
)
from hdcperf.workflow import Transition

HANDED_IN = Q(state__in=["submitted", "challenged", "accepted"])


class ProjectReportQuerySet(TrackedQuerySet["ProjectReport"]):
    def owed(self) -> ProjectReportQuerySet:
        """Not handed in yet, and still to be: a project closed before the quarter owes none."""
        return self.filter(state__in=[ProjectReport.State.NOT_STARTED, ProjectReport.State.DRAFT], excused="")


ProjectReportManager = models.Manager.from_queryset(ProjectReportQuerySet)


class ProjectReport(ToldOfProject):
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
    own_view = models.CharField("the officer's own view", max_length=12, choices=RAG_CHOICES, blank=True)
    own_view_why = models.TextField("why the officer sees it otherwise", blank=True)
    excused = models.TextField("why it is no longer owed", blank=True)

    history = tracked()
    objects = ProjectReportManager()

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
                condition=Q(status="") | Q(status__in=[value for value, _ in RAG_CHOICES]), name="report_status_known"
            ),
            models.CheckConstraint(
                condition=~HANDED_IN
                | ~Q(status="") & ~Q(board="") & Q(met_on__isnull=False) & ~Q(board_words="") & ~Q(progress=""),
                name="submitted_report_has_its_board_s_status",
            ),
            models.CheckConstraint(
                condition=~(HANDED_IN & Q(status__in=["amber", "red"]))
                | ~Q(recovery="") & ~Q(recovery_owner="") & Q(recovery_by__isnull=False),
                name="amber_and_red_projects_say_what_by_when_and_by_whom",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "period"], condition=~Q(state="accepted"), name="unfinished_reports"),
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

    @property
    def colour(self) -> ActionRag:
        """The status it stands at: *update awaited* until it is accepted."""
        return ActionRag(self.status) if self.is_accepted else ActionRag.AWAITED

    def is_late(self, today: date) -> bool:
        """Not with the Performance Team after the due date of its round."""
        owed = self.state in (self.State.NOT_STARTED, self.State.DRAFT) and not self.excused
        return owed and today > self.period.due_on


class ProjectReportTransition(Transition):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class ReportAuthor(AbstractAuthor):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="authors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="report_author_named_once")]


class ReachedMilestone(models.Model):
    """A milestone that a report says was reached. It takes effect when the report is accepted."""

    report = models.ForeignKey(ProjectReport, on_delete=models.CASCADE, related_name="reached")
    milestone = models.ForeignKey(ProjectMilestone, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("reached on")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["milestone__due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "milestone"], name="milestone_reached_once_a_report"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: reached"


# What every sign-off has, with this record's key


class ReportChallenge(AbstractChallenge):
    """A question about a project's report, or the report returned, saying what is missing."""

    class About(models.TextChoices):
        PROGRESS = "progress", "What was done and comes next"
        STATUS = "status", "The status and what will be done"
        RISKS = "risks", "The risks"
        MILESTONES = "milestones", "The milestones reached"
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
                violation_error_message="There is already an open challenge about this part of the report.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_reason_display()}"


class ReportChallengeMessage(AbstractMessage):
    challenge = models.ForeignKey(ReportChallenge, on_delete=models.PROTECT, related_name="messages")


class ReportFinding(AbstractFinding):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="findings")

    history = tracked()

    class Meta(AbstractFinding.Meta):
        constraints = [
            *AbstractFinding.Meta.constraints,
            models.UniqueConstraint(fields=["report", "code"], name="report_finding_answered_once"),
        ]


class ReportLockException(AbstractLockException):
    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="lock_exceptions")

    history = tracked()

    class Meta(AbstractLockException.Meta):
        pass


class ReportRevision(AbstractRevision):
    """A change to an accepted report: old and new status and words, signed off like the report."""

    report = models.ForeignKey(ProjectReport, on_delete=models.PROTECT, related_name="revisions")
    old_status = models.CharField("old status", max_length=12, choices=RAG_CHOICES)
    new_status = models.CharField("new status", max_length=12, choices=RAG_CHOICES)
    old_board = models.CharField("old board", max_length=200)
    new_board = models.CharField("new board", max_length=200)
    old_met_on = models.DateField("old date of the board's meeting")
    new_met_on = models.DateField("new date of the board's meeting")
    old_board_words = models.TextField("old words of the board")
    new_board_words = models.TextField("new words of the board")
    old_progress = models.TextField("old words on what was done")
    new_progress = models.TextField("new words on what was done")
    old_risks = models.TextField("old words on risks", blank=True)
    new_risks = models.TextField("new words on risks", blank=True)
    old_recovery = models.TextField("old words on what will be done", blank=True)
    new_recovery = models.TextField("new words on what will be done", blank=True)
    old_recovery_by = models.DateField("old date for it", null=True, blank=True)
    new_recovery_by = models.DateField("new date for it", null=True, blank=True)
    old_recovery_owner = models.CharField("old owner of it", max_length=200, blank=True)
    new_recovery_owner = models.CharField("new owner of it", max_length=200, blank=True)

    history = tracked()

    class Meta(AbstractRevision.Meta):
        constraints = [
            *AbstractRevision.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state="proposed"),
                name="one_revision_of_a_report_at_a_time",
                violation_error_message="A revision of this report is already waiting to be decided.",
            ),
            models.CheckConstraint(
                condition=~Q(new_status__in=["amber", "red"])
                | ~Q(new_recovery="") & ~Q(new_recovery_owner="") & Q(new_recovery_by__isnull=False),
                name="project_revised_to_amber_or_red_says_what_will_be_done",
            ),
        ]

    @property
    def scope(self) -> Scope:
        return self.report.scope


class ReportRevisionTransition(Transition):
    revision = models.ForeignKey(ReportRevision, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]
