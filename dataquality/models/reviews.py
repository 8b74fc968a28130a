"""Quality reviews by the six dimensions of the Government Data Quality Framework (framework B.1), and assurance."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Service, User
from hdcperf.review.models import paired
from hdcperf.workflow import Transition
from kpis.models import KpiYear


class QualityReview(models.Model):
    """A KPI picked to be audited: what was agreed against what is done, a rating, and actions followed to closure."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        REPORTED = "reported", "Reported, actions open"
        CLOSED = "closed", "Closed"

    class Rating(models.TextChoices):
        GOOD = "good", "Good"
        ADEQUATE = "adequate", "Adequate"
        WEAK = "weak", "Weak"

    kpi_year = models.ForeignKey(
        KpiYear, on_delete=models.PROTECT, related_name="quality_reviews", verbose_name="KPI year"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    picked_why = models.TextField("why it was picked")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed = models.TextField("what the template agreed", blank=True)
    found = models.TextField("what is done", blank=True)
    rating = models.CharField(max_length=8, choices=Rating.choices, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-pk"]
        verbose_name = "data quality review"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "under_way", "reported", "closed"]),
                name="quality_review_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "under_way"])
                | ~Q(rating="") & ~Q(found="") & Q(reported_on__isnull=False),
                name="a_reported_review_has_its_rating",
            ),
            models.UniqueConstraint(
                fields=["kpi_year"],
                condition=Q(state__in=["planned", "under_way"]),
                name="one_review_of_a_kpi_at_a_time",
                violation_error_message="A review of this KPI is under way already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Data quality review of {self.kpi_year}"

    @property
    def scope(self) -> Scope:
        return self.kpi_year.scope


class QualityReviewTransition(Transition):
    review = models.ForeignKey(QualityReview, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class Observation(models.Model):
    """What a review found on one dimension of data quality."""

    class Dimension(models.TextChoices):
        ACCURACY = "accuracy", "Accuracy"
        COMPLETENESS = "completeness", "Completeness"
        UNIQUENESS = "uniqueness", "Uniqueness"
        CONSISTENCY = "consistency", "Consistency"
        TIMELINESS = "timeliness", "Timeliness"
        VALIDITY = "validity", "Validity"

    review = models.ForeignKey(QualityReview, on_delete=models.CASCADE, related_name="observations")
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    words = models.TextField()
    rating = models.CharField(max_length=8, choices=QualityReview.Rating.choices)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "dimension"], name="dimension_observed_once"),
            models.CheckConstraint(condition=~Q(words=""), name="observation_has_words"),
        ]

    def __str__(self) -> str:
        return self.get_dimension_display()


class QualityAction(models.Model):
    """Something to be put right after a review, with its owner and date, followed until it is done."""

    review = models.ForeignKey(QualityReview, on_delete=models.PROTECT, related_name="actions")
    what = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="quality_actions")
    due_on = models.DateField("by when")
    done_on = models.DateField(null=True, blank=True)
    done_words = models.TextField("what was done", blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="quality_action_says_what"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_words="") | Q(done_on__isnull=False) & ~Q(done_words=""),
                name="a_done_quality_action_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=paired("closed_by", "closed_on") & (Q(closed_on__isnull=True) | Q(done_on__isnull=False)),
                name="only_a_done_quality_action_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class AssuranceStatement(models.Model):
    """Once a year a service manager states how sure they are of the controls on their figures (Appendix A)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"

    class Level(models.TextChoices):
        FULL = "full", "Full: the controls work and were tested"
        SUBSTANTIAL = "substantial", "Substantial: they work, with small gaps"
        LIMITED = "limited", "Limited: there are gaps that matter"
        NONE = "none", "None: I cannot rely on them"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="assurance_statements")
    year = models.PositiveSmallIntegerField("financial year starting in")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    words = models.TextField("what this rests on", blank=True)
    gaps = models.TextField("gaps, and what is being done about them", blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year", "service__name"]
        constraints = [
            models.UniqueConstraint(fields=["service", "year"], name="one_statement_of_a_service_a_year"),
            models.CheckConstraint(
                condition=paired("signed_by", "signed_on")
                & (
                    Q(state="draft", signed_on__isnull=True)
                    | Q(state="signed", signed_on__isnull=False) & ~Q(level="") & ~Q(words="")
                ),
                name="a_signed_statement_says_how_sure_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.year}"

    @property
    def scope(self) -> Scope:
        return Scope(service=self.service_id, directorate=self.service.directorate_id)


class AssuranceTransition(Transition):
    statement = models.ForeignKey(AssuranceStatement, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass
