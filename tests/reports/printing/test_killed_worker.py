"""A real worker on a real Redis, killed while it builds a pack: another goes on, and one file of each results."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection

from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import sweep
from reports.jobs import start_building
from reports.models import PackFile
from reports.packs.frozen import read_pack
from reports.printing.pdf import render_annex, render_pdf
from tests.databases import address
from tests.factories.made_packs import freeze_as, pack_in
from tests.factories.organisation import UserFactory
from tests.factories.packs import sample_annex
from tests.processes import WORKER, council_environment, free_port, kill, queue_to, redis_server, started, until


@pytest.fixture
def broker(settings: Any) -> Iterator[int]:
    """The port of a Redis to be, which this process queues to."""
    port, before = free_port(), current_app.conf.broker_url
    settings.JOBS_RUN, settings.JOBS_STALE_SECONDS = "worker", 1.5
    queue_to(f"redis://127.0.0.1:{port}/0")
    yield port
    queue_to(before)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_two_files_leaves_one_of_each_in_the_end(broker: int, tmp_path: Path) -> None:
    by, log = UserFactory(name="Sam Starter"), tmp_path / "worker.log"
    pack = pack_in("frozen", by=by)
    freeze_as(pack, sample_annex(), by=by)
    frozen = pack.frozen.get(kind="pack")
    environment = council_environment(
        address(str(connection.settings_dict["NAME"])),
        f"redis://127.0.0.1:{broker}/0",
        DJANGO_SETTINGS_MODULE="tests.reports.printing.worker_settings",
    )

    def made() -> set[str]:
        return set(PackFile.objects.filter(frozen=frozen).values_list("format", flat=True))

    with ExitStack() as stack:
        stack.enter_context(redis_server(broker, tmp_path))
        first = stack.enter_context(started(WORKER, environment, log))
        job = start_building(frozen, by=by)
        assert job is not None
        until(lambda: made() >= {"csv", "xlsx"}, "the two quick files", log)
        kill(first)  # while it lays the PDF out
        assert made() == {"csv", "xlsx"}
        kept = {one.format: (one.pk, one.sha256) for one in PackFile.objects.all()}
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.RUNNING, 1)  # nobody has noticed yet

        stack.enter_context(started(WORKER, environment, log))
        time.sleep(1.6)
        assert sweep() == 1

        def ended() -> bool:
            job.refresh_from_db()
            return job.state == Job.State.DONE

        until(ended, "the second worker to end it", log)
        assert (job.attempts, job.done, job.of) == (2, 4, 4)
        assert job.outcome.endswith("(2 made now).")
        assert not running.run(job.pk)  # delivered once more by the broker
        assert start_building(frozen, by=by) is None

    files = list(PackFile.objects.order_by("frozen__kind", "format"))
    kinds = [(one.frozen.kind, one.format) for one in files]
    assert kinds == [("annex", "pdf"), ("pack", "csv"), ("pack", "pdf"), ("pack", "xlsx")]
    assert {one.format: (one.pk, one.sha256) for one in files if one.format != "pdf"} == kept
    assert all(sha256(one.content).hexdigest() == one.sha256 for one in files)
    pdfs = [bytes(one.content) for one in files if one.format == "pdf"]
    assert pdfs == [render_annex(sample_annex()), render_pdf(read_pack(frozen.text))]
