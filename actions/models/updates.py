"""The quarterly update of an action: what was done, its RAG and its impact (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from actions.models.actions import Action, ActionYear, Milestone
from actions.rules.colours import ActionRag
from hdcperf.history import AppendOnlyModel, TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month, Quarter
from hdcperf.review.models import AbstractAuthor
from hdcperf.workflow import Transition

WORDS_LENGTH = 4000
"""Characters a part of an update can hold; said in the hint and in the error, never cut."""

STATES = ["not_started", "draft", "submitted", "challenged", "accepted"]
RAG_CHOICES = [(one.value, one.label) for one in ActionRag.chosen()]


class Told(models.Model):
    """What an update says: entered on the update, and copied when it is issued."""

    done = models.TextField("what was done", blank=True)
    rag = models.CharField("RAG", max_length=12, choices=RAG_CHOICES, blank=True)
    rag_reason = models.TextField("why the colour moved", blank=True)
    impact = models.TextField("what difference it made", blank=True)
    recovery = models.TextField("what will be done", blank=True)
    recovery_by = models.DateField("by when", null=True, blank=True)
    recovery_owner = models.CharField("by whom", max_length=200, blank=True)
    achieved = models.TextField("what was achieved", blank=True)
    # Frozen when the update is accepted: what it was read beside.
    rag_before = models.CharField("RAG the quarter before", max_length=12, blank=True)
    due_on = models.DateField("action due on", null=True, blank=True)
    next_milestone = models.CharField("next milestone", max_length=200, blank=True)
    next_milestone_on = models.DateField("next milestone due on", null=True, blank=True)

    class Meta:
        abstract = True


class ActionUpdateQuerySet(TrackedQuerySet["ActionUpdate"]):
    def owed(self) -> ActionUpdateQuerySet:
        """Not handed in yet, and still to be: an action that ended by decision owes none."""
        return self.filter(state__in=[ActionUpdate.State.NOT_STARTED, ActionUpdate.State.DRAFT], excused="")


ActionUpdateManager = models.Manager.from_queryset(ActionUpdateQuerySet)


class ActionUpdate(Told):
    """One action's update for a quarter. Locked, escalated, disputed and late are facts beside its state."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        CHALLENGED = "challenged", "Challenged"
        ACCEPTED = "accepted", "Accepted"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    action_year = models.ForeignKey(ActionYear, on_delete=models.PROTECT, related_name="updates")
    quarter = models.DateField("first day of the quarter")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="action_updates")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    new_due_on = models.DateField("the action's new due date", null=True, blank=True)
    new_due_reason = models.TextField("why the action's date moves", blank=True)
    internal_note = models.TextField(blank=True)
    excused = models.TextField("why it is no longer owed", blank=True)

    history = tracked()
    objects = ActionUpdateManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-quarter", "action_year__code_key"]
        constraints = [
            models.UniqueConstraint(fields=["action", "quarter"], name="one_update_for_an_action_and_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="update_is_for_a_quarter"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="update_state_known"),
            models.CheckConstraint(
                condition=Q(rag="") | Q(rag__in=[value for value, _ in RAG_CHOICES]), name="update_rag_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "challenged", "accepted"]) | ~Q(rag="") & ~Q(done=""),
                name="submitted_update_says_what_was_done_and_its_colour",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "challenged", "accepted"], rag__in=["amber", "red"])
                | ~Q(recovery="") & ~Q(recovery_owner="") & Q(recovery_by__isnull=False),
                name="amber_and_red_say_what_by_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "challenged", "accepted"], rag="completed", achieved=""),
                name="completed_says_what_was_achieved",
            ),
            models.CheckConstraint(
                condition=Q(new_due_on__isnull=True, new_due_reason="")
                | Q(new_due_on__isnull=False) & ~Q(new_due_reason="")
                | Q(state__in=["not_started", "draft"]),
                name="a_moved_due_date_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "period"], condition=~Q(state="accepted"), name="unfinished_updates"),
        ]

    def __str__(self) -> str:
        return f"{self.action_year.code} {self.span}"

    @property
    def span(self) -> Quarter:
        """The quarter the update is about."""
        return Month.from_date(self.quarter).quarter

    @property
    def scope(self) -> Scope:
        return self.action_year.scope

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def colour(self) -> ActionRag:
        """The colour it stands at: *update awaited* until it is accepted."""
        return ActionRag(self.rag) if self.is_accepted else ActionRag.AWAITED

    def is_late(self, today: date) -> bool:
        """Not with the Performance Team after the due date of its round."""
        owed = self.state in (self.State.NOT_STARTED, self.State.DRAFT) and not self.excused
        return owed and today > self.period.due_on


class ActionUpdateTransition(Transition):
    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class UpdateAuthor(AbstractAuthor):
    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="authors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "user"], name="update_author_named_once")]


class MilestoneReport(models.Model):
    """What an update says of one milestone: reached, still due, moved, or a new one. Applied when it is accepted."""

    class Outcome(models.TextChoices):
        DUE = "due", "Still due on its date"
        REACHED = "reached", "Reached"
        MOVED = "moved", "Its date moves"
        NEW = "new", "A new milestone"

    update = models.ForeignKey(ActionUpdate, on_delete=models.CASCADE, related_name="milestone_reports")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="reports", null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    name = models.CharField(max_length=200, blank=True)
    on = models.DateField("reached on, or the new date", null=True, blank=True)
    reason = models.TextField("why the date moves", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["update", "milestone"],
                condition=Q(milestone__isnull=False),
                name="milestone_reported_once_an_update",
            ),
            models.CheckConstraint(
                condition=Q(outcome="new", milestone__isnull=True)
                | ~Q(outcome="new") & Q(milestone__isnull=False, name=""),
                name="only_a_new_milestone_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.milestone}: {self.get_outcome_display()}"


class DateChange(AppendOnlyModel):
    """A date that moved: the old one stays, struck through beside the new, with its reason."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="date_changes")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, related_name="date_changes", null=True, blank=True
    )
    update = models.ForeignKey(
        ActionUpdate, on_delete=models.PROTECT, related_name="date_changes", null=True, blank=True
    )
    old_on = models.DateField()
    new_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_moved_date_has_its_reason")]

    def __str__(self) -> str:
        return f"{self.old_on:%-d %B %Y} to {self.new_on:%-d %B %Y}"


class IssuedUpdate(Told, AppendOnlyModel):
    """An update as it went into an issued pack, pushed down by ``reports``: what scrutiny and the public may see."""

    class Audience(models.TextChoices):
        PANEL = "panel", "Issued to the panel"
        PUBLIC = "public", "Published"

    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="issued")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    pack = models.CharField(max_length=200)
    issued_on = models.DateField()

    class Meta:
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "audience", "pack"], name="update_issued_once_a_pack"),
        ]

    def __str__(self) -> str:
        return f"{self.update} in {self.pack}"
