"""A challenged update: only what was asked about reopens, the answer stands beside it, either side may escalate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

from actions.models import ActionUpdate, Challenge
from actions.operations.checking import raise_challenge, return_update
from actions.rules.guidelines import GUIDELINES
from hdcperf.roles import Role
from tests.actions.entering import FULL, RECOVERY, TODAY, Updated, dated, updated
from tests.factories.organisation import holder

pytestmark = pytest.mark.django_db
State = ActionUpdate.State


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def one() -> Updated:
    made = updated()
    assert made.post("submit").status_code == 302
    return made


def ask(one: Updated, about: str = "impact", question: str = "How do you know?") -> Challenge:
    return raise_challenge(one.now(), about=about, reason="unclear", question=question, by=one.reviewer)


def answer(one: Updated, challenge: Challenge, words: str = "It was counted again.", **typed: Any) -> HttpResponse:
    data = {"version": one.now().version, f"words_{challenge.pk}": words, **typed, "move": "answer"}
    return one.client().post(one.url, {key: value for key, value in data.items() if value is not None})


def page(one: Updated) -> str:
    return one.client().get(one.url).content.decode()


class TestWhatReopens:
    @pytest.mark.parametrize(
        ("about", "opened", "closed"),
        [
            ("update", ["done"], ["impact", "rag", "moves_due"]),
            ("impact", ["impact"], ["done", "rag", "moves_due"]),
            ("rag", ["rag", "recovery", "rag_reason", "lesson"], ["done", "impact", "moves_due"]),
            ("milestones", ["moves_due", "new_1"], ["done", "impact", "rag"]),
            ("whole", ["done", "impact", "rag", "moves_due", "lesson"], []),
        ],
    )
    def test_only_the_part_that_was_asked_about(
        self, one: Updated, about: str, opened: list[str], closed: list[str]
    ) -> None:
        ask(one, about)
        text = page(one)
        assert "How do you know?" in text
        assert all(f'name="{name}"' in text for name in opened)
        assert not any(f'name="{name}"' in text for name in closed)
        assert ('name="internal_note"') in text

    def test_what_was_not_asked_about_cannot_be_changed_by_a_forged_post(self, one: Updated) -> None:
        challenge = ask(one)
        answer(
            one, challenge, impact="Four clubs use it 130 hours a week.", done="Forged.", rag="red", new_1="Forged"
        )
        now = one.now()
        assert now.impact == "Four clubs use it 130 hours a week."
        assert (now.done, now.rag) == (FULL["done"], "green")
        assert not now.milestone_reports.filter(milestone=None).exists()

    def test_a_draft_cannot_be_saved_past_the_challenge(self, one: Updated) -> None:
        ask(one)
        assert one.post("save", done="Other words.").status_code == 409
        assert one.now().done == FULL["done"]

    def test_it_can_be_answered_after_the_lock(self, one: Updated, set_today: Callable[[date], None]) -> None:
        challenge = ask(one)
        set_today(date(2026, 10, 30))
        assert 'name="impact"' in page(one)
        assert answer(one, challenge, impact=FULL["impact"]).status_code == 302
        assert one.now().state == State.SUBMITTED


class TestReturned:
    def test_a_returned_update_says_what_is_missing_in_the_guidelines_words(self, one: Updated) -> None:
        return_update(one.now(), missing=["impact"], more="Which month is it?", by=one.reviewer)
        text = page(one)
        assert GUIDELINES["impact"] in text
        assert "Which month is it?" in text
        assert '<details class="govuk-details" open>' in text  # the guidelines are opened beside it
        assert one.now().state == State.CHALLENGED

    def test_it_goes_back_whole_and_comes_again_with_the_answer(self, one: Updated) -> None:
        challenge = return_update(one.now(), missing=["impact", "done"], more="", by=one.reviewer)
        typed = one.typed(
            impact="Nine clubs use it for 140 hours a week.", done="The tender was let on 20 September."
        )
        assert answer(one, challenge, "Both are said now.", **typed).status_code == 302
        now = one.now()
        assert (now.state, now.impact) == (State.SUBMITTED, "Nine clubs use it for 140 hours a week.")


class TestAnswering:
    def test_an_answer_without_a_change_returns_it_to_submitted(self, one: Updated) -> None:
        challenge = ask(one)
        assert answer(one, challenge, impact=FULL["impact"]).status_code == 302
        challenge.refresh_from_db()
        assert (one.now().state, challenge.state, challenge.figure_changed) == (State.SUBMITTED, "answered", False)
        assert "It was counted again." in page(one)

    def test_a_changed_rag_says_what_will_be_done_differently(self, one: Updated) -> None:
        challenge = ask(one, "rag")
        refused = answer(one, challenge, **RECOVERY).content.decode()
        assert "The RAG changed: say what will be done differently next time." in refused
        assert "It was counted again." in refused
        assert one.now().rag == "green"
        answer(one, challenge, **RECOVERY, lesson="We ask the builder before we write.")
        challenge.refresh_from_db()
        assert (one.now().rag, challenge.figure_changed, challenge.lesson) == (
            "amber",
            True,
            "We ask the builder before we write.",
        )

    def test_an_answer_is_held_to_what_the_colour_must_have(self, one: Updated) -> None:
        challenge = ask(one, "rag")
        text = answer(one, challenge, rag="red", rag_reason="It rained.", lesson="Ask.").content.decode()
        assert "Say what will be done." in text
        assert one.now().rag == "green"

    def test_an_answer_that_does_not_fit_is_asked_about(self, one: Updated) -> None:
        challenge = ask(one, "update")
        late = "The works at the two sites are behind schedule again."
        assert "“behind schedule”" in answer(one, challenge, done=late).content.decode()
        assert one.now().done == FULL["done"]
        answer(one, challenge, done=late, answer_green_delay="They catch up in November.")
        assert one.now().done == late

    def test_two_challenges_are_answered_in_one_go(self, one: Updated) -> None:
        first, second = ask(one), ask(one, "update")
        answer(one, first, **{f"words_{second.pk}": "Said more plainly."}, impact=FULL["impact"], done=FULL["done"])
        assert one.now().state == State.SUBMITTED
        assert {each.state for each in Challenge.objects.all()} == {"answered"}

    def test_milestones_are_corrected_where_they_were_asked_about(self, one: Updated) -> None:
        challenge = ask(one, "milestones")
        typed = one.milestones() | dated(f"milestone_{one.tender.pk}_reached", date(2026, 9, 1))
        answer(one, challenge, **typed)
        assert one.now().milestone_reports.get(milestone=one.tender).on == date(2026, 9, 1)

    def test_a_double_click_on_the_answer_is_harmless(self, one: Updated) -> None:
        challenge = ask(one)
        for _ in range(2):
            assert answer(one, challenge, impact=FULL["impact"]).status_code == 302
        assert challenge.messages.filter(kind="answer").count() == 1

    def test_a_stale_answer_shows_both_and_loses_neither(self, one: Updated) -> None:
        impact, update = ask(one), ask(one, "update")
        opened = one.now().version
        answer(one, impact, impact="Theirs: 12 clubs.", done=FULL["done"])
        reply = answer(one, update, "My answer.", version=opened, done="Mine: the tender was let to a local builder.")
        text = reply.content.decode()
        assert reply.status_code == 409
        for kept in ("Mine: the tender was let to a local builder.", "My answer.", FULL["done"]):
            assert kept in text


class TestEscalating:
    def test_the_officer_sends_a_challenge_to_the_board_with_a_reason(self, one: Updated) -> None:
        challenge = ask(one)
        reply = one.post(f"escalate:{challenge.pk}", **{f"escalate-{challenge.pk}-reason": "We do not agree."})
        challenge.refresh_from_db()
        assert reply.status_code in (200, 302)
        assert challenge.is_with_the_board
        assert challenge.escalation_reason == "We do not agree."
        assert "Disputed" in page(one)

    def test_what_was_typed_and_not_sent_stays_on_the_page(self, one: Updated) -> None:
        challenge = ask(one)
        mark = page(one).split('name="typed_by" value="')[1].split('"')[0]
        reply = one.post(
            f"escalate:{challenge.pk}",
            typed_by=mark,
            impact="Not sent yet: 14 clubs.",
            **{f"escalate-{challenge.pk}-reason": "We do not agree."},
        )
        text = reply.content.decode()
        assert "Not sent yet: 14 clubs." in text
        assert "It has not been sent yet." in text
        assert one.now().impact == FULL["impact"]

    def test_the_head_of_service_cannot_escalate(self, one: Updated) -> None:
        challenge = ask(one)
        head = holder(Role.HEAD_OF_SERVICE, service=one.action_year.service)
        reason = {f"escalate-{challenge.pk}-reason": "No."}
        assert one.post(f"escalate:{challenge.pk}", user=head, **reason).status_code == 403

    def test_another_updates_challenge_cannot_be_escalated_from_here(self, one: Updated) -> None:
        other = updated()
        other.post("submit")
        challenge = ask(other)
        reason = {f"escalate-{challenge.pk}-reason": "No."}
        assert one.post(f"escalate:{challenge.pk}", **reason).status_code == 404

    def test_the_board_reads_the_disputed_update_with_its_dialogue_and_no_internal_note(self, one: Updated) -> None:
        challenge = ask(one, question="Who counted?")
        answer(one, challenge, impact=FULL["impact"], internal_note="A private worry.")
        one.post(f"escalate:{challenge.pk}", **{f"escalate-{challenge.pk}-reason": "We do not agree."})
        text = one.client(holder(Role.BOARD)).get(one.url).content.decode()
        assert "Who counted?" in text
        assert "We do not agree." in text
        assert "A private worry." not in text
