"""The page of an update: reading before typing, drafts, submission, answers to findings, taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from actions.models import ActionUpdate, ActionUpdateTransition, Finding, MilestoneReport, UpdateAuthor
from actions.operations.dates import move_milestone
from actions.rules.colours import ActionRag
from hdcperf.roles import Role
from tests.actions.entering import FULL, RECOVERY, TODAY, Updated, dated, updated
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder

pytestmark = pytest.mark.django_db
State = ActionUpdate.State


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _text(one: Updated, **who: Any) -> str:
    return one.client(**who).get(one.url).content.decode()


class TestBeforeTyping:
    def test_the_page_shows_the_definitions_last_quarters_update_and_the_plans_words(self) -> None:
        one = updated(last="amber")
        text = _text(one)
        assert "Your update for Q2 2026/27" in text
        assert "Due 13 October 2026. It locks after 20 October 2026." in text
        assert all(each.meaning in text for each in ActionRag.chosen())
        assert "The site was bought from the county for the new hub." in text
        assert "A second team starts." in text  # what was to be done
        assert one.action_year.wording in text
        assert "A strategy or plan that was written is an output" in text  # a guideline

    def test_a_milestone_that_moved_before_has_its_old_date_struck_through(self) -> None:
        one = updated()
        move_milestone(one.opening, date(2027, 1, 22), reason="The supply came late.", by=one.user)
        assert '<s class="app-was"><span class="govuk-visually-hidden">was </span>18 December 2026</s>' in _text(one)

    def test_the_page_says_for_whom_a_delegate_enters(self) -> None:
        one = updated()
        delegate = DelegationFactory(user=one.user).delegate
        assert f"You are covering for {one.user.name}." in _text(one, user=delegate)

    def test_parts_are_listed_with_the_one_that_drives_the_colour(self) -> None:
        one = updated()
        for name, rag in (("Classes", "green"), ("Halls", "red")):
            part = ActionYearFactory(parent=one.action_year, title=name)
            ActionUpdateFactory(action_year=part, submitted=True, rag=rag)
        one.post("save", rag="green")
        text = " ".join(_text(one).split())
        assert text.count("drives the colour") == 1
        assert text.index("Halls") < text.index("drives the colour")
        assert "Halls is red." in text

    def test_an_ended_action_says_so_and_is_not_entered(self) -> None:
        one = updated()
        one.record.excused = "Dropped on 30 September 2026: minute 12. No update is owed for it."
        one.record.save()
        text = _text(one)
        assert "Dropped on 30 September 2026" in text
        assert 'name="done"' not in text
        assert one.post("save").status_code == 409


class TestDrafts:
    def test_a_draft_may_lack_anything(self) -> None:
        one = updated()
        nothing: dict[str, Any] = dict.fromkeys(FULL, "")
        assert one.post("save", **{**nothing, "done": "Only this so far."}).status_code == 302
        assert (one.now().state, one.now().done, one.now().rag) == (State.DRAFT, "Only this so far.", "")

    def test_what_is_saved_is_what_was_typed_milestones_and_dates_with_it(self) -> None:
        one = updated()
        moved = f"milestone_{one.opening.pk}"
        one.post(
            "save",
            **RECOVERY,
            **{moved: "moved", f"{moved}_reason": "Rain.", **dated(f"{moved}_moved", date(2027, 2, 1))},
            new_1="The roof is on",
            **dated("new_1_on", date(2026, 12, 4)),
            moves_due="on",
            new_due_reason="The builder asked for it.",
            **dated("new_due_on", date(2027, 6, 30)),
        )
        saved = one.now()
        assert (saved.recovery_by, saved.recovery_owner) == (date(2026, 12, 1), "Estates manager")
        assert (saved.new_due_on, saved.new_due_reason) == (date(2027, 6, 30), "The builder asked for it.")
        reports = {
            one.milestone_id: (one.outcome, one.name, one.on, one.reason) for one in saved.milestone_reports.all()
        }
        assert reports == {
            one.tender.pk: ("reached", "", date(2026, 9, 20), ""),
            one.opening.pk: ("moved", "", date(2027, 2, 1), "Rain."),
            None: ("new", "The roof is on", date(2026, 12, 4), ""),
        }
        one.opening.refresh_from_db()
        assert one.opening.due_on == date(2026, 12, 18)  # nothing moves before it is accepted

    def test_a_saved_draft_comes_back_as_it_was_typed(self) -> None:
        one = updated()
        one.post("save", **RECOVERY, new_1="The roof is on", **dated("new_1_on", date(2026, 12, 4)))
        text = _text(one)
        assert "The ground was too wet to survey in September." in text
        assert 'value="The roof is on"' in text
        assert 'name="new_2"' in text  # and there is room for another
        assert f"Draft last saved by {one.user.name}" in text

    def test_a_milestone_taken_out_again_is_gone(self) -> None:
        one = updated()
        one.post("save", new_1="The roof is on", **dated("new_1_on", date(2026, 12, 4)))
        one.post("save", new_1="")
        assert not MilestoneReport.objects.filter(update=one.record, milestone=None).exists()

    def test_choosing_another_colour_loses_nothing_of_a_draft(self) -> None:
        one = updated()
        one.post("save", **RECOVERY)
        one.post("save", **{**RECOVERY, "rag": "green"})
        assert one.now().recovery == "A second survey crew starts."

    def test_saving_keeps_the_author_and_for_whom(self) -> None:
        one = updated()
        delegate = DelegationFactory(user=one.user).delegate
        one.post("save", user=delegate)
        people = set(UpdateAuthor.objects.filter(update=one.record).values_list("user", flat=True))
        assert people == {delegate.pk, one.user.pk}


class TestSubmitting:
    def test_a_complete_update_is_submitted_and_the_next_one_due_appears(self) -> None:
        one = updated()
        following = ActionUpdateFactory(action_year=ActionYearFactory(responsible=one.user))
        reply = one.post("submit")
        assert one.now().state == State.SUBMITTED
        assert reply["Location"] == reverse("action-update", args=[following.span, following.action_year.code])

    def test_after_the_last_one_the_tasks_appear(self) -> None:
        assert updated().post("submit")["Location"] == reverse("home")

    def test_an_incomplete_update_is_saved_and_says_beside_each_field_what_is_missing(self) -> None:
        one = updated()
        tender = f"milestone_{one.tender.pk}"
        text = one.post("submit", rag="red", impact="", **{tender: ""}).content.decode()
        assert one.now().state == State.DRAFT
        for sentence in (
            "What you typed is saved as a draft. It is not submitted yet.",
            "Say why it moves from green to red.",
            "Say what difference it made, or when a difference can be expected.",
            "Say what will be done.",
            "Enter the date it will be done by.",
            "Name the post that will see it done.",
            "Say whether “The tender is let” was reached.",
        ):
            assert sentence in text
        assert 'href="#id_recovery"' in text
        assert f'href="#id_{tender}_0"' in text

    def test_amber_with_what_by_when_and_by_whom_is_submitted(self) -> None:
        one = updated()
        one.post("submit", **RECOVERY)
        assert one.now().state == State.SUBMITTED

    def test_amber_without_a_milestone_still_to_come_asks_for_the_next(self) -> None:
        one = updated()
        opening = f"milestone_{one.opening.pk}"
        done = {opening: "reached", **dated(f"{opening}_reached", date(2026, 10, 1))}
        text = one.post("submit", **RECOVERY, **done).content.decode()
        assert "Add the next milestone and its date." in text
        assert 'href="#id_new_1"' in text
        one.post("submit", **RECOVERY, **done, new_1="The roof is on", **dated("new_1_on", date(2027, 1, 8)))
        assert one.now().state == State.SUBMITTED

    def test_a_green_update_leaves_out_what_was_typed_under_amber(self) -> None:
        one = updated()
        one.post("submit", **{**RECOVERY, "rag": "green"})
        now = one.now()
        assert now.state == State.SUBMITTED
        assert (now.recovery, now.recovery_by, now.recovery_owner, now.rag_reason) == ("", None, "", "")

    def test_completed_says_what_was_achieved(self) -> None:
        one = updated()
        opening = f"milestone_{one.opening.pk}"
        done = {opening: "reached", **dated(f"{opening}_reached", date(2026, 10, 1)), "rag": "completed"}
        assert "Say what was achieved." in one.post("submit", **done).content.decode()
        one.post("submit", **done, achieved="Nine clubs share the hub.")
        assert one.now().state == State.SUBMITTED

    def test_a_finding_is_asked_about_answered_with_a_sentence_and_not_asked_again(self) -> None:
        one = updated()
        late = {"done": "The works at the two sites are behind schedule because of the rain."}
        text = one.post("submit", **late).content.decode()
        assert "It is called green, but the update says “behind schedule”." in text
        assert 'name="answer_green_delay"' in text
        assert one.now().state == State.DRAFT
        one.post("submit", **late, answer_green_delay="The weeks lost were won back in September.")
        assert one.now().state == State.SUBMITTED
        kept = Finding.objects.get(update=one.record)
        assert (kept.answer, kept.answered_by) == ("The weeks lost were won back in September.", one.user)
        one.post("take_back")
        one.post("submit", **late)
        assert one.now().state == State.SUBMITTED

    def test_changed_words_are_asked_about_anew(self) -> None:
        one = updated()
        one.post("submit", done="The works are behind schedule in two places.", answer_green_delay="Won back.")
        one.post("take_back")
        assert "“on hold”" in one.post("submit", done="The works are on hold in both places now.").content.decode()
        assert one.now().state == State.DRAFT

    def test_last_quarters_words_are_asked_about(self) -> None:
        one = updated()
        text = one.post("submit", done="The site was bought from the County for the new hub").content.decode()
        assert "What was done repeats the words for Q1 2026/27." in text
        assert one.now().state == State.DRAFT

    def test_a_stand_in_submits_and_the_record_says_for_whom(self) -> None:
        one = updated()
        manager = holder(Role.SERVICE_MANAGER, service=one.action_year.service)
        one.post("submit", user=manager)
        row = ActionUpdateTransition.objects.get(update=one.record, move="submit")
        assert (row.by, row.on_behalf_of) == (manager, one.user)

    def test_a_submitted_update_can_be_taken_back_until_the_lock(self) -> None:
        one = updated()
        one.post("submit")
        assert "It can be taken back until 20 October 2026." in _text(one)
        one.post("take_back")
        assert one.now().state == State.DRAFT


class TestBeforeSubmitting:
    def test_the_check_button_asks_and_prints_it_and_saves_nothing(self) -> None:
        one = updated()
        text = one.post("check", done="The works are delayed by the rain in June.", impact="").content.decode()
        assert "Checked. Nothing has been saved yet." in text
        assert "It is called green, but the update says “delayed”." in text
        assert "Say what difference it made" in text
        assert one.now().state == State.NOT_STARTED

    def test_the_preview_shows_how_it_will_appear_and_saves_nothing(self) -> None:
        one = updated()
        text = one.client().post(one.address("action-update-preview"), one.typed(**RECOVERY)).content.decode()
        assert "Why the colour moved" in text
        assert "By 1 December 2026, Estates manager" in text
        assert "The hub opens, <span" in text  # the next milestone with its date
        assert "Worse" in text
        assert one.now().version == one.record.version

    def test_the_preview_asks_what_does_not_fit(self) -> None:
        one = updated()
        reply = one.client().post(one.address("action-update-preview"), one.typed(done="The works are delayed here."))
        assert "It is called green, but the update says “delayed”." in reply.content.decode()

    def test_a_milestone_moved_is_printed_with_its_old_date_struck_through(self) -> None:
        one = updated()
        moved = f"milestone_{one.opening.pk}"
        typed = one.typed(**{moved: "moved", f"{moved}_reason": "Rain.", **dated(f"{moved}_moved", date(2027, 2, 1))})
        text = one.client().post(one.address("action-update-preview"), typed).content.decode()
        assert "18 December 2026</s> 1 February 2027" in text


class TestReading:
    def test_the_performance_team_enters_and_the_head_of_service_only_reads(self) -> None:
        one = updated()
        head = holder(Role.HEAD_OF_SERVICE, service=one.action_year.service)
        assert 'name="done"' in _text(one, user=one.reviewer)
        reading = _text(one, user=head)
        assert 'name="done"' not in reading
        assert f"It is entered by {one.user.name}." in reading
        assert one.post("save", user=head).status_code == 403
        assert one.client(head).post(one.address("action-update-preview"), FULL).status_code == 403
        assert one.now().state == State.NOT_STARTED

    def test_the_board_sees_an_accepted_update_without_the_internal_note(self) -> None:
        one = updated()
        accepted = ActionUpdateFactory(accepted=True, internal_note="A private worry.")
        url = reverse("action-update", args=[accepted.span, accepted.action_year.code])
        assert "A private worry." not in one.client(holder(Role.BOARD)).get(url).content.decode()
        assert "A private worry." in one.client(one.reviewer).get(url).content.decode()

    def test_a_working_update_does_not_exist_for_the_board_or_a_stranger(self) -> None:
        one = updated(submitted=True)
        assert one.client(holder(Role.BOARD)).get(one.url).status_code == 404
        assert one.client(UserFactory()).get(one.url).status_code == 404

    def test_an_accepted_update_says_how_it_can_change(self) -> None:
        text = _text(updated(accepted=True))
        assert "can be changed only by a revision" in text
        assert 'name="done"' not in text
