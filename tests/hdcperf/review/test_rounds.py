"""The dates of a collection round: counted in working days, and what of them may be moved."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import Month, RoundDates, opening_dates, round_dates
from hdcperf.review.rounds.rules import DATES, date_refusals

OCTOBER = Month(2026, 10)
USUAL = round_dates(OCTOBER)  # opens 2, due 12, locks after 19 November 2026


def test_a_month_opened_in_time_has_its_usual_dates() -> None:
    assert opening_dates(OCTOBER, date(2026, 11, 12)) == USUAL


def test_a_month_opened_too_late_gets_the_same_working_days_from_that_day() -> None:
    assert opening_dates(OCTOBER, date(2026, 12, 21)) == RoundDates(
        # Christmas Day, Boxing Day's substitute and New Year's Day are not counted.
        date(2026, 12, 21),
        date(2027, 1, 5),
        date(2027, 1, 12),
    )


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("opens_on", date(2026, 9, 30), "cannot open before it begins"),
        ("due_on", date(2026, 11, 1), "on or after the day it opens, 2 November 2026"),
        ("locks_on", date(2026, 11, 11), "on or after its due date, 12 November 2026"),
        ("locks_on", date(2027, 11, 19), "check the year"),
    ],
)
def test_dates_out_of_place_are_refused_before_anybody_was_told_them(name: str, day: date, said: str) -> None:
    found = date_refusals(OCTOBER, None, replace(USUAL, **{name: day}), date(2026, 11, 5))
    assert list(found) == [name]
    assert said in found[name]


@pytest.mark.parametrize(
    ("today", "name", "day", "said"),
    [
        (date(2026, 11, 5), "opens_on", date(2026, 11, 6), "That day has passed, so it stays as it was."),
        (date(2026, 11, 13), "due_on", date(2026, 11, 16), "was 12 November 2026. That day has passed"),
        (date(2026, 11, 16), "locks_on", date(2026, 11, 13), "cannot be moved to a day that has passed"),
        (date(2026, 11, 20), "locks_on", date(2026, 11, 18), "That day has passed"),
        (date(2026, 11, 12), "due_on", date(2026, 11, 13), ""),  # the day itself is still to come
        (date(2026, 11, 5), "due_on", date(2026, 11, 16), ""),
        (date(2026, 11, 20), "locks_on", date(2026, 11, 27), ""),  # a month that has locked opens again
    ],
)
def test_what_has_passed_is_not_moved_and_nothing_is_moved_into_the_past(
    today: date, name: str, day: date, said: str
) -> None:
    found = date_refusals(OCTOBER, USUAL, replace(USUAL, **{name: day}), today)
    assert said in found.get(name, "")
    assert bool(found) is bool(said)


days = st.dates(date(2026, 10, 1), date(2027, 2, 1))


@given(st.lists(days, min_size=3, max_size=3).map(sorted), days, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_no_move_that_is_allowed_changes_what_had_happened_by_today(
    told: list[date], today: date, wanted: list[date]
) -> None:
    before, after = RoundDates(*told), RoundDates(*wanted)
    if date_refusals(OCTOBER, before, after, today):
        return
    for name in DATES:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            assert now >= today
            assert was >= today or name == "locks_on"


@given(st.dates(date(2026, 4, 1), date(2027, 12, 31)))
def test_a_month_is_never_opened_already_due(today: date) -> None:
    month = Month.from_date(today) - 3
    found = opening_dates(month, today)
    assert found.opens_on <= found.due_on <= found.locks_on
    assert found.due_on >= today
    assert found.opens_on <= max(today, round_dates(month).opens_on)
    assert found.locks_on - found.due_on < timedelta(days=30)
