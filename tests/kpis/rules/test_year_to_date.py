"""How months make the year to date."""

import itertools
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction, Rag, check_figure
from kpis.rules.figures import Entry, Frequency, Unit, YtdRule
from kpis.rules.year_to_date import (
    Levels,
    MonthFigure,
    expected_months,
    levels_to_date,
    rule_refusal,
    target_to_date,
    year_to_date,
)

YEAR = FinancialYear(2026)
APRIL, MAY, JUNE, JULY = YEAR.months[:4]

values = st.decimals(-(10**6), 10**6, places=3)
years_of_values = st.lists(st.none() | values, min_size=1, max_size=12)
pairs = st.tuples(st.integers(0, 1000), st.integers(1, 1000))


def figures(*entered):
    """The year's months from April on; None is a month without a figure."""
    return [
        MonthFigure(month, None if value is None else D(value))
        for month, value in zip(YEAR.months, entered, strict=False)
    ]


def parts(*entered):
    return [
        MonthFigure(month, None, D(numerator), D(denominator))
        for month, (numerator, denominator) in zip(YEAR.months, entered, strict=False)
    ]


def to_date(rule, entered, **how):
    return [at.value for at in year_to_date(rule, entered, **how).values()]


def test_months_that_add_up_are_summed():
    assert to_date(YtdRule.ADDS_UP, figures(10, 20, 5)) == [10, 30, 35]


def test_a_running_total_stands_as_entered():
    assert to_date(YtdRule.RUNNING_TOTAL, figures(10, 30, 35)) == [10, 30, 35]


def test_the_latest_month_stands_for_the_year():
    assert to_date(YtdRule.LATEST, figures(10, 30, 20)) == [10, 30, 20]


def test_the_mean_is_of_the_months_that_have_a_figure():
    assert to_date(YtdRule.MEAN, figures(10, None, 20)) == [10, 10, 15]


def test_weighting_lets_a_big_month_count_for_more():
    found = year_to_date(YtdRule.WEIGHTED, parts((1, 2), (90, 98)), Unit.PERCENTAGE)
    assert next(at.own for at in found.values()) == 50
    assert found[MAY].value == 91


def test_a_weighted_rate_is_per_so_many():
    found = year_to_date(YtdRule.WEIGHTED, parts((43, 100_000), (37, 100_000)), Unit.RATE, 100_000)
    assert found[MAY].value == 40


def test_a_missing_month_is_named_and_the_total_goes_on_without_it():
    found = year_to_date(YtdRule.ADDS_UP, figures(10, None, 5))
    assert found[MAY].value == 10
    assert found[MAY].own is None
    assert found[JUNE].value == 15
    assert found[JUNE].missing == (MAY,)
    assert found[JUNE].counted == 2
    assert not found[JUNE].is_complete
    assert found[APRIL].is_complete


def test_a_month_not_even_given_is_missing_too():
    found = year_to_date(YtdRule.ADDS_UP, [MonthFigure(JUNE, D(5))])
    assert list(found) == [APRIL, MAY, JUNE]
    assert found[APRIL].value is None
    assert found[JUNE].missing == (APRIL, MAY)


def test_only_months_that_were_due_are_missing():
    found = year_to_date(YtdRule.ADDS_UP, [MonthFigure(JUNE, D(5))], due=[JUNE, JULY])
    assert list(found) == [JUNE]
    assert found[JUNE].is_complete


@pytest.mark.parametrize("rule", list(YtdRule))
def test_a_year_without_a_figure_has_no_year_to_date(rule):
    found = year_to_date(rule, figures(None, None))
    assert [at.value for at in found.values()] == [None, None]


def test_a_running_totals_own_month_is_what_it_added():
    found = year_to_date(YtdRule.RUNNING_TOTAL, figures(10, 30, None, 35))
    assert [at.own for at in found.values()] == [10, 20, None, None]
    assert found[JULY].value == 35


def test_a_month_with_nothing_to_measure_is_neither_missing_nor_nought():
    found = year_to_date(YtdRule.WEIGHTED, parts((1, 2), (0, 0), (3, 4)), Unit.PERCENTAGE)
    assert found[MAY].nothing_to_measure
    assert found[MAY].own is None
    assert found[MAY].value == 50
    assert found[MAY].is_complete
    assert found[JUNE].counted == 2


