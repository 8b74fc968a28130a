"""Codes, dates and milestones as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.proposals import DatedStep, code_problem, dates_problems, next_code, parse_steps, steps_text
from hdcperf.codes import code_key

START, END = date(2027, 4, 1), date(2028, 3, 31)


@pytest.mark.parametrize("code", ["CPA12", "CPA 12", "12", "A1.2", "KA-3", "plan 7", "P"])
def test_codes_people_use_are_taken(code: str) -> None:
    assert code_problem(code) == ""


@pytest.mark.parametrize(
    "code",
    ["", " CPA1", "CPA/1", "CPA\x001", "É1", "plan", "Plan", "P L A N", "2026-27", "2026-27-Q2", "X" * 21, "-1"],
)
def test_codes_that_would_break_an_address_are_refused(code: str) -> None:
    assert code_problem(code)


def test_the_next_code_follows_the_commonest_kind() -> None:
    assert next_code([]) == ""
    assert next_code(["Homes"]) == ""
    assert next_code(["CPA1", "CPA9", "CPA10", "X77"]) == "CPA11"
    assert next_code(["CPA 63", "CPA 64"]) == "CPA 65"


@given(st.lists(st.integers(0, 99999), min_size=1))
def test_the_next_code_is_nobodys(numbers: list[int]) -> None:
    codes = [f"CPA{number}" for number in numbers]
    assert code_key(next_code(codes)) not in {code_key(code) for code in codes}


def test_lines_become_milestones() -> None:
    read = parse_steps(
        "30 September 2027, Consult, and report\n\n1/10/2027,  Decide \n2 Dec 2027\tPublish\n3.1.2028, Review"
    )
    assert read.wrong == []
    assert read.found == [
        DatedStep(date(2027, 9, 30), "Consult, and report"),
        DatedStep(date(2027, 10, 1), "Decide"),
        DatedStep(date(2027, 12, 2), "Publish"),
        DatedStep(date(2028, 1, 3), "Review"),
    ]


def test_each_wrong_line_is_named_with_what_to_do() -> None:
    read = parse_steps(
        "soon, Consult\n30 February 2027, Decide\n1 May 2027,\n1 May 2027, Same\n2 May 2027, same\n1 Mai 2027, Oh\n"
        f"1 May 0027, Old\n1 May 2027, {'x' * 201}"
    )
    assert [one.split(":")[0] for one in read.wrong] == [f"Line {number}" for number in (1, 2, 3, 5, 6, 7, 8)]
    assert "is not a date. Write it like 30 September 2027" in read.wrong[0]
    assert read.found == [DatedStep(date(2027, 5, 1), "Same")]


def test_there_are_not_hundreds_of_milestones() -> None:
    read = parse_steps("\n".join(f"1 May 2027, Step {number}" for number in range(60)))
    assert (read.found, len(read.wrong)) == ([], 1)


NAMES = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=200)
STEPS = st.builds(DatedStep, st.dates(date(1900, 1, 1), date(2199, 12, 31)), NAMES)


@given(st.lists(STEPS, max_size=40, unique_by=lambda step: step.name.casefold()))
def test_milestones_are_read_back_as_they_are_printed(steps: list[DatedStep]) -> None:
    read = parse_steps(steps_text(steps))
    assert (read.found, read.wrong) == (steps, [])


@given(st.text())
def test_whatever_is_typed_is_read_or_answered_with_a_sentence(text: str) -> None:
    read = parse_steps(text)
    assert len(read.found) <= 40
    assert all(len(sentence) < 200 for sentence in read.wrong)


def problems(*steps: DatedStep, new: frozenset[str] = frozenset(), due: date = END) -> list[str]:
    return [f"{one.field}: {one.sentence}" for one in dates_problems(START, due, steps, new)]


def test_an_action_ends_after_it_starts_and_after_its_milestones() -> None:
    assert problems(due=date(2027, 3, 31)) == ["due_on: The due date is before the start date, 1 April 2027."]
    assert problems(DatedStep(END, "On the last day")) == []
    assert problems(DatedStep(date(2028, 4, 1), "Review")) == [
        "milestones: “Review” is due on 1 April 2028, after the action’s own end on 31 March 2028."
    ]


def test_only_a_new_milestone_must_fall_after_the_start() -> None:
    early = DatedStep(date(2026, 5, 1), "Consult")
    assert problems(early) == []
    assert problems(early, new=frozenset({"Consult"})) == [
        "milestones: “Consult” is due on 1 May 2026, before the action starts."
    ]
