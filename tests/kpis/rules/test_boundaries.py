"""Edges that no other test stood on: each fails when its rule is moved by one step (found by mutating the rules)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from hdcperf.rag import Rag
from kpis.rules.commentary import says_too_little
from kpis.rules.figures import Unit, YtdRule
from kpis.rules.year_to_date import Levels, levels_recounted, year_to_date
from tests.kpis.rules.test_checks import GOOD, PARTS, RUNNING, TODAY, before, codes, found, missing
from tests.kpis.rules.test_year_to_date import APRIL, MAY, parts


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("699", None),
        ("700", "about ten times"),
        ("1500", "about ten times"),
        ("1501", None),
        ("4999", None),
        ("5000", "about a hundred times"),
        ("20000", "about a hundred times"),
        ("20001", None),
        ("15", "about a tenth of"),
        ("16", None),
        ("5", "about a tenth of"),
        ("4", None),
        ("2", "about a hundredth of"),
        ("3", None),
    ],
)
def test_a_slip_of_the_decimal_point_has_its_limits(value, words):
    facts = replace(GOOD, value=D(value), previous=before(100, 101, 99))
    if words is None:
        assert "far_from_usual" not in codes(facts)
    else:
        assert words in found(facts, "far_from_usual").sentence


def test_a_running_total_that_stands_still_has_not_fallen():
    facts = replace(GOOD, measure=RUNNING, value=D(1000), previous=before(500, 1000), forecast_rag=Rag.AMBER)
    assert "running_total_falls" not in codes(facts)


def test_a_figure_expected_today_is_not_in_the_past():
    none = replace(GOOD, value=None, no_data=True, no_data_reason="The supplier is late.")
    assert missing(replace(none, no_data_until=TODAY)) == []
    assert missing(replace(none, no_data_until=TODAY - timedelta(days=1))) == ["no_data_until_past"]


@pytest.mark.parametrize(("numerator", "is_kept"), [("9999999999999", True), ("10000000000000", False)])
def test_thirteen_digits_before_the_point_are_kept(numerator, is_kept):
    measure = replace(PARTS.measure, rule=YtdRule.LATEST, unit=Unit.RATIO)
    facts = replace(PARTS, measure=measure, numerator=D(numerator), denominator=D(1), forecast=None)
    assert ("too_large" not in codes(facts)) is is_kept


def test_three_telling_words_are_enough_and_two_are_not():
    assert says_too_little("Lorry broke")
    assert not says_too_little("Lorry broke twice")


def test_a_month_with_nothing_to_measure_is_left_out_and_not_missing():
    at = year_to_date(YtdRule.WEIGHTED, parts((1, 2), (0, 0)), Unit.PERCENTAGE)[MAY]
    assert (at.missing, at.idle, at.left_out) == ((), (MAY,), (MAY,))
    assert year_to_date(YtdRule.WEIGHTED, parts((1, 2)), Unit.PERCENTAGE)[APRIL].left_out == ()


KEPT, OWN = Levels(D(20), D(18)), Levels(D(5), D(3))


@pytest.mark.parametrize(
    ("words", "rule", "counted", "gained", "lost", "expected"),
    [
        ("a sum takes the month in", "adds_up", 2, [OWN], [], Levels(D(25), D(21))),
        ("a sum gives it up", "adds_up", 2, [], [OWN], Levels(D(15), D(15))),
        ("a mean takes it in by its weight", "mean", 2, [OWN], [], Levels(D(15), D(13))),
        ("a mean gives it up by its weight", "mean", 3, [], [OWN], Levels(D("27.5"), D("25.5"))),
        ("of no months, the first is the whole", "adds_up", 0, [OWN], [], OWN),
        ("of no months, so it is for a mean", "mean", 0, [OWN], [], OWN),
        ("the last month given up leaves what was", "adds_up", 1, [], [OWN], KEPT),
        ("nothing gained or lost", "mean", 2, [], [], KEPT),
        ("a running total is its month's own", "running_total", 2, [OWN], [], KEPT),
        ("the latest is its month's own", "latest", 2, [OWN], [], KEPT),
        ("a weighted year is its month's own", "weighted", 2, [OWN], [], KEPT),
        ("a month without a target leaves none", "adds_up", 2, [Levels()], [], Levels()),
        ("a month without a level leaves no level", "adds_up", 2, [Levels(D(5))], [], Levels(D(25))),
    ],
)
def test_levels_take_in_and_give_up_a_months_own(words, rule, counted, gained, lost, expected):
    assert levels_recounted(rule, KEPT, counted, gained, lost) == expected, words
