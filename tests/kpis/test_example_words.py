"""What the example's officers write fits their figures (a councillor would notice where it did not)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hdcperf.periods import Month, months_between
from kpis.example.figures import RUNNING, Line, entry, register
from kpis.example.words import Compared, commentary, compared_with, doing
from kpis.rules.commentary import says_no_cause, says_too_little

LINES = [line for line in register() if line["code_2026"] and line["frequency"] != "yearly"]
MONTHS = months_between(Month(2026, 4), Month(2026, 10))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["reference"])
def test_words_say_which_way_the_figure_went(line: Line) -> None:
    for measured in MONTHS:
        rose = commentary(line, _compared(line, measured, now=10, before=9))[0]
        fell = commentary(line, _compared(line, measured, now=9, before=10))[0]
        if line["shape"] in RUNNING:
            assert "against" in rose
        else:
            assert "up from" in rose
            assert "down from" in fell


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["reference"])
def test_the_cause_of_a_better_month_is_not_that_of_a_worse_one(line: Line) -> None:
    for measured in MONTHS:
        # Figures above every target, so that a range's lower is nearer to its band.
        one = commentary(line, _compared(line, measured, now=30, before=20))[1]
        other = commentary(line, _compared(line, measured, now=20, before=30))[1]
        assert one != other


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["reference"])
def test_the_checks_find_nothing_wanting_in_the_words(line: Line) -> None:
    for measured in MONTHS:
        happened, why = commentary(line, _compared(line, measured, now=10, before=9))
        assert not says_too_little(happened)
        assert not says_no_cause(why, happened)


def test_fly_tips_to_clear_are_the_fly_tips_reported() -> None:
    by_reference = {line["reference"]: line for line in register()}
    for measured in MONTHS:
        cleared = entry(by_reference["fly-tip-clearance"], measured)
        assert cleared.denominator == entry(by_reference["fly-tips"], measured).value


def test_running_totals_never_fall_within_a_year() -> None:
    for line in register():
        if line["shape"] in RUNNING:
            totals = [entry(line, measured).value for measured in months_between(Month(2025, 4), Month(2026, 3))]
            assert totals == sorted(totals, key=lambda total: total or Decimal(0)), line["reference"]


def test_whatever_is_off_target_has_something_done_about_it_by_somebody() -> None:
    for line in LINES:
        if line["target_2026"] and line["reference"] != "fly-tip-clearance":
            action, owner = doing(line, MONTHS[0])
            assert action.endswith("."), line["reference"]
            assert owner, line["reference"]


def _compared(line: Line, measured: Month, *, now: int, before: int) -> Compared:
    return Compared(measured, Decimal(now), Decimal(before), compared_with(line, measured))
