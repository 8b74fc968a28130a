"""Shares of what is counted: of how many, how many do, and which must be explained (framework B.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.measures import Measure, Share, grouped, share_of


@dataclass(frozen=True)
class Thing:
    key: object
    counts: bool
    group: int = 0


shares = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(shares)
def test_all_is_only_said_of_all_and_none_only_of_none(pair: tuple[int, int]) -> None:
    counted, of = pair
    percent = Share(counted, of).percent
    assert percent is not None
    assert (percent == 100) == (counted == of)
    assert (percent == 0) == (counted == 0)
    assert abs(percent - Decimal(100 * counted) / of) <= Decimal("0.1")


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.integers(0, 3)), max_size=60))
def test_groups_with_keys_of_their_own_add_up_to_the_whole(rows: list[tuple[int, bool, int]]) -> None:
    things = [Thing((key, group), counts, group) for key, counts, group in rows]
    parts = grouped(things, lambda thing: thing.group).values()
    assert share_of(things) == Share(sum(one.counted for one in parts), sum(one.of for one in parts))


@pytest.mark.parametrize(
    ("measure", "share", "within"),
    [
        (Measure.SIGNED, Share(12, 12), True),
        (Measure.SIGNED, Share(1999, 2000), False),  # it prints as 99.9%, never as all
        (Measure.ON_TIME, Share(95, 100), True),
        (Measure.ON_TIME, Share(94, 100), False),
        (Measure.REVISED, Share(5, 100), True),
        (Measure.REVISED, Share(6, 100), False),
        (Measure.MISSING, Share(0, 40), True),
        (Measure.MISSING, Share(1, 4000), False),
        (Measure.NEVER, Share(0, 0), True),  # nobody is named: nothing to explain
    ],
)
def test_a_figure_at_its_limit_needs_no_explaining_and_one_beyond_it_does(
    measure: Measure, share: Share, within: bool
) -> None:
    assert share.is_within(measure) is within


def test_nothing_counted_has_no_percentage() -> None:
    assert Share(0, 0).percent is None


def test_one_person_named_twice_is_counted_once() -> None:
    assert share_of([Thing("Kim", True, 1), Thing("Kim", True, 2), Thing("Dee", False)]) == Share(1, 2)
