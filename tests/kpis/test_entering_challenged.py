"""A challenged return: only what was asked about reopens, the answer stands beside it, either side may escalate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

from hdcperf.organisation.carrying import TYPED_BY, person_mark
from hdcperf.roles import Role
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import correct_words, raise_challenge
from tests.factories.organisation import holder
from tests.kpis.entering import TODAY, Collected, collected

pytestmark = pytest.mark.django_db
State = MonthlyReturn.State


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def one() -> Collected:
    made = collected()
    assert made.post("submit").status_code == 302
    return made


def ask(one: Collected, about: str = "value", question: str = "Is this right?") -> Challenge:
    return raise_challenge(one.now(), about=about, reason="looks_wrong", question=question, by=one.reviewer)


def answer(one: Collected, challenge: Challenge, words: str = "It was counted again.", **typed: Any) -> HttpResponse:
    data = {"version": one.now().version, f"words_{challenge.pk}": words, **typed, "move": "answer"}
    return one.client().post(one.url, data)


def page(one: Collected) -> str:
    return one.client().get(one.url).content.decode()


class TestWhatReopens:
    def test_only_the_figure_reopens_when_the_figure_was_asked_about(self, one: Collected) -> None:
        ask(one)
        text = page(one)
        assert "Is this right?" in text
        assert 'name="value"' in text
        assert 'name="lesson"' in text
        for closed in ("what_happened", "why", "forecast", "recovery_result"):
            assert f'name="{closed}"' not in text
        assert "The second crew came back from training." in text

    def test_only_the_words_reopen_when_the_commentary_was_asked_about(self, one: Collected) -> None:
        ask(one, "commentary")
        text = page(one)
        assert 'name="why"' in text
        assert 'name="value"' not in text
        assert 'name="lesson"' not in text

    def test_what_was_not_asked_about_cannot_be_changed_by_a_forged_post(self, one: Collected) -> None:
        challenge = ask(one, "commentary")
        answer(
            one,
            challenge,
            value="99",
            forecast="999",
            what_happened="A mended sentence here.",
            why="A new cause was found.",
        )
        now = one.now()
        assert (now.value, now.forecast, now.what_happened) == (11, 130, "A mended sentence here.")

    def test_a_draft_cannot_be_saved_past_the_challenge(self, one: Collected) -> None:
        ask(one)
        assert one.post("save", value="12").status_code == 409
        assert one.now().value == 11

    def test_it_can_be_answered_after_the_lock(self, one: Collected, set_today: Callable[[date], None]) -> None:
        challenge = ask(one)
        set_today(date(2026, 11, 25))
        assert 'name="value"' in page(one)
        assert answer(one, challenge, value="11").status_code == 302
        assert one.now().state == State.SUBMITTED


class TestAnswering:
    def test_an_answer_without_a_change_returns_it_to_submitted(self, one: Collected) -> None:
        challenge = ask(one)
        assert answer(one, challenge, value="11").status_code == 302
        challenge.refresh_from_db()
        assert (one.now().state, challenge.state, challenge.figure_changed) == (State.SUBMITTED, "answered", False)
        assert "It was counted again." in page(one)

    def test_a_changed_figure_says_what_will_be_done_differently(self, one: Collected) -> None:
        challenge = ask(one)
        refused = answer(one, challenge, value="12").content.decode()
        assert "The figure changed: say what will be done differently next time." in refused
        assert "It was counted again." in refused
        assert one.now().value == 11
        answer(one, challenge, value="12", lesson="We count on Fridays.")
        challenge.refresh_from_db()
        assert (one.now().value, challenge.figure_changed, challenge.lesson) == (12, True, "We count on Fridays.")

    def test_an_empty_answer_is_asked_for_beside_its_box(self, one: Collected) -> None:
        challenge = ask(one)
        text = answer(one, challenge, words=" ", value="11").content.decode()
        assert "Write your answer." in text
        assert f'href="#id_words_{challenge.pk}"' in text
        assert one.now().state == State.CHALLENGED

    def test_a_correction_that_takes_the_figure_away_is_refused_and_kept_on_the_page(self, one: Collected) -> None:
        challenge = ask(one)
        text = answer(one, challenge, value="", lesson="None.").content.decode()
        assert "Enter the figure, or tick that there is no figure and say why." in text
        assert "It was counted again." in text
        assert one.now().value == 11

    def test_a_correction_that_asks_a_question_is_answered_with_it(self, one: Collected) -> None:
        challenge = ask(one)
        typed = {"value": "100", "lesson": "Count twice."}
        assert "about ten times the usual" in answer(one, challenge, **typed).content.decode()
        assert one.now().value == 11
        answer(one, challenge, **typed, answer_far_from_usual="A festival was counted.")
        assert one.now().value == 100

    def test_two_challenges_are_answered_in_one_go(self, one: Collected) -> None:
        figure, words = ask(one), ask(one, "commentary")
        answer(
            one,
            figure,
            **{f"words_{words.pk}": "Said more plainly."},
            value="11",
            what_happened="Eleven examples were counted in the north.",
            why="The second crew came back from training.",
        )
        assert one.now().state == State.SUBMITTED
        assert {one.state for one in Challenge.objects.all()} == {"answered"}

    def test_a_double_click_on_the_answer_is_harmless(self, one: Collected) -> None:
        challenge = ask(one)
        assert answer(one, challenge, value="11").status_code == 302
        assert answer(one, challenge, value="11").status_code == 302
        assert challenge.messages.filter(kind="answer").count() == 1

    def test_a_stale_answer_shows_both_and_loses_neither(self, one: Collected) -> None:
        figure, words = ask(one), ask(one, "commentary")
        opened = one.now().version
        typed = {"what_happened": "Theirs, counted at the depot.", "why": "The second crew came back from training."}
        answer(one, figure, value="11", **typed)
        mine = {"what_happened": "Mine, counted at the depot.", "why": "The second crew came back from training."}
        reply = answer(one, words, "My answer.", version=opened, **mine)
        text = reply.content.decode()
        assert reply.status_code == 409
        for kept in ("Theirs, counted at the depot.", "Mine, counted at the depot.", "My answer."):
            assert kept in text
        assert answer(one, words, "My answer.", **mine, keep_what_happened="theirs").status_code == 302
        assert one.now().what_happened == "Theirs, counted at the depot."

    def test_100000_characters_are_refused_and_kept(self, one: Collected) -> None:
        challenge = ask(one)
        text = answer(one, challenge, words="w" * 100_000, value="11").content.decode()
        assert "must be 4,000 characters or fewer" in text
        assert "w" * 100_000 in text


def escalating(challenge: Challenge, reason: str) -> dict[str, str]:
    return {"move": f"escalate:{challenge.pk}", f"escalate-{challenge.pk}-reason": reason}


def typed_by(one: Collected) -> dict[str, str]:
    """What the page's own form carries, so that words in it are known to have been typed there."""
    return {TYPED_BY: person_mark(one.user.pk)}


