"""The council's structure and its Corporate Plan's headings: reference data kept in the admin, with history."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from hdcperf.history import TrackedManager, tracked


class Council(models.Model):
    """The council using this installation: one row. The board's name is data (one board, named four ways)."""

    name = models.CharField(max_length=200)
    board_name = models.CharField(
        "name of the board",
        max_length=200,
        default="Operations, Performance and Efficiency Board",
        help_text="The board that reviews KPIs each month (framework C.2 and E.1).",
    )
    board_chair_title = models.CharField(
        "title of the board's chair",
        max_length=200,
        default="Director of People",
        help_text="The post that runs the board.",
    )
    scrutiny_name = models.CharField(
        "name of the scrutiny panel",
        max_length=200,
        default="Overview and Scrutiny Panel (Performance and Growth)",
    )
    team_name = models.CharField("name of the Performance Team", max_length=200, default="Performance Team")
    team_email = models.EmailField("address of the Performance Team", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        verbose_name_plural = "council"
        base_manager_name = "objects"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_council")]

    def __str__(self) -> str:
        return self.name


class Directorate(models.Model):
    name = models.CharField(max_length=200)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="directorate_name_once")]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    name = models.CharField(max_length=200)
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="services")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="service_name_once")]

    def __str__(self) -> str:
        return self.name


class Portfolio(models.Model):
    name = models.CharField(max_length=200)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="portfolio_name_once")]

    def __str__(self) -> str:
        return self.name


class Priority(models.Model):
    """A priority of the Corporate Plan. Its name has changed before, so it is data."""

    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=200)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]
        verbose_name_plural = "priorities"

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """One of the plan's outcomes (the framework's *seven key corporate plan priorities*)."""

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=200)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """A public page an administrator can edit: the accessibility statement, the privacy notice."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown. HTML is shown as it is typed, never run.")
    reviewed_on = models.DateField("last reviewed on")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
