"""The Corporate Plan, each year's set of actions, and the decisions that made it so (framework, *Our Plans*)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hdcperf.codes import code_key
from hdcperf.control import Control
from hdcperf.history import TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.periods import FinancialYear
from hdcperf.review.models import AbstractDecision
from hdcperf.workflow import Transition


class CorporatePlan(models.Model):
    """The plan the yearly sets of actions belong to, for example 2023 to 2028."""

    title = models.CharField(max_length=200)
    first_year = models.PositiveSmallIntegerField("first financial year, starting in")
    last_year = models.PositiveSmallIntegerField("last financial year, starting in")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-first_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="plan_ends_after_it_starts",
                violation_error_message="A plan cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanYear(models.Model):
    """One year's set of actions, from being drawn up to being the plan for the year (framework, *Annual Refresh*)."""

    class State(models.TextChoices):
        DRAWING_UP = "drawing_up", "Being drawn up"
        LEADERSHIP = "leadership", "With senior leadership"
        PORTFOLIO = "portfolio", "With portfolio holders"
        SCRUTINY = "scrutiny", "With scrutiny"
        CABINET = "cabinet", "With cabinet"
        COUNCIL = "council", "With council"
        APPROVED = "approved", "Approved by council"
        ADOPTED = "adopted", "The plan for the year"

    plan = models.ForeignKey(CorporatePlan, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("financial year starting in", unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAWING_UP)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "drawing_up",
                        "leadership",
                        "portfolio",
                        "scrutiny",
                        "cabinet",
                        "council",
                        "approved",
                        "adopted",
                    ]
                ),
                name="plan_year_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Corporate Plan actions {self.financial_year}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @property
    def scope(self) -> Scope:
        """The whole council."""
        return Scope()

    @property
    def is_adopted(self) -> bool:
        return self.state == self.State.ADOPTED


class PlanYearTransition(Transition):
    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class PlanDecision(AbstractDecision):
    """What a body decided about a year's set. A portfolio holder's is about the actions of the portfolio."""

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="decisions")
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, related_name="plan_decisions", null=True, blank=True
    )

    class Meta(AbstractDecision.Meta):
        constraints = [
            *AbstractDecision.Meta.constraints,
            models.CheckConstraint(
                condition=Q(body="portfolio", portfolio__isnull=False)
                | ~Q(body="portfolio") & Q(portfolio__isnull=True),
                name="a_portfolio_holder_speaks_for_a_portfolio",
            ),
        ]


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


class ActionYearQuerySet(TrackedQuerySet["ActionYear"]):
    def in_the_set(self) -> ActionYearQuerySet:
        """The actions the year has: those proposed as completed or dropped are listed but are not of it."""
        return self.filter(
            proposal__in=[ActionYear.Proposal.NEW, ActionYear.Proposal.CARRY, ActionYear.Proposal.AMEND]
        )

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
    code_key = models.CharField(max_length=20, editable=False)
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

    history = tracked()
    objects = ActionYearManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-plan_year__year", "code_key"]
        verbose_name = "action in a year"
        verbose_name_plural = "actions by year"
        constraints = [
            models.UniqueConstraint(fields=["action", "plan_year"], name="action_has_one_set_of_facts_a_year"),
            models.UniqueConstraint(
                fields=["plan_year", "code_key"],
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
        return self.proposal not in (self.Proposal.COMPLETE, self.Proposal.DROP)


class Milestone(models.Model):
    """A dated step of an action. It belongs to the action for life: a slip is seen across years."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="milestones")
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
                fields=["action", "name"],
                name="milestone_named_once",
                violation_error_message="The action already has a milestone of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
