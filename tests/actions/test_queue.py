"""The quarter's list and the review page: what the Performance Team checks next, and what a service sees of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import ActionUpdate, Challenge
from actions.rules.guidelines import GUIDELINES
from hdcperf.roles import Role
from tests.actions.entering import FULL, updated
from tests.factories.actions import (
    Q1,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    UpdateChallengeFactory,
    UpdateFindingFactory,
    round_of_quarter,
)
from tests.factories.organisation import ServiceFactory, UserFactory, holder

pytestmark = pytest.mark.django_db
ROUND = "/actions/2026-27-Q2/"
State = ActionUpdate.State


@pytest.fixture(autouse=True)
def _in_october(set_today: Any) -> None:
    set_today(date(2026, 10, 8))


@pytest.fixture
def reviewer() -> Any:
    return holder(Role.PERFORMANCE_TEAM)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def review_of(record: ActionUpdate) -> str:
    return reverse("action-review", args=[record.span, record.action_year.code])


def action(**facts: Any) -> Any:
    """An action with a milestone still to come, so that green raises no question."""
    made = ActionYearFactory(**facts)
    MilestoneFactory(action=made.action)
    return made


def submitted(rag: str = "green", **facts: Any) -> ActionUpdate:
    record: ActionUpdate = ActionUpdateFactory(action_year=action(), submitted=True, rag=rag, **facts)
    return record


def listed(client: Client, query: str = "") -> list[str]:
    """The titles of the list in its order."""
    text = client.get(ROUND + query).content.decode()
    table = text[text.index('id="updates"') :] if 'id="updates"' in text else ""
    return re.findall(r"</span> (Example action \d+)</a>", table)


def title(record: ActionUpdate) -> str:
    return record.action_year.title


class TestList:
    def test_the_team_sees_every_update_of_the_round(self, reviewer: Any) -> None:
        records = [ActionUpdateFactory(), submitted(), ActionUpdateFactory(accepted=True)]
        client = signed_in(reviewer)
        assert set(listed(client)) == {title(one) for one in records}
        assert "2 of 3 updates in" in client.get(ROUND).content.decode()

    def test_what_waits_comes_first_the_worst_first(self, reviewer: Any) -> None:
        accepted = ActionUpdateFactory(accepted=True, rag="red")
        green, red, amber = submitted("green"), submitted("red"), submitted("amber")
        assert listed(signed_in(reviewer)) == [title(one) for one in (red, amber, green, accepted)]

    def test_one_before_the_board_waits_for_nobody_else(self, reviewer: Any) -> None:
        disputed, green = submitted("red"), submitted("green")
        UpdateChallengeFactory(update=disputed, escalated=True, answered=True)
        assert listed(signed_in(reviewer)) == [title(green), title(disputed)]

    def test_an_officer_sees_only_their_own_updates(self) -> None:
        mine, other = submitted(), submitted()
        client = signed_in(mine.action_year.responsible)
        assert listed(client) == [title(mine)]
        assert title(other) not in client.get(ROUND).content.decode()

    def test_a_service_sees_its_own_with_whom_to_ask(self) -> None:
        mine, _ = ActionUpdateFactory(), ActionUpdateFactory()
        head = holder(Role.HEAD_OF_SERVICE, service=mine.action_year.service)
        text = signed_in(head).get(ROUND).content.decode()
        assert listed(signed_in(head)) == [title(mine)]
        assert "What is still to do" in text
        assert mine.action_year.responsible.name in text

    def test_somebody_who_works_on_no_updates_is_told_so(self) -> None:
        submitted()
        assert signed_in(holder(Role.SCRUTINY)).get(ROUND).status_code == 403
        assert signed_in(UserFactory()).get(ROUND).status_code == 403

    def test_a_quarter_that_is_not_open_says_how_to_open_it(self, reviewer: Any) -> None:
        text = signed_in(reviewer).get("/actions/2026-27-Q3/").content.decode()
        assert "This quarter has not been opened" in text
        assert 'href="/quarters/2026-27-Q3/"' in text

    def test_the_colour_now_stands_beside_last_quarters_with_which_way_it_moved(self, reviewer: Any) -> None:
        record = submitted("amber")
        ActionUpdateFactory(action_year=record.action_year, span=Q1, accepted=True, rag="green")
        row = signed_in(reviewer).get(ROUND).content.decode().partition('id="updates"')[2].partition("<tbody")[2]
        assert row.index("Amber") < row.index("Green") < row.index("Worse")

    def test_colours_are_counted_now_against_last_quarter(self, reviewer: Any) -> None:
        for rag, before in (("amber", "green"), ("amber", "red"), ("green", "green")):
            record = submitted(rag)
            ActionUpdateFactory(action_year=record.action_year, span=Q1, accepted=True, rag=before)
        ActionUpdateFactory()  # not in yet
        counts = signed_in(reviewer).get(ROUND).context["colours"]
        found = {one.rag.text: (one.now, one.before, one.change) for one in counts}
        assert found["Green"] == (1, 2, "1 fewer")
        assert found["Amber"] == (2, 0, "2 more")
        assert found["Red"] == (0, 1, "1 fewer")
        assert found["Update awaited"] == (1, 0, "1 more")
        assert found["Completed"] == (0, 0, "No change")

    def test_what_does_not_fit_is_shown_and_what_is_explained_is_said_to_be(self, reviewer: Any) -> None:
        record = submitted(done="The works at the two sites are behind schedule because of the rain.")
        client = signed_in(reviewer)
        assert "Green over words of delay" in client.get(ROUND).content.decode()
        (flag,) = client.get(ROUND).context["rows"][0].flags
        UpdateFindingFactory(update=record, code="green_delay", sentence=flag.check.sentence)
        assert "Green over words of delay, explained" in client.get(ROUND).content.decode()

    def test_an_excused_update_is_not_counted_as_missing(self, reviewer: Any) -> None:
        submitted()
        ActionUpdateFactory(excused="Dropped on 30 September 2026: minute 12. No update is owed for it.")
        text = signed_in(reviewer).get(ROUND).content.decode()
        assert "1 of 1 updates in" in text
        assert "Not owed" in text


class TestFilters:
    def test_filters_are_kept_in_the_address(self, reviewer: Any) -> None:
        client = signed_in(reviewer)
        amber, green = submitted("amber"), submitted("green", done="The works are delayed by the rain in two places.")
        service = ServiceFactory()
        other = ActionUpdateFactory(action_year=action(service=service), submitted=True)
        accepted = ActionUpdateFactory(action_year=action(), accepted=True)
        assert listed(client, "?rag=amber") == [title(amber)]
        assert listed(client, f"?service={service.pk}") == [title(other)]
        assert listed(client, "?asks=open") == [title(green)]
        assert listed(client, "?state=accepted") == [title(accepted)]
        assert listed(client, "?rag=red") == []
        assert "No updates match" in client.get(f"{ROUND}?rag=red").content.decode()

    def test_movement_is_a_filter(self, reviewer: Any) -> None:
        worse, same = submitted("amber"), submitted("green")
        for record in (worse, same):
            ActionUpdateFactory(action_year=record.action_year, span=Q1, accepted=True, rag="green")
        assert listed(signed_in(reviewer), "?moved=worse") == [title(worse)]

    def test_mine_to_check_leaves_out_what_i_typed(self, reviewer: Any) -> None:
        mine, other = submitted(submitted_by=reviewer), submitted()
        client = signed_in(reviewer)
        assert listed(client, "?mine=yes") == [title(other)]
        assert "(1 you cannot accept: a colleague must)" in client.get(ROUND).content.decode()
        assert title(mine) in client.get(ROUND).content.decode()

    @pytest.mark.parametrize(
        "query", ["?rag=purple", "?service=0", "?service=%00", "?state=x", "?asks=<b>", "?sort=nothing", "?page=99"]
    )
    def test_a_forged_filter_filters_nothing(self, reviewer: Any, query: str) -> None:
        record = submitted()
        assert listed(signed_in(reviewer), query) == [title(record)]

    @pytest.mark.parametrize("key", ["code", "service", "state", "rag", "moved", "flags", "sent"])
    def test_every_heading_sorts_both_ways(self, reviewer: Any, key: str) -> None:
        for rag in ("green", "red", "amber"):
            submitted(rag)
        ActionUpdateFactory()
        client = signed_in(reviewer)
        up, down = listed(client, f"?sort={key}"), listed(client, f"?sort=-{key}")
        assert sorted(up) == sorted(down)
        assert len(up) == 4

    def test_what_is_not_submitted_comes_last_however_it_is_sorted(self, reviewer: Any) -> None:
        waiting, _ = ActionUpdateFactory(), submitted()
        for sort in ("sent", "-sent"):
            assert listed(signed_in(reviewer), f"?sort={sort}")[-1] == title(waiting)


class TestReview:
    def test_accepting_brings_the_next_update(self, reviewer: Any) -> None:
        first, second = submitted("red"), submitted("green")
        response = signed_in(reviewer).post(review_of(first), {"decide": "accept", "version": first.version})
        assert response["Location"] == review_of(second)
        first.refresh_from_db()
        assert first.state == State.ACCEPTED

    def test_the_next_one_stays_within_the_filter(self, reviewer: Any) -> None:
        first, _, third = submitted("red"), submitted("amber"), submitted("red")
        response = signed_in(reviewer).post(
            f"{review_of(first)}?rag=red", {"decide": "accept", "version": first.version}
        )
        assert response["Location"] == f"{review_of(third)}?rag=red"

    def test_the_page_shows_what_does_not_fit_and_the_meaning_of_the_colour(self, reviewer: Any) -> None:
        record = submitted(done="The works at the two sites are behind schedule because of the rain.")
        text = signed_in(reviewer).get(review_of(record)).content.decode()
        assert "It is called green, but the update says “behind schedule”." in text
        assert "Nobody has explained this." in text
        assert "Delivering: what was planned to this date is done" in text

    def test_words_are_held_to_the_day_they_were_handed_in(self, reviewer: Any, set_today: Any) -> None:
        made = ActionYearFactory()
        MilestoneFactory(action=made.action, name="The roof", due_on=date(2026, 10, 20))
        record = ActionUpdateFactory(action_year=made, submitted=True)  # on 5 October
        set_today(date(2026, 10, 30))
        assert "was due on 20 October 2026" not in signed_in(reviewer).get(review_of(record)).content.decode()

    def test_returning_it_says_what_is_missing_in_the_guidelines_words(self, reviewer: Any) -> None:
        record = submitted()
        signed_in(reviewer).post(
            review_of(record), {"decide": "return", "missing": ["impact", "plain"], "more": "And for whom?"}
        )
        challenge = Challenge.objects.get(update=record)
        assert (challenge.about, challenge.reason) == ("whole", "missing")
        assert GUIDELINES["impact"] in challenge.question
        assert GUIDELINES["plain"] in challenge.question
        assert GUIDELINES["done"] not in challenge.question
        assert challenge.question.endswith("And for whom?")
        record.refresh_from_db()
        assert record.state == State.CHALLENGED

    def test_returning_it_without_a_word_is_refused_beside_the_list(self, reviewer: Any) -> None:
        record = submitted()
        text = signed_in(reviewer).post(review_of(record), {"decide": "return"}).content.decode()
        assert "Say what is missing: choose from the list, or write it below" in text
        assert not Challenge.objects.exists()

    def test_returning_it_twice_by_a_double_click_is_once(self, reviewer: Any) -> None:
        record = submitted()
        for _ in range(2):
            signed_in(reviewer).post(review_of(record), {"decide": "return", "more": "What was done in July?"})
        assert Challenge.objects.count() == 1

    def test_a_part_is_challenged(self, reviewer: Any) -> None:
        record = submitted()
        asked = {"about": "rag", "reason": "does_not_match", "question": "Is this green?"}
        signed_in(reviewer).post(review_of(record), {"decide": "challenge", **asked})
        assert Challenge.objects.get(update=record).question == "Is this green?"

    def test_a_second_challenge_of_the_same_part_by_a_colleague_keeps_what_was_typed(self, reviewer: Any) -> None:
        record = submitted()
        asked = {"decide": "challenge", "about": "rag", "reason": "does_not_match", "question": "Is this green?"}
        signed_in(reviewer).post(review_of(record), asked)
        other = signed_in(holder(Role.PERFORMANCE_TEAM))
        text = other.post(review_of(record), {**asked, "question": "Is it really?"}).content.decode()
        assert "There is already an open challenge about this part of the update." in text
        assert "Is it really?" in text

    def test_a_reviewer_cannot_accept_what_they_typed_and_is_told_why(self, reviewer: Any) -> None:
        record = submitted(submitted_by=reviewer)
        client = signed_in(reviewer)
        assert "a colleague must accept it" in client.get(review_of(record)).content.decode()
        client.post(review_of(record), {"decide": "accept", "version": record.version})
        record.refresh_from_db()
        assert record.state == State.SUBMITTED

    def test_an_update_changed_since_it_was_read_is_looked_at_again(self, reviewer: Any) -> None:
        record = submitted()
        client = signed_in(reviewer)
        reply = client.post(review_of(record), {"decide": "accept", "version": record.version - 1}, follow=True)
        assert "This update was changed after you opened it." in reply.content.decode()
        record.refresh_from_db()
        assert record.state == State.SUBMITTED

    @pytest.mark.parametrize("version", ["", "x", "²", "9" * 30])
    def test_a_garbled_version_accepts_nothing(self, reviewer: Any, version: str) -> None:
        record = submitted()
        signed_in(reviewer).post(review_of(record), {"decide": "accept", "version": version})
        record.refresh_from_db()
        assert record.state == State.SUBMITTED

    def test_the_team_sends_a_challenge_to_the_board(self, reviewer: Any) -> None:
        record = ActionUpdateFactory(challenged=True)
        challenge = UpdateChallengeFactory(update=record)
        client = signed_in(reviewer)
        posted = {"decide": "escalate", "challenge": challenge.pk}
        assert "Say why the board should decide" in client.post(review_of(record), posted).content.decode()
        client.post(review_of(record), {**posted, "reason": "We cannot agree."})
        challenge.refresh_from_db()
        assert challenge.is_with_the_board

    def test_a_forged_button_is_not_found(self, reviewer: Any) -> None:
        assert signed_in(reviewer).post(review_of(submitted()), {"decide": "delete"}).status_code == 404

    def test_what_changed_since_it_was_handed_in_before_is_shown(self) -> None:
        one = updated()
        one.post("submit")
        signed_in(one.reviewer).post(review_of(one.record), {"decide": "return", "more": "What was done in July?"})
        challenge = Challenge.objects.get()
        new = "The tender was let in July to a builder from Ramsey."
        words = {f"words_{challenge.pk}": "It is said now."}
        assert one.post("answer", done=new, **words).status_code == 302
        changes = signed_in(one.reviewer).get(review_of(one.record)).context["top"].changes
        assert {row.label: (row.mine, row.theirs) for row in changes} == {
            "What was done": ((FULL["done"],), (new,)),
        }


class TestRuling:
    def test_the_board_decides_and_both_sides_see_it(self) -> None:
        record = ActionUpdateFactory(challenged=True)
        challenge = UpdateChallengeFactory(update=record, escalated=True)
        board = signed_in(holder(Role.BOARD))
        address = reverse("action-ruling", args=[record.span, record.action_year.code])
        assert "What difference did it make?" in board.get(address).content.decode()
        decided = {"challenge": challenge.pk, "ruling": "correct", "words": "Say how many."}
        assert board.post(address, decided)["Location"] == reverse("home")
        challenge.refresh_from_db()
        assert (challenge.ruling, challenge.state) == ("correct", "open")
        officer = signed_in(record.action_year.responsible)
        page = officer.get(reverse("action-update", args=[record.span, record.action_year.code])).content.decode()
        assert "Say how many." in page

    def test_a_decision_without_words_or_by_somebody_else_is_refused(self) -> None:
        record = ActionUpdateFactory(challenged=True)
        challenge = UpdateChallengeFactory(update=record, escalated=True)
        address = reverse("action-ruling", args=[record.span, record.action_year.code])
        text = signed_in(holder(Role.BOARD)).post(address, {"challenge": challenge.pk, "ruling": "stands"})
        assert "Say what the board decided and why" in text.content.decode()
        director = signed_in(holder(Role.DIRECTOR))
        posted = {"challenge": challenge.pk, "ruling": "stands", "words": "It stands."}
        assert director.get(address).status_code == 200
        assert director.post(address, posted).status_code == 403

    def test_a_second_decision_is_told_who_decided_first(self) -> None:
        record = ActionUpdateFactory(challenged=True)
        challenge = UpdateChallengeFactory(update=record, escalated=True)
        first, second = holder(Role.BOARD), holder(Role.BOARD)
        address = reverse("action-ruling", args=[record.span, record.action_year.code])
        posted = {"challenge": challenge.pk, "ruling": "stands", "words": "It stands."}
        signed_in(first).post(address, posted)
        text = signed_in(second).post(address, {**posted, "words": "My long reasons."}).content.decode()
        assert f"{first.name} recorded the board&#x27;s decision" in text
        assert "My long reasons." in text


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_as_often_for_many_rows_as_for_few(reviewer: Any) -> None:
    def add(many: int) -> None:
        for number in range(many):
            facts = action(parent=parent if number % 3 == 0 else None)
            ActionUpdateFactory(action_year=facts, span=Q1, accepted=True)
            record = ActionUpdateFactory(action_year=facts, submitted=True, rag="amber" if number % 2 else "green")
            record.milestone_reports.create(milestone=facts.action.milestones.get(), outcome="due")
            UpdateFindingFactory(update=record)

    round_of_quarter()
    parent = action()
    ActionUpdateFactory(action_year=parent, submitted=True)
    client = signed_in(reviewer)
    add(3)
    few = _queries(client, ROUND)
    add(37)
    assert _queries(client, ROUND) == few
    assert few < 45
