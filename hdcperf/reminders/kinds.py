"""What an app declares: its kinds of open work, and what people are told of at once.

The settings name each app's declarations as dotted strings: ``REMINDER_KINDS`` and ``REMINDER_NOTICES`` lead to
tuples of ``Kind`` and ``NoticeSource``. Apps import this module; this one imports none of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

__all__ = ["AT_ONCE", "Kind", "Notice", "NoticeSource", "Piece", "kinds", "notice_sources"]

T = TypeVar("T")
AT_ONCE = "at-once"
"""The step of a notice."""


@dataclass(frozen=True)
class Piece:
    """One piece of work that is open on a day.

    ``subject`` is its key for as long as it exists (``return-12``): a person is told once of each step of it and its
    due date. ``actors`` are those who must act (ids of people), ``stand_ins`` those named to act when one of them is
    away or has left. ``service`` (an id) gives its manager and its head of service. ``title`` begins with a capital
    and names what it is about; ``note`` says what else they should know (that it is locked, say). ``personal`` work
    is a member's: no delegate does it for them, so they are told themselves while they are away.
    """

    subject: str
    title: str
    href: str
    opened: date
    due: date
    actors: frozenset[int]
    stand_ins: frozenset[int] = frozenset()
    service: int | None = None
    note: str = ""
    personal: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of work people are reminded of.

    ``open_work(day)`` gives every piece open on ``day`` in a number of queries that does not grow with them.
    ``missed`` is a sentence on what happens when it is missed, ``guidelines`` the framework's for this kind.
    ``requested`` kinds are the framework's own request when they open (E.1), so that is compulsory reading; of those
    ``told_at_once`` people had a notice when they opened, so no reminder says it again.
    ``late_before(since, day)`` gives how often each person was late from ``since`` until ``day``.
    """

    code: str
    one: str
    many: str
    open_work: Callable[[date], Iterable[Piece]]
    missed: str
    guidelines: tuple[str, ...] = ()
    requested: bool = False
    told_at_once: bool = False
    late_before: Callable[[date, date], Mapping[int, int]] | None = None


@dataclass(frozen=True)
class Notice:
    """Something that happened and that somebody is told of at once, keyed by the row that says it happened.

    ``recipients`` are told, or those who act for them while they are away; ``but_not`` made it happen themselves.
    What is ``personal`` is for the recipients alone: nobody is told in their stead.
    """

    subject: str
    on: date
    title: str
    href: str
    recipients: frozenset[int]
    stand_ins: frozenset[int] = frozenset()
    service: int | None = None
    but_not: frozenset[int] = field(default=frozenset())
    words: str = ""
    personal: bool = False


@dataclass(frozen=True)
class NoticeSource:
    """A kind of notice. ``since(moment)`` gives what happened after it, in a fixed number of queries."""

    code: str
    label: str
    since: Callable[[datetime], Iterable[Notice]]


def kinds() -> tuple[Kind, ...]:
    """Every kind declared, in the order of the settings."""
    return _declared(tuple(settings.REMINDER_KINDS))


def notice_sources() -> tuple[NoticeSource, ...]:
    """Every kind of notice declared, in the order of the settings."""
    return _declared_notices(tuple(settings.REMINDER_NOTICES))


@cache
def _declared(paths: tuple[str, ...]) -> tuple[Kind, ...]:
    return _once([one for path in paths for one in import_string(path)])


@cache
def _declared_notices(paths: tuple[str, ...]) -> tuple[NoticeSource, ...]:
    return _once([one for path in paths for one in import_string(path)])


def _once(found: list[T]) -> tuple[T, ...]:
    """As they are declared; two of one code would share their reminders. Raises ValueError."""
    codes = [one.code for one in found]  # type: ignore[attr-defined]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"Declared twice: {', '.join(twice)}")
    return tuple(found)
