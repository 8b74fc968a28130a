"""What stands in the council's calendar, by day and by month. Pure: no ORM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from hdcperf.periods import FinancialYear, Month

__all__ = ["Event", "EventKind", "by_month"]


class EventKind(StrEnum):
    """What an event is about; the value is its word on the page."""

    MONTH = "Monthly returns"
    QUARTER = "Quarterly updates"
    WINDOW = "Yearly cycle"
    MEETING = "Meeting"
    PAPERS = "Papers"
    QUESTION = "Question"


@dataclass(frozen=True)
class Event:
    """Something on a day.

    ``key`` is the same whenever it is read, so that a calendar program knows it again. ``mine`` says that the reader
    has a part in it, ``usual`` that nobody has set the day yet, so it is the usual one.
    """

    key: str
    on: date
    kind: EventKind
    title: str
    href: str = ""
    at: time | None = None
    place: str = ""
    detail: str = ""
    mine: bool = False
    usual: bool = False
    cancelled: bool = False

    @property
    def order(self) -> tuple[date, time, str, str]:
        """Sorts by day, then by time (what has none comes first), then by words."""
        return (self.on, self.at or time.min, self.title, self.key)


def by_month(events: Iterable[Event], year: FinancialYear) -> list[tuple[Month, list[Event]]]:
    """The twelve months of the year, each with its events in order; those of other years are left out."""
    found: dict[Month, list[Event]] = {month: [] for month in year.months}
    for one in sorted(events, key=lambda event: event.order):
        rows = found.get(Month.from_date(one.on))
        if rows is not None:
            rows.append(one)
    return list(found.items())
