"""The basic checks on a monthly return."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from kpis.rules.checks import ReturnFacts, basic_checks, submission_errors
from kpis.rules.figures import Entry, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import MonthFigure

OCTOBER = Month(2026, 10)
COUNTS = Measure(YtdRule.ADDS_UP)
PERCENT = Measure(YtdRule.WEIGHTED, Unit.PERCENTAGE, decimals=1)
RUNNING = Measure(YtdRule.RUNNING_TOTAL, Unit.CURRENCY)
TODAY = date(2026, 11, 5)


def before(*values):
    """Earlier months' figures, the last of them September's."""
    first = OCTOBER - len(values)
    return tuple(MonthFigure(first + n, None if value is None else D(value)) for n, value in enumerate(values))


GOOD = ReturnFacts(
    month=OCTOBER,
    measure=COUNTS,
    direction=Direction.HIGHER,
    value=D(105),
    previous=before(100, 90, 110, 95, 102, 98),
    rag=Rag.GREEN,
    what_happened="More people came to the new classes in St Ives.",
    why="The spring timetable added two evenings a week.",
    forecast=D(1200),
    forecast_rag=Rag.GREEN,
    year_target=D(1100),
    today=TODAY,
)
PARTS = replace(
    GOOD,
    measure=PERCENT,
    entry=Entry.PARTS,
    value=None,
    numerator=D(45),
    denominator=D(60),
    numerator_label="decided in time",
    denominator_label="Applications decided",
    previous=(),
    forecast=D(80),
    year_target=None,
)


def codes(facts):
    return [check.code for check in basic_checks(facts)]


def found(facts, code):
    (check,) = [one for one in basic_checks(facts) if one.code == code]
    return check


def missing(facts):
    return [check.code for check in submission_errors(facts)]


def test_a_good_return_raises_nothing():
    assert basic_checks(GOOD) == []
    assert submission_errors(GOOD) == []
    assert basic_checks(PARTS) == []
    assert submission_errors(PARTS) == []


# What cannot be


def test_a_part_above_its_whole_is_an_error_that_names_both():
    check = found(replace(PARTS, numerator=D(1060), denominator=D(1000)), "part_above_whole")
    assert check.is_error
    assert check.field == "numerator"
    assert check.sentence == "Decided in time is 1,060, more than the 1,000 of applications decided."


def test_a_part_that_is_its_whole_is_right():
    assert codes(replace(PARTS, numerator=D(60))) == []


def test_a_measure_that_may_pass_a_hundred_may():
    may_pass = replace(PERCENT, maximum=D(150))
    assert codes(replace(PARTS, measure=may_pass, numerator=D(80))) == []


def test_a_rate_is_not_a_part_of_its_whole():
    rate = Measure(YtdRule.WEIGHTED, Unit.RATE, 1000)
    assert codes(replace(PARTS, measure=rate, numerator=D(80), forecast=None)) == []


def test_a_denominator_below_nought_is_an_error():
    check = found(replace(PARTS, denominator=D(-60)), "denominator_negative")
    assert (check.importance, check.field) == ("error", "denominator")
    assert "−60" in check.sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("101", "The figure is 101.0%, above 100.0%, the largest it can be."),
        ("100.04", "The figure is 100.04%, above 100.0%, the largest it can be."),
        ("-0.5", "The figure is −0.5%, below 0.0%, the smallest it can be."),
    ],
)
def test_a_figure_outside_the_possible_is_an_error(value, sentence):
    measure = Measure(YtdRule.MEAN, Unit.PERCENTAGE, decimals=1, minimum=D(0), maximum=D(100))
    check = found(replace(GOOD, measure=measure, value=D(value), previous=(), forecast=None), "outside_possible")
    assert check.is_error
    assert check.sentence == sentence


@pytest.mark.parametrize("value", ["0", "100"])
def test_the_edge_of_the_possible_is_possible(value):
    measure = Measure(YtdRule.MEAN, Unit.PERCENTAGE, minimum=D(0), maximum=D(100))
    facts = replace(GOOD, measure=measure, value=D(value), previous=(), forecast=None, year_target=None)
    assert codes(facts) == []


def test_an_impossible_forecast_is_an_error_of_the_forecast():
    measure = Measure(YtdRule.MEAN, Unit.PERCENTAGE, maximum=D(100))
    facts = replace(GOOD, measure=measure, value=D(90), previous=(), forecast=D(110), forecast_rag=Rag.RED)
    assert found(facts, "forecast_impossible").field == "forecast"


def test_the_years_total_may_pass_what_a_month_can_be():
    measure = replace(COUNTS, minimum=D(0), maximum=D(500))
    assert codes(replace(GOOD, measure=measure)) == []
    assert codes(replace(GOOD, measure=measure, forecast=D(-1))) == ["forecast_impossible"]


def test_half_a_person_is_an_error_where_whole_numbers_are_counted():
    check = found(replace(GOOD, value=D("10.5"), previous=()), "fraction_of_a_count")
    assert check.is_error
    assert "10.5" in check.sentence


@pytest.mark.parametrize(
    "change",
    [
        {"measure": Measure(YtdRule.ADDS_UP, decimals=1)},
        {"measure": Measure(YtdRule.ADDS_UP, Unit.DAYS)},
        {"measure": Measure(YtdRule.MEAN)},
        {"previous": before("10.5", 11)},
        {"value": D("10.0")},
    ],
)
def test_a_fraction_is_right_where_fractions_are_measured(change):
    assert "fraction_of_a_count" not in codes(replace(GOOD, **{"value": D("10.5"), "previous": (), **change}))


def test_parts_that_make_a_figure_too_large_to_keep_are_an_error():
    rate = Measure(YtdRule.WEIGHTED, Unit.RATE, 100_000)
    facts = replace(PARTS, measure=rate, numerator=D(10**12), denominator=D("0.01"), forecast=None)
    assert found(facts, "too_large").is_error


def test_an_impossible_figure_is_not_also_asked_about():
    measure = replace(COUNTS, maximum=D(500))
    assert codes(replace(GOOD, measure=measure, value=D(1000))) == ["outside_possible"]


# What is unlikely


def test_a_running_total_that_falls_is_asked_about():
    facts = replace(GOOD, measure=RUNNING, value=D(900), previous=before(500, 1000), forecast_rag=Rag.AMBER)
    check = found(facts, "running_total_falls")
    assert not check.is_error
    assert check.sentence == "The running total is £900, below the £1,000 of September 2026."


def test_a_running_total_starts_afresh_in_april():
    april = replace(
        GOOD, month=Month(2026, 4), measure=RUNNING, value=D(10), previous=(MonthFigure(Month(2026, 3), D(1000)),)
    )
    assert "running_total_falls" not in codes(april)


def test_what_does_not_run_may_fall():
    assert "running_total_falls" not in codes(replace(GOOD, value=D(80)))


def test_the_same_figure_three_months_running_is_asked_about():
    check = found(replace(GOOD, value=D(98), previous=before(90, 98, 98)), "same_again")
    assert check.sentence == "The figure is 98, exactly as in August 2026 and September 2026."


@pytest.mark.parametrize(
    "change",
    [
        {"previous": before(98)},
        {"previous": before(98, 97)},
        {"previous": before(98, 97, 98)},
        {"value": D(0), "previous": before(0, 0)},
        {"measure": replace(COUNTS, maximum=D(98))},
    ],
)
def test_twice_or_nought_or_at_the_limit_is_not_asked_about(change):
    assert "same_again" not in codes(replace(GOOD, **{"value": D(98), "previous": before(98, 98), **change}))


@pytest.mark.parametrize(
    ("value", "times"),
    [
        (1000, "about ten times the usual 100"),
        (10000, "about a hundred times the usual 100"),
        (10, "about a tenth of the usual 100"),
        (1, "about a hundredth of the usual 100"),
    ],
)
def test_a_slip_of_the_decimal_point_is_asked_about(value, times):
    facts = replace(GOOD, value=D(value), previous=before(90, 100, 110), forecast_rag=Rag.AMBER)
    assert times in found(facts, "far_from_usual").sentence


@pytest.mark.parametrize("value", [30, 50, 200, 400])
def test_a_big_change_is_not_a_slip(value):
    assert "far_from_usual" not in codes(replace(GOOD, value=D(value), previous=before(90, 100, 110)))


def test_two_months_are_too_few_to_say_what_is_usual():
    assert "far_from_usual" not in codes(replace(GOOD, value=D(1000), previous=before(100, 100)))


def test_the_usual_is_that_of_the_last_twelve_months():
    facts = replace(GOOD, value=D(1000), previous=before(*[100] * 20, *[1000] * 12))
    assert "far_from_usual" not in codes(facts)


def test_a_season_is_not_a_slip():
    """Every year most of the year's subscriptions come in one month."""
    facts = replace(GOOD, value=D(1000), previous=before(900, *[100] * 11))
    assert "far_from_usual" not in codes(facts)
    assert "far_from_usual" in codes(replace(facts, previous=before(100, 900, *[100] * 10)))
    assert "far_from_usual" in codes(replace(facts, value=D(10), previous=before(100, *[100] * 11)))


