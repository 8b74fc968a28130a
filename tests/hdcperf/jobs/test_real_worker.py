"""A real worker on a real Redis: killed half way, its job is taken up again and ends once. Redis may go."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import start, sweep
from hdcperf.organisation.models import Directorate
from tests.databases import address
from tests.factories.organisation import UserFactory
from tests.hdcperf.jobs.kinds import KINDS
from tests.processes import WORKER, council_environment, free_port, kept, kill, queue_to, redis_server, started, until


@pytest.fixture
def broker(settings: Any) -> Iterator[int]:
    """The port of a Redis to be, which this process queues to."""
    port = free_port()
    settings.JOBS_RUN, settings.JOB_KINDS, settings.JOBS_STALE_SECONDS = "worker", KINDS, 1.5
    before = current_app.conf.broker_url
    queue_to(f"redis://127.0.0.1:{port}/0")
    yield port
    queue_to(before)


def environment(port: int) -> dict[str, str]:
    return council_environment(
        address(str(connection.settings_dict["NAME"])),
        f"redis://127.0.0.1:{port}/0",
        DJANGO_SETTINGS_MODULE="tests.hdcperf.jobs.worker_settings",
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_job_is_taken_up_again_and_ends_once_and_redis_may_go(broker: int, tmp_path: Path) -> None:
    log, begun = tmp_path / "worker.log", tmp_path / "begun"
    by = UserFactory(name="Sam Starter")

    def build(name: str, pause: float) -> Job:
        return start("build", by, f"Build {name}", {"name": name, "pause": pause, "log": str(begun)})

    def state_of(job: Job) -> str:
        job.refresh_from_db()
        return job.state

    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(broker, tmp_path))
        first = stack.enter_context(started(WORKER, environment(broker), log))
        job = build("Place", 30)
        until(lambda: state_of(job) == Job.State.RUNNING and job.done > 0, "the worker to tell", log)
        kill(first)
        assert state_of(job) == Job.State.RUNNING  # nobody has noticed yet
        assert not Directorate.objects.exists()
        Job.objects.filter(pk=job.pk).update(arguments={**job.arguments, "pause": 0.2})  # in less of a hurry to die
        stack.enter_context(started(kept(WORKER), environment(broker), log))
        time.sleep(1.6)
        assert _at_once(sweep, 2) == 1
        until(lambda: state_of(job) == Job.State.DONE, "the second worker to end it", log)
        assert (job.outcome, job.attempts, begun.read_text()) == ("Place is made.", 2, "begun\nbegun\n")
        assert list(Directorate.objects.values_list("name", flat=True)) == ["Place"]
        assert not running.run(job.pk)  # delivered once more by the broker

        kill(redis)
        asked = time.monotonic()
        waits = build("People", 0.2)
        assert time.monotonic() - asked < 10  # whoever asks is not kept waiting
        assert state_of(waits) == Job.State.WAITING
        stack.enter_context(redis_server(broker, tmp_path))
        assert sweep(timezone.now() + timedelta(minutes=2)) == 1
        until(lambda: state_of(waits) == Job.State.DONE, "the job that Redis never heard of", log)
        assert waits.attempts == 1


def _at_once(act: Any, times: int) -> int:
    gate, found = threading.Barrier(times), []

    def go() -> None:
        gate.wait()
        found.append(int(act()))
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sum(found)
