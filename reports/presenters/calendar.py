"""The calendar's months, each day's dates in rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hdcperf.periods import FinancialYear
from hdcperf.ui import Link, Tag, day
from reports.rules.calendar import Event, EventKind, by_month
from reports.rules.times import time_words

__all__ = ["EventRow", "MonthCard", "month_cards"]

MINE, CANCELLED, USUAL = Tag("Yours", "blue"), Tag("Cancelled", "solid"), Tag("Usual day", "outline")


@dataclass(frozen=True)
class EventRow:
    """A date: its day (empty where the row before is of the same day), what it is, and its marks."""

    day: str
    link: Link
    kind: str
    note: str
    tags: tuple[Tag, ...]
    is_past: bool


@dataclass(frozen=True)
class MonthCard:
    anchor: str
    table: str
    name: str
    short: str
    rows: tuple[EventRow, ...]
    is_current: bool


def month_cards(events: Iterable[Event], year: FinancialYear, today: date) -> list[MonthCard]:
    """The twelve months of the year with what stands in each."""
    return [
        MonthCard(
            anchor=f"month-{month.slug}",
            table=f"dates-{month.slug}",
            name=str(month),
            short=month.name[:3],
            rows=tuple(_row(one, today) for one in found),
            is_current=(month.year, month.month) == (today.year, today.month),
        )
        for month, found in by_month(events, year)
    ]


def _row(one: Event, today: date) -> EventRow:
    at = f", {time_words(one.at)}" if one.at is not None else ""
    tags = [tag for tag, has in ((MINE, one.mine), (CANCELLED, one.cancelled), (USUAL, one.usual)) if has]
    return EventRow(
        day=f"{one.on:%a} {one.on.day}{at}",
        link=Link(one.title, one.href, hint=f"on {day(one.on)}" if one.kind is EventKind.MEETING else ""),
        kind=one.kind.value,
        note=one.detail or one.place,
        tags=tuple(tags),
        is_past=one.on < today,
    )
