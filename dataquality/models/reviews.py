"""Once a year a service manager states how sure they are of the controls on their figures (Appendix A)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Service, User
from hdcperf.review.models import paired
from hdcperf.workflow import Transition


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
