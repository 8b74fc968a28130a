"""The meetings that reports go to (framework, *Quarterly Reporting*, C.2.3, E.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from hdcperf.history import TrackedQuerySet, tracked
from hdcperf.review.models import AbstractDecision
from hdcperf.ui import day, short_day
from reports.rules.timetable import Timetable, timetable

__all__ = ["Meeting"]

_Body = AbstractDecision.Body


class MeetingQuerySet(TrackedQuerySet["Meeting"]):
    def going_ahead(self) -> MeetingQuerySet:
        """Those that were held or are to be held."""
        return self.filter(cancelled_at__isnull=True)


MeetingManager = models.Manager.from_queryset(MeetingQuerySet)


class Meeting(models.Model):
    """One meeting of a body. A cancelled one stays, with its reason; what was asked for it is asked at the next."""

    class Body(models.TextChoices):
        BOARD = "board", "Performance board"
        LEADERSHIP = _Body.LEADERSHIP.value, _Body.LEADERSHIP.label
        SCRUTINY = _Body.SCRUTINY.value, _Body.SCRUTINY.label
        CABINET = _Body.CABINET.value, _Body.CABINET.label
        COUNCIL = _Body.COUNCIL.value, _Body.COUNCIL.label
        GOVERNANCE = "governance", "Governance committee"

    body = models.CharField("whose meeting", max_length=12, choices=Body.choices)
    held_on = models.DateField("date of the meeting")
    starts_at = models.TimeField("time it starts", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_because = models.TextField("why it was cancelled", blank=True)

    history = tracked()
    objects = MeetingManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["held_on", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "held_on"],
                condition=Q(cancelled_at__isnull=True),
                name="body_meets_once_a_day",
                violation_error_message="This body meets on that day already.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_because="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_because="")),
                name="cancelled_meeting_says_why",
                violation_error_message="Say why the meeting is cancelled.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}, {day(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def in_a_list(self) -> str:
        """What it is called among choices, which are no wider than a phone: the day, then whose."""
        return f"{short_day(self.held_on)}, {_SHORT.get(self.body, self.get_body_display())}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def timetable(self) -> Timetable:
        """By when each step of its papers is to be done."""
        return timetable(self.body, self.held_on)


_SHORT = {"board": "board", "leadership": "leadership", "scrutiny": "scrutiny", "governance": "governance"}
