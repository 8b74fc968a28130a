"""What the words of a commentary do not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules.commentary import claims_to_be_on_track, says_no_cause, says_too_little


@pytest.mark.parametrize(
    "words",
    [
        "43.2",
        "43.2 per 100,000 against a target of 39.8",
        "The figure for October 2026 was 98%.",
        "Down on last month",
        "OK",
        "...",
    ],
)
def test_only_the_figure_says_too_little(words):
    assert says_too_little(words)


@pytest.mark.parametrize(
    "words",
    ["Two rounds were not finished after the lorry broke down.", "Storm closed the depot", "Demand rose in schools"],
)
def test_a_short_sentence_that_says_something_is_enough(words):
    assert not says_too_little(words)


@pytest.mark.parametrize(
    "why", ["N/A", "none", "No change.", "as above", "Same as last month", "unknown", "tbc", "43.2", "over target"]
)
def test_an_empty_reason_is_no_cause(why):
    assert says_no_cause(why)


def test_repeating_what_happened_is_no_cause():
    assert says_no_cause("Two rounds were  missed in Ramsey.", "two rounds were missed in Ramsey.")


def test_a_reason_is_a_cause():
    assert not says_no_cause("A lorry broke down and the spare was away.", "Two rounds were missed in Ramsey.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("We are on track for the year.", "on track"),
        ("Performance is On Target.", "On Target"),
        ("Still ahead of plan", "ahead of plan"),
        ("We are meeting the target.", "meeting the target"),
        ("Not on track in May, but on course now", "on course"),
    ],
)
def test_saying_it_is_on_track_is_noticed(words, said):
    assert claims_to_be_on_track(words) == said


@pytest.mark.parametrize(
    "words",
    [
        "We are not on track.",
        "This is no longer on target",
        "Extra staff will get us back on track",
        "We expect to be on track by March",
        "It isn't meeting the target",
        "The track was closed",
    ],
)
def test_saying_it_is_not_or_will_be_is_not(words):
    assert claims_to_be_on_track(words) == ""


@given(st.text(max_size=300))
def test_any_words_can_be_read(words):
    claims_to_be_on_track(words)
    assert says_no_cause(words) or not says_too_little(words)
