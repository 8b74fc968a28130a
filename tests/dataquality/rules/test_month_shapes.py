"""A year's months in the averaged shape of two years (framework C.1.2): what they come to, and what is missing."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.month_shapes import MonthFigures, ShapeRefused, averaged, gap_sentences
from hdcperf.periods import FinancialYear
from kpis.rules.figures import YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import monthly_levels, monthly_targets
from kpis.rules.year_to_date import Levels

YEAR = FinancialYear(2027)
LATEST, BEFORE = YEAR.previous, YEAR.previous.previous
MONTHS = YEAR.months

worked = st.decimals(1, 10**6, places=2)
targets = st.decimals(0, 10**6, places=2)


def rows(latest: list[D | None], before: list[D | None]) -> list[MonthFigures]:
    return [MonthFigures(*one) for one in zip(MONTHS, latest, before, strict=True)]


@st.composite
def two_years(draw: st.DrawFn) -> list[MonthFigures]:
    """Two years of figures, each month missing in one of them at most; at least one month has both."""
    missing = draw(st.lists(st.sampled_from(["", "latest", "before"]), min_size=12, max_size=12))
    missing[draw(st.integers(0, 11))] = ""
    latest = [None if gone == "latest" else draw(worked) for gone in missing]
    before = [None if gone == "before" else draw(worked) for gone in missing]
    return rows(latest, before)


def weights(found: list[MonthFigures]) -> list[D]:
    return [share.weight for share in averaged(found, LATEST, BEFORE)]


@given(two_years(), targets, st.integers(0, 3))
def test_whatever_the_accumulation_the_months_make_the_years_target(
    found: list[MonthFigures], target: D, decimals: int
) -> None:
    shape = weights(found)
    for rule in YtdRule:
        measure = Measure(rule, decimals=decimals)
        wanted = round(target, decimals)
        months = [value for _, value in sorted(monthly_targets(measure, MONTHS, wanted, shape).items())]
        match rule:
            case YtdRule.ADDS_UP:
                assert sum(months) == wanted
            case YtdRule.RUNNING_TOTAL | YtdRule.LATEST:
                assert months[-1] == wanted
            case _:  # to the rounding of each month
                assert abs(sum(months) / 12 - wanted) <= D(1).scaleb(-decimals) / 2


@given(two_years(), st.decimals(1, 1000, places=1), st.decimals(1, 1000, places=1))
def test_each_year_counts_alike_however_large_it_was(found: list[MonthFigures], one: D, other: D) -> None:
    larger = [
        MonthFigures(
            row.month,
            None if row.latest is None else row.latest * one,
            None if row.before is None else row.before * other,
        )
        for row in found
    ]
    for was, now in zip(weights(found), weights(larger), strict=True):
        assert abs(was - now) < D("1e-40")


@given(two_years())
def test_levels_keep_to_the_worse_side_in_every_month(found: list[MonthFigures]) -> None:
    shape = weights(found)
    for rule in YtdRule:
        spread = monthly_levels(Measure(rule), MONTHS, Levels(D(12000), D(9000)), shape)
        assert all(one.intervention <= one.target for one in spread.values())  # type: ignore[operator]


def test_the_average_is_of_the_shares_and_not_of_the_figures() -> None:
    # 2026/27 is ten times as large, and flat; in 2025/26 everything came in April.
    found = rows([D(100)] * 12, [D(120), *[D(0)] * 11])
    shares = averaged(found, LATEST, BEFORE)
    assert round(shares[0].weight, 6) == round((D(1) / 12 + 1) / 2, 6)
    spread = monthly_targets(Measure(YtdRule.ADDS_UP), MONTHS, D(2400), weights(found))
    assert list(spread.values()) == [1300, *[100] * 11]


def test_two_equal_years_average_to_themselves() -> None:
    year: list[D | None] = [D(number) for number in range(1, 13)]
    spread = monthly_targets(Measure(YtdRule.ADDS_UP), MONTHS, D(78), weights(rows(year, year)))
    assert list(spread.values()) == year


def test_a_month_missing_in_one_year_follows_the_other_and_is_said() -> None:
    # October to March are still to come in 2026/27; the same work as in 2025/26 so far, on twice the scale.
    before: list[D | None] = [D(10)] * 6 + [D(20)] * 6
    latest: list[D | None] = [D(20)] * 6 + [None] * 6
    found = rows(latest, before)
    spread = monthly_targets(Measure(YtdRule.ADDS_UP), MONTHS, D(180), weights(found))
    assert list(spread.values()) == [10] * 6 + [20] * 6
    assert gap_sentences(found, LATEST, BEFORE) == [
        "October to March follow 2025/26 alone, for 2026/27 has no figure there."
    ]
    gaps = rows([None, None, D(1), D(1), None, None, None, D(1), None, *[D(1)] * 3], [D(1)] * 12)
    assert gap_sentences(gaps, LATEST, BEFORE) == [
        "April, May, August to October and December follow 2025/26 alone, for 2026/27 has no figure there."
    ]


def test_a_single_missing_month_is_said_in_the_singular() -> None:
    found = rows([D(1)] * 12, [None, *[D(1)] * 11])
    assert gap_sentences(found, LATEST, BEFORE) == ["April follows 2026/27 alone, for 2025/26 has no figure there."]
    assert gap_sentences(rows([D(1)] * 12, [D(1)] * 12), LATEST, BEFORE) == []


@pytest.mark.parametrize(
    ("latest", "before", "sentence"),
    [
        ([D(1)] * 11 + [None], [D(1)] * 11 + [None], "Neither 2025/26 nor 2026/27 has a figure for March."),
        ([D(1)] * 6 + [None] * 6, [None] * 6 + [D(1)] * 6, "No month has a figure in both 2025/26 and 2026/27."),
        ([D(-1), *[D(1)] * 11], [D(1)] * 12, "A figure of 2026/27 is below nought"),
        ([D(1)] * 12, [D(0)] * 12, "2025/26 came to nought"),
        # What only the months without a partner hold does not make a shape.
        ([*[D(0)] * 11, D(5)], [D(1)] * 11 + [None], "2026/27 came to nought"),
    ],
)
def test_years_without_a_shape_are_refused_with_the_reason(
    latest: list[D | None], before: list[D | None], sentence: str
) -> None:
    with pytest.raises(ShapeRefused, match=sentence):
        averaged(rows(latest, before), LATEST, BEFORE)
