"""The review page: a decision is made once and whole; what is refused says why beside its box and keeps the words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import accept, escalate, raise_challenge
from tests.factories.kpis import ChallengeFactory, KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.kpis.reviewing import address, decide, now, text_of
from tests.kpis.seeing import signed_in
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
WORDS = {
    "what_happened": "Eleven exampels were counted at the depot in the month.",
    "why": "The second crew came back from training and the lorries were mended.",
}
QUESTION = {"about": "value", "reason": "looks_wrong", "question": "Is this ten times the usual?"}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def record() -> MonthlyReturn:
    made: MonthlyReturn = MonthlyReturnFactory(submitted=True, **WORDS)
    return made


@pytest.fixture
def reviewer() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def client(reviewer: User) -> Client:
    return signed_in(reviewer)


class TestWhoDecides:
    def test_a_service_that_sees_the_return_is_told_only_the_team_checks(self, record: MonthlyReturn) -> None:
        person = KpiPersonFactory(kpi_year=record.kpi_year).user
        assert signed_in(person).get(address(record)).status_code == 403

    @pytest.mark.parametrize("name", ["accept", "challenge", "correct", "example", "escalate"])
    def test_nobody_else_decides_by_a_forged_post(self, record: MonthlyReturn, name: str) -> None:
        person, outsider = KpiPersonFactory(kpi_year=record.kpi_year).user, UserFactory()
        with unchanged(record):
            posted = {"decide": name, "version": record.version, **QUESTION}
            assert signed_in(person).post(address(record), posted).status_code == 403
            assert signed_in(outsider).post(address(record), posted).status_code == 404

    def test_a_button_that_does_not_exist_is_not_found(self, client: Client, record: MonthlyReturn) -> None:
        with unchanged(record):
            for name in ("", "delete", "accept\x00", LONG):
                assert client.post(address(record), {"decide": name}).status_code == 404

    def test_a_delegate_decides_for_the_member_they_cover(self, record: MonthlyReturn, reviewer: User) -> None:
        delegate = DelegationFactory(user=reviewer).delegate
        decide(signed_in(delegate), record, "accept", version=record.version)
        row = record.transitions.last()
        assert row is not None
        assert row.who == f"{delegate.name} for {reviewer.name}"


class TestAccepting:
    @pytest.mark.parametrize("version", ["", "0", "-1", "2", "1.0", "one", "９", "1\x00", "1" * 5000])
    def test_a_version_that_was_not_read_accepts_nothing(
        self, client: Client, record: MonthlyReturn, version: str
    ) -> None:
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=version))
        assert "This return was changed after you opened it." in text

    def test_what_the_owner_changed_meanwhile_is_not_accepted_unread(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        record.version += 1
        record.why = "The owner wrote something else."
        record.save()
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=record.version - 1))
        assert "Look at it again as it is now" in text
        assert "The owner wrote something else." in text

    def test_the_second_reviewer_is_told_who_accepted_and_when(self, client: Client, record: MonthlyReturn) -> None:
        colleague = holder(Role.PERFORMANCE_TEAM)
        accept(record, by=colleague)
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=record.version))
        assert f"This is accepted: {colleague.name} moved it on 6 November 2026" in text

    @pytest.mark.parametrize("state", ["not_started", "draft"])
    def test_what_was_not_submitted_is_not_accepted(self, client: Client, state: str) -> None:
        record = MonthlyReturnFactory(**({"draft": True} if state == "draft" else {}))
        with unchanged(record):
            decide(client, record, "accept", version=record.version)

    def test_an_open_challenge_keeps_it_from_being_accepted(self, client: Client) -> None:
        record = ChallengeFactory(monthly_return=MonthlyReturnFactory(submitted=True)).monthly_return
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=record.version))
        assert "A challenge is still open: it must be answered first." in text

    def test_a_challenge_with_the_board_keeps_it_from_being_accepted(self, client: Client) -> None:
        submitted = MonthlyReturnFactory(submitted=True)
        record = ChallengeFactory(monthly_return=submitted, answered=True, escalated=True).monthly_return
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=record.version))
        assert "A challenge is with the board: it must decide first." in text

    def test_a_figure_changed_without_a_lesson_keeps_it_from_being_accepted(self, client: Client) -> None:
        record = MonthlyReturnFactory(submitted=True)
        ChallengeFactory(monthly_return=record, answered=True, figure_changed=True)
        with unchanged(record):
            text = text_of(decide(client, record, "accept", version=record.version))
        assert "say what will be done differently before accepting" in text

    def test_accepting_closes_what_was_answered(self, client: Client, record: MonthlyReturn, reviewer: User) -> None:
        challenge = ChallengeFactory(monthly_return=record, answered=True)
        decide(client, record, "accept", version=record.version)
        challenge.refresh_from_db()
        assert (challenge.state, challenge.closed_by) == (Challenge.State.CLOSED, reviewer)
        assert challenge.messages.last().words == "Closed: the return was accepted."

    def test_the_queue_stays_within_its_filters(self, client: Client, record: MonthlyReturn) -> None:
        MonthlyReturnFactory(submitted=True)
        same = MonthlyReturnFactory(submitted=True, kpi_year__service=record.kpi_year.service)
        where = f"?service={record.kpi_year.service_id}"
        reply = client.post(address(record) + where, {"decide": "accept", "version": record.version})
        assert reply.headers["Location"] == address(same) + where


class TestChallenging:
    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"about": ""}, "Select an answer to “What is the challenge about?”"),
            ({"about": "everything"}, "from the list"),
            ({"about": "value\x00"}, "from the list"),
            ({"reason": ""}, "Select the reason"),
            ({"reason": "because"}, "Select the reason from the list"),
            ({"question": ""}, "Say what you are asking and why"),
            ({"question": " \n\t "}, "Say what you are asking and why"),
            ({"question": LONG}, "Your question must be 2,000 characters or fewer. It is 100,000."),
            ({"question": NUL}, "Your question contains a character that cannot be kept"),
        ],
    )
    def test_what_is_missing_or_wrong_is_said_beside_its_box(
        self, client: Client, record: MonthlyReturn, typed: dict[str, str], sentence: str
    ) -> None:
        with unchanged(record):
            text = text_of(decide(client, record, "challenge", **{**QUESTION, **typed}))
        assert "There is a problem" in text
        assert sentence in text
        assert {**QUESTION, **typed}["question"].partition("\x00")[0][:40].strip() in text

    def test_it_is_asked_once_and_by_when(self, client: Client, record: MonthlyReturn, reviewer: User) -> None:
        decide(client, record, "challenge", **QUESTION)
        decide(client, record, "challenge", **QUESTION)
        challenge = record.challenges.get()
        assert (challenge.raised_by, challenge.question) == (reviewer, QUESTION["question"])
        assert challenge.due_on == date(2026, 11, 11)  # three working days after Friday the 6th
        assert [one.kind for one in challenge.messages.all()] == ["question"]
        assert now(record).state == MonthlyReturn.State.CHALLENGED

    def test_asking_about_a_part_already_asked_about_keeps_the_question(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        raise_challenge(record, by=holder(Role.PERFORMANCE_TEAM), **QUESTION)
        typed = {**QUESTION, "question": "Was the same lorry counted twice?"}
        with unchanged(record):
            text = text_of(decide(client, record, "challenge", **typed))
        assert "There is already an open challenge about this part of the return." in text
        assert 'href="#id_about' in text
        assert "Was the same lorry counted twice?" in text

    def test_another_part_can_be_asked_about_while_one_is_open(self, client: Client, record: MonthlyReturn) -> None:
        raise_challenge(record, by=holder(Role.PERFORMANCE_TEAM), **QUESTION)
        decide(client, record, "challenge", **{**QUESTION, "about": "forecast"})
        assert record.challenges.count() == 2

    def test_a_question_that_came_after_acceptance_is_kept_on_the_page(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        colleague = holder(Role.PERFORMANCE_TEAM)
        accept(record, by=colleague)
        with unchanged(record):
            text = text_of(decide(client, record, "challenge", **QUESTION))
        assert f"This is accepted: {colleague.name} moved it on" in text
        assert QUESTION["question"] in text

    def test_an_answered_part_is_asked_about_again_in_the_same_dialogue(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        challenge = ChallengeFactory(monthly_return=record, answered=True)
        decide(client, record, "challenge", **{**QUESTION, "question": "And the other lorry?"})
        challenge.refresh_from_db()
        assert record.challenges.count() == 1
        assert (challenge.state, challenge.question) == (Challenge.State.OPEN, "And the other lorry?")


class TestEscalating:
    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("", "Say why the board should decide"),
            ("   ", "Say why the board should decide"),
            (LONG, "must be 2,000 characters or fewer. It is 100,000."),
            (NUL, "contains a character that cannot be kept"),
        ],
    )
    def test_a_reason_is_needed_and_kept(
        self, client: Client, record: MonthlyReturn, reason: str, sentence: str
    ) -> None:
        challenge = raise_challenge(record, by=holder(Role.PERFORMANCE_TEAM), **QUESTION)
        with unchanged(record, challenge):
            text = text_of(decide(client, record, "escalate", challenge=challenge.pk, reason=reason))
        assert sentence in text
        assert reason.partition("\x00")[0][:40].strip() in text

    @pytest.mark.parametrize("forged", ["", "0", "-1", "one", "9" * 400, "1\x00"])
    def test_a_forged_challenge_is_not_found(self, client: Client, record: MonthlyReturn, forged: str) -> None:
        with unchanged(record):
            reply = decide(client, record, "escalate", challenge=forged, reason="They do not agree.")
        assert reply.status_code == 404

    def test_another_returns_challenge_is_not_found(self, client: Client, record: MonthlyReturn) -> None:
        foreign = ChallengeFactory()
        with unchanged(record, foreign, foreign.monthly_return):
            reply = decide(client, record, "escalate", challenge=foreign.pk, reason="They do not agree.")
        assert reply.status_code == 404

    def test_a_second_click_leaves_it_with_the_board_once(self, client: Client, record: MonthlyReturn) -> None:
        challenge = raise_challenge(record, by=holder(Role.PERFORMANCE_TEAM), **QUESTION)
        for _ in range(2):
            decide(client, record, "escalate", challenge=challenge.pk, reason="They do not agree.")
        assert [one.kind for one in challenge.messages.all()] == ["question", "escalation"]
        assert record.transitions.filter(move="escalate").count() == 1

    def test_a_reason_that_came_after_acceptance_is_kept_on_the_page(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        challenge = ChallengeFactory(monthly_return=record, answered=True)
        accept(record, by=holder(Role.PERFORMANCE_TEAM))
        with unchanged(record, challenge):
            text = text_of(decide(client, record, "escalate", challenge=challenge.pk, reason="They do not agree."))
        assert "This challenge is closed." in text
        assert "They do not agree." in text

    def test_the_page_offers_it_only_for_what_is_not_there_yet(self, client: Client, record: MonthlyReturn) -> None:
        by = holder(Role.PERFORMANCE_TEAM)
        challenge = raise_challenge(record, by=by, **QUESTION)
        assert "Ask the board to decide: The figure" in client.get(address(record)).content.decode()
        escalate(challenge, reason="They do not agree.", by=by)
        assert "Ask the board to decide: The figure" not in client.get(address(record)).content.decode()
