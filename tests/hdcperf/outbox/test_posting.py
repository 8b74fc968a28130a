"""A message is written once, with what it tells of or not at all."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hdcperf.organisation.models import Service, User
from hdcperf.outbox.models import SUBJECT_LENGTH, Message
from hdcperf.outbox.operations import Letter, post, post_many
from tests.factories.organisation import ServiceFactory, UserFactory

WORDS: dict[str, Any] = {"kind": "notice", "subject": "One thing is due", "text": "KPI 5 is due.", "html": ""}


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory(email="one@council.example")
    return made


def letters(people: list[User]) -> list[Letter]:
    return [Letter(one, "digest 2026-11-05", **WORDS) for one in people]


def test_a_message_is_written_with_the_address_of_its_day(person: User) -> None:
    message = post(person, "digest 2026-11-05", **WORDS)
    assert message is not None
    kept = Message.objects.get()
    assert (kept.pk, kept.address, kept.state, kept.attempts) == (message.pk, "one@council.example", "waiting", 0)
    assert kept.message_id == f"<{kept.pk}.outbox@localhost>"


def test_the_same_person_is_told_once_under_a_key_and_another_person_still_is(person: User) -> None:
    other = UserFactory()
    assert post(person, "digest 2026-11-05", **WORDS) is not None
    assert post(person, "digest 2026-11-05", **{**WORDS, "subject": "Other words"}) is None
    written = post_many(letters([person, other, other]))
    assert [one.recipient for one in written] == [other]
    assert Message.objects.count() == 2


def test_the_callers_rows_and_the_message_stand_or_fall_together(person: User) -> None:
    def goes_wrong() -> None:
        with transaction.atomic():
            ServiceFactory(name="Never made")
            post(person, "hand-over", **WORDS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        goes_wrong()
    assert not Service.objects.filter(name="Never made").exists()
    assert not Message.objects.exists()
    with transaction.atomic():
        ServiceFactory(name="Made")
        assert post(person, "hand-over", **WORDS) is not None
        assert post(person, "hand-over", **WORDS) is None  # and the caller's transaction goes on
        ServiceFactory(name="Made too")
    assert Service.objects.filter(name__startswith="Made").count() == 2


def test_posting_many_costs_the_same_for_two_as_for_two_hundred(db: None) -> None:
    people = [UserFactory(password="x") for _ in range(200)]

    def cost(some: list[User]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(post_many(letters(some))) == len(some)
        return len(asked)

    assert cost(people[:2]) == cost(people[2:])


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_cannot_be_kept_is_refused(person: User, key: str) -> None:
    with pytest.raises(ValueError, match="1 to 200"):
        post(person, key, **WORDS)


def test_a_subject_is_one_line_and_nothing_unprintable_is_kept(person: User) -> None:
    words = {"subject": "KPI 5\r\nBcc: all@council.example\x00 is due", "text": "One\x00\ntwo", "html": "<p>\x07</p>"}
    message = post(person, "a", **{**WORDS, **words})
    long = post(person, "b", **{**WORDS, "subject": "x" * 400})
    assert message is not None
    assert long is not None
    assert message.subject == "KPI 5 Bcc: all@council.example is due"
    assert (message.text, message.html) == ("One\ntwo", "<p></p>")
    assert len(long.subject) == SUBJECT_LENGTH


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"next_try_at": None},
        {"state": "claimed", "next_try_at": None},
        {"claimed_at": timezone.now()},
        {"state": "sent", "next_try_at": None},
        {"state": "failed", "next_try_at": None},
        {"cleared_at": timezone.now()},
        {"subject": "One\nBcc: two"},
        {"kind": ""},
    ],
)
def test_the_database_refuses_a_message_in_no_state(person: User, change: dict[str, Any]) -> None:
    post(person, "a", **WORDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**change)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_that_tell_the_same_people_at_once_tell_each_once() -> None:
    people = [UserFactory(password="x") for _ in range(20)]
    start = threading.Barrier(2)
    counts: list[int] = []

    def tell(some: list[User]) -> None:
        try:
            with transaction.atomic():
                start.wait()
                counts.append(len(post_many(letters(some))))
        finally:
            connection.close()

    both = [threading.Thread(target=tell, args=[some]) for some in (people, people[::-1])]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(counts) == 20
    assert Message.objects.count() == 20
