"""Projects, what they serve, and the changes of their dates that their boards decide (framework, *Quarterly
Reporting*)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from actions.models.actions import Action
from hdcperf.codes import code_key
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.workflow import Transition


class Project(models.Model):
    """A project with its purpose, people, board and dates. Its dates move only by an approved change request."""

    class End(models.TextChoices):
        COMPLETED = "completed", "Completed"
        STOPPED = "stopped", "Stopped before it was done"

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
    closed_how = models.CharField("how it ended", max_length=10, choices=End.choices, blank=True)
    closed_why = models.TextField("what came of it", blank=True)
    version = models.PositiveIntegerField(default=1)

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
                condition=Q(closed_on__isnull=True, closed_how="", closed_why="")
                | Q(closed_on__isnull=False, closed_how__in=["completed", "stopped"]) & ~Q(closed_why=""),
                name="a_closed_project_says_how",
                violation_error_message="Say when and how the project ended, and what came of it.",
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

    def is_closed(self, today: date) -> bool:
        return self.closed_on is not None and self.closed_on <= today


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
            models.UniqueConstraint(
                fields=["project", "name"],
                name="project_milestone_named_once",
                violation_error_message="The project already has a milestone of this name.",
            ),
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
