"""What a figure is, how it comes from its parts, and how it is printed."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.codes import code_key
from hdcperf.rag import check_figure
from kpis.models import KpiYear
from kpis.rules.figures import (
    NOTHING_TO_MEASURE,
    Entry,
    Frequency,
    Headline,
    Unit,
    YtdRule,
    factor,
    format_figure,
    format_target,
    month_value,
)

counts = st.decimals(0, 10**7, places=2)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "label", "printed"),
    [
        ("1234", Unit.CURRENCY, 0, "", "£1,234"),
        ("1234.5", Unit.CURRENCY, 2, "", "£1,234.50"),
        ("-1234", Unit.CURRENCY, 0, "", "−£1,234"),
        ("5", Unit.CURRENCY, 2, "a household", "£5.00 a household"),
        ("12.34", Unit.PERCENTAGE, 1, "", "12.3%"),
        ("100", Unit.PERCENTAGE, 0, "", "100%"),
        ("4.2", Unit.DAYS, 1, "", "4.2 days"),
        ("1", Unit.DAYS, 0, "", "1 day"),
        ("4.2", Unit.DAYS, 1, "working days", "4.2 working days"),
        ("39.8", Unit.RATE, 1, "per 100,000 collections", "39.8 per 100,000 collections"),
        ("1234567", Unit.NUMBER, 0, "", "1,234,567"),
        ("3", Unit.NUMBER, 0, "households", "3 households"),
        ("-2.5", Unit.RATIO, 1, "", "−2.5"),
        ("0.5", Unit.NUMBER, 0, "", "1"),
        ("2.5", Unit.NUMBER, 0, "", "3"),
        ("-2.5", Unit.NUMBER, 0, "", "−3"),
        ("-0.04", Unit.NUMBER, 1, "", "0.0"),
        ("1E+3", Unit.NUMBER, 0, "", "1,000"),
        ("9999999999999.999999", Unit.NUMBER, 0, "", "10,000,000,000,000"),
    ],
)
def test_a_figure_is_printed_with_its_unit_rounded_half_up(value, unit, decimals, label, printed):
    assert format_figure(D(value), unit, decimals, label) == printed


def test_a_target_range_names_its_unit_once_where_it_is_a_word():
    assert format_target(D(4), D(6), Unit.DAYS, 0) == "4 to 6 days"
    assert format_target(D(4), D(6), Unit.CURRENCY, 0) == "£4 to £6"
    assert format_target(D(4), D(6), Unit.NUMBER, 0, "visits") == "4 to 6 visits"
    assert format_target(D(4), None, Unit.PERCENTAGE, 1) == "4.0%"


def test_a_percentage_and_a_rate_are_worked_out_from_their_parts():
    assert month_value(Entry.PARTS, None, D(45), D(60), Unit.PERCENTAGE) == D(75)
    assert month_value(Entry.PARTS, None, D(86), D(200_000), Unit.RATE, 100_000) == D(43)
    assert month_value(Entry.PARTS, None, D(3), D(2), Unit.RATIO) == D("1.5")


def test_a_nought_denominator_is_nothing_to_measure_and_never_nought():
    value = month_value(Entry.PARTS, None, D(0), D(0), Unit.PERCENTAGE)
    assert value is NOTHING_TO_MEASURE
    assert str(value) == "Nothing to measure"
    assert month_value(Entry.PARTS, None, None, D("0.00"), Unit.PERCENTAGE) is NOTHING_TO_MEASURE


def test_half_a_pair_is_no_figure_yet():
    assert month_value(Entry.PARTS, None, D(5), None, Unit.PERCENTAGE) is None
    assert month_value(Entry.PARTS, None, None, D(5), Unit.PERCENTAGE) is None
    assert month_value(Entry.VALUE, None, D(5), D(5), Unit.PERCENTAGE) is None


def test_an_entered_value_is_taken_as_it_is():
    assert month_value("value", D("98.70"), None, None, "percentage") == D("98.7")


def test_a_rate_must_say_per_how_many():
    with pytest.raises(ValueError, match="per how many"):
        factor(Unit.RATE)
    with pytest.raises(ValueError, match="per how many"):
        factor(Unit.RATE, 0)


@given(counts, counts.filter(bool))
def test_a_worked_out_figure_can_always_be_judged(numerator, denominator):
    value = month_value(Entry.PARTS, None, numerator, denominator, Unit.RATE, 100_000)
    check_figure(value)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_part_of_a_whole_is_between_nought_and_a_hundred(part, more):
    value = month_value(Entry.PARTS, None, D(part), D(part + more), Unit.PERCENTAGE)
    assert 0 <= value < 100


def test_the_headline_is_the_year_to_date_for_what_is_summed():
    assert {rule: Headline.default(rule).value for rule in YtdRule} == {
        YtdRule.ADDS_UP: "ytd",
        YtdRule.RUNNING_TOTAL: "ytd",
        YtdRule.WEIGHTED: "ytd",
        YtdRule.LATEST: "month",
        YtdRule.MEAN: "month",
    }


def test_a_quarter_is_reported_in_its_last_month():
    assert Frequency.QUARTERLY.months == (3, 6, 9, 12)
    assert Frequency.YEARLY.months == (12,)
    assert Frequency.MONTHLY.months == tuple(range(1, 13))


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("PI 10", "000010"),
        ("PI10", "000010"),
        ("KPI 10", "000010"),
        ("kpi10", "000010"),
        ("pi-10", "000010"),
        ("PI 010", "000010"),
        ("10", "000010"),
        ("PI 10a", "000010A"),
        ("PI 1.1", "000001.000001"),
        ("PI 11", "000011"),
        ("P1", "P000001"),
        ("CPA64", "CPA000064"),
        ("cpa 64", "CPA000064"),
        ("KPI", "KPI"),
        ("PIE 3", "PIE000003"),
        ("PI 0", "000000"),
        (" PI\u00a010 ", "000010"),
    ],
)
def test_looking_up_a_code_drops_case_spaces_and_the_pi(code, key):
    assert code_key(code) == key


def test_keys_sort_as_people_count():
    codes = ["PI 2", "KPI 10", "PI 10a", "PI 11", "CPA 9", "CPA64"]
    assert sorted(code_key(code) for code in codes) == [code_key(code) for code in codes]


@given(st.text("KPI 019aC.", max_size=20))
def test_a_key_fits_its_column(code):
    assert len(code_key(code)) <= KpiYear._meta.get_field("code_key").max_length


@given(st.text("KPI 019aC.", max_size=12))
def test_looking_up_a_key_finds_itself(code):
    assert code_key(code_key(code)) == code_key(code)
