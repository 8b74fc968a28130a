"""What it would take from here."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction
from kpis.rules.figures import Frequency, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.needed import Reach, what_it_would_take
from kpis.rules.year_to_date import MonthFigure

YEAR, LAST_YEAR = FinancialYear(2026), FinancialYear(2025)
COUNTS = Measure(YtdRule.ADDS_UP)
PERCENT = {"unit": Unit.PERCENTAGE, "decimals": 1, "minimum": D(0), "maximum": D(100)}
HIGHER, LOWER, RANGE = Direction.HIGHER, Direction.LOWER, Direction.RANGE


def of(year, *values):
    return [
        MonthFigure(month, None if value is None else D(value))
        for month, value in zip(year.months, values, strict=False)
    ]


def takes(measure, values, target, direction, upper=None, history=()):
    figures = of(YEAR, *values)
    upper = None if upper is None else D(upper)
    return what_it_would_take(measure, figures, D(target), direction, upper, history)


def test_what_adds_up_shares_what_is_left_over_the_months_left():
    answer = takes(COUNTS, [10, 20], 250, HIGHER)
    assert (answer.reach, answer.needed, answer.months_left) == (Reach.STRETCH, 22, 10)
    assert answer.sentence.startswith("To end the year at 250, the 10 months left need to average at least 22.")


def test_the_figure_needed_is_rounded_so_that_it_suffices():
    assert takes(COUNTS, [10], 100, HIGHER).needed == 9
    assert takes(COUNTS, [10], 100, LOWER).needed == 8


def test_a_ceiling_is_shared_out_as_no_more_than():
    answer = takes(COUNTS, [10, 10], 130, LOWER)
    assert answer.needed == 11
    assert answer.sentence == (
        "To end the year at 130, the 10 months left need to average no more than 11. "
        "The best month ever was 10, in May 2026."
    )


def test_the_target_can_already_be_met():
    answer = takes(COUNTS, [60, 50], 100, HIGHER)
    assert answer.reach is Reach.MET
    assert answer.sentence == "The year's target of 100 is already met: 110 so far."


def test_a_ceiling_passed_is_out_of_reach():
    answer = takes(COUNTS, [60, 50], 100, LOWER)
    assert answer.reach is Reach.OUT_OF_REACH
    assert answer.sentence == (
        "The year's target of 100 can no longer be reached: it is 110 already, with 10 months left."
    )


def test_a_ceiling_reached_exactly_can_still_be_kept():
    answer = takes(COUNTS, [60, 40], 100, LOWER)
    assert (answer.reach, answer.needed) == (Reach.STRETCH, 0)


def test_figures_that_may_fall_below_nought_can_make_good():
    measure = Measure(YtdRule.ADDS_UP, minimum=D(-100))
    assert takes(measure, [60, 50], 100, LOWER).needed == -1


def test_more_than_the_best_month_ever_is_said():
    answer = takes(COUNTS, [10, 20], 250, HIGHER, history=of(LAST_YEAR, *[15] * 11, 21))
    assert answer.reach is Reach.STRETCH
    assert (answer.best, answer.best_month) == (21, Month(2026, 3))
    assert answer.sentence.endswith("That is better than the best month ever (21 in March 2026).")


def test_the_best_month_stands_beside_what_is_needed():
    answer = takes(COUNTS, [10, 20], 250, HIGHER, history=of(LAST_YEAR, 30))
    assert answer.reach is Reach.NEEDED
    assert answer.sentence.endswith("The best month ever was 30, in April 2025.")


def test_a_running_totals_best_month_is_what_a_month_added():
    answer = takes(Measure(YtdRule.RUNNING_TOTAL), [10, 40], 340, HIGHER)
    assert (answer.needed, answer.best, answer.reach) == (30, 30, Reach.NEEDED)


def test_a_level_needs_to_end_on_its_target():
    answer = takes(Measure(YtdRule.LATEST), [140, 139], 135, LOWER)
    assert answer.sentence.startswith(
        "To end the year on its target, March 2027 needs to be no more than 135; May 2026 was 139."
    )


def test_a_mean_is_made_up_by_the_months_left():
    answer = takes(Measure(YtdRule.MEAN, **PERCENT), [80] * 6, 85, HIGHER)
    assert answer.needed == 90


def test_a_mean_that_even_the_largest_possible_cannot_lift_is_out_of_reach():
    answer = takes(Measure(YtdRule.MEAN, **PERCENT), [80] * 10, 90, HIGHER)
    assert answer.reach is Reach.OUT_OF_REACH
    assert answer.sentence == (
        "The year's target of 90.0% can no longer be reached: even 100.0% in every month left would not be enough."
    )


def test_a_mean_can_be_certain_before_the_year_is_over():
    answer = takes(Measure(YtdRule.MEAN, **PERCENT), [90] * 11, 80, HIGHER)
    assert answer.reach is Reach.MET
    assert answer.sentence == "The year's target of 80.0% is already certain, whatever the rest of the year brings."


def test_a_low_mean_can_be_certain_too():
    assert takes(Measure(YtdRule.MEAN, **PERCENT), [1] * 11, 50, LOWER).reach is Reach.MET


def test_what_adds_up_cannot_pass_the_most_a_month_can_be():
    measure = Measure(YtdRule.ADDS_UP, maximum=D(50))
    answer = takes(measure, [10] * 10, 250, HIGHER)
    assert answer.reach is Reach.OUT_OF_REACH
    assert answer.sentence.endswith("even 50 in every month left would not be enough.")
    assert takes(measure, [10] * 11, 200, LOWER).reach is Reach.MET


def test_what_a_running_total_adds_is_not_held_to_its_limits():
    measure = Measure(YtdRule.RUNNING_TOTAL, minimum=D(5), maximum=D(1000))
    assert takes(measure, [10, 990], 1000, HIGHER).needed == 1
    assert takes(measure, [10, 990], 990, HIGHER).reach is Reach.MET


def test_a_weighted_year_is_made_up_as_if_as_much_is_measured():
    figures = [MonthFigure(month, None, D(40), D(50)) for month in YEAR.months[:6]]
    answer = what_it_would_take(Measure(YtdRule.WEIGHTED, **PERCENT), figures, D(85), HIGHER)
    assert answer.needed == 90
    assert "if as much is measured as so far" in answer.sentence


def test_a_weighted_year_is_only_certain_if_as_much_is_measured():
    figures = [MonthFigure(month, None, D(48), D(50)) for month in YEAR.months[:11]]
    answer = what_it_would_take(Measure(YtdRule.WEIGHTED, **PERCENT), figures, D(80), HIGHER)
    assert answer.reach is Reach.MET
    assert answer.sentence.endswith(", if as much is measured as so far.")


def test_one_month_left_is_one_month_left():
    answer = takes(COUNTS, [10] * 11, 125, HIGHER)
    assert answer.sentence.startswith("To end the year at 125, the month left needs to be at least 15.")


def test_quarters_left_are_called_quarters():
    measure = Measure(YtdRule.ADDS_UP, frequency=Frequency.QUARTERLY)
    answer = what_it_would_take(measure, [MonthFigure(Month(2026, 6), D(10))], D(70), HIGHER)
    assert answer.sentence.startswith("To end the year at 70, the 3 quarters left need to average at least 20.")


def test_a_range_leaves_room_between_two_figures():
    answer = takes(Measure(YtdRule.MEAN, Unit.DAYS, decimals=1), [5, 6, 7], 4, RANGE, upper=6)
    assert (answer.needed, answer.needed_upper) == (D("3.4"), D("6.0"))
    assert answer.sentence == (
        "To end the year within its range of 4.0 to 6.0 days, the 9 months left need to average 3.4 to 6.0 days."
    )


def test_a_range_can_be_out_of_reach():
    measure = Measure(YtdRule.MEAN, **PERCENT)
    assert takes(measure, [100] * 11, 40, RANGE, upper=50).reach is Reach.OUT_OF_REACH
    assert takes(measure, [0] * 11, 40, RANGE, upper=50).reach is Reach.OUT_OF_REACH


def test_a_range_can_be_certain():
    assert takes(Measure(YtdRule.MEAN, **PERCENT), [50] * 11, 40, RANGE, upper=60).reach is Reach.MET


def test_a_narrow_range_is_shown_even_where_rounding_would_cross_it():
    answer = takes(COUNTS, [10], "100.2", RANGE, upper="100.4")
    assert answer.needed <= answer.needed_upper


def test_half_a_range_is_refused():
    with pytest.raises(ValueError, match="two edges"):
        takes(COUNTS, [10], 100, RANGE)


def test_without_a_target_or_a_direction_nothing_is_worked_out():
    assert what_it_would_take(COUNTS, of(YEAR, 10), None, HIGHER).reach is Reach.UNKNOWN
    assert takes(COUNTS, [10], 100, Direction.NONE).reach is Reach.UNKNOWN


def test_without_a_figure_nothing_is_worked_out():
    answer = takes(COUNTS, [None], 100, HIGHER)
    assert (answer.reach, answer.sentence) == (Reach.UNKNOWN, "There is no figure yet this year to work from.")


def test_a_complete_year_is_over():
    answer = takes(COUNTS, [10] * 12, 100, HIGHER)
    assert (answer.reach, answer.sentence) == (Reach.OVER, "The year is complete: it ended at 120.")


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=11),
    st.integers(1, 20_000),
    st.sampled_from([YtdRule.ADDS_UP, YtdRule.MEAN, YtdRule.LATEST]),
    st.sampled_from([HIGHER, LOWER]),
)
def test_doing_what_it_takes_reaches_the_target(values, target, rule, direction):
    measure = Measure(rule, decimals=2)
    answer = takes(measure, values, target, direction)
    if answer.reach not in (Reach.NEEDED, Reach.STRETCH):
        return
    rest = [answer.needed] * answer.months_left
    end = list(measure.to_date(of(YEAR, *values, *rest)).values())[-1].value
    slack = D("0.000001")
    assert end >= target - slack if direction is HIGHER else end <= target + slack


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=11), st.integers(1, 20_000))
def test_out_of_reach_is_out_of_reach(values, target):
    if takes(COUNTS, values, target, LOWER).reach is Reach.OUT_OF_REACH:
        assert sum(values) > target
    if takes(COUNTS, values, target, HIGHER).reach is Reach.MET:
        assert sum(values) >= target


def test_a_running_total_after_a_missing_month_has_no_best_month():
    answer = takes(Measure(YtdRule.RUNNING_TOTAL), [None, 40], 340, HIGHER)
    assert answer.best is None
    assert answer.sentence == "To end the year at 340, the 10 months left need to average at least 30."
