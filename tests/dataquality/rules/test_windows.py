"""Holders review first, then services propose, until the window closes (framework C.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.criteria import Criteria, verdict_problems
from dataquality.rules.windows import Phase, phase_of, phase_sentence, window_problems

OPENS, SERVICES, CLOSES, YEAR = date(2026, 10, 19), date(2026, 11, 2), date(2026, 12, 11), date(2027, 4, 1)
ORDER = list(Phase)


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (date(2026, 10, 18), Phase.NOT_OPEN),
        (OPENS, Phase.HOLDERS),
        (date(2026, 11, 1), Phase.HOLDERS),
        (SERVICES, Phase.SERVICES),
        (CLOSES, Phase.SERVICES),
        (date(2026, 12, 12), Phase.CLOSED),
    ],
)
def test_phase_on_each_day(today: date, phase: Phase) -> None:
    assert phase_of(OPENS, SERVICES, CLOSES, today) is phase


@given(st.dates(date(2026, 9, 1), date(2027, 1, 31)))
def test_a_window_never_goes_back(today: date) -> None:
    now, then = (phase_of(OPENS, SERVICES, CLOSES, day) for day in (today, today + timedelta(days=1)))
    assert ORDER.index(now) <= ORDER.index(then)


def test_each_phase_says_what_may_be_done_and_when() -> None:
    said = {phase: phase_sentence(phase, OPENS, SERVICES, CLOSES) for phase in Phase}
    assert "opens on 19 October 2026" in said[Phase.NOT_OPEN]
    assert "services propose from 2 November 2026" in said[Phase.HOLDERS]
    assert "until 11 December 2026" in said[Phase.SERVICES]
    assert "closed on 11 December 2026" in said[Phase.CLOSED]


def test_dates_out_of_order_are_refused_beside_the_date_that_is_wrong() -> None:
    assert window_problems(OPENS, SERVICES, CLOSES, YEAR) == {}
    assert set(window_problems(SERVICES, OPENS, CLOSES, YEAR)) == {"services_from"}
    assert set(window_problems(OPENS, CLOSES, SERVICES, YEAR)) == {"closes_on"}
    assert set(window_problems(OPENS, SERVICES, YEAR, YEAR)) == {"closes_on"}


@pytest.mark.parametrize(
    ("verdict", "criteria", "why", "is_new", "fields"),
    [
        ("keep", Criteria(is_local=True), "Because.", False, set()),
        ("keep", Criteria(), "Because.", False, {"criteria"}),
        ("drop", Criteria(), "Because.", False, set()),
        ("drop", Criteria(), "  ", False, {"why"}),
        ("drop", Criteria(), "Because.", True, {"verdict"}),
        ("new", Criteria(is_local=True), "Because.", True, set()),
        ("new", Criteria(is_local=True), "Because.", False, {"verdict"}),
        ("", Criteria(is_local=True), "Because.", False, {"verdict"}),
    ],
)
def test_a_kpi_that_goes_on_meets_a_criterion_and_every_verdict_says_why(
    verdict: str, criteria: Criteria, why: str, is_new: bool, fields: set[str]
) -> None:
    assert {one.field for one in verdict_problems(verdict, criteria, why, is_new=is_new)} == fields
