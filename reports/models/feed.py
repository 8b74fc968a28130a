"""The keys to the feed of accepted figures: given out once, kept only as their digest, and taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.models import User

__all__ = ["FeedKey"]


class FeedKey(models.Model):
    """Who or what reads the feed. The key itself is shown when it is made and never again."""

    name = models.CharField("what reads it", max_length=100, unique=True)
    sha256 = models.CharField("SHA-256 of the key", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    history = tracked(excluded_fields=["sha256"])
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="feed_key_has_a_name"),
            models.CheckConstraint(condition=Q(Exact(Length("sha256"), 64)), name="feed_key_is_a_digest"),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_on__isnull=True)
                | Q(revoked_by__isnull=False, revoked_on__isnull=False),
                name="feed_key_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name
