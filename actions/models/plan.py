"""The Corporate Plan, each year's set of actions, and the decisions that made it so (framework, *Our Plans*)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Portfolio
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
    about = models.ForeignKey(
        "ActionYear",
        on_delete=models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
        help_text="The one action it is about; empty when it is about the whole set.",
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
