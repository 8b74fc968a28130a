"""Next year's target from last year's result (framework C.1.2): growth, maintain, reduce, and what is beaten."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.yearly_targets import (
    Method,
    Result,
    TargetRefused,
    arithmetic,
    is_beaten,
    methods_for,
    year_target,
)
from hdcperf.rag import Direction, Rag
from kpis.rules.figures import Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import Levels

COUNT = Measure(YtdRule.ADDS_UP)
SHARE = Measure(YtdRule.LATEST, unit=Unit.PERCENTAGE, decimals=1, minimum=Decimal(0), maximum=Decimal(100))
figures = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
counts = st.decimals(min_value=0, max_value=10**9, places=3)
percents = st.decimals(min_value=0, max_value=100, places=2)
directions = st.sampled_from([Direction.HIGHER, Direction.LOWER])


def result(value: str | Decimal) -> Result:
    return Result(Decimal(value), "2026/27")


def target(
    method: Method, value: str | Decimal | None, percent: str | Decimal | None = None, measure: Measure = COUNT
) -> Decimal | None:
    found = year_target(
        measure,
        method,
        percent=None if percent is None else Decimal(percent),
        result=None if value is None else result(value),
        this_year=Levels(Decimal(80)),
        typed=Levels(Decimal(77)),
    )
    return found.target


@pytest.mark.parametrize(
    ("method", "value", "percent", "expected"),
    [
        (Method.GROWTH, "200", "5", "210"),
        (Method.GROWTH, "201", "1", "203"),  # 203.01, to whole numbers
        (Method.GROWTH, "50", "1", "51"),  # 50.5: halves go up
        (Method.REDUCE, "200", "5", "190"),
        (Method.REDUCE, "200", "0", "200"),
        (Method.REDUCE, "0", "10", "0"),
        (Method.GROWTH, "-200", "5", "-190"),  # growing is going up, whatever the sign
        (Method.MAINTAIN, "200", None, "80"),
        (Method.OTHER, "200", None, "77"),
    ],
)
def test_target_by_each_method(method: Method, value: str, percent: str | None, expected: str) -> None:
    assert target(method, value, percent) == Decimal(expected)


@given(counts, percents)
def test_growth_never_lowers_and_reduction_never_raises(value: Decimal, percent: Decimal) -> None:
    rounded = value.quantize(Decimal(1), "ROUND_HALF_UP")
    assert target(Method.GROWTH, value, percent) >= rounded
    assert target(Method.REDUCE, value, percent) <= rounded


@given(figures, percents, percents)
def test_a_larger_percentage_goes_at_least_as_far(value: Decimal, one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    assert target(Method.GROWTH, value, large) >= target(Method.GROWTH, value, small)
    assert target(Method.REDUCE, value, large) <= target(Method.REDUCE, value, small)


@given(counts, percents, st.integers(min_value=0, max_value=6))
def test_target_has_no_more_decimals_than_are_shown(value: Decimal, percent: Decimal, decimals: int) -> None:
    found = target(Method.GROWTH, value, percent, Measure(YtdRule.MEAN, decimals=decimals))
    assert found == round(found, decimals)
    exact = value + value * percent / 100
    assert abs(found - exact) <= Decimal(1).scaleb(-decimals) / 2


@given(st.decimals(min_value=0, max_value=100, places=1), percents)
def test_a_percentage_never_passes_what_it_can_be(value: Decimal, percent: Decimal) -> None:
    exact = value + value * percent / 100
    if exact.quantize(Decimal("0.1"), "ROUND_HALF_UP") <= 100:
        assert 0 <= target(Method.GROWTH, value, percent, SHARE) <= 100
        return
    with pytest.raises(TargetRefused, match=r"above 100\.0%, the most it can be") as refused:
        target(Method.GROWTH, value, percent, SHARE)
    assert refused.value.field == "percent"


def test_what_is_missing_is_asked_for() -> None:
    for method, value, percent, field in (
        (Method.GROWTH, None, "5", "method"),
        (Method.REDUCE, "200", None, "percent"),
    ):
        with pytest.raises(TargetRefused) as refused:
            target(method, value, percent)
        assert refused.value.field == field


def test_a_typed_target_of_nought_is_a_target_and_no_target_is_asked_about() -> None:
    nought = Levels(Decimal(0))
    asked = {"percent": None, "result": None, "this_year": Levels()}
    assert year_target(COUNT, Method.OTHER, typed=nought, **asked) == nought
    with pytest.raises(TargetRefused, match="0 if the target is nought"):
        year_target(COUNT, Method.OTHER, typed=Levels(), **asked)


def test_maintain_keeps_both_edges_of_a_range_and_leaves_the_level_to_be_said() -> None:
    this_year = Levels(Decimal(10), Decimal(8), Decimal(15), Decimal(18))
    found = year_target(COUNT, Method.MAINTAIN, percent=None, result=None, this_year=this_year, typed=Levels())
    assert found == Levels(Decimal(10), None, Decimal(15))


def test_methods_offered_need_what_they_work_from() -> None:
    assert methods_for(Direction.HIGHER, result(5)) == list(Method)
    assert methods_for(Direction.HIGHER, None) == [Method.MAINTAIN, Method.OTHER]
    assert methods_for(Direction.RANGE, result(5)) == [Method.MAINTAIN, Method.OTHER]


@given(figures, figures, directions)
def test_what_is_beaten_would_be_green_and_is_not_on_its_target(
    value: Decimal, goal: Decimal, direction: Direction
) -> None:
    levels = Levels(goal)
    beaten = is_beaten(value, levels, direction)
    assert beaten == (levels.judge(value, direction) is Rag.GREEN and value != goal)


def test_a_range_or_a_missing_figure_is_never_beaten() -> None:
    assert not is_beaten(Decimal(12), Levels(Decimal(10), None, Decimal(15)), Direction.RANGE)
    assert not is_beaten(None, Levels(Decimal(10)), Direction.HIGHER)
    assert not is_beaten(Decimal(12), Levels(), Direction.HIGHER)


@pytest.mark.parametrize(
    ("method", "percent", "goal", "sentence"),
    [
        (Method.GROWTH, "2.50", "205", "200 (2026/27) plus 2.5% is 205."),
        (Method.REDUCE, "5", "190", "200 (2026/27) less 5% is 190."),
        (Method.MAINTAIN, None, "80", "The target stays at 80."),
        (Method.OTHER, None, "220", "The target is 220, 10% above 200 (2026/27)."),
        (Method.OTHER, None, "199", "The target is 199, 0.5% below 200 (2026/27)."),
        (Method.OTHER, None, "200", "The target is 200."),
    ],
)
def test_the_arithmetic_is_shown_with_its_figures(
    method: Method, percent: str | None, goal: str, sentence: str
) -> None:
    asked = None if percent is None else Decimal(percent)
    assert arithmetic(COUNT, method, percent=asked, result=result(200), target=Decimal(goal)) == sentence
