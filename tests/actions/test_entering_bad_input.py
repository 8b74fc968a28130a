"""Bad input and faults on the page of an update: a sentence, what was typed kept, nothing written half way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import ActionUpdate, MilestoneReport
from hdcperf.roles import Role
from tests.actions.entering import FULL, TODAY, Updated, dated, updated
from tests.factories.actions import UpdateLockExceptionFactory
from tests.factories.organisation import holder

pytestmark = pytest.mark.django_db
State = ActionUpdate.State
EMOJI = "👩‍👩‍👧 café עברית 漢字"


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _unchanged(one: Updated) -> None:
    assert (one.now().version, one.now().state) == (one.record.version, one.record.state)
    assert not MilestoneReport.objects.filter(update=one.record).exists()


class TestWhatIsTyped:
    def test_any_script_an_emoji_and_markup_are_kept_and_printed_as_they_were_typed(self) -> None:
        one = updated()
        words = f"{EMOJI} <script>alert(1)</script> & 'quotes'"
        one.post("save", done=words)
        assert one.now().done == words
        text = one.client().get(one.url).content.decode()
        assert "<script>alert(1)</script>" not in text
        assert "&lt;script&gt;" in text

    @pytest.mark.parametrize("name", ["done", "impact", "rag_reason", "internal_note", "new_1"])
    def test_a_nul_is_refused_with_a_sentence(self, name: str) -> None:
        one = updated()
        text = one.post("save", **{name: "Before\x00after"}).content.decode()
        assert "contains a character that cannot be kept" in text
        _unchanged(one)

    def test_100000_characters_are_refused_and_kept_on_the_page(self) -> None:
        one = updated()
        text = one.post("save", done="w" * 100_000).content.decode()
        assert "must be 4,000 characters or fewer. It is 100,000." in text
        assert "w" * 100_000 in text
        assert "Nothing has been saved yet." in text
        _unchanged(one)

    @pytest.mark.parametrize(
        ("boxes", "sentence"),
        [
            (("31", "2", "2026"), "must be a real date"),
            (("", "12", "2026"), "must include a day"),
            (("1", "13", "2026"), "must have a month between 1 and 12"),
            (("1", "12", "26"), "must have a year of 4 numbers"),
            (("1", "12", "9999"), "must be on or before"),
            (("x", "12", "2026"), "must have a day between 1 and 31"),
        ],
    )
    @pytest.mark.parametrize("name", ["recovery_by", "new_due_on", "new_1_on", "milestone"])
    def test_a_date_that_is_none_is_refused_beside_its_boxes(
        self, name: str, boxes: tuple[str, str, str], sentence: str
    ) -> None:
        one = updated()
        field = f"milestone_{one.tender.pk}_reached" if name == "milestone" else name
        typed = dict(zip((f"{field}_day", f"{field}_month", f"{field}_year"), boxes, strict=True))
        text = one.post("save", moves_due="on", **typed).content.decode()
        assert sentence in text
        assert "There is a problem" in text
        _unchanged(one)

    @pytest.mark.parametrize("rag", ["purple", "awaited", "GREEN", "green\x00"])
    def test_a_colour_that_is_none_of_the_choices_is_refused(self, rag: str) -> None:
        one = updated()
        assert "How the action stands" in one.post("save", rag=rag).content.decode()
        _unchanged(one)

    def test_what_becomes_of_a_milestone_is_one_of_the_choices(self) -> None:
        one = updated()
        text = one.post("save", **{f"milestone_{one.tender.pk}": "sunk"}).content.decode()
        assert "There is a problem" in text
        _unchanged(one)

    def test_another_actions_milestone_is_not_reported_here(self) -> None:
        one, other = updated(), updated()
        one.post(
            "save",
            **{f"milestone_{other.opening.pk}": "reached"},
            **dated(f"milestone_{other.opening.pk}_reached", date(2026, 10, 1)),
        )
        assert not one.now().milestone_reports.filter(milestone=other.opening).exists()
        assert not other.now().milestone_reports.exists()


class TestDates:
    def test_a_due_date_before_its_start_is_refused_at_submission(self) -> None:
        one = updated(starts_on=date(2026, 8, 1))
        text = one.post(
            "submit", moves_due="on", new_due_reason="A slip.", **dated("new_due_on", date(2026, 7, 1))
        ).content.decode()
        assert "The action starts on 1 August 2026: it cannot be due on 1 July 2026." in text
        assert one.now().state == State.DRAFT

    def test_a_milestone_after_the_actions_end_is_said_and_can_be_explained(self) -> None:
        one = updated(due_on=date(2026, 11, 30))
        text = one.post("submit").content.decode()
        assert "“The hub opens” is due on 18 December 2026, after the action itself on 30 November 2026." in text
        one.post("submit", answer_after_the_end="It opens to the public after it is handed over.")
        assert one.now().state == State.SUBMITTED

    def test_a_reached_date_yet_to_come_is_refused(self) -> None:
        one = updated()
        typed = dated(f"milestone_{one.tender.pk}_reached", date(2026, 10, 9))
        assert "9 October 2026 is yet to come." in one.post("submit", **typed).content.decode()

    def test_a_new_milestone_of_a_name_that_is_there_is_refused(self) -> None:
        one = updated()
        text = one.post("submit", new_1="the hub OPENS", **dated("new_1_on", date(2027, 1, 8))).content.decode()
        assert "The action has a milestone called “the hub OPENS” already." in text
        assert one.now().state == State.DRAFT

    def test_half_a_new_milestone_is_a_draft_and_no_submission(self) -> None:
        one = updated()
        assert one.post("save", **dated("new_1_on", date(2027, 1, 8))).status_code == 302
        assert "Name the new milestone." in one.post("submit", **dated("new_1_on", date(2027, 1, 8))).content.decode()


class TestTwoAtOnce:
    def test_two_officers_on_one_update_are_shown_both_and_lose_neither(self) -> None:
        one = updated()
        opened = one.now().version
        manager = holder(Role.SERVICE_MANAGER, service=one.action_year.service)
        one.post("save", user=manager, done="What the manager wrote.", impact="Their impact.")
        reply = one.post("save", version=opened, done="What the officer wrote.", impact="Their impact.")
        text = reply.content.decode()
        assert reply.status_code == 409
        assert f"{manager.name} changed this update while you were typing" in " ".join(text.split())
        assert "What the manager wrote." in text
        assert "What the officer wrote." in text
        assert 'id="keep_impact_mine"' not in text  # what does not differ is not asked about
        assert one.now().done == "What the manager wrote."
        kept = one.post("save", done="What the officer wrote.", impact="Their impact.", keep_done="mine")
        assert kept.status_code == 302
        assert one.now().done == "What the officer wrote."

    def test_a_part_that_only_the_other_changed_is_taken_from_them_unless_one_says_otherwise(self) -> None:
        one = updated()
        one.post("save")
        opened = one.now().version
        manager = holder(Role.SERVICE_MANAGER, service=one.action_year.service)
        one.post("save", user=manager, impact="A better impact, with 12 figures.")
        text = one.post("save", version=opened, done="New words of what was done.").content.decode()
        theirs, mine = 'id="keep_impact_theirs"', 'id="keep_done_mine"'
        for ticked in (theirs, mine):
            assert "checked" in text[text.index(ticked) :].partition(">")[0]

    def test_milestones_of_two_people_are_shown_in_words(self) -> None:
        one = updated()
        opened = one.now().version
        manager = holder(Role.SERVICE_MANAGER, service=one.action_year.service)
        tender = f"milestone_{one.tender.pk}"
        one.post("save", user=manager, **dated(f"{tender}_reached", date(2026, 9, 1)))
        text = one.post("save", version=opened).content.decode()
        assert "The tender is let: reached, 1 September 2026." in text
        assert "The tender is let: reached, 20 September 2026." in text

    def test_somebody_who_saved_the_very_same_words_is_no_obstacle(self) -> None:
        one = updated()
        assert one.post("save", version=1).status_code == 302
        assert one.post("save", version=1).status_code == 302

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
    def test_a_garbled_version_is_a_stale_page(self, version: str) -> None:
        one = updated()
        one.post("save", done="Somebody else's words.")
        assert one.post("save", version=version, done="Mine.").status_code == 409

    def test_a_double_click_on_submit_is_harmless(self) -> None:
        one = updated()
        for _ in range(2):
            assert one.post("submit", version=1).status_code == 302
        assert one.now().transitions.filter(move="submit").count() == 1

    def test_a_double_click_on_submit_under_green_with_a_leftover_recovery_is_harmless(self) -> None:
        one = updated()
        for _ in range(2):
            assert one.post("submit", version=1, recovery="Left over from amber.").status_code == 302
        assert one.now().transitions.filter(move="submit").count() == 1

    def test_a_double_click_on_take_back_is_harmless(self) -> None:
        one = updated()
        one.post("submit")
        for _ in range(2):
            assert one.post("take_back").status_code == 302
        assert one.now().state == State.DRAFT

    def test_when_a_colleague_submitted_first_the_page_names_them_and_keeps_what_was_typed(self) -> None:
        one = updated()
        manager = holder(Role.SERVICE_MANAGER, service=one.action_year.service)
        one.post("submit", user=manager)
        reply = one.post("submit", impact="My long explanation.")
        assert reply.status_code == 409
        assert manager.name in reply.content.decode()
        assert "My long explanation." in reply.content.decode()
        assert one.now().impact == FULL["impact"]


class TestTooLate:
    def test_after_the_lock_a_clear_page_keeps_what_was_typed(self, set_today: Callable[[date], None]) -> None:
        one = updated()
        set_today(date(2026, 10, 21))
        reply = one.post("submit", impact="My long explanation.")
        assert reply.status_code == 409
        assert "Q2 2026/27 locked after 20 October 2026." in reply.content.decode()
        assert "My long explanation." in reply.content.decode()
        _unchanged(one)

    def test_a_lifted_lock_opens_this_update_and_says_by_whom(self, set_today: Callable[[date], None]) -> None:
        one, other = updated(), updated()
        set_today(date(2026, 10, 21))
        exception = UpdateLockExceptionFactory(update=one.record)
        assert f"By {exception.granted_by.name}: {exception.reason}" in one.client().get(one.url).content.decode()
        one.post("submit")
        assert one.now().state == State.SUBMITTED
        assert other.post("submit").status_code == 409

    def test_before_it_opens_nothing_is_entered(self, set_today: Callable[[date], None]) -> None:
        one = updated()
        set_today(date(2026, 9, 30))
        assert "Q2 2026/27 opens on 1 October 2026." in one.post("save").content.decode()
        _unchanged(one)

    def test_an_accepted_update_is_not_overwritten(self) -> None:
        one = updated(accepted=True)
        before = one.now()
        assert one.post("save", done="Other words.").status_code == 409
        assert (one.now().done, one.now().version) == (before.done, before.version)


class TestForged:
    @pytest.mark.parametrize(
        "path",
        [
            "/actions/2026-27-Q5/CPA%201/",
            "/actions/2026-28-Q2/CPA%201/",
            "/actions/0000-01-Q1/CPA%201/",
            "/actions/2026-27-Q2/CPA%00/",
            "/actions/2026-27-Q2/'/",
            "/actions/2026-27-q2/CPA%201/",
        ],
    )
    def test_a_forged_address_is_not_found(self, path: str) -> None:
        assert updated().client().get(path).status_code == 404

    def test_a_forged_button_is_not_found(self) -> None:
        assert updated().post("accept").status_code == 404

    @pytest.mark.parametrize("pk", ["", "x", "0", "9" * 40, "-1", "²"])
    def test_forged_ids_of_challenges_are_not_found(self, pk: str) -> None:
        assert updated().post(f"escalate:{pk}").status_code == 404

    def test_a_board_member_cannot_post_to_what_they_read(self) -> None:
        assert updated(accepted=True).post("save", user=holder(Role.BOARD)).status_code == 403


def test_an_expired_sign_in_carries_the_words_and_saves_them_after_the_same_person_signs_in() -> None:
    one = updated()
    mark = one.client().get(one.url).content.decode().split('name="typed_by" value="')[1].split('"')[0]
    stranger = Client()
    long = "A long update. " * 150
    typed: dict[str, Any] = {**one.typed(done=long), "version": "1", "move": "save", "typed_by": mark}
    asked = stranger.post(one.url, typed)
    assert asked.status_code == 401
    carried = asked.content.decode().split('name="carried" value="')[1].split('"')[0]
    reply = stranger.post(reverse("sign-in"), {"email": one.user.email, "password": "demo", "carried": carried})
    assert reply.status_code == 302
    assert one.now().done == long.strip()
