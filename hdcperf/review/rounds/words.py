"""Rounds in words: how one stands, its dates with their boxes, and who moved them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField
from django.urls import reverse

from hdcperf.periods import RoundDates, working_days
from hdcperf.review.rounds.forms import DatesForm
from hdcperf.review.rounds.reading import Round
from hdcperf.review.rounds.rules import DATES, LABELS
from hdcperf.review.rounds.setting import Span
from hdcperf.ui import Link, Tag, day, moment

__all__ = [
    "DateCell",
    "ExceptionRow",
    "RoundRow",
    "dates_sentence",
    "exception_row",
    "fixed_words",
    "moves_of",
    "round_rows",
    "state_of",
    "unusual_days",
]

OPEN, LOCKED, NOT_YET = Tag("Open", "blue"), Tag("Locked", "grey"), Tag("Not yet open", "outline")
DATES_SET, NOT_OPENED = Tag("Dates set", "outline"), Tag("Not opened", "outline")


@dataclass(frozen=True)
class DateCell:
    """One date of a round: its box, or the day that stands."""

    label: str
    box: BoundField | None
    day: str


@dataclass(frozen=True)
class RoundRow:
    """A round of a year with its three dates."""

    link: Link
    state: Tag
    cells: Sequence[DateCell]


def state_of(one: Round) -> Tag:
    if one.period is None or not one.is_opened:
        return NOT_OPENED if one.period is None else DATES_SET
    if one.period.is_locked(one.today):
        return LOCKED
    return OPEN if one.period.is_open(one.today) else NOT_YET


def dates_sentence(one: Round) -> str:
    dates = one.dates
    return f"It opens on {day(dates.opens_on)}, is due on {day(dates.due_on)} and locks after {day(dates.locks_on)}."


def round_rows(form: DatesForm, rounds: Sequence[Round], address: Callable[[Round], Link]) -> list[RoundRow]:
    """Rounds, each date with its box or as it stands; ``address`` gives the link to one."""
    rows = []
    for one in rounds:
        boxes = form.boxes(one)
        cells = [DateCell(LABELS[name], boxes.get(name), _stands(one, name)) for name in DATES]
        rows.append(RoundRow(address(one), state_of(one), cells))
    return rows


def _stands(one: Round, name: str) -> str:
    return "" if one.period is None and one.is_over else day(getattr(one.dates, name))


def unusual_days(wanted: Mapping[Span, RoundDates]) -> str:
    """Which of the dates are not working days, in a sentence; nothing when all are."""
    calendar = working_days()
    off = [
        f"{span} {LABELS[name].lower()} {getattr(dates, name):%A} {day(getattr(dates, name))}"
        for span, dates in wanted.items()
        for name in DATES
        if not calendar.is_working_day(getattr(dates, name))
    ]
    return f"Not a working day: {'; '.join(off)}." if off else ""


def fixed_words(one: Round) -> str:
    """Why some of its dates have no box."""
    if one.is_opened and one.is_over:
        return f"{one.span} has locked. Giving it a later last day opens all its returns again until that day."
    return "A day that has passed stays as it is." if len(one.movable) < len(DATES) else ""


def moves_of(one: Round) -> list[tuple[str, str, str]]:
    """Who set which dates when, and why, newest first; what left the dates as they were is no move."""
    if one.period is None:
        return []
    rows = list(one.period.history.all())
    said = [
        f"Opens on {day(row.opens_on)}, due on {day(row.due_on)}, locks after {day(row.locks_on)}" for row in rows
    ]
    return [
        (f"{moment(row.history_date)}, {row.history_by_name or 'the computer'}", words, row.history_change_reason)
        for row, words, before in zip(rows, said, [*said[1:], ""], strict=True)
        if words != before
    ]


@dataclass(frozen=True)
class ExceptionRow:
    """A lock that is lifted for one record, or was."""

    link: Link
    reason: str
    granted: str
    until: str
    in_force: bool
    end: str


def exception_row(one: Any, record: Any, link: Link, today: date, end: str) -> ExceptionRow:
    """The lifted lock ``one`` of ``record``, in force or over; ``end`` names the address that ends it early."""
    in_force = one.expires_on >= today and not record.is_accepted
    until = f"Open until {day(one.expires_on)}" if one.expires_on >= today else f"Ended after {day(one.expires_on)}"
    if one.ended_by is not None:
        until = f"Ended early by {one.ended_by.name}, {moment(one.ended_at)}"
    return ExceptionRow(
        link=link,
        reason=one.reason,
        granted=f"Asked for by {one.asked_by}. Granted by {one.granted_by.name}, {day(one.granted_at)}.",
        until=until,
        in_force=in_force,
        end=reverse(end, args=[one.pk]) if in_force else "",
    )
