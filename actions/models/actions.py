"""Actions: the permanent identity, and what an action is in one year's set (framework, *Our Plans*)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from actions.models.plan import PlanYear
from hdcperf.codes import code_key
from hdcperf.control import Control
from hdcperf.history import TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.review.models import paired


class Action(models.Model):
    """The permanent identity of an action. Codes are renumbered between years, so identity is never the code."""

    class End(models.TextChoices):
        COMPLETED = "completed", "Completed"
        DROPPED = "dropped", "Dropped"

    reference = models.SlugField(
        max_length=60, unique=True, help_text="Kept for life and never re-used, for example warm-homes."
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_how = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_why = models.TextField(blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_how="", ended_why="")
                | Q(ended_on__isnull=False, ended_how__in=["completed", "dropped"]) & ~Q(ended_why=""),
                name="an_ended_action_says_how_and_why",
                violation_error_message="Say when, how and why the action ended.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


IN_THE_SET = ("new", "carry", "amend")
"""The proposals that put an action into the year: those completed or dropped are listed but are not of it."""


class ActionYearQuerySet(TrackedQuerySet["ActionYear"]):
    def in_the_set(self) -> ActionYearQuerySet:
        """The actions the year has."""
        return self.filter(proposal__in=IN_THE_SET)

    def adopted(self) -> ActionYearQuerySet:
        """The actions of years that are the plan."""
        return self.in_the_set().filter(plan_year__state=PlanYear.State.ADOPTED)


ActionYearManager = models.Manager.from_queryset(ActionYearQuerySet)


class ActionYear(models.Model):
    """An action as it is in one year's set: code, wording, people and dates; and what the refresh proposed for it."""

    class Proposal(models.TextChoices):
        NEW = "new", "New"
        CARRY = "carry", "Carried forward"
        AMEND = "amend", "Amended"
        COMPLETE = "complete", "Completed, so not in the new year"
        DROP = "drop", "Dropped"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="years")
    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="actions")
    code = models.CharField(max_length=20)
    code_key = models.CharField(max_length=80, editable=False)
    title = models.CharField(max_length=120, help_text="A few words people know it by.")
    wording = models.TextField("wording in the plan", max_length=1000)
    success = models.TextField("how we will know it made a difference", max_length=1000, blank=True)
    control = models.CharField(
        "Do, Enable or Influence", max_length=10, choices=[(one.value, one.label) for one in Control]
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="action_years")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="action_years")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="action_years")
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="actions_responsible_for", verbose_name="responsible officer"
    )
    starts_on = models.DateField("starts on")
    due_on = models.DateField("due on")
    mtfs_line = models.CharField(
        "line of the Medium-Term Financial Strategy",
        max_length=200,
        blank=True,
        help_text="The line that funds it, or that it needs no money of its own.",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The action this one is a part of.",
    )
    proposal = models.CharField(
        "what the refresh proposes", max_length=10, choices=Proposal.choices, default=Proposal.NEW
    )
    proposal_reason = models.TextField("why", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = ActionYearManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-plan_year__year", "code_key"]
        verbose_name = "action in a year"
        verbose_name_plural = "actions by year"
        constraints = [
            models.UniqueConstraint(fields=["action", "plan_year"], name="action_has_one_set_of_facts_a_year"),
            # Codes are given out again: one that was completed or dropped does not keep its code from a new one.
            models.UniqueConstraint(
                fields=["plan_year", "code_key"],
                condition=Q(proposal__in=["new", "carry", "amend"]),
                name="code_means_one_action_in_a_year",
                violation_error_message="Another action has this code in this year.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),
                name="action_is_due_after_it_starts",
                violation_error_message="The due date is before the start date.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="action_is_not_a_part_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(control__in=[one.value for one in Control]), name="action_control_known"
            ),
            models.CheckConstraint(
                condition=Q(proposal__in=["new", "carry"]) | ~Q(proposal_reason=""),
                name="a_change_to_the_set_says_why",
                violation_error_message="Say why the action is amended, completed or dropped.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title} ({self.plan_year.financial_year})"

    def save(self, *args: object, **kwargs: object) -> None:
        # The look-up key is a function of the code, kept as a column so the database can hold it unique.
        self.code_key = code_key(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """Its code and title, as people say it."""
        return f"{self.code} {self.title}"

    @property
    def scope(self) -> Scope:
        """Where the action belongs, for access. Select ``service`` with it."""
        return Scope(service=self.service_id, directorate=self.service.directorate_id, portfolio=self.portfolio_id)

    @property
    def is_in_the_set(self) -> bool:
        return self.proposal in IN_THE_SET


class MilestoneQuerySet(TrackedQuerySet["Milestone"]):
    def planned(self) -> MilestoneQuerySet:
        """Those the plan still has, reached or not."""
        return self.filter(left_out_on__isnull=True)


MilestoneManager = models.Manager.from_queryset(MilestoneQuerySet)


class Milestone(models.Model):
    """A dated step of an action. It belongs to the action for life: a slip is seen across years."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="milestones")
    name = models.CharField(max_length=200)
    due_on = models.DateField("due on")
    reached_on = models.DateField("reached on", null=True, blank=True)
    left_out_on = models.DateField(
        "no longer planned since", null=True, blank=True, help_text="The day a refresh of the plan left it out."
    )

    history = tracked()
    objects = MilestoneManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "name"],
                name="milestone_named_once",
                violation_error_message="The action already has a milestone of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProposedMilestone(models.Model):
    """A milestone as the refresh proposes it: a new one, or one the action has, with its date or a new one.

    Nothing of it touches the action until the set is adopted. A milestone the action has and the proposal leaves out
    is no longer planned from then on.
    """

    action_year = models.ForeignKey(ActionYear, on_delete=models.CASCADE, related_name="proposed_milestones")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, related_name="proposals", null=True, blank=True
    )
    name = models.CharField(max_length=200)
    due_on = models.DateField("due on")
    was_on = models.DateField("due until now", null=True, blank=True, help_text="Empty for a new milestone.")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=paired("milestone", "was_on"), name="a_milestone_kept_remembers_its_date"
            ),
            models.UniqueConstraint(fields=["action_year", "name"], name="proposed_milestone_named_once"),
            models.UniqueConstraint(
                fields=["action_year", "milestone"],
                condition=Q(milestone__isnull=False),
                name="milestone_proposed_once_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name
