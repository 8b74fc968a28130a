"""Meetings of bodies, and what their members ask: invented."""

from __future__ import annotations

from datetime import date, time

from factory.django import DjangoModelFactory

from reports.models import Meeting

__all__ = ["MeetingFactory"]


class MeetingFactory(DjangoModelFactory[Meeting]):
    """The panel's meeting of 1 December 2026."""

    class Meta:
        model = Meeting

    body = Meeting.Body.SCRUTINY.value
    held_on = date(2026, 12, 1)
    starts_at = time(19, 0)
    place = "Civic Suite"