class TestEscalating:
    def test_the_stakeholder_sends_a_challenge_to_the_board_with_a_reason(self, one: Collected) -> None:
        challenge = ask(one)
        assert one.post(**escalating(challenge, "We do not agree.")).status_code == 302
        challenge.refresh_from_db()
        assert challenge.is_with_the_board
        assert challenge.escalation_reason == "We do not agree."
        assert "Disputed" in page(one)

    def test_without_a_reason_it_does_not_go(self, one: Collected) -> None:
        challenge = ask(one)
        assert "Say why the board should decide." in one.post(**escalating(challenge, "")).content.decode()
        challenge.refresh_from_db()
        assert not challenge.is_with_the_board

    @pytest.mark.parametrize("reason", ["", "We do not agree."])
    def test_an_answer_half_typed_is_still_there_when_the_button_beside_it_is_pressed(
        self, one: Collected, reason: str
    ) -> None:
        challenge, other = ask(one), ask(one, about="commentary")
        half = {f"words_{other.pk}": "The northern rounds, and they have"}
        text = one.post(**escalating(challenge, reason), **typed_by(one), **half).content.decode()
        assert "The northern rounds, and they have" in text
        assert ("It has not been sent yet." in text) is bool(reason)
        challenge.refresh_from_db()
        assert challenge.is_with_the_board is bool(reason)

    def test_the_head_of_service_cannot_escalate(self, one: Collected) -> None:
        challenge = ask(one)
        head = holder(Role.HEAD_OF_SERVICE, service=one.kpi_year.service)
        assert one.post(**escalating(challenge, "No."), user=head).status_code == 403

    def test_another_returns_challenge_cannot_be_escalated_from_here(self, one: Collected) -> None:
        other = collected()
        other.post("submit")
        challenge = ask(other)
        assert one.post(**escalating(challenge, "No.")).status_code == 404

    def test_the_board_reads_the_disputed_return_with_its_dialogue_and_no_internal_note(self, one: Collected) -> None:
        challenge = ask(one, question="Is a nought missing?")
        answer(one, challenge, value="11", internal_note="A private worry.")
        one.post(**escalating(challenge, "We do not agree."))
        text = one.client(holder(Role.BOARD)).get(one.url).content.decode()
        assert "Is a nought missing?" in text
        assert "We do not agree." in text
        assert "A private worry." not in text
        assert 'value="escalate' not in text

    def test_the_dialogue_says_it_may_be_disclosed(self, one: Collected) -> None:
        ask(one)
        assert "may be disclosed" in page(one)


class TestCorrections:
    def test_a_corrected_word_is_shown_before_and_after_and_can_be_undone(self, one: Collected) -> None:
        before = one.now().why
        after = before.replace("training", "trainings")
        made = correct_words(one.now(), prompt="why", after=after, by=one.reviewer, version=one.now().version)
        text = page(one)
        assert f"{one.reviewer.name} corrected the words" in text
        assert before in text
        assert after in text
        assert one.post(f"undo_correction:{made.pk}").status_code == 302
        assert one.now().why == before
        assert f"Undone by {one.user.name}" in page(one)

    def test_an_answer_half_typed_is_still_there_when_a_correction_is_undone(self, one: Collected) -> None:
        before = one.now().why
        after = before.replace("training", "trainings")
        made = correct_words(one.now(), prompt="why", after=after, by=one.reviewer, version=one.now().version)
        challenge = ask(one, about="whole")
        half = {f"words_{challenge.pk}": "It was counted", "why": after}
        text = one.post(f"undo_correction:{made.pk}", **typed_by(one), **half).content.decode()
        assert "It was counted" in text
        assert one.now().why == before
        # The corrected words are not in the box any longer, to be saved over the holder's own.
        assert text.count(after) == 1

    def test_undoing_twice_is_harmless(self, one: Collected) -> None:
        after = one.now().why.replace("training", "trainings")
        made = correct_words(one.now(), prompt="why", after=after, by=one.reviewer, version=one.now().version)
        one.post(f"undo_correction:{made.pk}")
        assert one.post(f"undo_correction:{made.pk}").status_code == 302
