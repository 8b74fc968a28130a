"""The board's page for a dispute: one decision about one challenge, kept whole or refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import accept, escalate, open_parts, raise_challenge, rule_on
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import DelegationFactory, holder
from tests.kpis.seeing import signed_in
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
State = MonthlyReturn.State
WORDS = "The figure was counted as the definition says, so it stands."


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def member() -> User:
    return holder(Role.BOARD, user__name="Mo Member")


@pytest.fixture
def client(member: User) -> Client:
    return signed_in(member)


def disputed(*about: str, record: MonthlyReturn | None = None) -> list[Challenge]:
    """A submitted return with a challenge about each part of ``about``, all sent to the board."""
    record = record or MonthlyReturnFactory(submitted=True)
    team = holder(Role.PERFORMANCE_TEAM)
    asked = [
        raise_challenge(record, about=part, reason="looks_wrong", question=f"Is the {part} right?", by=team)
        for part in about or ("value",)
    ]
    return [escalate(one, reason="The two sides do not agree.", by=team) for one in asked]


def address(challenge: Challenge) -> str:
    record = challenge.monthly_return
    return reverse("ruling", args=[record.measured, record.kpi_year.code])


def decide(client: Client, asked: Challenge, **typed: Any) -> HttpResponse:
    posted = {"challenge": asked.pk, "ruling": "stands", "words": WORDS, **typed}
    return client.post(address(asked), posted, follow=True)


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ruling": ""}, "Select an answer to “What did the board decide?”"),
        ({"ruling": "perhaps"}, "from the list"),
        ({"ruling": "stands\x00"}, "from the list"),
        ({"words": ""}, "Say what the board decided and why"),
        ({"words": " \n "}, "Say what the board decided and why"),
        ({"words": LONG}, "The decision in words must be 2,000 characters or fewer. It is 100,000."),
        ({"words": NUL}, "contains a character that cannot be kept"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_box(
    client: Client, typed: dict[str, str], sentence: str
) -> None:
    (challenge,) = disputed()
    with unchanged(challenge, challenge.monthly_return):
        text = text_of(decide(client, challenge, **typed))
    assert "There is a problem" in text
    assert sentence in text
    assert typed.get("words", WORDS).partition("\x00")[0][:40].strip() in text


@pytest.mark.parametrize("forged", ["", "0", "-1", "one", "1\x00", "9" * 400])
def test_a_forged_challenge_is_not_found(client: Client, forged: str) -> None:
    (challenge,) = disputed()
    with unchanged(challenge, challenge.monthly_return):
        assert decide(client, challenge, challenge=forged).status_code == 404


def test_another_returns_challenge_is_not_found(client: Client) -> None:
    (challenge,), (foreign,) = disputed(), disputed()
    with unchanged(challenge, foreign):
        assert decide(client, challenge, challenge=foreign.pk).status_code == 404


def test_a_challenge_that_nobody_sent_to_the_board_is_not_found(client: Client) -> None:
    (challenge,) = disputed()
    by = holder(Role.PERFORMANCE_TEAM)
    other = raise_challenge(
        challenge.monthly_return, about="forecast", reason="forecast", question="Is it hopeful?", by=by
    )
    with unchanged(challenge, other):
        assert decide(client, challenge, challenge=other.pk).status_code == 404


def test_a_second_click_on_a_single_dispute_is_harmless(client: Client) -> None:
    """Decided, the return is the two sides' again; the board's member still gets an answer."""
    (challenge,) = disputed()
    for _ in range(2):
        assert "The board&#x27;s decision is recorded." in text_of(decide(client, challenge, ruling="correct"))
    assert challenge.monthly_return.transitions.filter(move="rule").count() == 1


def test_a_second_click_decides_nothing_else(client: Client, member: User) -> None:
    """Two disputes of one return: the second click is about the first of them still."""
    first, second = disputed("value", "forecast")
    decide(client, first)
    with unchanged(second):
        decide(client, first)
    first.refresh_from_db()
    assert (first.ruling, first.ruled_by) == ("stands", member)
    assert [one.kind for one in first.messages.all()].count("ruling") == 1
    assert first.monthly_return.transitions.filter(move="rule").count() == 1


def test_the_form_says_which_dispute_it_decides_and_comes_again_for_the_next(client: Client) -> None:
    first, second = disputed("value", "forecast")
    text = text_of(client.get(address(first)))
    assert "The board&#x27;s decision about the figure" in text or "The board's decision about the figure" in text
    assert f'name="challenge" value="{first.pk}"' in text
    decide(client, first)
    assert f'name="challenge" value="{second.pk}"' in text_of(client.get(address(first)))


@pytest.mark.parametrize("about", [["value"], ["value", "forecast"]])
def test_a_second_member_is_told_who_decided_and_keeps_the_words(member: User, about: list[str]) -> None:
    challenge = disputed(*about)[0]
    rule_on(challenge, ruling="correct", words="The lorry was counted twice.", by=member)
    colleague = signed_in(holder(Role.BOARD))
    with unchanged(challenge, challenge.monthly_return):
        reply = decide(colleague, challenge)
    assert reply.status_code == (409 if about == ["value"] else 200)
    text = reply.content.decode()
    assert "Mo Member recorded the board&#x27;s decision on 6 November 2026: the service must correct it." in text
    assert WORDS in text


def test_the_figure_stands_and_the_return_goes_back_to_the_team(client: Client) -> None:
    (challenge,) = disputed()
    decide(client, challenge)
    challenge.refresh_from_db()
    record = MonthlyReturn.objects.get(pk=challenge.monthly_return_id)
    assert (challenge.state, record.state) == (Challenge.State.ANSWERED, State.SUBMITTED)
    assert accept(record, by=holder(Role.PERFORMANCE_TEAM)).state == State.ACCEPTED


def test_what_must_be_corrected_is_reopened_alone_and_with_a_new_day_to_answer(client: Client) -> None:
    value, forecast = disputed("value", "forecast")
    decide(client, value)  # the figure stands
    decide(client, forecast, ruling="correct", words="Twelve cannot be reached.")
    forecast.refresh_from_db()
    record = MonthlyReturn.objects.get(pk=forecast.monthly_return_id)
    assert (record.state, forecast.state, forecast.due_on) == (
        State.CHALLENGED,
        Challenge.State.OPEN,
        date(2026, 11, 11),
    )
    assert "forecast" in open_parts(record)
    assert "value" not in open_parts(record)


def test_a_member_does_not_decide_about_their_own_figure() -> None:
    own = holder(Role.BOARD)
    record = MonthlyReturnFactory(submitted=True, submitted_by=own)
    (challenge,) = disputed(record=record)
    shown = text_of(signed_in(own).get(address(challenge)))
    assert "so another board member decides" in shown
    assert 'name="ruling"' not in shown
    with unchanged(challenge, record):
        text = text_of(decide(signed_in(own), challenge))
    assert "so another board member decides" in text
    assert WORDS in text


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PERFORMANCE_TEAM, Role.SECTION_151])
def test_those_who_only_read_a_dispute_do_not_decide_it(role: Role) -> None:
    (challenge,) = disputed()
    reader = signed_in(holder(role))
    assert 'name="ruling"' not in text_of(reader.get(address(challenge)))
    with unchanged(challenge, challenge.monthly_return):
        assert decide(reader, challenge).status_code == 403


def test_the_service_reads_it_too() -> None:
    (challenge,) = disputed()
    person = KpiPersonFactory(kpi_year=challenge.monthly_return.kpi_year).user
    assert "The two sides do not agree." in text_of(signed_in(person).get(address(challenge)))
    assert decide(signed_in(person), challenge).status_code == 403


def test_a_delegate_decides_for_the_member_and_the_dialogue_says_so(member: User) -> None:
    delegate = DelegationFactory(user=member).delegate
    (challenge,) = disputed()
    decide(signed_in(delegate), challenge)
    said = challenge.messages.last()
    assert said is not None
    assert (said.kind, said.by_name) == ("ruling", f"{delegate.name} for Mo Member")


def test_where_nothing_was_sent_to_the_board_there_is_no_page(client: Client) -> None:
    record = MonthlyReturnFactory(accepted=True)
    where = reverse("ruling", args=[record.measured, record.kpi_year.code])
    assert client.get(where).status_code == 404
    assert client.post(where, {"ruling": "stands", "words": WORDS}).status_code == 404
