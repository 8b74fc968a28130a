"""Revisions of accepted figures: the accepted one stands until the revision is accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hdcperf.history import AppendOnlyModel, tracked
from hdcperf.organisation.access import Scope
from hdcperf.review.models import AbstractRevision
from hdcperf.workflow import Transition
from kpis.models.definitions import figure_column
from kpis.models.returns import RAG_CHOICES, MonthlyReturn


class Revision(AbstractRevision):
    """Old and new figure and RAG of one return, with the parts where the KPI has them."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="revisions")
    old_value = figure_column()
    old_numerator = figure_column()
    old_denominator = figure_column()
    old_figure = figure_column("old headline figure")
    old_rag = models.CharField("old RAG", max_length=12, choices=RAG_CHOICES)
    new_value = figure_column()
    new_numerator = figure_column()
    new_denominator = figure_column()
    new_figure = figure_column("new headline figure")
    new_rag = models.CharField("new RAG", max_length=12, choices=RAG_CHOICES, blank=True)
    new_commentary = models.TextField("what changes in the commentary", blank=True)

    history = tracked()

    class Meta(AbstractRevision.Meta):
        constraints = [
            *AbstractRevision.Meta.constraints,
            models.UniqueConstraint(
                fields=["monthly_return"],
                condition=Q(state="proposed"),
                name="one_revision_proposed_at_a_time",
                violation_error_message="A revision of this figure is already waiting to be decided.",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(new_rag=""), name="accepted_revision_is_judged"
            ),
        ]

    @property
    def scope(self) -> Scope:
        return self.monthly_return.scope

    @property
    def changes_something(self) -> bool:
        """Whether the figures proposed differ from those accepted, or the words get a note."""
        old = (self.old_value, self.old_numerator, self.old_denominator)
        new = (self.new_value, self.new_numerator, self.new_denominator)
        return old != new or bool(self.new_commentary)


class RevisionTransition(Transition):
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class DerivedChange(AppendOnlyModel):
    """A later month's year to date that moved because an earlier month was accepted late, or revised."""

    cause = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="caused_changes")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="derived_changes", null=True, blank=True
    )
    at = models.DateTimeField()
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="derived_changes")
    old_ytd = figure_column("old year to date")
    new_ytd = figure_column("new year to date")
    old_rag = models.CharField("old RAG", max_length=12, choices=RAG_CHOICES)
    new_rag = models.CharField("new RAG", max_length=12, choices=RAG_CHOICES)

    class Meta:
        ordering = ["monthly_return__month"]

    def __str__(self) -> str:
        return f"{self.monthly_return}: {self.old_ytd} to {self.new_ytd}"
