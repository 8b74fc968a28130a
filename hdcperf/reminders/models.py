"""What was sent to whom and why, what an administrator sets, and what a person prefers."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hdcperf.history import AppendOnlyModel, TrackedManager, tracked
from hdcperf.organisation.models import User
from hdcperf.reminders.rules import USUAL, Timings

__all__ = ["Digest", "Preference", "Reminder", "Timing"]


class Timing(models.Model):
    """When people are reminded, in England's working days: of one kind of work, or of every kind without its own."""

    kind = models.SlugField(
        "kind of work",
        max_length=40,
        unique=True,
        blank=True,
        help_text="Empty: every kind that has no timings of its own.",
    )
    first_before = models.PositiveSmallIntegerField(
        "first reminder, working days before the due date", default=USUAL.first_before
    )
    last_before = models.PositiveSmallIntegerField(
        "last reminder, working days before the due date", default=USUAL.last_before
    )
    overdue_after = models.PositiveSmallIntegerField(
        "overdue after so many working days", default=USUAL.overdue_after
    )
    again_every = models.PositiveSmallIntegerField(
        "overdue again every so many working days", default=USUAL.again_every
    )
    manager_after = models.PositiveSmallIntegerField(
        "service manager told after so many reminders that it is overdue", default=USUAL.manager_after
    )
    head_after = models.PositiveSmallIntegerField(
        "head of service and the team told after so many", default=USUAL.head_after
    )

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kind"]
        verbose_name = "timings of reminders"
        verbose_name_plural = "timings of reminders"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_before__gt=F("last_before"), last_before__gte=1),
                name="reminded_first_before_last",
                violation_error_message="The first reminder comes before the last, and the last at least 1 working "
                "day before the due date.",
            ),
            models.CheckConstraint(
                condition=Q(overdue_after__gte=1, again_every__gte=1),
                name="overdue_from_the_next_day",
                violation_error_message="Overdue reminders begin, and come again, after 1 working day or more.",
            ),
            models.CheckConstraint(
                condition=Q(head_after__gte=F("manager_after")),
                name="manager_told_before_head",
                violation_error_message="The service manager is told before the head of service, or with them.",
            ),
        ]

    def __str__(self) -> str:
        return self.kind or "Every kind without timings of its own"

    @property
    def timings(self) -> Timings:
        return Timings(
            first_before=self.first_before,
            last_before=self.last_before,
            overdue_after=self.overdue_after,
            again_every=self.again_every,
            manager_after=self.manager_after,
            head_after=self.head_after,
        )


class Preference(models.Model):
    """The weekdays on which a person wants what is not compulsory. Without a row: every one."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reminder_preference")
    monday = models.BooleanField(default=True)
    tuesday = models.BooleanField(default=True)
    wednesday = models.BooleanField(default=True)
    thursday = models.BooleanField(default=True)
    friday = models.BooleanField(default=True)

    DAYS: ClassVar[tuple[str, ...]] = ("monday", "tuesday", "wednesday", "thursday", "friday")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["user__name"]
        verbose_name = "days of reminders"
        verbose_name_plural = "days of reminders"

    def __str__(self) -> str:
        return f"Days of reminders: {', '.join(self.days) or 'none'}"

    @property
    def days(self) -> list[str]:
        """The weekdays chosen, Monday first."""
        return [name for name in self.DAYS if getattr(self, name)]

    def wants(self, day: date) -> bool:
        """Whether what is not compulsory is sent to them on ``day``."""
        number = day.isoweekday()
        return number <= len(self.DAYS) and bool(getattr(self, self.DAYS[number - 1]))


class Digest(AppendOnlyModel):
    """The one reminder message of a person's day. The row is the claim: whoever writes it posts the message."""

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    run = models.UUIDField(default=uuid.uuid4, editable=False, help_text="The run that wrote it.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_person_a_day")]

    def __str__(self) -> str:
        return f"Reminders of {self.day:%-d %B %Y} for {self.recipient}"


class Reminder(AppendOnlyModel):
    """Somebody was told of one step of one piece of work and its due date: once, for ever.

    One without a digest is a notice: they were told at once, and ``due_on`` is the day it happened.
    """

    kind = models.SlugField(max_length=40)
    step = models.SlugField(max_length=20)
    subject = models.CharField(max_length=80)
    due_on = models.DateField()
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminders")
    told_as = models.SlugField(max_length=12)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, related_name="reminders", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "due_on", "kind", "step", "subject"], name="reminded_once_of_a_step"
            ),
            models.CheckConstraint(
                condition=Q(step="at-once", digest__isnull=True) | ~Q(step="at-once") & Q(digest__isnull=False),
                name="reminded_in_a_digest_or_at_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_on", "kind"], name="reminders_by_due_date")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}, {self.step}"
