"""What last year's results would have got against a new target."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction, Rag
from kpis.rules.figures import YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.target_preview import against_last_year
from kpis.rules.year_to_date import Levels, MonthFigure

YEAR = FinancialYear(2026)
MONTHS, LAST = YEAR.months, YEAR.previous.months
COUNTS = Measure(YtdRule.ADDS_UP)


def results(*values):
    return [MonthFigure(month, None if v is None else D(v)) for month, v in zip(LAST, values, strict=False)]


def ask(values, levels, *, is_ytd, measure=COUNTS, direction=Direction.HIGHER, start=MONTHS[0]):
    by_month = levels if isinstance(levels, dict) else dict.fromkeys(MONTHS, levels)
    return against_last_year(measure, by_month, results(*values), direction, is_ytd=is_ytd, start=start)


def test_each_month_is_judged_against_the_same_month_last_year():
    found = ask([10, 9, 8], Levels(D(10), D(9)), is_ytd=False)
    assert [one.rag for one in found[:4]] == [Rag.GREEN, Rag.AMBER, Rag.RED, Rag.NO_DATA]
    assert [one.month for one in found] == list(MONTHS)


def test_a_year_to_date_is_judged_against_the_target_to_date():
    found = ask([12, 8, 8], Levels(D(10), D(9)), is_ytd=True)
    assert [(one.result, one.judged_by.target, one.rag) for one in found[:3]] == [
        (12, 10, Rag.GREEN),
        (20, 20, Rag.GREEN),
        (28, 30, Rag.AMBER),
    ]


def test_a_month_missing_last_year_is_left_out_of_the_target_to_date():
    found = ask([10, None, 10], Levels(D(10)), is_ytd=True)
    assert (found[1].result, found[1].rag) == (None, Rag.NO_DATA)
    assert (found[2].result, found[2].judged_by.target, found[2].rag) == (20, 20, Rag.GREEN)


def test_months_before_the_new_target_are_marked_as_they_were():
    assert [one.is_new for one in ask([], Levels(D(1)), is_ytd=False, start=MONTHS[6])] == [False] * 6 + [True] * 6


def test_without_a_target_nothing_is_judged():
    assert {one.rag for one in ask([1] * 12, Levels(), is_ytd=True)} == {Rag.NOT_JUDGED}


def test_a_running_totals_own_months_are_what_each_added():
    found = ask([10, 15, 30], Levels(D(12)), is_ytd=True, measure=Measure(YtdRule.RUNNING_TOTAL))
    assert [(one.own, one.result) for one in found[:3]] == [(10, 10), (5, 15), (15, 30)]


@given(st.lists(st.integers(0, 100), min_size=12, max_size=12), st.integers(0, 1200), st.booleans())
def test_last_year_meets_its_own_result_as_a_target_at_the_years_end(values, slack, is_ytd):
    levels = {month: Levels(D(value)) for month, value in zip(MONTHS, values, strict=True)}
    assert ask(values, levels, is_ytd=is_ytd)[-1].rag is Rag.GREEN
    harder = {**levels, MONTHS[-1]: Levels(levels[MONTHS[-1]].target + slack + 1)}
    assert ask(values, harder, is_ytd=is_ytd)[-1].rag is Rag.RED
