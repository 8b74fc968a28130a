"""A project's report: what it must say, and whether its words conform with its board's status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.colours import ActionRag
from actions.rules.facts import REACHED, MilestoneFacts
from actions.rules.projects import Life, project_stands_at
from actions.rules.reports import LABELS, ReportBefore, ReportFacts, report_errors, report_findings
from actions.rules.standing import At, Ending
from hdcperf.periods import FinancialYear, Quarter

Q1, Q2, Q3 = (Quarter(FinancialYear(2026), number) for number in (1, 2, 3))
TODAY = date(2026, 10, 12)
SOUND = ReportFacts(
    quarter=Q2,
    as_at=TODAY,
    starts_on=date(2026, 4, 1),
    ends_on=date(2027, 3, 31),
    rag=ActionRag.GREEN,
    board="Riverside Board",
    met_on=date(2026, 9, 24),
    board_words="The board is content with the works.",
    progress="Four hundred metres of path were laid by the mill.",
    risks="The river may flood in December.",
    next_steps="Lights go in by the end of January.",
    milestones=(MilestoneFacts("Lights on", date(2027, 1, 29)),),
)
BEHIND = replace(
    SOUND,
    rag=ActionRag.AMBER,
    recovery="A second crew starts.",
    recovery_by=date(2026, 12, 1),
    recovery_owner="Estates manager",
)
LATE_STEP = MilestoneFacts("Path open", date(2026, 9, 1))


def codes(facts: ReportFacts) -> set[str]:
    return {one.code for one in (*report_errors(facts), *report_findings(facts))}


def test_a_sound_report_lacks_nothing_and_raises_no_question() -> None:
    assert codes(SOUND) == codes(BEHIND) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rag": None}, "status_missing"),
        ({"board": " "}, "board_missing"),
        ({"met_on": None}, "met_on_missing"),
        ({"met_on": date(2026, 10, 13)}, "met_on_later"),
        ({"board_words": ""}, "board_words_missing"),
        ({"progress": ""}, "progress_missing"),
        ({"next_steps": ""}, "next_steps_missing"),
        ({"own_view": ActionRag.AMBER}, "own_view_why_missing"),
        (
            {"milestones": (MilestoneFacts("A", date(2026, 9, 1), REACHED, date(2026, 10, 13), field="reached_1"),)},
            "reached_1_later",
        ),
        ({"milestones": (LATE_STEP,)}, "green_overdue"),
        ({"progress": "The path was delayed by six weeks because the crew was elsewhere."}, "green_delay"),
        ({"board_words": "The board heard that the works are running late."}, "green_delay"),
        ({"ends_on": date(2026, 10, 11)}, "end_overdue"),
        ({"rag": ActionRag.COMPLETED}, "completed_open"),
        ({"rag": ActionRag.NOT_STARTED}, "not_started_late"),
        ({"met_on": date(2026, 6, 30)}, "old_meeting"),
        ({"progress": "Some path laid."}, "too_little"),
        ({"before": ReportBefore("Q1", ActionRag.GREEN, progress=SOUND.progress)}, "copied_progress"),
        ({"before": ReportBefore("Q1", ActionRag.GREEN, risks=SOUND.risks)}, "copied_risks"),
        ({"before": ReportBefore("Q1", ActionRag.GREEN, board_words=SOUND.board_words)}, "copied_board_words"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_found_by_itself(change: dict[str, Any], code: str) -> None:
    assert codes(replace(SOUND, **change)) == {code}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recovery": ""}, "recovery_missing"),
        ({"recovery_by": None}, "recovery_by_missing"),
        ({"recovery_owner": ""}, "recovery_owner_missing"),
        ({"recovery_by": date(2026, 10, 11)}, "recovery_past"),
        ({"recovery_by": date(2027, 4, 1)}, "recovery_late"),
        ({"risks": ""}, "no_risks"),
    ],
)
def test_amber_says_what_will_be_done_by_when_and_by_whom(change: dict[str, Any], code: str) -> None:
    assert codes(replace(BEHIND, **change)) == {code}


def test_the_officers_own_view_that_is_the_boards_needs_no_reason() -> None:
    assert codes(replace(SOUND, own_view=ActionRag.GREEN)) == set()


def test_a_closed_project_says_nothing_of_what_comes_next_nor_of_its_end() -> None:
    assert codes(replace(SOUND, next_steps="", ends_on=date(2026, 9, 1), is_closed=True)) == set()


def test_a_milestone_said_to_be_reached_is_not_overdue() -> None:
    reached = replace(LATE_STEP, said=REACHED, on=date(2026, 9, 2))
    assert codes(replace(SOUND, milestones=(reached,))) == set()


@given(
    rag=st.sampled_from([None, *ActionRag.chosen()]),
    words=st.sampled_from(["", "Short.", "The path was delayed.", SOUND.progress]),
    on=st.sampled_from([None, date(2026, 1, 1), TODAY, date(2027, 12, 31)]),
)
def test_a_report_is_never_asked_about_what_it_cannot_answer(
    rag: ActionRag | None, words: str, on: date | None
) -> None:
    facts = replace(SOUND, rag=rag, progress=words, met_on=on, recovery_by=on)
    asks = report_findings(facts)
    assert len({one.code for one in asks}) == len(asks)
    assert all(one.label == LABELS[one.code] and one.sentence and one.instruction for one in asks)
    assert not any(one.is_error for one in asks)


# How a project stands

LIFE = Life(date(2026, 4, 1))


def stands(quarter: Quarter, *, life: Life = LIFE, known: Any = (), owed: Any = (), **more: Any) -> At:
    return project_stands_at(quarter, dict(known), life=life, opened={Q1, Q2}, owed=set(owed), **more)


def test_a_project_stands_as_its_accepted_report_says() -> None:
    assert stands(Q2, known={Q2: ActionRag.RED}, owed={Q2}) is At.RED


def test_a_quarter_without_an_accepted_report_is_awaited_only_where_one_is_owed() -> None:
    assert stands(Q2, owed={Q2}) is At.AWAITED
    assert stands(Q2) is At.NOT_IN_PLAN
    assert stands(Q3) is At.NOT_DUE
    assert stands(Q1 - 1) is At.NOT_IN_PLAN


def test_a_project_closed_before_the_quarter_is_over_and_in_its_last_quarter_still_reports() -> None:
    closed = Life(date(2026, 4, 1), Ending(date(2026, 6, 10), "stopped"))
    assert stands(Q2, life=closed) is At.DROPPED
    assert stands(Q1, life=closed, owed={Q1}) is At.AWAITED
    completed = Life(date(2026, 4, 1), Ending(date(2026, 6, 10), "completed"))
    assert stands(Q3, life=completed) is At.COMPLETED


def test_whoever_sees_only_what_is_issued_is_not_told_whether_a_report_is_awaited() -> None:
    assert stands(Q2, owed={Q2}, only_issued=True) is At.NOT_ISSUED
