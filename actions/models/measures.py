"""Contextual outcome measures of the district: no target and no RAG, by design (framework, *Working Together*)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.models import Outcome
from hdcperf.rag import Direction

_PREFERRED = (Direction.HIGHER, Direction.LOWER, Direction.NONE)


class OutcomeMeasure(models.Model):
    """A measure of how the district is doing, from a published source, with the direction of travel preferred."""

    reference = models.SlugField(max_length=80, unique=True, help_text="Kept for life, for example active-adults.")
    name = models.CharField(max_length=250)
    definition = models.TextField(blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="measures", null=True, blank=True)
    unit_label = models.CharField("unit", max_length=80, blank=True, help_text="For example % or per 100,000 people.")
    decimals = models.PositiveSmallIntegerField("decimals shown", default=1)
    direction = models.CharField(
        "direction of travel preferred", max_length=8, choices=[(one.value, one.label) for one in _PREFERRED]
    )
    source = models.CharField(max_length=250)
    publisher = models.CharField(max_length=250)
    licence = models.CharField(max_length=120, blank=True)
    source_address = models.URLField(blank=True)
    next_published_on = models.DateField("next published", null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=[one.value for one in _PREFERRED]), name="measure_direction_known"
            ),
            models.CheckConstraint(condition=Q(decimals__lte=6), name="measure_decimals_fit_the_column"),
        ]

    def __str__(self) -> str:
        return self.name


class OutcomeValue(models.Model):
    """One published value: of an area, for a period (a year, or years rolled together), whole or of a breakdown."""

    measure = models.ForeignKey(OutcomeMeasure, on_delete=models.PROTECT, related_name="values")
    area_code = models.CharField(max_length=20)
    area_name = models.CharField(max_length=120)
    is_ours = models.BooleanField("the council's own area", default=False)
    period = models.CharField("period as published", max_length=20)
    period_start = models.DateField()
    period_end = models.DateField()
    breakdown = models.CharField(max_length=60, blank=True, help_text="For example female; empty for everybody.")
    value = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["period_end", "area_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "area_code", "period", "breakdown"], name="one_value_of_an_area_and_period"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")), name="period_of_a_value_has_a_length"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["measure", "area_code", "period_end"])]

    def __str__(self) -> str:
        return f"{self.measure}, {self.area_name}, {self.period}"
