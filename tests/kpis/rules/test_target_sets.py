"""Which set judges which month, from when a new one can govern, and what a level may be."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction, Rag
from kpis.rules.figures import Frequency
from kpis.rules.target_sets import (
    first_of_period,
    governed,
    governing,
    level_field_refusal,
    levels_refusal,
    open_starts,
)
from kpis.rules.year_to_date import Levels, expected_months

YEAR = FinancialYear(2026)
MONTHS = YEAR.months
APRIL, OCTOBER, MARCH = MONTHS[0], MONTHS[6], MONTHS[-1]
some_months = st.sets(st.sampled_from(MONTHS))
frequencies = st.sampled_from(list(Frequency))
small = st.one_of(st.none(), st.decimals(0, 20, places=0))


def shown(value):
    return f"{value:f}"


def test_a_month_is_judged_by_the_latest_set_that_had_begun():
    assert [governing(month, {APRIL, OCTOBER}) for month in (APRIL, OCTOBER - 1, OCTOBER, MARCH)] == [
        APRIL,
        APRIL,
        OCTOBER,
        OCTOBER,
    ]


def test_before_the_first_set_nothing_governs():
    assert governing(OCTOBER - 1, {OCTOBER}) is None


@given(some_months, st.sampled_from(MONTHS), st.sampled_from(MONTHS))
def test_a_later_set_changes_no_earlier_month(starts, later, month):
    before, after = governing(month, starts), governing(month, starts | {later})
    assert after == (before if month < later or (before is not None and before > later) else later)


@given(some_months)
def test_every_month_from_the_first_set_on_is_governed_by_exactly_one(starts):
    held = [month for start in starts for month in governed(start, starts, MONTHS)]
    assert sorted(held) == [month for month in MONTHS if starts and month >= min(starts)]


@given(some_months, frequencies)
def test_a_new_set_never_reaches_a_judged_month(judged, frequency):
    expected = expected_months(YEAR, frequency)
    judged &= set(expected)
    for start in open_starts(expected, frequency, judged):
        assert not judged & set(governed(start, {start}, expected))


@given(some_months, frequencies)
def test_every_month_after_the_last_judged_can_have_a_new_target(judged, frequency):
    expected = expected_months(YEAR, frequency)
    judged &= set(expected)
    starts = open_starts(expected, frequency, judged)
    assert len(starts) == sum(not judged or month > max(judged) for month in expected)
    assert all(start in MONTHS for start in starts)


def test_a_quarters_target_begins_with_the_quarter():
    assert open_starts(expected_months(YEAR, "quarterly"), "quarterly", {Month(2026, 6)}) == (
        Month(2026, 7),
        OCTOBER,
        Month(2027, 1),
    )
    assert first_of_period(MARCH, "yearly") == APRIL


def test_a_year_that_is_judged_has_no_month_left():
    assert open_starts(MONTHS, "monthly", MONTHS) == ()


@given(small, small, small, small, st.sampled_from(list(Direction)))
def test_what_the_page_lets_pass_the_database_does_too(target, level, upper, level_upper, direction):
    levels = Levels(target, level, upper, level_upper)
    if direction is Direction.NONE or (
        direction is not Direction.RANGE and (upper is not None or level_upper is not None)
    ):
        return  # the form has no such boxes
    assert (level_field_refusal(levels, direction, shown) is None) == (levels_refusal(levels, direction) == "")


@given(small, small, st.sampled_from([Direction.HIGHER, Direction.LOWER]), st.decimals(0, 20, places=0))
def test_levels_that_can_stand_give_amber_only_between_them(target, level, direction, figure):
    levels = Levels(target, level)
    if target is None or level is None or level_field_refusal(levels, direction, shown):
        return
    between = min(target, level) <= figure <= max(target, level) and figure != target
    assert (levels.judge(figure, direction) is Rag.AMBER) == between


@pytest.mark.parametrize(
    ("levels", "direction", "field", "says"),
    [
        (
            Levels(D(100), D(110)),
            "higher",
            "intervention",
            "level of 110 is above the target of 100, its better side",
        ),
        (Levels(D(100), D(90)), "lower", "intervention", "enter 100 or higher, or leave it empty for no amber"),
        (Levels(None, D(90)), "lower", "target", "Enter the target as well"),
        (Levels(D(4), None, None), "range", "target_upper", "a range has two"),
        (Levels(D(4), None, D(3)), "range", "target_upper", "The upper edge is 3, below the lower edge of 4."),
        (Levels(D(4), D(2), D(6)), "range", "intervention_upper", "both edges"),
        (Levels(D(4), None, D(6), D(8)), "range", "intervention", "both edges"),
        (Levels(D(4), D(5), D(6), D(8)), "range", "intervention", "level of 5 is above the target of 4"),
        (Levels(D(4), D(2), D(6), D(5)), "range", "intervention_upper", "level of 5 is below the target of 6"),
    ],
)
def test_a_wrong_level_is_named_with_what_to_enter(levels, direction, field, says):
    found = level_field_refusal(levels, Direction(direction), shown)
    assert found is not None
    assert found[0] == field
    assert says in found[1]


@pytest.mark.parametrize("level", [D(100), None])
def test_a_level_on_its_target_or_none_at_all_can_stand(level):
    for direction in (Direction.HIGHER, Direction.LOWER):
        assert level_field_refusal(Levels(D(100), level), direction, shown) is None
