"""Comparator series and unit costs of a KPI: small typed or imported tables, each with its source (B.2, *Acting on
Performance Information*)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hdcperf.history import TrackedManager, tracked
from kpis.models import Kpi
from kpis.models.definitions import figure_column


class Comparator(models.Model):
    """A series a KPI is compared with, or its own unit cost: whose, from where, and how comparable."""

    class Group(models.TextChoices):
        NEAREST = "nearest", "CIPFA nearest neighbours"
        COUNTY = "county", "County"
        ENGLAND = "england", "England"
        OTHER = "other", "Another council or group"
        UNIT_COST = "unit_cost", "Our unit cost"

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="comparators", verbose_name="KPI")
    group = models.CharField(max_length=10, choices=Group.choices)
    name = models.CharField(max_length=200, help_text="For example mean of the nearest neighbours.")
    source = models.CharField(max_length=250)
    how_comparable = models.TextField()

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kpi", "group", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "group", "name"], name="comparator_named_once"),
            models.CheckConstraint(condition=~Q(how_comparable=""), name="comparator_says_how_comparable"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.name}"


class ComparatorValue(models.Model):
    comparator = models.ForeignKey(Comparator, on_delete=models.CASCADE, related_name="values")
    period = models.CharField("period as published", max_length=30)
    period_end = models.DateField("last day of the period")
    value = figure_column()
    note = models.CharField(max_length=200, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["period_end"]
        constraints = [
            models.UniqueConstraint(fields=["comparator", "period"], name="one_comparator_value_a_period"),
            models.CheckConstraint(condition=Q(value__isnull=False), name="comparator_value_is_there"),
        ]

    def __str__(self) -> str:
        return f"{self.comparator}, {self.period}"