def test_nothing_to_measure_all_year_is_no_year_to_date():
    found = year_to_date(YtdRule.WEIGHTED, parts((0, 0), (0, 0)), Unit.PERCENTAGE)
    assert found[MAY].value is None
    assert found[MAY].nothing_to_measure


def test_a_weighted_year_is_unknown_while_a_months_weight_is():
    entered = [MonthFigure(APRIL, D(50)), *parts((1, 2), (3, 4))[1:]]
    found = year_to_date(YtdRule.WEIGHTED, entered, Unit.PERCENTAGE)
    assert found[MAY].value is None


def test_a_new_year_starts_afresh():
    march = Month(2026, 3)
    found = year_to_date(YtdRule.ADDS_UP, [MonthFigure(march, D(7)), MonthFigure(APRIL, D(3))])
    assert found[march].value == 7
    assert found[APRIL].value == 3


def test_a_year_can_start_in_january():
    entered = [MonthFigure(Month(2026, month), D(1)) for month in range(1, 6)]
    found = year_to_date(YtdRule.ADDS_UP, entered, first_month=1)
    assert found[Month(2026, 5)].value == 5


def test_only_a_quarters_last_month_is_due_for_a_quarterly_figure():
    entered = [MonthFigure(JUNE, D(10)), MonthFigure(Month(2026, 9), D(20))]
    found = year_to_date(YtdRule.ADDS_UP, entered, frequency=Frequency.QUARTERLY)
    assert list(found) == [JUNE, Month(2026, 9)]
    assert found[Month(2026, 9)].value == 30
    assert found[Month(2026, 9)].is_complete


def test_a_missing_quarter_is_named_by_its_last_month():
    found = year_to_date(YtdRule.MEAN, [MonthFigure(Month(2026, 9), D(20))], frequency=Frequency.QUARTERLY)
    assert found[Month(2026, 9)].missing == (JUNE,)


def test_a_yearly_figure_is_due_in_march():
    assert expected_months(YEAR, Frequency.YEARLY) == (Month(2027, 3),)


def test_a_percentage_that_adds_up_is_refused():
    with pytest.raises(ValueError, match="cannot add up"):
        year_to_date(YtdRule.ADDS_UP, figures(10), Unit.PERCENTAGE)


def test_two_figures_for_a_month_are_refused():
    with pytest.raises(ValueError, match="two figures for April 2026"):
        year_to_date(YtdRule.ADDS_UP, figures(10) + figures(11))


def test_a_rule_that_does_not_fit_says_why():
    assert "cannot add up" in rule_refusal(YtdRule.ADDS_UP, Unit.PERCENTAGE, Entry.VALUE)
    assert "numerator and denominator" in rule_refusal(YtdRule.WEIGHTED, Unit.RATE, Entry.VALUE)
    assert rule_refusal(YtdRule.WEIGHTED, Unit.PERCENTAGE, Entry.PARTS) == ""
    assert rule_refusal(YtdRule.RUNNING_TOTAL, Unit.PERCENTAGE, Entry.VALUE) == ""


@given(years_of_values)
def test_running_totals_of_months_that_add_up_come_to_the_same(entered):
    summed = year_to_date(YtdRule.ADDS_UP, figures(*entered))
    whole = [(month, at.value) for month, at in summed.items() if at.value is not None]
    again = year_to_date(YtdRule.RUNNING_TOTAL, [MonthFigure(month, value) for month, value in whole])
    assert all(again[month].value == value for month, value in whole)
    for month, at in again.items():
        if at.own is not None and summed[month].own is not None:
            assert at.own == summed[month].own


@given(years_of_values)
def test_the_mean_lies_among_its_months(entered):
    known = [value for value in entered if value is not None]
    last = list(year_to_date(YtdRule.MEAN, figures(*entered)).values())[-1]
    assert last.counted == len(known)
    assert last.value is None if not known else min(known) <= last.value <= max(known)


