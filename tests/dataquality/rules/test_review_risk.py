"""Which KPIs are to be reviewed first: each reason in words, and the order whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.rules.quality_reviews import SECTIONS, left_to_do, section_called
from dataquality.rules.review_risk import MOST, Reason, RiskFacts, risks_of, weight_of
from dataquality.rules.templates import question_called

TODAY = date(2026, 11, 5)
counts = st.integers(min_value=0, max_value=40)


@st.composite
def facts(draw: st.DrawFn) -> RiskFacts:
    challenges = draw(counts)
    reviewed = draw(st.none() | st.dates(date(2015, 4, 1), TODAY))
    return RiskFacts(
        reviewed_on=reviewed,
        rating=draw(st.sampled_from(["good", "adequate", "weak"])) if reviewed else "",
        revisions=draw(counts),
        late=draw(counts),
        challenges=challenges,
        escalated=draw(st.integers(min_value=0, max_value=challenges)),
        profile=draw(st.sampled_from([(), ("a statutory metric",)])),
    )


def weight(one: RiskFacts) -> int:
    return weight_of(risks_of(one, TODAY))


@given(facts(), st.sampled_from(["revisions", "late", "challenges"]), st.integers(min_value=1, max_value=5))
def test_what_happens_more_often_never_makes_a_kpi_look_safer(one: RiskFacts, name: str, more: int) -> None:
    assert weight(replace(one, **{name: getattr(one, name) + more})) >= weight(one)


@given(facts(), st.integers(min_value=1, max_value=2000))
def test_the_longer_ago_a_review_the_sooner_the_next(one: RiskFacts, days: int) -> None:
    if one.reviewed_on is not None:
        assert weight(replace(one, reviewed_on=one.reviewed_on - timedelta(days=days))) >= weight(one)


@given(facts(), facts())
def test_a_review_that_found_no_weakness_lowers_the_weight(one: RiskFacts, other: RiskFacts) -> None:
    never = replace(one, reviewed_on=None, rating="")
    assert weight(replace(one, reviewed_on=TODAY, rating="good")) < weight(never)
    assert weight(replace(one, reviewed_on=TODAY, rating="weak")) == weight(never)


@given(facts())
def test_each_reason_is_given_once_in_a_sentence_the_heaviest_first_and_weighs_something(one: RiskFacts) -> None:
    found = risks_of(one, TODAY)
    assert len({risk.reason for risk in found}) == len(found)
    assert [risk.weight for risk in found] == sorted((risk.weight for risk in found), reverse=True)
    assert all(1 <= risk.weight <= MOST and risk.words.endswith(".") and risk.reason.label for risk in found)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (RiskFacts(), ["It has never been reviewed."]),
        (RiskFacts(reviewed_on=date(2026, 5, 5), rating="good"), []),
        (RiskFacts(reviewed_on=date(2024, 11, 5), rating="good"), []),
        (RiskFacts(reviewed_on=date(2024, 11, 4), rating="good"), ["It was last reviewed on 4 November 2024."]),
        (RiskFacts(reviewed_on=date(2026, 5, 5), rating="weak"), ["The review of 5 May 2026 found it weak."]),
        (RiskFacts(reviewed_on=TODAY, revisions=1, late=1, challenges=1), []),
        (
            RiskFacts(reviewed_on=TODAY, revisions=2, late=3),
            ["It was revised twice in a year.", "3 months were late in a year."],
        ),
        (RiskFacts(reviewed_on=TODAY, challenges=4), ["It was challenged 4 times in a year."]),
        (
            RiskFacts(reviewed_on=TODAY, challenges=1, escalated=1),
            ["It was challenged once in a year, before the board."],
        ),
        (
            RiskFacts(reviewed_on=TODAY, challenges=3, escalated=1),
            ["It was challenged 3 times in a year, 1 of them before the board."],
        ),
        (
            RiskFacts(reviewed_on=TODAY, profile=("a statutory metric", "evidence for a national framework")),
            ["High profile: a statutory metric, evidence for a national framework."],
        ),
    ],
)
def test_the_reasons_in_words(one: RiskFacts, words: list[str]) -> None:
    assert [risk.words for risk in risks_of(one, TODAY)] == words


def test_every_reason_can_be_given() -> None:
    every = RiskFacts(None, "", 2, 2, 2, 0, ("asked about",)), RiskFacts(date(2020, 1, 1), "weak")
    assert {risk.reason for one in every for risk in risks_of(one, TODAY)} == set(Reason)


def test_a_review_has_eleven_parts_and_says_which_are_left() -> None:
    keys = [one.key for one in SECTIONS]
    assert len(set(keys)) == 11
    assert left_to_do(keys[:4])[0].key == "accuracy"
    assert left_to_do(keys) == []
    assert section_called("colour") is None
    assert all(question_called(key) is not None for one in SECTIONS for key in one.questions)
