"""Real workers, killed with SIGKILL at each point of sending one message, and what arrived in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
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

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
REDIS = os.environ.get("REDIS_URL", "")


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
    return {
        **{name: value for name, value in os.environ.items() if name != "DEMO_MODE"},
        "DJANGO_SETTINGS_MODULE": "hdcperf.settings",
        "DATABASE_URL": address(str(connection.settings_dict["NAME"])),
        "REDIS_URL": redis,
        "DEBUG": "true",
        "EMAIL_HOST": ours.EMAIL_HOST,
        "EMAIL_PORT": str(ours.EMAIL_PORT),
        "EMAIL_USE_TLS": "false",
    }


class Worker:
    """A Celery worker with a queue of its own."""

    def __init__(self) -> None:
        self.queue = uuid.uuid4().hex
        command = ["-m", "celery", "-A", "hdcperf", "worker", "-P", "solo", "-Q", self.queue, "--without-mingle"]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--without-gossip", "-n", self.queue],
            cwd=ROOT,
            env=environment(REDIS),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def tell(self) -> None:
        with Celery(broker=REDIS) as app:
            app.send_task(SEND_MESSAGES, queue=self.queue)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@contextmanager
def workers(number: int) -> Iterator[list[Worker]]:
    """They start side by side; whatever is left of them is killed at the end, and their queues go."""
    with ExitStack() as stack:
        made = []
        for _ in range(number):
            made.append(Worker())
            stack.callback(made[-1].kill)
        yield made
        with Celery(broker=REDIS) as app, app.connection_for_write() as line:
            for one in made:
                line.default_channel.client.delete(one.queue, f"_kombu.binding.{one.queue}")


@pytest.mark.skipif(not REDIS, reason="needs a broker")
def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_only_what_the_server_had_just_taken(
    box: MailServer,
) -> None:
    with workers(3) as (before, between, after):
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
            env=environment("redis://127.0.0.1:1/0"),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert told.returncode == 0, told.stderr
    assert "1 message sent" in told.stdout
    assert len(box.arrived) == 1
