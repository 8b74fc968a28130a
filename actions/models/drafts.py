"""A file of outcome measures that was sent and not yet applied."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hdcperf.organisation.models import User


class MeasureDraft(models.Model):
    """Kept for a day, so that what was previewed is what is imported."""

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    our_area = models.CharField(max_length=120)
    source = models.CharField(max_length=250)
    publisher = models.CharField(max_length=250)
    licence = models.CharField(max_length=120, blank=True)
    address = models.URLField(blank=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