def test_a_measure_usually_nought_has_no_usual():
    assert "far_from_usual" not in codes(replace(GOOD, value=D(1000), previous=before(0, 0, 0)))


def test_a_running_total_is_compared_by_what_the_month_added():
    facts = replace(GOOD, measure=RUNNING, value=D(1610), previous=before(100, 200, 300, 400, 500, 600))
    assert "about ten times the usual £100" in found(facts, "far_from_usual").sentence
    assert "far_from_usual" not in codes(replace(facts, value=D(700)))


def test_later_months_are_not_looked_at():
    later = (*GOOD.previous, MonthFigure(OCTOBER, D(1)), MonthFigure(OCTOBER + 1, D(10_000)))
    for measure in (COUNTS, RUNNING):
        one = replace(GOOD, measure=measure)
        assert codes(replace(one, previous=later)) == codes(one)


def test_a_reason_that_is_none_is_asked_about():
    assert found(replace(GOOD, why="As above"), "no_cause").field == "why"


def test_words_that_only_repeat_the_figure_are_asked_about():
    assert found(replace(GOOD, what_happened="105 against 98"), "says_too_little").field == "what_happened"


def test_on_track_while_red_is_asked_about():
    facts = replace(GOOD, rag=Rag.RED, what_happened="We remain on track although fewer people came.")
    assert "“on track”" in found(facts, "on_track_while_red").sentence
    assert "on_track_while_red" not in codes(replace(facts, rag=Rag.AMBER))


