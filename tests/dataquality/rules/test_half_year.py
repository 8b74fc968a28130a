"""What counts as a stretch, and whose decision a changed target needs (*Acting on Performance Information*)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.half_year import body_refusal, is_stretch, window_sentence
from hdcperf.rag import Direction, Rag
from kpis.rules.year_to_date import Levels

figures = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
one_edge = st.sampled_from([Direction.HIGHER, Direction.LOWER])


@given(figures, figures, figures, one_edge)
def test_what_meets_a_stretched_target_met_the_old_one(
    before: Decimal, after: Decimal, result: Decimal, direction: Direction
) -> None:
    old, new = Levels(before), Levels(after)
    if is_stretch(old, new, direction) and new.judge(result, direction) is Rag.GREEN:
        assert old.judge(result, direction) is Rag.GREEN


@given(figures, figures, one_edge)
def test_of_two_targets_exactly_one_is_the_stretch_of_the_other(
    before: Decimal, after: Decimal, direction: Direction
) -> None:
    old, new = Levels(before), Levels(after)
    assert is_stretch(old, new, direction) + is_stretch(new, old, direction) == (before != after)


@pytest.mark.parametrize(
    ("lower", "upper", "stretched"),
    [("11", "14", True), ("10", "14", True), ("10", "15", False), ("9", "14", False), ("16", "18", False)],
)
def test_a_range_is_stretched_by_narrowing_it(lower: str, upper: str, stretched: bool) -> None:
    old = Levels(Decimal(10), None, Decimal(15))
    new = Levels(Decimal(lower), None, Decimal(upper))
    assert is_stretch(old, new, Direction.RANGE) == stretched


def test_a_target_that_comes_or_goes_is_no_stretch() -> None:
    for pair in ((Levels(), Levels(Decimal(5))), (Levels(Decimal(5)), Levels())):
        assert not is_stretch(*pair, Direction.HIGHER)


def test_what_members_approved_is_changed_by_the_same_body() -> None:
    assert body_refusal("cabinet", "Cabinet, 12 February 2026", "cabinet") == ""
    assert "choose cabinet" in body_refusal("cabinet", "Cabinet, 12 February 2026", "leadership")
    assert body_refusal("", "Cabinet’s director, under delegation", "leadership") == ""


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 9, 30), "opens on 1 October 2026"),
        (date(2026, 10, 1), ""),
        (date(2026, 11, 30), ""),
        (date(2026, 12, 1), "closed on 30 November 2026"),
    ],
)
def test_the_review_is_answered_while_it_is_open(today: date, said: str) -> None:
    sentence = window_sentence(date(2026, 10, 1), date(2026, 11, 30), today)
    assert (said in sentence) if said else sentence == ""
