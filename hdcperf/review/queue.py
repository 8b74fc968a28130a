"""A round as the Performance Team checks it, whatever is checked: what waits, in which order, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest

from hdcperf.organisation.models import ReportingPeriod, Service
from hdcperf.ui import Count, Link, Progress, count_of, day

__all__ = [
    "IN",
    "STATES",
    "Neighbours",
    "Row",
    "dates_words",
    "in_state",
    "is_in",
    "keep_of",
    "left_words",
    "neighbours",
    "place_of",
    "state_counts",
    "to_check",
    "totals",
    "waits_for_the_team",
]

IN = frozenset({"submitted", "challenged", "accepted"})
"""The states of a record that has reached the Performance Team."""
_FIRST_TO_CHECK = {"submitted": 0.0, "challenged": 2.0, "draft": 3.0, "not_started": 4.0, "accepted": 5.0}

STATES = {
    "check": "To check",
    "challenged": "Challenged",
    "board": "With the board",
    "draft": "Draft",
    "not_started": "Not started",
    "accepted": "Accepted",
}
"""What a row can be shown under; *to check* and *with the board* are facts beside the state *submitted*."""


class Row(Protocol):
    """One record of a round. ``is_own``: the reader typed it or answers for it, and so cannot accept it.

    ``code_key`` orders what it is of by its code; ``marks`` are names for ``ui.mark_tag``.
    """

    @property
    def record(self) -> Any: ...
    @property
    def service(self) -> Service: ...
    @property
    def code_key(self) -> str: ...
    @property
    def marks(self) -> tuple[str, ...]: ...
    @property
    def sent(self) -> Any: ...
    @property
    def with_board(self) -> bool: ...
    @property
    def is_own(self) -> bool: ...


R = TypeVar("R", bound=Row)


def is_in(record: Any) -> bool:
    """Whether the record has reached the Performance Team."""
    return record.state in IN


def place_of(row: Row) -> float:
    """Where it stands in the order to take them: what waits for the team comes first."""
    state = row.record.state
    return 1.0 if state == "submitted" and row.with_board else _FIRST_TO_CHECK[state]


def waits_for_the_team(row: Row) -> bool:
    """Submitted and not with the board: the reader, or a colleague, decides."""
    return row.record.state == "submitted" and not row.with_board


def to_check(rows: Iterable[R]) -> list[R]:
    """Those of ``rows`` that wait for this reader: submitted, not with the board, and not their own."""
    return [row for row in rows if waits_for_the_team(row) and not row.is_own]


def in_state(row: Row, state: str) -> bool:
    """Whether a row belongs under one of ``STATES``."""
    if state == "check":
        return waits_for_the_team(row)
    if state == "board":
        return row.with_board
    if state == "challenged":
        return row.record.state == "challenged" and not row.with_board
    found: bool = row.record.state == state
    return found


# In words


def state_counts(rows: Sequence[Row], address: dict[str, str], chosen: str) -> list[Count]:
    """A tile for each state, with the address that shows it: ``address`` gives one by the state's name."""
    return [
        Count(sum(in_state(row, name) for row in rows), label, address[name], current=chosen == name)
        for name, label in STATES.items()
    ]


def totals(rows: Sequence[Row], noun: str) -> Progress:
    """How many of the round are in."""
    return Progress(sum(is_in(row.record) for row in rows), len(rows), f"{noun} in")


def dates_words(period: ReportingPeriod, today: date) -> str:
    """When the round opens, falls due and locks, in a sentence."""
    if today < period.opens_on:
        return f"Opens on {day(period.opens_on)}, due on {day(period.due_on)}, locks after {day(period.locks_on)}."
    verb = "Was due" if today > period.due_on else "Due"
    if period.is_locked(today):
        return f"{verb} on {day(period.due_on)}. It locked after {day(period.locks_on)}."
    return f"{verb} on {day(period.due_on)}. It locks after {day(period.locks_on)}."


def left_words(rows: Sequence[Row], noun: str) -> str:
    """What is left to check, in a sentence."""
    waiting = sum(waits_for_the_team(row) for row in rows)
    if not waiting:
        return "Nothing is waiting to be checked."
    own = waiting - len(to_check(rows))
    rest = f" ({own} you cannot accept: a colleague must)" if own else ""
    return f"{count_of(waiting, noun)} to check{rest}."


def keep_of(request: HttpRequest) -> str:
    """The filters in the address, to be carried to the review page: *next* stays within them."""
    kept = request.GET.copy()
    for name in ("page", "sort"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""


# The one before and the one after


@dataclass(frozen=True)
class Neighbours:
    """The place in the queue: what comes before and after, and how much is left."""

    previous: Link | None
    next: Link | None
    left: str


def neighbours(
    rows: Sequence[R], record: Any, chosen: Iterable[R], *, link: Callable[[str, R], Link], noun: str
) -> Neighbours:
    """Before and after ``record`` among those of ``chosen`` this reviewer can decide, going round at the ends.

    ``link(text, row)`` is the link to a row's review page.
    """
    before, after = _around(rows, record, to_check(chosen))
    return Neighbours(
        previous=link("Previous", before) if before is not None else None,
        next=link("Next", after) if after is not None else None,
        left=left_words(rows, noun),
    )


def _around(rows: Sequence[R], record: Any, mine: Sequence[R]) -> tuple[R | None, R | None]:
    others = [row for row in mine if row.record.pk != record.pk]
    if not others:
        return None, None
    place = {row.record.pk: number for number, row in enumerate(rows)}
    here = place.get(record.pk, -1)
    after = next((row for row in others if place[row.record.pk] > here), others[0])
    before = next((row for row in reversed(others) if place[row.record.pk] < here), others[-1])
    return before, after
