"""Saved column mappings, and what each import did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hdcperf.history import AppendOnlyModel, TrackedManager, tracked
from hdcperf.organisation.models import User
from hdcperf.ui import day


class ImportMapping(models.Model):
    """Which column of a file holds what, and how its values are read; saved under a name and used again."""

    name = models.CharField(max_length=100, unique=True)
    columns = models.JSONField(help_text="Our field to the file's column heading.")
    options = models.JSONField(default=dict, help_text="How values are read: nought means no target, and so on.")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportDraft(models.Model):
    """A file that was sent and not yet applied: kept for a day, with the preview that was shown of it."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    mapping = models.ForeignKey(ImportMapping, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    preview = models.JSONField(null=True, blank=True, help_text="What the import would do to each row.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class ImportRun(AppendOnlyModel):
    """One import that was applied: which file, by whom, and how many rows it made or changed."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.ForeignKey(ImportMapping, on_delete=models.PROTECT, related_name="runs")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    new_rows = models.PositiveIntegerField()
    changed_rows = models.PositiveIntegerField()
    unchanged_rows = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {day(self.at)}"
