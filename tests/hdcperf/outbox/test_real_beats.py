"""Real beats, workers, Redis and mail: two beats at once tell each person once, and so does a Redis that was away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as ours
from django.db import connection
from django.utils import timezone

from hdcperf.celery import SCHEDULE
from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import Letter, post_many
from hdcperf.reminders.models import Digest, Reminder
from hdcperf.roles import Role
from kpis.operations.checking import raise_challenge
from tests.databases import address
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import UserFactory, holder
from tests.hdcperf.outbox.mail_server import MailServer, mail_server
from tests.processes import council_environment, free_port, kept, kill, queue_to, redis_server, started, until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TODAY, OCTOBER = date(2026, 11, 5), date(2026, 10, 1)
WORKER = ["celery", "--app", "hdcperf", "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip"]
BEAT = ["celery", "--app", "tests.hdcperf.outbox.hurried", "beat", "--loglevel", "INFO", "--schedule"]


@pytest.fixture
def box(settings: Any, set_today: Callable[[date], None]) -> Iterator[MailServer]:
    """The mail server of the real processes; this one sends nothing itself."""
    set_today(TODAY)
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.OUTBOX_BACKEND = ""
        yield box


@pytest.fixture
def broker(settings: Any) -> Iterator[int]:
    """The port of a Redis to be, which this process tells of what it posts."""
    port = free_port()
    settings.JOBS_RUN = "worker"
    before = current_app.conf.broker_url
    queue_to(f"redis://127.0.0.1:{port}/0")
    yield port
    queue_to(before)


def environment(port: int) -> dict[str, str]:
    return council_environment(
        address(str(connection.settings_dict["NAME"])),
        f"redis://127.0.0.1:{port}/0",
        DJANGO_SETTINGS_MODULE="tests.hdcperf.outbox.worker_settings",
        EMAIL_HOST=ours.EMAIL_HOST,
        EMAIL_PORT=str(ours.EMAIL_PORT),
        EMAIL_USE_TLS="false",
        EMAIL_HOST_USER="",
    )


def posted(name: str, number: int = 5) -> list[Message]:
    people = [UserFactory(email=f"{name}{n}@council.example", password="x") for n in range(number)]
    return post_many([Letter(person, "key", "notice", "Told", "Told. " * 2000) for person in people])


def sent_by(log: Path, name: str) -> int:
    """How often the beat of this log has sent a task of the schedule."""
    return log.read_text().count(f"Sending due task {name} ") if log.exists() else 0


def who_is_told_what() -> Counter[tuple[str, str]]:
    return Counter(Message.objects.values_list("recipient__name", "kind"))


def test_two_beats_at_once_tell_each_person_once(box: MailServer, broker: int, tmp_path: Path) -> None:
    holders: list[User] = [UserFactory(name=f"Holder {n}") for n in range(6)]
    team = holder(Role.PERFORMANCE_TEAM)
    for number, person in enumerate(holders):
        year = KpiYearFactory()
        KpiPersonFactory(kpi_year=year, user=person)
        record = MonthlyReturnFactory(kpi_year=year, month=OCTOBER, submitted=number >= 4)
        if number >= 4:
            raise_challenge(record, about="value", reason="looks_wrong", question="Is that right?", by=team)
    logs = [tmp_path / "beat-1.log", tmp_path / "beat-2.log"]
    with ExitStack() as stack:
        stack.enter_context(redis_server(broker, tmp_path))
        posted("waiting")
        for log in logs:
            command = [*BEAT, str(log.with_suffix(".schedule"))]
            stack.enter_context(started(command, environment(broker), log))
        for number in range(2):
            stack.enter_context(
                started([*WORKER, "-n", f"w{number}"], environment(broker), tmp_path / f"w{number}.log")
            )
        # Each beat has asked for everything again after everybody has been told.
        expected = 5 + 4 + 2
        until(lambda: len(box.arrived) >= expected, f"{expected} messages", tmp_path)
        before = {(log, name): sent_by(log, name) for log in logs for name in SCHEDULE}
        until(
            lambda: all(sent_by(*asked) >= times + 3 for asked, times in before.items()),
            "both beats to come round",
            tmp_path,
        )
        until(lambda: not Message.objects.exclude(state="sent").exists(), "all to be stamped")
    told = who_is_told_what()
    assert {key: told[key] for key in told if key[0].startswith("Holder")} == {
        **{(f"Holder {n}", "reminders"): 1 for n in range(4)},
        **{(f"Holder {n}", "notice"): 1 for n in (4, 5)},
    }
    assert set(box.counts) == {one.message_id for one in Message.objects.all()}
    assert set(box.counts.values()) == {1}
    assert Digest.objects.count() == 4
    assert Reminder.objects.count() == 4 + 2


def test_messages_that_wait_while_redis_is_away_or_restarted_are_sent_once(
    box: MailServer, broker: int, tmp_path: Path
) -> None:
    beat = [*BEAT, str(tmp_path / "beat.schedule")]
    box.plans["queued0@council.example"] = ["drop half way"]
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(broker, tmp_path))
        posted("queued")  # what tells the workers of them is in Redis alone, and lost with it
        kill(redis)
        assert not box.arrived
        redis = stack.enter_context(redis_server(broker, tmp_path))
        stack.enter_context(started(kept(WORKER), environment(broker), tmp_path / "worker.log"))
        stack.enter_context(started(kept(beat), environment(broker), tmp_path / "beat.log"))
        until(lambda: len(box.arrived) == 4, "those that were queued, but the one cut short", tmp_path)
        assert len(box.cut_short) == 1
        until(lambda: Message.objects.filter(state="waiting", attempts=1).exists(), "the one cut short to wait")

        kill(redis)  # under a worker and a beat that are at work
        posted("unheard")
        assert Message.objects.filter(state="waiting").count() == 6
        stack.enter_context(redis_server(broker, tmp_path))
        Message.objects.filter(state="waiting").update(next_try_at=timezone.now())  # a minute has passed
        until(lambda: len(box.arrived) >= 10, "those that Redis never heard of", tmp_path, seconds=120)
        until(lambda: not Message.objects.exclude(state="sent").exists(), "all to be stamped")
    assert set(box.counts) == {one.message_id for one in Message.objects.all()}
    assert set(box.counts.values()) == {1}
