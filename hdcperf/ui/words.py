"""Dates and figures as they are printed: 5 November 2026, October 2026, 1,234.5, −3.2%."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from hdcperf.figures import print_figure
from hdcperf.periods import MONTH_NAMES

__all__ = ["by_whom", "count_of", "day", "figure", "lower_first", "moment", "month", "promise", "short_day"]


class HasMonth(Protocol):
    @property
    def year(self) -> int: ...

    @property
    def month(self) -> int: ...


def _local(value: date) -> date:
    """A time with a zone falls on the day it was in this country."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | None) -> str:
    """``5 November 2026``; nothing for no date."""
    if value is None:
        return ""
    value = _local(value)
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def short_day(value: date | None) -> str:
    """``5 Nov 2026``, for tables."""
    if value is None:
        return ""
    value = _local(value)
    return f"{value.day} {MONTH_NAMES[value.month - 1][:3]} {value.year}"


def month(value: HasMonth | None) -> str:
    """``October 2026``, of a date or a month."""
    return "" if value is None else f"{MONTH_NAMES[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """``5 November 2026 at 2:05pm``, in this country's time."""
    if value is None:
        return ""
    local = _local(value)
    assert isinstance(local, datetime)
    half = "am" if local.hour < 12 else "pm"
    return f"{day(local)} at {local.hour % 12 or 12}:{local.minute:02d}{half}"


def figure(value: Decimal | int | None, decimals: int | None = None, prefix: str = "", suffix: str = "") -> str:
    """A figure with thousands separators and a true minus sign, rounded half up; None is *No data*.

    Without ``decimals`` the number is printed as exactly as it is held, trailing noughts dropped.
    """
    if value is None:
        return "No data"
    return print_figure(Decimal(value), decimals, prefix, suffix)


def count_of(number: int, one: str, many: str = "") -> str:
    """``1 return``, ``1,204 returns``, ``0 returns``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lower_first(words: str) -> str:
    """``words`` to go on inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def by_whom(due: date | None, owner: str) -> str:
    """``By 30 November 2026, Depot manager``; either alone; nothing for neither."""
    return ", ".join(part for part in (f"By {day(due)}" if due else "", owner) if part)


def promise(what: str, due: date | None, owner: str) -> str:
    """What somebody undertook to do, then by when and whom, as sentences (framework, *Acting on Performance*)."""
    ends = by_whom(due, owner)
    if not (what and ends):
        return what or ends
    stop = "" if what.rstrip().endswith((".", "!", "?", "…")) else "."
    return f"{what.rstrip()}{stop} {ends}"
