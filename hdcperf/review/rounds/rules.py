"""The dates of a collection round: what they usually are, and what may be moved (framework C.2, E.1). Pure."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

from hdcperf.periods import Month, Quarter, RoundDates
from hdcperf.ui.words import day

__all__ = ["DATES", "LABELS", "date_refusals", "has_passed"]

DATES = tuple(one.name for one in fields(RoundDates))
LABELS = {"opens_on": "Opens on", "due_on": "Due on", "locks_on": "Locks after"}
WITHIN = timedelta(days=366)
"""A round's dates fall within a year of the end of what it collects: a slip in the year is noticed."""


def has_passed(name: str, dates: RoundDates, today: date) -> bool:
    """Whether the date called ``name`` is history: the last day of a round is still to come on that day."""
    found: date = getattr(dates, name)
    return found < today


def date_refusals(span: Month | Quarter, told: RoundDates | None, wanted: RoundDates, today: date) -> dict[str, str]:
    """Why a round cannot have the dates ``wanted``, a sentence by date; empty when it can.

    ``told`` are the dates people were told (None: the round is not opened yet). Of those, a day that has passed stays
    as it was and none is moved into the past; but a round that has locked can be given a later last day.
    """
    found = _out_of_place(span, wanted)
    for name in DATES if told is not None else ():
        was, now = getattr(told, name), getattr(wanted, name)
        if was == now:
            continue
        if was < today and not (name == "locks_on" and now >= today):
            found[name] = f"“{LABELS[name]}” was {day(was)}. That day has passed, so it stays as it was."
        elif now < today:
            found[name] = f"“{LABELS[name]}” cannot be moved to a day that has passed."
    return found


def _out_of_place(span: Month | Quarter, wanted: RoundDates) -> dict[str, str]:
    found: dict[str, str] = {}
    if wanted.opens_on < span.first_day:
        found["opens_on"] = f"{span} cannot open before it begins."
    if wanted.due_on < wanted.opens_on:
        found["due_on"] = f"The due date of {span} must be on or after the day it opens, {day(wanted.opens_on)}."
    if wanted.locks_on < wanted.due_on:
        found["locks_on"] = f"{span} must lock on or after its due date, {day(wanted.due_on)}."
    latest = span.last_day + WITHIN
    for name in DATES:
        if getattr(wanted, name) > latest:
            found.setdefault(name, f"The dates of {span} must be within a year of its end: check the year.")
    return found