def test_a_recovery_date_that_has_passed_is_asked_about():
    facts = replace(GOOD, rag=Rag.AMBER, done_by=date(2026, 11, 4))
    assert found(facts, "done_by_past").field == "done_by"
    assert "done_by_past" not in codes(replace(facts, done_by=TODAY))
    assert "done_by_past" not in codes(replace(facts, rag=Rag.GREEN))


def test_a_green_forecast_that_takes_more_than_the_best_month_is_asked_about():
    facts = replace(GOOD, year_target=D(2000))
    check = found(facts, "forecast_hopeful")
    assert check.sentence.startswith("The forecast is green, but: To end the year at 2,000, the 5 months left need")
    assert check.sentence.endswith("That is better than the best month ever (110 in June 2026).")
    assert "forecast_hopeful" not in codes(replace(facts, forecast_rag=Rag.AMBER))


def test_the_best_month_may_be_in_an_earlier_year():
    facts = replace(GOOD, year_target=D(2000), previous=before(900, *[100] * 7))
    assert "forecast_hopeful" not in codes(facts)


def test_a_green_forecast_out_of_reach_is_asked_about():
    facts = replace(GOOD, direction=Direction.LOWER, year_target=D(600))
    assert "can no longer be reached" in found(facts, "forecast_hopeful").sentence


