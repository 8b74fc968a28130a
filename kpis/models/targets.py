"""Targets are a dated set: a later set governs later months only (framework C.1.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.rag import Direction
from hdcperf.review.models import AbstractDecision
from hdcperf.workflow import Transition
from kpis.models.definitions import KpiYear, figure_column
from kpis.rules.target_sets import WRONG_SIDE


def level_rule(direction: str = "direction") -> Q:
    """The rule of a target and its intervention level, for each direction.

    A level needs a target and stands on the worse side of it (or on it). A range has two edges of each. A direction
    of *none* has neither.
    """
    one_edge = Q(target_upper__isnull=True, intervention_upper__isnull=True)
    no_level = Q(intervention__isnull=True)
    higher = one_edge & (no_level | Q(target__isnull=False, intervention__lte=F("target")))
    lower = one_edge & (no_level | Q(target__isnull=False, intervention__gte=F("target")))
    no_band = Q(target__isnull=True, target_upper__isnull=True, intervention__isnull=True) & Q(
        intervention_upper__isnull=True
    )
    band = Q(target__isnull=False, target_upper__isnull=False, target__lte=F("target_upper")) & (
        Q(intervention__isnull=True, intervention_upper__isnull=True)
        | Q(intervention__isnull=False, intervention_upper__isnull=False)
        & Q(intervention__lte=F("target"), intervention_upper__gte=F("target_upper"))
    )
    return (
        Q(**{direction: Direction.HIGHER.value}) & higher
        | Q(**{direction: Direction.LOWER.value}) & lower
        | Q(**{direction: Direction.RANGE.value}) & (no_band | band)
        | Q(**{direction: Direction.NONE.value}) & no_band
    )


class TargetSet(models.Model):
    """A year's target and intervention level, from a month on: who approved it, and why."""

    class Profile(models.TextChoices):
        FLAT = "flat", "Flat: the same each month"
        LAST_YEAR = "last_year", "Last year's shape"
        TWO_YEARS = "two_years", "The averaged shape of two years"
        TYPED = "typed", "Typed for each month"

    class State(models.TextChoices):
        AWAITING = "awaiting", "Awaiting approval"
        APPROVED = "approved", "Approved"
        SENT_BACK = "sent_back", "Sent back"
        TAKEN_BACK = "taken_back", "Taken back"
        REPLACED = "replaced", "Replaced before it judged a month"

    kpi_year = models.ForeignKey(KpiYear, on_delete=models.PROTECT, related_name="target_sets")
    from_month = models.DateField("governs from the month starting")
    direction = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Direction])
    target = figure_column("year's target (lower edge of a range)")
    target_upper = figure_column("upper edge of the year's target")
    intervention = figure_column("year's intervention level (lower edge of a range)")
    intervention_upper = figure_column("upper edge of the year's intervention level")
    profile = models.CharField(max_length=10, choices=Profile.choices, default=Profile.FLAT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAITING)
    approved_body = models.CharField(
        "body that approved it",
        max_length=12,
        choices=AbstractDecision.Body.choices,
        blank=True,
        help_text="Empty where an officer’s post approved it, or where it is not known.",
    )
    approved_by = models.CharField(
        max_length=200,
        blank=True,
        help_text="The body or post and the date, for example Cabinet, 12 February 2026.",
    )
    approved_on = models.DateField(null=True, blank=True)
    reason = models.TextField(help_text="Why this target: what it is based on, or why it changed.")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kpi_year", "from_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi_year", "from_month"],
                condition=Q(state="approved"),
                name="one_approved_target_set_from_a_month",
                violation_error_message="An approved target governs from this month already.",
            ),
            models.UniqueConstraint(
                fields=["kpi_year"],
                condition=Q(state="awaiting"),
                name="one_target_set_awaits_approval",
                violation_error_message="Another target of this KPI's year is awaiting approval.",
            ),
            models.CheckConstraint(condition=Q(from_month__day=1), name="target_set_starts_with_a_month"),
            models.CheckConstraint(
                condition=level_rule(),
                name="year_level_on_the_worse_side",
                violation_error_message=WRONG_SIDE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=("awaiting", "sent_back", "taken_back"), approved_on__isnull=True)
                | Q(state__in=("approved", "replaced"), approved_on__isnull=False) & ~Q(approved_by=""),
                name="approval_says_who_and_when",
                violation_error_message="An approved target says who approved it and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_year.code} from {self.from_month:%B %Y}"

    @property
    def start(self) -> Month:
        """The first month it governs, or would govern."""
        return Month.from_date(self.from_month)

    @property
    def scope(self) -> Scope:
        """Where its KPI belongs, for access. Select ``kpi_year__service`` with it."""
        return self.kpi_year.scope

    @property
    def stands(self) -> bool:
        """Whether it governs, or would once approved."""
        return self.state in (self.State.APPROVED, self.State.AWAITING)


class TargetSetTransition(Transition):
    target_set = models.ForeignKey(TargetSet, on_delete=models.PROTECT, related_name="transitions")


class MonthlyTarget(models.Model):
    """A month's target and intervention level. It copies the direction, so the database can hold the rule."""

    target_set = models.ForeignKey(TargetSet, on_delete=models.CASCADE, related_name="months")
    month = models.DateField("first day of the month")
    direction = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Direction])
    target = figure_column()
    target_upper = figure_column("upper edge")
    intervention = figure_column("intervention level")
    intervention_upper = figure_column("intervention level, upper edge")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["target_set", "month"]
        constraints = [
            models.UniqueConstraint(fields=["target_set", "month"], name="one_target_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="monthly_target_is_for_a_month"),
            models.CheckConstraint(
                condition=level_rule(),
                name="month_level_on_the_worse_side",
                violation_error_message=WRONG_SIDE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}: {self.target}"
