"""Whether an update's words conform with its RAG, and what it must not lack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.colours import ActionRag, needs_reason
from actions.rules.conformity import findings
from actions.rules.facts import Before, MilestoneFacts, PartFacts, UpdateFacts, next_milestone
from actions.rules.guidelines import GUIDELINES, missing_words
from actions.rules.missing import submission_errors
from hdcperf.periods import FinancialYear, Quarter

GREEN, AMBER, RED, COMPLETED, NOT_STARTED, AWAITED = ActionRag
TODAY = date(2026, 10, 8)
DECEMBER, SEPTEMBER = date(2026, 12, 18), date(2026, 9, 25)
OPENING = MilestoneFacts("The hub opens", DECEMBER, field="milestone_1")
TENDER = MilestoneFacts("The tender is let", SEPTEMBER, "reached", date(2026, 9, 20), field="milestone_2")

GOOD = UpdateFacts(
    quarter=Quarter(FinancialYear(2026), 2),
    as_at=TODAY,
    starts_on=date(2026, 4, 1),
    due_on=date(2027, 3, 31),
    rag=GREEN,
    before=Before("Q1 2026/27", GREEN, "The site was bought from the county.", "A home for 4 clubs is certain."),
    done="The tender was let to a local builder, who starts in November.",
    impact="Three clubs have signed up for 120 hours a week.",
    milestones=(TENDER, OPENING),
)
RECOVERY: dict[str, Any] = {
    "recovery": "A second crew starts.",
    "recovery_by": DECEMBER,
    "recovery_owner": "Estates manager",
}
SAID_AMBER = replace(GOOD, rag=AMBER, rag_reason="The ground was wet.", **RECOVERY)


def codes(facts: UpdateFacts) -> list[str]:
    return [one.code for one in findings(facts)]


def missing(facts: UpdateFacts) -> list[str]:
    return [one.code for one in submission_errors(facts)]


def found(facts: UpdateFacts, code: str) -> Any:
    (one,) = [one for one in findings(facts) if one.code == code]
    return one


def only(milestone: MilestoneFacts, **facts: Any) -> UpdateFacts:
    return replace(GOOD, milestones=(milestone,), **facts)


def test_a_good_update_raises_nothing() -> None:
    for facts in (GOOD, SAID_AMBER):
        assert findings(facts) == []
        assert submission_errors(facts) == []


class TestGreen:
    def test_over_a_milestone_that_is_overdue(self) -> None:
        one = found(only(replace(TENDER, said="due", on=None)), "green_overdue")
        assert one.sentence == (
            "It is called green, but “The tender is let” was due on 25 September 2026 and has not been reached."
        )
        assert not one.is_error
        assert one.label == "Green with a milestone overdue"

    def test_a_milestone_due_today_is_not_overdue(self) -> None:
        assert "green_overdue" not in codes(only(replace(OPENING, due_on=TODAY)))

    def test_over_a_date_that_slips(self) -> None:
        one = found(only(replace(OPENING, said="moved", on=date(2027, 2, 1), reason="Rain.")), "green_moved")
        assert "from 18 December 2026 to 1 February 2027" in one.sentence

    def test_a_date_brought_forward_is_no_slip(self) -> None:
        assert codes(only(replace(OPENING, said="moved", on=date(2026, 11, 1), reason="Sooner."))) == []

    def test_over_the_actions_own_date_that_slips(self) -> None:
        moved = replace(GOOD, new_due_on=date(2027, 6, 30), new_due_reason="The builder asked.")
        assert "due date moves from 31 March 2027 to 30 June 2027" in found(moved, "green_moved").sentence

    @pytest.mark.parametrize("field", ["done", "impact"])
    def test_over_words_of_delay(self, field: str) -> None:
        one = found(
            replace(GOOD, **{field: "The works at the 2 sites are behind schedule because of rain."}), "green_delay"
        )
        assert "“behind schedule”" in one.sentence
        assert one.field == field

    def test_because_a_strategy_was_written(self) -> None:
        written = replace(
            GOOD, done="The leisure strategy was adopted by cabinet in September.", impact="It is clear."
        )
        assert "The impact gives no result" not in found(written, "only_a_document").sentence
        assert found(written, "only_a_document").field == "impact"
        assert "only_a_document" not in codes(replace(written, impact="Visits rose by 9%."))
        assert "only_a_document" not in codes(replace(written, rag=AMBER, **RECOVERY))

    def test_with_nothing_still_to_come(self) -> None:
        assert "nothing_next" in codes(only(TENDER))

    def test_after_the_action_was_due(self) -> None:
        assert "action_overdue" in codes(replace(GOOD, due_on=date(2026, 9, 30), milestones=(TENDER,)))


class TestOtherColours:
    def test_completed_with_a_milestone_open_names_it(self) -> None:
        assert "“The hub opens”" in found(replace(GOOD, rag=COMPLETED, achieved="Open."), "completed_open").sentence

    def test_not_started_after_its_start_date(self) -> None:
        facts = replace(GOOD, rag=NOT_STARTED, before=None)
        assert "1 April 2026" in found(facts, "not_started_late").sentence
        assert "not_started_late" not in codes(replace(facts, starts_on=date(2026, 10, 1)))

    @pytest.mark.parametrize("rag", [AMBER, RED])
    def test_amber_and_red_say_what_by_when_and_by_whom_and_what_comes_next(self, rag: ActionRag) -> None:
        bare = replace(GOOD, rag=rag, before=None, milestones=(TENDER,))
        assert missing(bare) == [
            "recovery_missing",
            "recovery_by_missing",
            "recovery_owner_missing",
            "next_missing",
        ]
        coming = MilestoneFacts("The frame is up", None, "new", DECEMBER, field="new_1")
        assert missing(replace(bare, milestones=(TENDER, coming), **RECOVERY)) == []

    def test_a_recovery_in_the_past_or_after_the_action_is_asked_about(self) -> None:
        assert "recovery_past" in codes(replace(SAID_AMBER, recovery_by=date(2026, 10, 1)))
        assert "recovery_late" in codes(replace(SAID_AMBER, recovery_by=date(2027, 5, 1)))

    def test_a_colour_that_moves_says_why(self) -> None:
        assert missing(replace(SAID_AMBER, rag_reason=" ")) == ["rag_reason_missing"]
        better = replace(GOOD, before=Before("Q1 2026/27", RED))
        (one,) = submission_errors(better)
        assert one.sentence == "The RAG moves from red to green."

    def test_completed_says_what_was_achieved(self) -> None:
        assert missing(replace(GOOD, rag=COMPLETED)) == ["achieved_missing"]

    def test_an_action_that_has_not_started_made_no_difference_yet(self) -> None:
        assert missing(replace(GOOD, rag=NOT_STARTED, before=None, impact="")) == []


class TestWords:
    def test_last_quarters_words_again(self) -> None:
        facts = replace(GOOD, done=GOOD.before.done.upper(), impact=GOOD.before.impact)  # type: ignore[union-attr]
        assert found(facts, "copied_done").sentence == "What was done repeats the words for Q1 2026/27."
        assert "copied_impact" not in codes(facts)
        assert "copied_impact" in codes(replace(GOOD, impact=GOOD.before.impact))  # type: ignore[union-attr]

    def test_last_quarters_promise_again(self) -> None:
        before = Before("Q1 2026/27", AMBER, recovery="A second crew starts.")
        assert "copied_recovery" in codes(replace(SAID_AMBER, before=before))

    def test_an_impact_that_repeats_the_update(self) -> None:
        assert "impact_repeats" in codes(replace(GOOD, impact="The tender was let to a builder."))

    def test_hardly_a_word(self) -> None:
        assert "too_little" in codes(replace(GOOD, done="Work continues."))


class TestMilestones:
    def test_one_that_is_past_is_said_to_be_reached_or_not(self) -> None:
        (one,) = submission_errors(only(replace(TENDER, said="", on=None)))
        assert (one.code, one.field) == ("milestone_2_missing", "milestone_2")

    def test_one_still_to_come_need_not_be_spoken_of(self) -> None:
        assert missing(only(OPENING)) == []

    @pytest.mark.parametrize(
        ("milestone", "code"),
        [
            (replace(TENDER, on=None), "milestone_2_reached_missing"),
            (replace(TENDER, on=date(2026, 10, 9)), "milestone_2_reached_later"),
            (replace(OPENING, said="moved", reason="Rain."), "milestone_1_moved_missing"),
            (replace(OPENING, said="moved", on=DECEMBER, reason="Rain."), "milestone_1_moved_nowhere"),
            (replace(OPENING, said="moved", on=date(2026, 10, 7), reason="Rain."), "milestone_1_moved_past"),
            (replace(OPENING, said="moved", on=date(2026, 11, 1)), "milestone_1_reason_missing"),
            (MilestoneFacts("", None, "new", DECEMBER, field="new_1"), "new_1_missing"),
            (MilestoneFacts("A step", None, "new", field="new_1"), "new_1_on_missing"),
            (MilestoneFacts("A step", None, "new", SEPTEMBER, field="new_1"), "new_1_on_past"),
        ],
    )
    def test_what_is_half_said_or_cannot_be(self, milestone: MilestoneFacts, code: str) -> None:
        assert code in missing(only(milestone))

    def test_a_name_that_is_there_already(self) -> None:
        again = MilestoneFacts("the HUB opens", None, "new", DECEMBER, field="new_1")
        assert missing(replace(GOOD, milestones=(OPENING, again))) == ["new_1_named_twice"]

    def test_one_after_the_actions_end_is_said(self) -> None:
        one = found(only(replace(OPENING, due_on=date(2027, 4, 9))), "after_the_end")
        assert "9 April 2027, after the action itself on 31 March 2027" in one.sentence

    def test_the_actions_date_moved_with_it_is_right(self) -> None:
        late = only(replace(OPENING, due_on=date(2027, 4, 9)), new_due_on=date(2027, 4, 30), new_due_reason="Rain.")
        assert "after_the_end" not in codes(late)

    @pytest.mark.parametrize(
        ("new_due_on", "reason", "code"),
        [
            (date(2027, 3, 31), "Rain.", "new_due_on_nowhere"),
            (date(2026, 3, 1), "Rain.", "new_due_on_before_start"),
            (date(2026, 9, 1), "Rain.", "new_due_on_past"),
            (date(2027, 6, 1), "", "new_due_reason_missing"),
            (None, "Rain.", "new_due_on_missing"),
        ],
    )
    def test_an_own_due_date_half_moved_or_moved_to_nowhere(
        self, new_due_on: date | None, reason: str, code: str
    ) -> None:
        assert missing(replace(GOOD, new_due_on=new_due_on, new_due_reason=reason)) == [code]

    def test_the_next_milestone_is_the_first_still_to_come_as_dates_will_be(self) -> None:
        moved = replace(OPENING, said="moved", on=date(2027, 1, 15))
        new = MilestoneFacts("The roof is on", None, "new", date(2026, 11, 30))
        assert next_milestone([TENDER, moved, new]) is new
        assert next_milestone([TENDER]) is None


class TestParts:
    def test_a_parent_says_which_part_drives_its_colour(self) -> None:
        parts = (PartFacts("CPA 1a Classes", GREEN), PartFacts("CPA 1b Halls", RED))
        assert "CPA 1b Halls is red" in found(replace(GOOD, parts=parts), "parts_disagree").sentence

    def test_an_amber_parent_does_not_hide_parts_on_track(self) -> None:
        parts = (PartFacts("CPA 1a Classes", GREEN), PartFacts("CPA 1b Halls", GREEN))
        assert (
            "CPA 1a Classes and CPA 1b Halls are green"
            in found(replace(SAID_AMBER, parts=parts), "parts_disagree").sentence
        )

    def test_parts_whose_update_is_awaited_drive_nothing(self) -> None:
        assert codes(replace(GOOD, parts=(PartFacts("CPA 1a Classes", AWAITED),))) == []


class TestDropped:
    def test_an_action_dropped_mid_quarter_says_what_was_done_and_nothing_of_what_comes_next(self) -> None:
        dropped = replace(SAID_AMBER, milestones=(replace(TENDER, said="", on=None),), ended_on=date(2026, 8, 31))
        assert missing(dropped) == []
        assert codes(replace(dropped, rag=GREEN)) == []


# Rules that hold whatever is typed

TEXTS = st.sampled_from(["", "Done.", GOOD.done, GOOD.impact, "The works are delayed.", "The strategy was adopted."])
DATES = st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31))
MILESTONES = st.builds(
    MilestoneFacts,
    name=st.sampled_from(["", "A", "B", "a"]),
    due_on=DATES,
    said=st.sampled_from(["", "due", "reached", "moved", "new"]),
    on=DATES,
    reason=TEXTS,
    field=st.sampled_from(["milestone_1", "milestone_2", "new_1"]),
)
FACTS = st.builds(
    UpdateFacts,
    quarter=st.just(GOOD.quarter),
    as_at=st.just(TODAY),
    starts_on=st.dates(date(2025, 4, 1), date(2027, 3, 31)),
    due_on=st.dates(date(2026, 4, 1), date(2028, 3, 31)),
    rag=st.none() | st.sampled_from(ActionRag.chosen()),
    before=st.none()
    | st.builds(Before, quarter=st.just("Q1"), rag=st.sampled_from(ActionRag), done=TEXTS, impact=TEXTS),
    done=TEXTS,
    rag_reason=TEXTS,
    impact=TEXTS,
    recovery=TEXTS,
    recovery_by=DATES,
    recovery_owner=TEXTS,
    achieved=TEXTS,
    new_due_on=DATES,
    new_due_reason=TEXTS,
    milestones=st.lists(MILESTONES, max_size=4).map(tuple),
    parts=st.lists(st.builds(PartFacts, st.just("Part"), st.sampled_from(ActionRag)), max_size=3).map(tuple),
    ended_on=DATES,
)


@given(FACTS)
def test_a_finding_never_stops_submission_and_an_error_always_does(facts: UpdateFacts) -> None:
    assert all(one.is_error for one in submission_errors(facts))
    assert not any(one.is_error for one in findings(facts))


@given(FACTS)
def test_every_check_says_what_and_what_to_do_in_whole_sentences(facts: UpdateFacts) -> None:
    for one in (*submission_errors(facts), *findings(facts)):
        assert one.sentence[0].isupper() or one.sentence[0] in "“0123456789"
        assert one.sentence.endswith(".")
        assert one.instruction.endswith(".")
        assert "None" not in one.sentence + one.instruction
    assert all(one.label for one in findings(facts))


@given(FACTS)
def test_each_finding_is_asked_once(facts: UpdateFacts) -> None:
    assert len(codes(facts)) == len(set(codes(facts)))


@given(FACTS)
def test_what_passes_has_what_its_colour_must_have(facts: UpdateFacts) -> None:
    """What the database holds of a submitted update is a part of what these rules ask for."""
    if submission_errors(facts):
        return
    assert facts.rag is not None
    assert facts.done
    if facts.rag.needs_recovery:
        assert facts.recovery
        assert facts.recovery_owner
        assert facts.recovery_by
    if facts.rag is COMPLETED:
        assert facts.achieved
    if needs_reason(facts.rag_before, facts.rag):
        assert facts.rag_reason
    assert bool(facts.new_due_on) == bool(facts.new_due_reason)


@given(FACTS, st.integers(1, 400))
def test_a_milestone_reached_is_never_overdue_whenever_it_is_asked(facts: UpdateFacts, days: int) -> None:
    later = replace(
        facts,
        as_at=facts.as_at + timedelta(days=days),
        milestones=tuple(replace(one, said="reached", on=TODAY) for one in facts.milestones),
    )
    assert "green_overdue" not in codes(later)
    assert "completed_open" not in codes(later)


@given(FACTS)
def test_green_with_something_overdue_is_always_asked_about(facts: UpdateFacts) -> None:
    green = replace(facts, rag=GREEN, ended_on=None)
    assert ("green_overdue" in codes(green)) == any(one.is_overdue(green.as_at) for one in green.still_open)


@given(st.sets(st.sampled_from(list(GUIDELINES))), st.sampled_from(["", "And the figure for July."]))
def test_what_is_missing_is_said_in_the_guidelines_own_words(missing: set[str], more: str) -> None:
    said = missing_words(missing, more)
    assert all((GUIDELINES[one] in said) == (one in missing) for one in GUIDELINES)
    assert more in said
