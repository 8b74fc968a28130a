"""Revising an accepted update: proposed, decided by somebody else, marked wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import ActionUpdate, Revision
from actions.operations.revising import Revised, accept_revision, propose
from actions.workflow import MoveRefused, NotPermitted, StaleRecord
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.entering import TODAY, dated
from tests.factories.actions import Q1, ActionUpdateFactory, UpdateRevisionFactory
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def record() -> ActionUpdate:
    made: ActionUpdate = ActionUpdateFactory(accepted=True, rag_before="green")
    return made


@pytest.fixture
def reviewer() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(record: ActionUpdate) -> str:
    return reverse("action-revise", args=[record.span, record.action_year.code])


AMBER: dict[str, Any] = {
    "kind": "correction",
    "rag": "amber",
    "done": "Thirty examples were followed.",
    "impact": "Waiting fell by 9 days.",
    "recovery": "A second team starts.",
    **dated("recovery_by", date(2026, 12, 1)),
    "recovery_owner": "Estates manager",
    "reason": "Ten examples were of another council.",
}


def typed(record: ActionUpdate, **more: Any) -> dict[str, Any]:
    return {"version": record.version, **AMBER, "step": "propose", **more}


def test_it_is_looked_at_before_it_is_proposed(record: ActionUpdate) -> None:
    client = signed_in(record.action_year.responsible)
    text = client.post(address(record), typed(record, step="preview")).content.decode()
    assert "What it would change" in text
    assert record.done in text
    assert "Thirty examples were followed." in text
    assert "Nothing has been proposed yet." in text
    assert not Revision.objects.exists()


def test_the_accepted_update_stands_until_somebody_else_accepts_the_revision(
    record: ActionUpdate, reviewer: User
) -> None:
    officer = record.action_year.responsible
    signed_in(officer).post(address(record), typed(record))
    revision = Revision.objects.get()
    record.refresh_from_db()
    assert (record.rag, revision.state) == ("green", "proposed")
    signed_in(reviewer).post(reverse("action-revision", args=[revision.pk]), {"decide": "accept"})
    before = record.done
    record.refresh_from_db()
    revision.refresh_from_db()
    assert (record.rag, record.done, record.recovery_owner) == (
        "amber",
        "Thirty examples were followed.",
        "Estates manager",
    )
    assert record.rag_reason == "Ten examples were of another council."
    assert (revision.old_rag, revision.old_done, revision.new_done) == ("green", before, record.done)


def test_it_is_marked_as_revised_where_it_is_shown(record: ActionUpdate, reviewer: User) -> None:
    accept_revision(UpdateRevisionFactory(update=record), by=reviewer)
    client = signed_in(reviewer)
    page = client.get(reverse("action-update", args=[record.span, record.action_year.code])).content.decode()
    assert "Revised" in page
    assert "One example was counted twice." in page
    assert "Revised" in client.get("/actions/2026-27-Q2/").content.decode()


def test_the_quarter_after_is_told_the_revised_colour(reviewer: User) -> None:
    later = ActionUpdateFactory(accepted=True, rag_before="green")
    first = ActionUpdateFactory(action_year=later.action_year, span=Q1, accepted=True)
    new = Revised(**{**vars(Revised.of(first)), "rag": "completed", "achieved": "It is done."})
    officer = first.action_year.responsible
    revision = propose(first, new=new, kind="correction", reason="It was done.", by=officer)
    accept_revision(revision, by=reviewer)
    later.refresh_from_db()
    assert later.rag_before == "completed"
    last = later.history.first()
    assert last is not None
    assert "Q1 2026/27 was revised" in last.history_change_reason


def test_whoever_proposed_it_does_not_decide_it(record: ActionUpdate, reviewer: User) -> None:
    revision = UpdateRevisionFactory(update=record, proposed_by=reviewer)
    with pytest.raises(MoveRefused, match="You proposed this revision"):
        accept_revision(revision, by=reviewer)


def test_a_colour_revised_to_red_says_what_will_be_done(record: ActionUpdate) -> None:
    client = signed_in(record.action_year.responsible)
    text = client.post(address(record), typed(record, rag="red", recovery="", recovery_owner="")).content.decode()
    assert "Say what will be done." in text
    assert "Name the post that will see it done." in text
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({"rag": ""}, "Choose the RAG by what it means."),
        ({"done": " "}, "Say what was done."),
        ({"reason": ""}, "Say why the update changes"),
        ({"kind": "whim"}, "Select an answer to “What kind of change is it?”"),
        ({"done": "x\x00y"}, "contains a character that cannot be kept"),
        ({"done": "w" * 4001}, "must be 4,000 characters or fewer"),
        ({"recovery_by_day": "31", "recovery_by_month": "2"}, "must be a real date"),
        ({"version": "x"}, "This page is out of date."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_proposed(
    record: ActionUpdate, boxes: dict[str, str], sentence: str
) -> None:
    text = signed_in(record.action_year.responsible).post(address(record), typed(record, **boxes)).content.decode()
    assert sentence in text
    assert not Revision.objects.exists()


def test_proposing_nothing_is_refused(record: ActionUpdate) -> None:
    same = {"rag": "green", "done": record.done, "impact": record.impact}
    text = signed_in(record.action_year.responsible).post(address(record), typed(record, **same)).content.decode()
    assert "there is nothing to revise" in text


def test_one_at_a_time(record: ActionUpdate) -> None:
    UpdateRevisionFactory(update=record)
    text = signed_in(record.action_year.responsible).post(address(record), typed(record)).content.decode()
    assert "A revision of this update is already waiting to be decided." in text


def test_proposing_twice_by_a_double_click_is_once(record: ActionUpdate) -> None:
    client = signed_in(record.action_year.responsible)
    for _ in range(2):
        assert client.post(address(record), typed(record)).status_code == 302
    assert Revision.objects.count() == 1


def test_a_stale_page_keeps_what_was_typed(record: ActionUpdate) -> None:
    with pytest.raises(StaleRecord):
        propose(
            record,
            new=Revised.of(record),
            kind="correction",
            reason="Why.",
            by=record.action_year.responsible,
            version=record.version - 1,
        )
    client = signed_in(record.action_year.responsible)
    text = client.post(address(record), typed(record, version=record.version - 1)).content.decode()
    assert "This update was changed after you opened the page." in text
    assert "Ten examples were of another council." in text


def test_declining_says_why_and_withdrawing_is_the_proposers(record: ActionUpdate, reviewer: User) -> None:
    revision = UpdateRevisionFactory(update=record)
    where = reverse("action-revision", args=[revision.pk])
    assert (
        "Say why the revision is declined" in signed_in(reviewer).post(where, {"decide": "decline"}).content.decode()
    )
    assert signed_in(reviewer).post(where, {"decide": "withdraw"}).status_code == 403
    signed_in(reviewer).post(where, {"decide": "decline", "reason": "It was right."})
    revision.refresh_from_db()
    record.refresh_from_db()
    assert (revision.state, record.rag) == ("declined", "green")
    assert "It was right." in signed_in(reviewer).get(where).content.decode()


def test_only_an_accepted_update_is_revised() -> None:
    waiting = ActionUpdateFactory(submitted=True)
    assert signed_in(waiting.action_year.responsible).get(address(waiting)).status_code == 302


def test_a_reader_proposes_none(record: ActionUpdate) -> None:
    assert signed_in(holder(Role.BOARD)).post(address(record), typed(record)).status_code == 403
    with pytest.raises(NotPermitted):
        propose(record, new=Revised.of(record), kind="correction", reason="Why.", by=UserFactory())
