"""A small council whose open work a test names itself: declared as apps declare theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.test import override_settings

from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece

__all__ = ["HAPPENED", "KINDS", "NOTICES", "RETURNS", "WORK", "declared", "piece"]

WORK: list[Piece] = []
HAPPENED: list[Notice] = []


def _open(day: date) -> Iterator[Piece]:
    return (one for one in WORK if one.opened <= day)


def _since(moment: datetime) -> Iterator[Notice]:
    return (one for one in HAPPENED if one.on > moment.date())


RETURNS = Kind(
    code="example-return",
    one="example return",
    many="example returns",
    open_work=_open,
    missed="the example locks.",
    guidelines=("Say what happened.", "Say why."),
    requested=True,
)
KINDS = (RETURNS,)
NOTICES = (NoticeSource("example-notice", "Something happened", _since),)


@contextmanager
def declared(**more: Any) -> Iterator[None]:
    """Only the example's kinds are declared; what is open and what happened is empty before and after."""
    here = "tests.hdcperf.reminders.world"
    WORK.clear()
    HAPPENED.clear()
    with override_settings(REMINDER_KINDS=[f"{here}.KINDS"], REMINDER_NOTICES=[f"{here}.NOTICES"], **more):
        yield
    WORK.clear()
    HAPPENED.clear()


def piece(subject: str, opened: date, due: date, *actors: int, **more: Any) -> Piece:
    return Piece(subject, f"Example {subject}", "/", opened, due, frozenset(actors), **more)
