"""Suggested forecasts, and what past forecasts have been worth."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Rag
from kpis.rules.figures import Frequency, Unit, YtdRule
from kpis.rules.forecasts import ForecastMade, Measure, Method, forecast_track_record, progress, suggestions
from kpis.rules.year_to_date import MonthFigure

YEAR, LAST_YEAR = FinancialYear(2026), FinancialYear(2025)
COUNTS = Measure(YtdRule.ADDS_UP)
PERCENT = {"unit": Unit.PERCENTAGE, "decimals": 1, "minimum": D(0), "maximum": D(100)}


def of(year, *values):
    return [
        MonthFigure(month, None if value is None else D(value))
        for month, value in zip(year.months, values, strict=False)
    ]


def parts(year, *pairs):
    return [MonthFigure(month, None, D(n), D(d)) for month, (n, d) in zip(year.months, pairs, strict=False)]


def suggested(measure, figures, last_year=(), targets=None):
    return {one.method: one.value for one in suggestions(measure, figures, last_year, targets)}


def every_month(value):
    return dict.fromkeys(YEAR.months, D(value))


def test_what_adds_up_goes_on_at_its_average():
    assert suggested(COUNTS, of(YEAR, 10, 20))[Method.RUN_RATE] == 180


def test_a_missing_month_is_not_made_up():
    assert suggested(COUNTS, of(YEAR, 10, None, 20))[Method.RUN_RATE] == 30 + 9 * 15


def test_a_running_total_goes_on_at_its_rate():
    measure = Measure(YtdRule.RUNNING_TOTAL)
    assert suggested(measure, of(YEAR, 10, 30, 60))[Method.RUN_RATE] == 240


@pytest.mark.parametrize("rule", [YtdRule.LATEST, YtdRule.MEAN])
def test_a_level_stays_as_it_is(rule):
    expected = {YtdRule.LATEST: 20, YtdRule.MEAN: 15}[rule]
    assert suggested(Measure(rule), of(YEAR, 10, 20))[Method.RUN_RATE] == expected


def test_a_weighted_figure_stays_as_the_year_so_far():
    measure = Measure(YtdRule.WEIGHTED, **PERCENT)
    assert suggested(measure, parts(YEAR, (1, 2), (90, 98)))[Method.RUN_RATE] == 91


def test_quarters_count_as_quarters():
    measure = Measure(YtdRule.ADDS_UP, frequency=Frequency.QUARTERLY)
    assert suggested(measure, [MonthFigure(Month(2026, 6), D(10))])[Method.RUN_RATE] == 40


def test_last_years_shape_finishes_in_proportion():
    last = of(LAST_YEAR, *[10] * 6, *[20] * 6)
    assert suggested(COUNTS, of(YEAR, *[20] * 6), last)[Method.SHAPE] == 360


def test_last_years_shape_leaves_out_what_this_year_has_missed():
    last = of(LAST_YEAR, 10, 90, *[10] * 10)
    assert suggested(COUNTS, of(YEAR, 20, None, 20), last)[Method.SHAPE] == 40 + 9 * 20


def test_a_running_total_finishes_in_proportion():
    last = of(LAST_YEAR, *range(10, 130, 10))
    measure = Measure(YtdRule.RUNNING_TOTAL)
    assert suggested(measure, of(YEAR, 12, 24), last)[Method.SHAPE] == 144


def test_a_level_changes_as_it_did_last_year():
    last = of(LAST_YEAR, 100, *[110] * 10, 130)
    assert suggested(Measure(YtdRule.LATEST), of(YEAR, 105), last)[Method.SHAPE] == 135


def test_last_years_shape_needs_last_year():
    assert Method.SHAPE not in suggested(COUNTS, of(YEAR, 20))
    assert Method.SHAPE not in suggested(COUNTS, of(YEAR, 20), of(LAST_YEAR, *[10] * 11))
    assert Method.SHAPE not in suggested(COUNTS, of(YEAR, 20), of(LAST_YEAR, 10, 10, None, *[10] * 9))


def test_a_running_total_needs_only_last_years_month_and_end():
    last = of(LAST_YEAR, 10, None, *[60] * 9, 120)
    assert suggested(Measure(YtdRule.RUNNING_TOTAL), of(YEAR, 20), last)[Method.SHAPE] == 240


def test_last_years_shape_cannot_start_from_nought():
    assert Method.SHAPE not in suggested(COUNTS, of(YEAR, 20), of(LAST_YEAR, 0, *[10] * 11))


def test_as_planned_is_the_year_so_far_and_then_the_targets():
    assert suggested(COUNTS, of(YEAR, 5, 5), targets=every_month(10))[Method.AS_PLANNED] == 110
    assert suggested(Measure(YtdRule.MEAN), of(YEAR, 4), targets=every_month(16))[Method.AS_PLANNED] == 15
    assert suggested(Measure(YtdRule.LATEST), of(YEAR, 4), targets=every_month(16))[Method.AS_PLANNED] == 16


def test_a_running_total_as_planned_keeps_its_distance_from_the_plan():
    targets = {month: D(10 * number) for number, month in enumerate(YEAR.months, start=1)}
    assert suggested(Measure(YtdRule.RUNNING_TOTAL), of(YEAR, 7), targets=targets)[Method.AS_PLANNED] == 117


def test_as_planned_needs_a_plan():
    targets = every_month(10)
    targets[YEAR.months[5]] = None
    assert Method.AS_PLANNED not in suggested(COUNTS, of(YEAR, 5), targets=targets)
    here_missing = every_month(10)
    del here_missing[YEAR.months[0]]
    assert Method.AS_PLANNED not in suggested(Measure(YtdRule.RUNNING_TOTAL), of(YEAR, 5), targets=here_missing)
    weighted = Measure(YtdRule.WEIGHTED, **PERCENT)
    assert Method.AS_PLANNED not in suggested(weighted, parts(YEAR, (1, 2)), targets=every_month(90))


def test_what_cannot_be_is_not_suggested():
    measure = Measure(YtdRule.LATEST, **PERCENT)
    last = of(LAST_YEAR, 80, *[90] * 11)
    assert Method.SHAPE not in suggested(measure, of(YEAR, 95), last)


def test_a_months_limit_is_not_the_years():
    assert suggested(Measure(YtdRule.ADDS_UP, minimum=D(0), maximum=D(50)), of(YEAR, 10, 20))[Method.RUN_RATE] == 180
    assert Measure(YtdRule.ADDS_UP, minimum=D(-5)).can_end_at(D(-60))
    assert not Measure(YtdRule.ADDS_UP, minimum=D(0)).can_end_at(D(-1))


@pytest.mark.parametrize("values", [[], [None, None], [10] * 12])
def test_nothing_is_suggested_before_the_first_figure_or_after_the_last(values):
    assert suggestions(COUNTS, of(YEAR, *values), of(LAST_YEAR, *[10] * 12)) == []


def test_a_suggestion_says_how_it_was_made():
    (run_rate,) = suggestions(COUNTS, of(YEAR, 10, 20))
    assert run_rate.sentence == "180, if the months left are like the average so far."


def test_a_month_with_nothing_to_measure_is_behind_us():
    so_far = progress(Measure(YtdRule.WEIGHTED, **PERCENT), parts(YEAR, (1, 2), (0, 0)))
    assert so_far.last == Month(2026, 5)
    assert (so_far.counted, so_far.elapsed, len(so_far.left)) == (1, 2, 10)


def test_nothing_measured_yet_is_no_progress():
    assert progress(Measure(YtdRule.WEIGHTED, **PERCENT), parts(YEAR, (0, 0))) is None


positive = st.lists(st.integers(1, 1000), min_size=1, max_size=11)


@given(positive)
def test_a_year_like_the_last_ends_like_the_last(values):
    rest = values[-1:] * (12 - len(values))
    last = of(LAST_YEAR, *values, *rest)
    expected = sum(values) + sum(rest)
    assert suggested(COUNTS, of(YEAR, *values), last)[Method.SHAPE] == expected


@given(positive, st.integers(1, 9))
def test_twice_the_figures_are_twice_the_forecast(values, times):
    once, more = (suggested(COUNTS, of(YEAR, *[one * by for one in values])) for by in (1, times))
    assert abs(more[Method.RUN_RATE] - times * once[Method.RUN_RATE]) < D("0.000001")


# How past forecasts did


def made(*judged, forecasts=None):
    forecasts = forecasts or [D(90)] * len(judged)
    return [
        ForecastMade(month, forecast, Rag.GREEN, rag)
        for month, forecast, rag in zip(YEAR.months, forecasts, judged, strict=False)
    ]


def test_green_forecasts_over_missed_targets_are_named():
    (sentence,) = forecast_track_record(made(Rag.GREEN, Rag.AMBER, Rag.RED))
    assert sentence == (
        "The forecast said green while the figure missed its target in 2 of 3 months: May 2026 and June 2026."
    )


def test_a_forecast_that_never_moves_while_targets_are_missed_is_remarked_on():
    sentences = forecast_track_record(made(Rag.GREEN, Rag.RED, Rag.AMBER, Rag.RED))
    assert sentences[1] == (
        "The forecast has not changed since April 2026, though the figure missed its target in 3 of 4 months "
        "since then."
    )


def test_a_forecast_that_moved_is_not():
    assert len(forecast_track_record(made(*[Rag.RED] * 4, forecasts=[D(90), D(90), D(90), D(80)]))) == 1
    assert len(forecast_track_record(made(*[Rag.RED] * 4, forecasts=[D(90), D(80), D(80), None]))) == 1


def test_forecasts_that_were_right_so_far_are_not_remarked_on():
    assert forecast_track_record(made(Rag.GREEN, Rag.GREEN, Rag.NO_DATA)) == []
    assert forecast_track_record([]) == []


@pytest.mark.parametrize(
    ("outcome", "lean"), [(80, ", and most were too high"), (95, ", and most were too low"), (90, "")]
)
def test_the_outturn_says_what_the_forecasts_were_worth(outcome, lean):
    sentences = forecast_track_record(made(Rag.GREEN, Rag.GREEN), D(outcome), Rag.RED)
    assert sentences == [f"The year ended red: 0 of 2 forecasts said so{lean}."]
