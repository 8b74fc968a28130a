"""A person's calendar, read by their phone or mail program at an address nobody can guess."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hdcperf.organisation.models import User

__all__ = ["CalendarFeed"]


class CalendarFeed(models.Model):
    """An address of somebody's own calendar: only its hash is kept, so that reading this table opens none.

    It is personal, so it keeps no history and is not on the audit page.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_calendar_address_a_person"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="calendar_address_is_revoked_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar address of {self.user}"
