"""A target that changes in the year: what the months before hold is kept, and the rest still makes the year's."""

from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear
from kpis.rules.figures import YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import ProfileRefused, monthly_levels, typed_refusal
from kpis.rules.year_to_date import Levels, levels_to_date

MONTHS = FinancialYear(2026).months
OCTOBER = MONTHS[6]
summed = st.sampled_from([YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL])
figures = st.integers(0, 100_000).map(D)
shapes = st.one_of(st.none(), st.lists(st.integers(1, 500).map(D), min_size=12, max_size=12))


def before(measure, year, start, shape=None):
    """The months before ``start`` of a set that governs from April."""
    months = monthly_levels(measure, MONTHS, year, shape)
    return {month: levels for month, levels in months.items() if month < start}


@given(summed, figures, figures, figures, figures, st.sampled_from(MONTHS[1:]), shapes)
def test_the_year_to_date_ends_at_the_new_target_and_level(rule, first, apart, second, apart_now, start, shape):
    measure = Measure(rule)
    kept = before(measure, Levels(first, first + apart), start)
    year = Levels(second, second + apart_now)
    try:
        rest = monthly_levels(measure, MONTHS, year, shape, kept)
    except ProfileRefused:
        held = levels_to_date(rule, kept)[max(kept)]
        assert held.target > second or held.intervention - held.target > apart_now
        return
    assert set(rest) == {month for month in MONTHS if month >= start}
    assert levels_to_date(rule, {**kept, **rest})[MONTHS[-1]] == year
    assert all(one.intervention >= one.target for one in rest.values())


@given(st.sampled_from([YtdRule.LATEST, YtdRule.MEAN, YtdRule.WEIGHTED]), figures, figures)
def test_a_level_is_the_years_target_whatever_came_before(rule, first, second):
    measure = Measure(rule)
    rest = monthly_levels(measure, MONTHS, Levels(second), None, before(measure, Levels(first), OCTOBER))
    assert set(rest.values()) == {Levels(second)}


@given(summed, figures, figures)
def test_months_without_a_target_before_are_not_made_up_for(rule, second, first):
    """The year to date stays unjudged then, so nothing is gained by cramming a year into what is left of it."""
    measure = Measure(rule)
    kept = dict.fromkeys(MONTHS[:6], Levels())
    whole = monthly_levels(measure, MONTHS, Levels(second))
    assert monthly_levels(measure, MONTHS, Levels(second), None, kept) == {
        month: whole[month] for month in MONTHS[6:]
    }


@given(figures, figures)
def test_a_first_level_in_the_year_is_spread_like_the_years(target, apart):
    assume(target >= 0)
    measure = Measure(YtdRule.ADDS_UP)
    kept = before(measure, Levels(target), OCTOBER)
    rest = monthly_levels(measure, MONTHS, Levels(target, target + apart), None, kept)
    whole = monthly_levels(measure, MONTHS, Levels(target, target + apart))
    assert sum(one.target for one in (*kept.values(), *rest.values())) == target
    assert [one.intervention - one.target for one in rest.values()] == [
        whole[month].intervention - whole[month].target for month in rest
    ]


def test_what_is_left_of_the_raised_target_is_shared_over_the_months_left():
    measure = Measure(YtdRule.ADDS_UP)
    kept = before(measure, Levels(D(120), D(108)), OCTOBER)
    rest = monthly_levels(measure, MONTHS, Levels(D(150), D(132)), None, kept)
    assert set(rest.values()) == {Levels(D(15), D(13))}


def test_a_target_below_what_the_months_hold_already_is_refused_with_the_figure():
    measure = Measure(YtdRule.ADDS_UP)
    kept = before(measure, Levels(D(120)), OCTOBER)
    with pytest.raises(ProfileRefused, match="to September 2026 already hold 60 of it") as refused:
        monthly_levels(measure, MONTHS, Levels(D(50)), None, kept)
    assert refused.value.field == "target"


def test_a_level_nearer_than_the_months_are_already_is_refused_beside_it():
    measure = Measure(YtdRule.RUNNING_TOTAL)
    kept = before(measure, Levels(D(120), D(60)), OCTOBER)
    with pytest.raises(ProfileRefused, match="already 30 from their target") as refused:
        monthly_levels(measure, MONTHS, Levels(D(150), D(140)), None, kept)
    assert refused.value.field == "intervention"


def test_typed_months_with_those_kept_make_the_years_target_or_say_by_how_much_they_do_not():
    measure = Measure(YtdRule.ADDS_UP)
    typed = {month: D(10) for month in MONTHS[:6]} | {month: D(15) for month in MONTHS[6:]}
    assert typed_refusal(measure, typed, D(150)) == ""
    assert "add up to 150, but the year's target is 160: they are 10 apart" in typed_refusal(measure, typed, D(160))
    assert "the year's intervention level is 160" in typed_refusal(measure, typed, D(160), "intervention level")
