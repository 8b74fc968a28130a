"""Messages to people: written once with what they tell of, claimed before they are sent and stamped after.

Times are the real clock's, in UTC: an hour that comes twice in October, and a demonstration's day, change nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hdcperf import clock
from hdcperf.history import AppendOnlyModel
from hdcperf.organisation.models import User
from hdcperf.outbox.rules import STALE_AFTER

__all__ = ["SUBJECT_LENGTH", "Attempt", "Message", "Resend"]

SUBJECT_LENGTH = 200


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Waiting with its time come, or claimed so long ago that whoever claimed it must be gone."""
        stale = now - timedelta(minutes=STALE_AFTER)
        return self.filter(
            Q(state=Message.State.WAITING, next_try_at__lte=now)
            | Q(state=Message.State.CLAIMED, claimed_at__lt=stale)
        )


MessageManager = models.Manager.from_queryset(MessageQuerySet)


class Message(models.Model):
    """One message to one person. ``key`` says what it tells of, so that nobody is told twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    # Chosen before the row is written, so that a repeat after a crash bears the same identification.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages")
    address = models.CharField("sent to", max_length=254, blank=True)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    compulsory = models.BooleanField(default=False)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    posted_on = models.DateField(default=clock.today)  # the product's day, which a demonstration sets
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    cleared_at = models.DateTimeField("words deleted", null=True, blank=True)

    objects = MessageManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_try_at", "created_at"],
                name="message_to_be_sent",
                condition=Q(state__in=["waiting", "claimed"]),
            ),
            models.Index(fields=["state", "-created_at"], name="message_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="person_told_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "sent", "failed"]), name="message_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False) | (~Q(state="waiting") & Q(next_try_at=None)),
                name="message_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claim__isnull=False, claimed_at__isnull=False)
                | (~Q(state="claimed") & Q(claim=None, claimed_at=None)),
                name="message_claimed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error="") | Q(cleared_at__isnull=False),
                name="message_failed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None)
                | Q(state__in=["sent", "failed"], address="", subject="", text="", html="", error=""),
                name="message_cleared_of_all_its_words",
            ),
            models.CheckConstraint(
                condition=~Q(subject__contains="\n") & ~Q(subject__contains="\r"), name="message_subject_in_one_line"
            ),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind=""), name="message_says_what_it_tells_of"),
        ]

    def __str__(self) -> str:
        return self.subject or self.key

    @property
    def message_id(self) -> str:
        """The identification in the mail itself: the same at every attempt, so that a repeat can be recognised."""
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        return f"<{self.pk}.outbox@{domain}>"


class Attempt(models.Model):
    """An attempt that did not end in a message sent. Deleted with the message's words: servers repeat addresses."""

    class Outcome(models.TextChoices):
        POSTPONED = "postponed", "Tried again later"
        REFUSED = "refused", "Refused for good"
        UNKNOWN = "unknown", "Not known: the process that was sending it ended"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    error = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["postponed", "refused", "unknown"]), name="attempt_with_a_known_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number}: {self.get_outcome_display()}"


class Resend(AppendOnlyModel):
    """Somebody asked for a failed message to be sent again."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="resends")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"Sent again by {self.by_name}"