@given(st.lists(pairs, min_size=1, max_size=12))
def test_a_weighted_year_lies_among_its_months_and_between_the_last_and_this(entered):
    found = list(year_to_date(YtdRule.WEIGHTED, parts(*entered), Unit.RATIO).values())
    slack = D("0.000001")
    owns = [at.own for at in found]
    assert min(owns) - slack <= found[-1].value <= max(owns) + slack
    for before, at in itertools.pairwise(found):
        low, high = sorted((before.value, at.own))
        assert low - slack <= at.value <= high + slack


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12), st.integers(1, 1000))
def test_equal_weights_make_the_mean(numerators, denominator):
    weighted = to_date(YtdRule.WEIGHTED, parts(*((one, denominator) for one in numerators)))
    mean = to_date(YtdRule.MEAN, parts(*((one, denominator) for one in numerators)))
    assert all(abs(one - other) < D("0.000001") for one, other in zip(weighted, mean, strict=True))


@given(years_of_values, st.sampled_from([YtdRule.ADDS_UP, YtdRule.MEAN, YtdRule.LATEST, YtdRule.RUNNING_TOTAL]))
def test_every_year_to_date_can_be_judged(entered, rule):
    for at in year_to_date(rule, figures(*entered)).values():
        check_figure(at.value)
        check_figure(at.own)
        assert at.counted + len(at.missing) == YEAR.months.index(at.month) + 1


# Targets


def targets(*entered):
    return {month: None if one is None else D(one) for month, one in zip(YEAR.months, entered, strict=False)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (YtdRule.ADDS_UP, [10, 30, 60]),
        (YtdRule.RUNNING_TOTAL, [10, 20, 30]),
        (YtdRule.LATEST, [10, 20, 30]),
        (YtdRule.WEIGHTED, [10, 20, 30]),
        (YtdRule.MEAN, [10, 15, 20]),
    ],
)
def test_targets_to_date_follow_the_rule(rule, expected):
    assert list(target_to_date(rule, targets(10, 20, 30)).values()) == expected


@pytest.mark.parametrize("rule", [YtdRule.ADDS_UP, YtdRule.MEAN])
def test_a_month_without_a_target_leaves_nothing_to_compare_a_sum_with(rule):
    found = target_to_date(rule, targets(10, None, 30))
    assert found[APRIL] == 10
    assert found[MAY] is None
    assert found[JUNE] is None


def test_a_level_without_a_target_is_not_judged_that_month_only():
    assert list(target_to_date(YtdRule.LATEST, targets(10, None, 30)).values()) == [10, None, 30]


def test_like_is_compared_with_like_when_a_figure_is_missing():
    found = target_to_date(YtdRule.ADDS_UP, targets(10, 20, 30), counted=[APRIL, JUNE])
    assert list(found.values()) == [10, 10, 40]


def test_a_target_of_nought_is_a_target():
    assert list(target_to_date(YtdRule.ADDS_UP, targets(0, 0)).values()) == [0, 0]


def test_targets_start_afresh_with_the_year():
    march = Month(2026, 3)
    found = target_to_date(YtdRule.ADDS_UP, {march: D(7), APRIL: D(3)})
    assert found == {march: 7, APRIL: 3}


def test_levels_to_date_carry_all_four_edges():
    month = Levels(D(4), D(2), D(6), D(8))
    found = levels_to_date(YtdRule.ADDS_UP, {APRIL: month, MAY: month})
    assert found[MAY] == Levels(D(8), D(4), D(12), D(16))
    assert found[MAY].judge(D(4), Direction.RANGE) is Rag.AMBER


@given(st.lists(values, min_size=1, max_size=12))
def test_on_target_every_month_is_on_target_for_the_year(entered):
    for rule in (YtdRule.ADDS_UP, YtdRule.MEAN, YtdRule.LATEST, YtdRule.RUNNING_TOTAL):
        found = year_to_date(rule, figures(*entered))
        target = target_to_date(rule, targets(*entered))
        for month, at in found.items():
            assert Levels(target[month]).judge(at.value, Direction.HIGHER) is Rag.GREEN
            assert Levels(target[month]).judge(at.value, Direction.LOWER) is Rag.GREEN
