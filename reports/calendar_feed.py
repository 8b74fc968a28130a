"""A person's dates as iCalendar text (RFC 5545), the same bytes for the same dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from hdcperf.clock import LONDON
from reports.rules.calendar import Event

__all__ = ["as_icalendar"]

_STAMPED_BEFORE = timedelta(days=500)
"""An entry must say when it was made. Ours says a day counted back from its own, so that nothing but the dates
changes the text, and far enough back that it is never to come."""
_LASTS = timedelta(hours=2)
"""How long a meeting is shown: only its beginning is kept."""


def as_icalendar(events: Iterable[Event], name: str, site: str) -> bytes:
    """The dates as a calendar called ``name``; ``site`` (``https://…``) is put before their addresses."""
    calendar = Calendar()
    calendar.add("prodid", "-//Council performance//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/London")
    for one in sorted(events, key=lambda event: event.order):
        calendar.add_component(_entry(one, site))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(one: Event, site: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{one.key}@council-performance")
    entry.add("dtstamp", datetime.combine(one.on, time.min, UTC) - _STAMPED_BEFORE)
    if one.at is None:
        entry.add("dtstart", one.on)
        entry.add("transp", "TRANSPARENT")  # a date in the calendar, and nobody is busy all day
    else:
        begins = datetime.combine(one.on, one.at, LONDON)
        entry.add("dtstart", begins)
        entry.add("dtend", begins + _LASTS)
    entry.add("summary", f"Cancelled: {one.title}" if one.cancelled else one.title)
    entry.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    entry.add("categories", [one.kind.value])
    if one.place:
        entry.add("location", one.place)
    if one.detail:
        entry.add("description", one.detail)
    if one.href:
        entry.add("url", f"{site}{one.href}")
    return entry
