"""Failed messages are sent again to the address of today; words are deleted in time, and nobody is told again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hdcperf.history import HistoryRefused, save_as
from hdcperf.organisation.models import User
from hdcperf.outbox.models import Attempt, Message, Resend
from hdcperf.outbox.operations import clear_old, forget_old, post, send_again
from tests.factories.organisation import UserFactory

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {"kind": "digest", "subject": "KPI 5 is due", "text": "KPI 5 is due.", "html": "<p>KPI 5</p>"}


def ended(person: User, key: str, state: str, **changes: Any) -> Message:
    message = post(person, key, **WORDS)
    assert message is not None
    stamped = {"sent_at": timezone.now()} if state == "sent" else {"error": f"550 {person.email}"}
    Message.objects.filter(pk=message.pk).update(state=state, next_try_at=None, attempts=3, **stamped, **changes)
    Attempt.objects.create(message=message, number=3, at=timezone.now(), outcome="refused", error="550")
    return message


def test_a_failed_message_is_sent_again_once_to_the_address_of_today_and_who_asked_is_kept() -> None:
    person, admin = UserFactory(email="wrong@council.example"), UserFactory(name="Ada Example")
    failed, sent = ended(person, "a", "failed"), ended(person, "b", "sent")
    person.email = "right@council.example"
    save_as(person, by=admin, reason="The address was wrong")
    assert send_again(Message.objects.all(), by=admin) == 1
    assert send_again(Message.objects.filter(pk=failed.pk), by=admin) == 0
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error, failed.address) == (
        "waiting",
        0,
        "",
        "right@council.example",
    )
    assert Message.objects.get(pk=sent.pk).address == "wrong@council.example"
    (asked,) = failed.resends.all()
    assert asked.by_name == "Ada Example"
    with pytest.raises(HistoryRefused):
        asked.save()
    assert failed.tries.count() == 1  # what was said before stays


def test_words_are_deleted_after_their_days_and_the_facts_stay(settings: Any) -> None:
    person = UserFactory()
    old = timezone.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS, minutes=1)
    young = old + timedelta(minutes=2)
    gone = [ended(person, state, state, created_at=old) for state in ("sent", "failed")]
    kept = ended(person, "young", "sent", created_at=young)
    waits = post(person, "waits", **WORDS)
    assert waits is not None
    Message.objects.filter(pk=waits.pk).update(created_at=old)
    assert (clear_old(), clear_old()) == (2, 0)
    for message in gone:
        message.refresh_from_db()
        assert {message.subject, message.text, message.html, message.address, message.error} == {""}
        assert (message.recipient, message.attempts, message.state) == (person, 3, message.key)
        assert not message.tries.exists()
        assert post(person, message.key, **WORDS) is None
    assert send_again(Message.objects.all(), by=person) == 0
    for one in (kept, waits):
        one.refresh_from_db()
        assert one.text == WORDS["text"]


def test_that_somebody_was_told_is_forgotten_years_later_and_never_before_its_words(settings: Any) -> None:
    person = UserFactory()
    old = timezone.now() - timedelta(days=settings.TOLD_KEEP_DAYS + 7, minutes=1)
    gone = [ended(person, state, state, created_at=old) for state in ("sent", "failed")]
    kept = ended(person, "young", "sent", created_at=old + timedelta(minutes=2))
    waits = post(person, "waits", **WORDS)
    assert waits is not None
    Message.objects.filter(pk=waits.pk).update(created_at=old)
    asked = Resend.objects.create(message=gone[1], by=person, by_name=person.name, at=old)
    assert forget_old() == 0  # their words are there
    clear_old()
    assert (forget_old(), forget_old()) == (2, 0)
    assert set(Message.objects.all()) == {kept, waits}
    assert not Resend.objects.filter(pk=asked.pk).exists()
    settings.OUTBOX_KEEP_DAYS = settings.TOLD_KEEP_DAYS * 2  # a longer time for the words holds for the rest as well
    assert ended(person, "again", "sent", created_at=old) is not None
    assert (clear_old(), forget_old()) == (0, 0)
