"""Data quality reviews: what was agreed, what is done, six dimensions, and what came of it (framework B.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dataquality.models.templates import Template
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User
from hdcperf.review.models import paired
from hdcperf.workflow import Transition
from kpis.models import KpiYear

__all__ = [
    "Comparison",
    "Observation",
    "QualityAction",
    "QualityActionTransition",
    "QualityReview",
    "QualityReviewTransition",
]


class QualityReview(models.Model):
    """A KPI looked into: what was agreed against what is done, a rating, and actions followed to closure.

    ``template`` is the signed version it was held against, kept as it was when the review started; without one
    nothing was agreed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        SHARED = "shared", "With the service"
        REPORTED = "reported", "Finished, actions open"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"

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
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="quality_reviews")
    due_on = models.DateField("to be finished by")
    template = models.ForeignKey(
        Template, on_delete=models.PROTECT, related_name="quality_reviews", null=True, blank=True
    )
    found = models.TextField("what was found, in short", blank=True)
    rating = models.CharField(max_length=8, choices=Rating.choices, blank=True)
    answer_by = models.DateField("the service answers by", null=True, blank=True)
    reported_on = models.DateField("finished on", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-pk"]
        verbose_name = "data quality review"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "under_way", "shared", "reported", "closed", "withdrawn"]),
                name="quality_review_state_known",
            ),
            models.CheckConstraint(condition=~Q(picked_why=""), name="a_quality_review_says_why_it_was_picked"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "under_way", "withdrawn"])
                | ~Q(rating="") & ~Q(found="") & Q(answer_by__isnull=False),
                name="a_shared_review_has_its_rating",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "closed"], reported_on__isnull=False)
                | ~Q(state__in=["reported", "closed"]) & Q(reported_on__isnull=True),
                name="a_finished_review_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on__isnull=True),
                name="a_closed_review_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["kpi_year"],
                condition=Q(state__in=["planned", "under_way", "shared"]),
                name="one_review_of_a_kpi_at_a_time",
                violation_error_message="A review of this KPI is under way already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Data quality review of {self.kpi_year}"

    @property
    def scope(self) -> Scope:
        return self.kpi_year.scope

    @property
    def is_finished(self) -> bool:
        """Whether its findings are final, whatever becomes of its actions."""
        return self.state in (self.State.REPORTED, self.State.CLOSED)


class QualityReviewTransition(Transition):
    review = models.ForeignKey(QualityReview, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class Comparison(models.Model):
    """What a review found of one thing the template agreed: is it done so?"""

    class About(models.TextChoices):
        PEOPLE = "people", "Who is responsible"
        SOURCES = "sources", "Where the data comes from"
        METHOD = "method", "How it is collected and calculated"
        CHECKS = "checks", "When it is reported, and what is checked before"

    class Verdict(models.TextChoices):
        AS_AGREED = "as_agreed", "As agreed"
        PARTLY = "partly", "Partly as agreed"
        OTHERWISE = "otherwise", "Not as agreed"
        NOTHING = "nothing", "Nothing was agreed"

    review = models.ForeignKey(QualityReview, on_delete=models.CASCADE, related_name="comparisons")
    about = models.CharField(max_length=8, choices=About.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    words = models.TextField("what is done")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "about"], name="agreed_thing_compared_once"),
            models.CheckConstraint(condition=~Q(words=""), name="comparison_has_words"),
        ]

    def __str__(self) -> str:
        return self.get_about_display()


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
    """Something to be put right after a review, with its owner and date, followed until it is done or dropped."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Said to be done"
        CONFIRMED = "confirmed", "Done"
        DROPPED = "dropped", "Dropped"

    review = models.ForeignKey(QualityReview, on_delete=models.PROTECT, related_name="actions")
    what = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="quality_actions")
    due_on = models.DateField("by when")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    done_on = models.DateField(null=True, blank=True)
    done_words = models.TextField("what was done, and where that can be seen", blank=True)
    dropped_why = models.TextField("why it was dropped", blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "confirmed", "dropped"]), name="quality_action_state_known"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="quality_action_says_what"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "confirmed"], done_on__isnull=False) & ~Q(done_words="")
                | Q(state__in=["open", "dropped"], done_on__isnull=True, done_words=""),
                name="a_done_quality_action_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(state="dropped") & ~Q(dropped_why="") | ~Q(state="dropped") & Q(dropped_why=""),
                name="a_dropped_quality_action_says_why",
            ),
            models.CheckConstraint(
                condition=paired("closed_by", "closed_on")
                & (
                    Q(state__in=["confirmed", "dropped"], closed_on__isnull=False)
                    | Q(state__in=["open", "done"], closed_on__isnull=True)
                ),
                name="a_quality_action_is_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def scope(self) -> Scope:
        return self.review.scope

    @property
    def is_closed(self) -> bool:
        return self.state in (self.State.CONFIRMED, self.State.DROPPED)


class QualityActionTransition(Transition):
    action = models.ForeignKey(QualityAction, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass
