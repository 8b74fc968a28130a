"""What day it is for the council's work: a setting (``TODAY``, for the example year) or the real day.

Domain rows and history are stamped with it. Sign-in sessions, tokens and background jobs keep real time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

__all__ = ["LONDON", "local_day", "now", "taken_to_be", "today"]

LONDON = ZoneInfo("Europe/London")
_taken: ContextVar[date | None] = ContextVar("the day it is taken to be", default=None)


@contextmanager
def taken_to_be(day: date) -> Iterator[None]:
    """Take it to be ``day`` in this thread: the example year is lived through day by day, and so are tests."""
    token = _taken.set(day)
    try:
        yield
    finally:
        _taken.reset(token)


def today() -> date:
    """The product's day: ``settings.TODAY`` (a date or ISO string) if set, else today in Europe/London."""
    return _fixed_day() or datetime.now(LONDON).date()


def now() -> datetime:
    """The product's day at the real time of day, aware, in UTC."""
    real = datetime.now(LONDON)
    day = _fixed_day()
    if day is None:
        return real.astimezone(UTC)
    return datetime.combine(day, real.timetz().replace(tzinfo=None), LONDON).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The day it was in Europe/London at that (aware) moment."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(LONDON).date()


def _fixed_day() -> date | None:
    if (taken := _taken.get()) is not None:
        return taken
    setting = getattr(settings, "TODAY", None)
    if not setting:
        return None
    return setting if isinstance(setting, date) else date.fromisoformat(setting)
