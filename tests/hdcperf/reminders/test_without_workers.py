"""Without workers people are told at once all the same: once the form that made something happen is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.reminders.kinds import Notice
from hdcperf.roles import Role
from tests.factories.organisation import CouncilFactory, UserFactory, holder
from tests.hdcperf.reminders.world import HAPPENED, declared

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 5)
PATIENCE = 20


@pytest.fixture
def told(set_today: Callable[[date], None], settings: Any) -> Iterator[User]:
    """Somebody of whom something happened; there is no worker."""
    set_today(TODAY)
    CouncilFactory()
    person: User = UserFactory(name="Ann Example")
    with declared():
        HAPPENED.append(Notice("example", TODAY, "A challenge waits", "/", frozenset({person.pk})))
        settings.JOBS_RUN = "thread"
        yield person


def send_a_form(days: list[str]) -> int:
    client = Client()
    client.force_login(holder(Role.SERVICE_MANAGER))
    return client.post("/reminders/", {"days": days}).status_code


def messages_within(seconds: float) -> int:
    """How many messages there are, once there is one or the time is up: they are written by a thread."""
    until = time.monotonic() + seconds
    while not Message.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return Message.objects.count()


def test_a_form_that_is_taken_has_people_told_once(told: User) -> None:
    assert [send_a_form(["monday"]), send_a_form(["friday"])] == [302, 302]
    assert messages_within(PATIENCE) == 1
    assert Message.objects.get().recipient == told


def test_nobody_is_told_after_a_form_that_is_refused_or_where_workers_are(told: User, settings: Any) -> None:
    assert send_a_form(["sunday"]) == 200
    settings.JOBS_RUN = "worker"
    assert send_a_form(["monday"]) == 302
    assert messages_within(1) == 0
