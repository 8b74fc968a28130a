"""Periods as they are published, and which way a measure moves."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.travel import compared, travel, travel_words
from hdcperf.published_periods import parse_period
from hdcperf.rag import Direction, Movement


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021/22", date(2021, 4, 1), date(2022, 3, 31)),
        ("2018 - 20", date(2018, 1, 1), date(2020, 12, 31)),
        ("2018 \N{EN DASH} 2020", date(2018, 1, 1), date(2020, 12, 31)),
        ("2018/19 - 22/23", date(2018, 4, 1), date(2023, 3, 31)),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        ("1999 - 01", date(1999, 1, 1), date(2001, 12, 31)),
    ],
)
def test_a_period_covers_the_days_it_says(words: str, start: date, end: date) -> None:
    found = parse_period(words)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("words", ["", "21", "2021/2022", "2021/23", "2020 - 2019", "2018/19 - 22/24", "x" * 100])
def test_what_is_not_a_period_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"period|financial year|covers"):
        parse_period(words)


@given(first=st.integers(1900, 2090), years=st.integers(0, 9))
def test_rolling_periods_cover_whole_years(first: int, years: int) -> None:
    found = parse_period(f"{first} - {first + years}")
    assert (found.start.year, found.end.year) == (first, first + years)


@given(before=st.decimals(-100, 100, places=2), now=st.decimals(-100, 100, places=2))
def test_better_one_way_is_worse_the_other(before: Decimal, now: Decimal) -> None:
    higher, lower = (travel([before, now], one) for one in (Direction.HIGHER, Direction.LOWER))
    opposite = {Movement.BETTER: Movement.WORSE, Movement.WORSE: Movement.BETTER, Movement.SAME: Movement.SAME}
    assert opposite[higher] is lower
    assert travel([before, now], Direction.NONE) is Movement.NONE


def test_one_value_is_compared_with_nothing() -> None:
    assert travel([Decimal(1)], Direction.HIGHER) is Movement.NONE
    assert "nothing earlier" in travel_words(["2021"], [Decimal(1)], Direction.HIGHER, str)


def test_beside_another_area() -> None:
    assert compared(Decimal(2), Decimal(1), Direction.LOWER, "England") == "worse than England"
    assert compared(Decimal(2), Decimal(1), Direction.NONE, "England") == "higher than England"
    assert compared(Decimal(1), Decimal(1), Direction.HIGHER, "England") == "the same as England"
