"""Twelve monthly targets from a year's."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear
from kpis.rules.figures import Frequency, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import Profile, monthly_levels, monthly_targets, shape_of, typed_refusal
from kpis.rules.year_to_date import Levels, MonthFigure, expected_months, levels_to_date

YEAR, LAST_YEAR = FinancialYear(2026), FinancialYear(2025)
MONTHS = YEAR.months
COUNTS, RUNNING = Measure(YtdRule.ADDS_UP), Measure(YtdRule.RUNNING_TOTAL)
SUMMED = st.sampled_from([YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL])
shapes = st.lists(st.decimals(0, 1000, places=2), min_size=12, max_size=12).filter(any)


def flat(measure, target):
    return list(monthly_targets(measure, MONTHS, D(target)).values())


def last_year(*values):
    return [
        MonthFigure(month, None if value is None else D(value))
        for month, value in zip(LAST_YEAR.months, values, strict=False)
    ]


def test_a_flat_target_is_a_twelfth_each_month():
    assert flat(COUNTS, 120) == [10] * 12


def test_what_rounding_leaves_over_goes_to_the_earlier_months():
    assert flat(COUNTS, 125) == [11] * 5 + [10] * 7


def test_money_is_shared_to_the_penny():
    shared = flat(Measure(YtdRule.ADDS_UP, Unit.CURRENCY, decimals=2), 100)
    assert sum(shared) == 100
    assert set(shared) == {D("8.33"), D("8.34")}


def test_a_target_finer_than_what_is_shown_still_sums_exactly():
    assert sum(flat(COUNTS, "100.5")) == D("100.5")


def test_a_running_totals_targets_climb_to_the_years():
    assert flat(RUNNING, 125)[:3] == [11, 22, 33]
    assert flat(RUNNING, 125)[-1] == 125


@pytest.mark.parametrize("rule", [YtdRule.LATEST, YtdRule.MEAN, YtdRule.WEIGHTED])
def test_a_level_is_the_same_every_month(rule):
    assert flat(Measure(rule, Unit.PERCENTAGE), 90) == [90] * 12


def test_a_target_of_nought_is_nought_every_month():
    assert flat(COUNTS, 0) == [0] * 12


def test_a_quarterly_target_is_shared_over_four_quarters():
    quarters = expected_months(YEAR, Frequency.QUARTERLY)
    assert list(monthly_targets(COUNTS, quarters, D(10)).values()) == [3, 3, 2, 2]


def test_last_years_shape_puts_the_target_where_the_work_was():
    shape = shape_of(COUNTS, MONTHS, last_year(*[0] * 6, *[10] * 6))
    assert list(monthly_targets(COUNTS, MONTHS, D(120), shape).values()) == [0] * 6 + [20] * 6


def test_a_running_totals_shape_is_what_each_month_added():
    assert shape_of(RUNNING, MONTHS, last_year(*range(10, 130, 10))) == [10] * 12


def test_a_level_rises_and_falls_round_its_target():
    measure = Measure(YtdRule.MEAN, decimals=1)
    shape = shape_of(measure, MONTHS, last_year(*[5] * 6, *[15] * 6))
    assert list(monthly_targets(measure, MONTHS, D(20), shape).values()) == [10] * 6 + [30] * 6


def test_the_latest_level_ends_on_its_target():
    measure = Measure(YtdRule.LATEST)
    shape = shape_of(measure, MONTHS, last_year(*[200] * 11, 100))
    assert list(monthly_targets(measure, MONTHS, D(90), shape).values()) == [180] * 11 + [90]


def test_a_shaped_level_stays_possible():
    measure = Measure(YtdRule.MEAN, Unit.PERCENTAGE, minimum=D(0), maximum=D(100))
    shape = [D(1)] * 6 + [D(3)] * 6
    assert max(monthly_targets(measure, MONTHS, D(90), shape).values()) == 100


@pytest.mark.parametrize("values", [[10] * 11, [10] * 11 + [None], [0] * 12, [10] * 11 + [-1], []])
def test_a_year_that_cannot_serve_as_a_shape_is_none(values):
    assert shape_of(COUNTS, MONTHS, last_year(*values)) is None


@pytest.mark.parametrize("shape", [[D(1)] * 11, [D(0)] * 12, [D(-1), *[D(1)] * 11]])
def test_a_shape_needs_a_share_for_each_month(shape):
    with pytest.raises(ValueError, match="a share for each month"):
        monthly_targets(COUNTS, MONTHS, D(120), shape)


def test_a_level_that_ended_at_nought_has_no_shape():
    with pytest.raises(ValueError, match="ended at nought"):
        monthly_targets(Measure(YtdRule.LATEST), MONTHS, D(90), [D(1)] * 11 + [D(0)])


def test_the_profiles_have_names():
    assert [one.value for one in Profile] == ["flat", "last_year", "two_years", "typed"]  # as rows keep them


@given(st.decimals(-(10**6), 10**6, places=2), shapes, st.integers(0, 3))
def test_the_months_of_what_adds_up_sum_exactly_to_the_year(target, shape, decimals):
    measure = Measure(YtdRule.ADDS_UP, decimals=decimals)
    months = monthly_targets(measure, MONTHS, target, shape)
    assert sum(months.values()) == target
    assert all(share * target >= 0 for share in months.values())


@given(st.integers(0, 10**6), shapes)
def test_no_month_is_a_whole_step_from_its_exact_share(target, shape):
    months = monthly_targets(COUNTS, MONTHS, D(target), shape)
    for share, weight in zip(months.values(), shape, strict=True):
        assert abs(share - D(target) * weight / sum(shape)) < 1


@given(st.decimals(0, 10**6, places=1), st.none() | shapes)
def test_a_running_total_never_falls_and_ends_on_the_year(target, shape):
    months = list(monthly_targets(RUNNING, MONTHS, target, shape).values())
    assert months == sorted(months)
    assert months[-1] == target


@given(st.lists(st.decimals(0, 10**5, places=1), min_size=4, max_size=4).map(sorted), st.none() | shapes, SUMMED)
def test_every_months_edges_stay_in_order_and_end_on_the_years(edges, shape, rule):
    level, target, upper, level_upper = edges
    measure, year = Measure(rule), Levels(target, level, upper, level_upper)
    months = monthly_levels(measure, MONTHS, year, shape)
    for month in months.values():
        assert month.intervention <= month.target <= month.target_upper <= month.intervention_upper
    assert levels_to_date(rule, months)[MONTHS[-1]] == year


@given(st.lists(st.decimals(0, 100, places=1), min_size=2, max_size=2).map(sorted), st.none() | shapes)
def test_a_levels_months_stay_on_the_right_side(edges, shape):
    target, level = edges
    measure = Measure(YtdRule.MEAN, Unit.PERCENTAGE, maximum=D(100))
    for month in monthly_levels(measure, MONTHS, Levels(target, level), shape).values():
        assert month.intervention >= month.target
        assert month.target_upper is None


def test_no_target_makes_no_monthly_targets():
    assert set(monthly_levels(COUNTS, MONTHS, Levels()).values()) == {Levels()}


def typed(*values):
    return {month: None if one is None else D(one) for month, one in zip(MONTHS, values, strict=False)}


def test_typed_months_must_make_the_years_target():
    assert typed_refusal(COUNTS, typed(*[10] * 12), D(120)) == ""
    assert typed_refusal(COUNTS, typed(*[10] * 12), D(130)) == (
        "The months add up to 120, but the year's target is 130: they are 10 apart."
    )


@pytest.mark.parametrize("rule", [YtdRule.RUNNING_TOTAL, YtdRule.LATEST])
def test_typed_months_that_run_must_end_on_the_years_target(rule):
    assert typed_refusal(Measure(rule), typed(*range(10, 130, 10)), D(120)) == ""
    assert "end at 120" in typed_refusal(Measure(rule), typed(*range(10, 130, 10)), D(100))


def test_a_typed_mean_is_not_held_to_the_year():
    assert typed_refusal(Measure(YtdRule.MEAN), typed(*[10] * 12), D(50)) == ""


def test_months_still_to_be_typed_are_not_refused():
    assert typed_refusal(COUNTS, typed(10, None), D(120)) == ""
    assert typed_refusal(COUNTS, {}, D(120)) == ""
    assert typed_refusal(COUNTS, typed(10), None) == ""