# What is missing


def test_an_empty_return_lacks_everything():
    empty = ReturnFacts(month=OCTOBER, measure=COUNTS, direction=Direction.HIGHER)
    assert missing(empty) == ["value_missing", "what_happened_missing", "why_missing", "forecast_missing"]
    assert basic_checks(empty) == []


def test_each_part_is_asked_for_by_its_name():
    checks = submission_errors(replace(PARTS, numerator=None, denominator=None))
    assert [check.field for check in checks] == ["numerator", "denominator"]
    assert checks[1].instruction == "Enter applications decided, or tick that there is no figure and say why."


@pytest.mark.parametrize("rag", [Rag.AMBER, Rag.RED])
def test_amber_and_red_need_what_is_being_done_by_when_and_by_whom(rag):
    assert missing(replace(GOOD, rag=rag)) == ["being_done_missing", "done_by_missing", "done_owner_missing"]
    done = replace(GOOD, rag=rag, being_done="A second crew", done_by=date(2026, 12, 1), done_owner="A. Example")
    assert missing(done) == []


def test_spaces_are_not_words():
    assert missing(replace(GOOD, what_happened=" \n", why="\t")) == ["what_happened_missing", "why_missing"]


def test_a_month_with_nothing_to_measure_needs_no_cause():
    assert missing(replace(PARTS, numerator=D(0), denominator=D(0), why="")) == []


def test_march_and_context_need_no_forecast():
    assert missing(replace(GOOD, forecast=None, forecast_needed=False)) == []


def test_no_data_needs_a_reason_and_a_date_and_nothing_else():
    none = ReturnFacts(month=OCTOBER, measure=COUNTS, direction=Direction.HIGHER, no_data=True, today=TODAY)
    assert missing(none) == ["no_data_reason_missing", "no_data_until_missing"]
    told = replace(none, no_data_reason="The system is down", no_data_until=date(2026, 11, 20))
    assert missing(told) == []
    assert missing(replace(told, no_data_until=date(2026, 11, 4))) == ["no_data_until_past"]
    assert basic_checks(replace(none, value=D(-1))) == []


@given(
    st.none() | st.decimals(-(10**6), 10**6, places=2),
    st.lists(st.none() | st.integers(0, 10**5), max_size=30),
    st.sampled_from(list(YtdRule)),
    st.sampled_from(list(Direction)),
    st.sampled_from(list(Rag)),
    st.text(max_size=40),
)
def test_any_return_can_be_checked_and_every_check_says_what_to_do(value, earlier, rule, direction, rag, words):
    facts = replace(
        GOOD,
        measure=Measure(rule),
        direction=direction,
        value=value,
        previous=before(*earlier),
        rag=rag,
        forecast_rag=rag,
        what_happened=words,
        why=words,
        year_target=D(1000),
        year_target_upper=D(1200) if direction is Direction.RANGE else None,
    )
    checks = [*basic_checks(facts), *submission_errors(facts)]
    assert len({check.code for check in checks}) == len(checks)
    for check in checks:
        assert check.sentence.endswith(".")
        assert check.instruction.endswith(".")
        assert check.is_error == (check.importance == "error")


def test_parts_of_earlier_months_are_compared_as_figures():
    earlier = tuple(MonthFigure(OCTOBER - n, None, D(75), D(100)) for n in (2, 1))
    assert found(replace(PARTS, previous=earlier), "same_again").field == "numerator"


def test_a_green_forecast_from_parts_is_held_to_the_best_month_too():
    assert "forecast_hopeful" in codes(replace(PARTS, year_target=D(90), previous=()))
