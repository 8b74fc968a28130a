"""How a KPI stands, in a plain sentence."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from hdcperf.periods import Month
from hdcperf.rag import Direction, Movement, Rag
from kpis.rules.figures import NOTHING_TO_MEASURE, Frequency, Headline, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.sentences import Standing, standing_sentence
from kpis.rules.year_to_date import Levels

BINS = Standing(
    name="Missed bins",
    month=Month(2026, 10),
    measure=Measure(YtdRule.WEIGHTED, Unit.RATE, 100_000, 1, "per 100,000 collections"),
    direction=Direction.LOWER,
    value=D("43.2"),
    levels=Levels(D("39.8"), D(42)),
    rag=Rag.RED,
    is_plural=True,
)
START = "Missed bins were 43.2 per 100,000 collections in October 2026, worse than the target of 39.8"


def judged(value, **changes):
    stands = replace(BINS, value=D(value), **changes)
    return standing_sentence(replace(stands, rag=stands.levels.judge(stands.value, stands.direction)))


def test_red_is_past_the_intervention_level():
    assert judged("43.2") == f"{START} and past the intervention level of 42.0, so it is red."


def test_amber_is_not_past_it_or_on_it():
    assert judged(41).endswith(
        "41.0 per 100,000 collections in October 2026, worse than the target of 39.8 but not past the "
        "intervention level of 42.0, so it is amber."
    )
    assert "but on the intervention level of 42.0, so it is amber." in judged(42)


def test_green_is_on_the_target_or_better():
    assert judged("39.8").endswith("on the target of 39.8, so it is green.")
    assert judged(30).endswith("better than the target of 39.8, so it is green.")


def test_without_an_intervention_level_there_is_no_amber_and_it_says_so():
    assert judged(41, levels=Levels(D("39.8"))).endswith(
        "worse than the target of 39.8, with no intervention level, so it is red."
    )


def test_a_figure_rounded_onto_its_target_shows_what_keeps_it_off():
    assert judged("39.84").startswith("Missed bins were 39.84 per 100,000 collections in October 2026, worse than")
    assert judged("39.800001").startswith("Missed bins were 39.800001 per")


def test_the_forecast_stands_beside_it():
    amber = standing_sentence(replace(BINS, forecast_rag=Rag.AMBER, forecast=D(41)))
    assert amber.endswith("so it is red; the year-end forecast is amber (41.0 per 100,000 collections).")
    none = standing_sentence(replace(BINS, forecast_rag=Rag.NO_DATA))
    assert none.endswith("so it is red; there is no year-end forecast.")
    unjudged = standing_sentence(replace(BINS, forecast_rag=Rag.NOT_JUDGED, forecast=D(41)))
    assert unjudged.endswith("; the year-end forecast is 41.0 per 100,000 collections.")


def test_no_figure_says_why():
    none = replace(BINS, value=None, rag=Rag.NO_DATA)
    assert standing_sentence(none) == "Missed bins have no figure for October 2026."
    told = replace(none, no_data_reason="the system is down. ", is_plural=False, name="Tonnage")
    assert standing_sentence(told) == "Tonnage has no figure for October 2026: the system is down."


def test_nothing_to_measure_is_not_nought():
    stands = replace(BINS, value=NOTHING_TO_MEASURE, rag=Rag.NO_DATA)
    assert standing_sentence(stands) == "Missed bins had nothing to measure in October 2026."


def test_context_and_no_target_are_not_judged():
    context = replace(BINS, direction=Direction.NONE, levels=Levels(), rag=Rag.NOT_JUDGED)
    assert standing_sentence(context).endswith("2026. This is shown for context and is not judged.")
    untargeted = replace(BINS, levels=Levels(), rag=Rag.NOT_JUDGED)
    assert standing_sentence(untargeted).endswith("2026. There is no target, so it is not judged.")


def test_a_figure_in_arrears_is_a_position_as_at_its_month():
    stands = replace(BINS, month=Month(2026, 8), months_in_arrears=2)
    assert "43.2 per 100,000 collections (position as at August 2026), worse than" in standing_sentence(stands)
    none = replace(stands, value=None, rag=Rag.NO_DATA)
    assert standing_sentence(none) == "Missed bins have no figure (position as at August 2026)."


@pytest.mark.parametrize(
    ("change", "when"),
    [
        ({"headline": Headline.YTD}, "for the year to October 2026"),
        ({"month": Month(2026, 9), "measure": replace(BINS.measure, frequency=Frequency.QUARTERLY)}, "in Q2 2026/27"),
        ({"month": Month(2027, 3), "measure": replace(BINS.measure, frequency=Frequency.YEARLY)}, "in 2026/27"),
    ],
)
def test_the_sentence_says_what_time_it_is_about(change, when):
    assert f" {when}, worse than" in standing_sentence(replace(BINS, **change))


@pytest.mark.parametrize(
    ("rag", "movement", "words"),
    [
        (Rag.RED, Movement.BETTER, ", though better than last time."),
        (Rag.RED, Movement.WORSE, ", and worse than last time."),
        (Rag.GREEN, Movement.BETTER, ", and better than last time."),
        (Rag.GREEN, Movement.WORSE, ", though worse than last time."),
        (Rag.RED, Movement.SAME, "so it is red."),
    ],
)
def test_movement_is_told_as_it_goes_with_or_against_the_colour(rag, movement, words):
    assert standing_sentence(replace(BINS, rag=rag, movement=movement)).endswith(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("5", "within the target range of 4.0 to 6.0 days, so it is green."),
        (
            "7.5",
            "outside the target range of 4.0 to 6.0 days but within the limits of 2.0 to 8.0 days, so it is amber.",
        ),
        ("9", "outside the target range of 4.0 to 6.0 days and outside the limits of 2.0 to 8.0 days, so it is red."),
    ],
)
def test_a_range_is_told_by_its_edges(value, words):
    sickness = {
        "name": "Time to process a claim",
        "is_plural": False,
        "measure": Measure(YtdRule.MEAN, Unit.DAYS, decimals=1),
        "direction": Direction.RANGE,
        "levels": Levels(D(4), D(2), D(6), D(8)),
    }
    assert judged(value, **sickness) == f"Time to process a claim was {D(value):.1f} days in October 2026, {words}"
