"""Real workers, killed with SIGKILL at each point of sending one message, and what arrived in the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from celery import Celery
from django.conf import settings as ours
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone

from hdcperf.outbox.delivery import Delivered, deliver
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import Letter, post_many
from hdcperf.outbox.rules import STALE_AFTER
from hdcperf.outbox.soon import SEND_MESSAGES
from tests.databases import ROOT, address
from tests.factories.organisation import UserFactory
from tests.hdcperf.outbox.mail_server import MailServer, mail_server
from tests.processes import council_environment, free_port, kill, redis_server, started

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box(settings: Any) -> Iterator[MailServer]:
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        settings.OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield box


def posted(name: str, number: int = 2) -> list[Message]:
    """Written and not sent at once, so that whoever is to send them does."""
    people = [UserFactory(email=f"{name}{n}@council.example", password="x") for n in range(number)]
    with override_settings(OUTBOX_BACKEND=""):
        return post_many([Letter(person, "key", "digest", "Due", "Due") for person in people])


def environment(redis: str) -> dict[str, str]:
    """A council's own settings for the test's database and mail server."""
    return council_environment(
        address(str(connection.settings_dict["NAME"])),
        redis,
        EMAIL_HOST=ours.EMAIL_HOST,
        EMAIL_PORT=str(ours.EMAIL_PORT),
        EMAIL_USE_TLS="false",
        EMAIL_HOST_USER="",
    )


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of the test's own: it needs none of the run's."""
    port = free_port()
    with redis_server(port, tmp_path):
        yield f"redis://127.0.0.1:{port}/0"


@dataclass
class Worker:
    """A Celery worker with a queue of its own."""

    redis: str
    queue: str
    process: subprocess.Popen[bytes]

    def tell(self) -> None:
        with Celery(
            broker=self.redis, set_as_current=False
        ) as app:  # else this process would queue with it ever after
            app.send_task(SEND_MESSAGES, queue=self.queue)

    def kill(self) -> None:
        kill(self.process)


@contextmanager
def workers(number: int, redis: str, log: Path) -> Iterator[list[Worker]]:
    """They start side by side; whatever is left of them is killed at the end."""
    with ExitStack() as stack:
        made = []
        for place in range(number):
            queue = f"queue-{place}"
            words = ["celery", "-A", "hdcperf", "worker", "-P", "solo", "-Q", queue, "-n", queue]
            command = [*words, "--without-mingle", "--without-gossip"]
            made.append(Worker(redis, queue, stack.enter_context(started(command, environment(redis), log))))
        yield made


def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_only_what_the_server_had_just_taken(
    box: MailServer, redis: str, tmp_path: Path
) -> None:
    with workers(3, redis, tmp_path / "worker.log") as (before, between, after):
        # Claimed, and not yet handed over.
        claimed = posted("claimed")
        box.plans["claimed0@council.example"] = ["stall"]
        before.tell()
        assert box.reached.wait(60)
        before.kill()
        assert Message.objects.filter(state="claimed").count() == 2
        assert not box.arrived

        # Taken by the server, and not yet stamped: the one window.
        taken = posted("taken")
        box.plans["taken0@council.example"] = ["take and stall"]
        box.reached.clear()
        between.tell()
        assert box.reached.wait(60)
        between.kill()

        # Stamped, and the next not yet handed over.
        stamped = posted("stamped")
        box.plans["stamped1@council.example"] = ["stall"]
        box.reached.clear()
        after.tell()
        assert box.reached.wait(60)
        after.kill()
        assert Message.objects.get(pk=stamped[0].pk).state == "sent"

    assert deliver() == Delivered()  # nobody is taken for dead too soon
    later = timezone.now() + timedelta(minutes=STALE_AFTER, seconds=1)
    assert deliver(lambda: later) == Delivered(sent=5)
    everything = [*claimed, *taken, *stamped]
    twice = taken[0].message_id
    assert box.counts == Counter({one.message_id: 1 for one in everything} | {twice: 2})
    assert not Message.objects.exclude(state="sent").exists()
    told = Message.objects.filter(tries__outcome="unknown")
    assert set(told) == {*claimed, *taken, stamped[1]}


def test_two_that_send_at_once_send_each_message_once(box: MailServer) -> None:
    messages = posted("many", 120)
    start = Barrier(2)

    def send() -> int:
        try:
            start.wait(10)
            return deliver().sent
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        counts = [one.result() for one in [pool.submit(send), pool.submit(send)]]
    assert sum(counts) == 120
    assert all(counts)
    assert box.counts == Counter({one.message_id: 1 for one in messages})


def test_without_its_broker_a_message_waits_for_the_command(box: MailServer) -> None:
    person = UserFactory(email="one@council.example")
    words = f"import django; django.setup(); from hdcperf.outbox.operations import post; from {person.__module__}"
    words += f" import User; post(User.objects.get(pk={person.pk}), 'a', kind='digest', subject='Due', text='Due')"
    for command in (["-c", words], ["manage.py", "send_messages"]):
        assert not box.arrived
        told = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**environment("redis://127.0.0.1:1/0"), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert told.returncode == 0, told.stderr
    assert "1 message sent" in told.stdout
    assert len(box.arrived) == 1
