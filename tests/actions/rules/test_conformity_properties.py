"""Each finding about an update's words and colour: asked whenever its facts hold, never where one rules it out, and
whatever else the update says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.conformity import LABELS, findings
from actions.rules.facts import Before, MilestoneFacts, PartFacts, UpdateFacts
from tests.actions.rules.test_conformity import (
    AMBER,
    COMPLETED,
    FACTS,
    GOOD,
    GREEN,
    NOT_STARTED,
    OPENING,
    RED,
    TENDER,
    codes,
)

OVERDUE = replace(TENDER, said="due", on=None)
SLIPPED = replace(OPENING, said="moved", on=date(2027, 2, 1), reason="Rain.")
BEYOND = replace(OPENING, due_on=date(2027, 4, 9))
DOCUMENT = "The leisure strategy was adopted by cabinet in September."
NEW_WORDS = {"done": "Something else was done in two other villages.", "impact": "Forty others walk to school."}
BY_MARCH: dict[str, Any] = {"due_on": date(2027, 3, 31), "new_due_on": None}
LIVE: dict[str, Any] = {"ended_on": None}


def before(**said: str) -> dict[str, Any]:
    return {"before": Before("Q1 2026/27", AMBER, **said)}


# What makes a finding, by hand; and each single fact that rules it out.
RULES: dict[str, tuple[dict[str, Any], tuple[dict[str, Any], ...]]] = {
    "green_overdue": (
        {"rag": GREEN, "milestones": (OVERDUE,), **LIVE},
        ({"rag": AMBER}, {"rag": None}, {"milestones": (OPENING,)}, {"ended_on": date(2026, 8, 31)}),
    ),
    "green_moved": (
        {"rag": GREEN, "milestones": (SLIPPED,)},
        ({"rag": RED}, {"milestones": (OPENING,), "new_due_on": None}),
    ),
    "green_delay": (
        {"rag": GREEN, "done": "The works are behind schedule in two places."},
        ({"rag": AMBER}, {"done": GOOD.done, "impact": GOOD.impact, "rag_reason": ""}),
    ),
    "only_a_document": (
        {"rag": GREEN, "done": DOCUMENT, "impact": "It is clear.", "achieved": ""},
        ({"rag": AMBER}, {"impact": "Visits rose by 9%."}, {"done": GOOD.done}),
    ),
    "action_overdue": (
        {"rag": AMBER, "due_on": date(2026, 9, 30), "new_due_on": None, **LIVE},
        ({"rag": COMPLETED}, {"rag": RED}, {"new_due_on": date(2026, 12, 1)}, {"ended_on": date(2026, 8, 31)}),
    ),
    "completed_open": ({"rag": COMPLETED, "milestones": (OPENING,)}, ({"rag": GREEN}, {"milestones": (TENDER,)})),
    "not_started_late": (
        {"rag": NOT_STARTED, "starts_on": date(2026, 9, 30)},
        ({"starts_on": date(2026, 10, 1)}, {"rag": GREEN}),
    ),
    "too_little": ({"done": "Work continues."}, ({"done": GOOD.done}, {"done": " "})),
    "copied_done": ({"done": GOOD.done, **before(done=GOOD.done)}, ({"before": None}, NEW_WORDS)),
    "copied_impact": (
        NEW_WORDS | before(done="Other words.", impact=NEW_WORDS["impact"]),
        ({"before": None}, {"impact": GOOD.impact}),
    ),
    "copied_recovery": (
        {**NEW_WORDS, "recovery": "A second crew starts.", **before(recovery="A second crew starts.")},
        ({"before": None}, {"recovery": "A third crew starts elsewhere."}),
    ),
    "impact_repeats": (
        {"done": GOOD.done, "impact": "The tender was let to a builder."},
        ({"impact": ""}, {"impact": GOOD.impact}),
    ),
    "recovery_past": (
        {"rag": AMBER, "recovery_by": date(2026, 10, 7)},
        ({"rag": GREEN}, {"recovery_by": date(2026, 10, 8)}, {"recovery_by": None}),
    ),
    "recovery_late": (
        {"rag": RED, "recovery_by": date(2027, 4, 1), **BY_MARCH},
        ({"rag": COMPLETED}, {"recovery_by": date(2027, 3, 31)}, {"new_due_on": date(2027, 4, 1)}),
    ),
    "after_the_end": (
        {"rag": GREEN, "milestones": (BEYOND,), **BY_MARCH, **LIVE},
        ({"rag": COMPLETED}, {"milestones": (OPENING,)}, {"new_due_on": date(2027, 4, 9)}),
    ),
    "nothing_next": (
        {"rag": GREEN, "milestones": (TENDER,), **LIVE},
        ({"rag": AMBER}, {"milestones": (OPENING,)}, {"ended_on": date(2026, 8, 31)}),
    ),
    "parts_disagree": (
        {"rag": GREEN, "parts": (PartFacts("CPA 1a Classes", RED),)},
        ({"rag": None}, {"parts": ()}, {"parts": (PartFacts("CPA 1a Classes", GREEN),)}),
    ),
}


def test_every_finding_has_its_rule_here() -> None:
    assert set(RULES) == set(LABELS)


@pytest.mark.parametrize("code", RULES)
@given(facts=FACTS)
def test_a_finding_is_asked_whatever_else_the_update_says(code: str, facts: UpdateFacts) -> None:
    assert code in codes(replace(facts, **RULES[code][0]))


@pytest.mark.parametrize("code", RULES)
@given(facts=FACTS, data=st.data())
def test_a_finding_is_never_asked_where_one_fact_rules_it_out(
    code: str, facts: UpdateFacts, data: st.DataObject
) -> None:
    makes, unmakes = RULES[code]
    ruled_out = data.draw(st.sampled_from(unmakes))
    assert code not in codes(replace(facts, **{**makes, **ruled_out}))


@pytest.mark.parametrize("code", RULES)
def test_an_update_that_is_right_but_for_one_thing_is_asked_about_that(code: str) -> None:
    """By hand: the sentence names what was found beside the box it is about."""
    (one,) = [check for check in findings(replace(GOOD, **RULES[code][0])) if check.code == code]
    assert (one.label, one.is_error) == (LABELS[code], False)
    known = {"done", "impact", "rag", "recovery", "recovery_by", "new_due_on", "new_1", OPENING.field, TENDER.field}
    assert one.field in known


@given(st.lists(st.sampled_from([OPENING, TENDER, SLIPPED, BEYOND]), max_size=4), FACTS)
def test_a_colour_nobody_chose_yet_is_asked_nothing_about(
    milestones: list[MilestoneFacts], facts: UpdateFacts
) -> None:
    blank = replace(facts, rag=None, milestones=tuple(milestones))
    assert not any(code.startswith(("green", "completed", "not_started", "parts")) for code in codes(blank))
