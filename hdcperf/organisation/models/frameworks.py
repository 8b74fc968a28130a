"""National frameworks the council answers to, and their themes, as editable data (framework, *National Framework*).

The Local Government Outcomes Framework's priority outcomes and the Best Value themes tag KPIs and actions, so that a
page can say what evidence there is for each, and where there is none.
"""

from __future__ import annotations

from django.db import models

from hdcperf.history import TrackedManager, tracked


class Framework(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    what_it_is = models.TextField(blank=True)
    theme_noun = models.CharField("what its parts are called", max_length=60, default="theme")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        verbose_name = "national framework"

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="themes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["framework", "number"]
        verbose_name = "theme of a national framework"
        verbose_name_plural = "themes of national frameworks"
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="theme_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
