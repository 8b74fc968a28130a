"""A year's set of many KPIs goes live as a job: all or nothing, once, with its outcome told to whoever started it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test import Client

from dataquality.models import SettingDecision, SettingRound
from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import start, sweep
from hdcperf.jobs.running import Working
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiYear, TargetSet
from tests.databases import address
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.factories.setting import SettingDecisionFactory, SettingRoundFactory, proposal_in
from tests.processes import council_environment, free_port, kill, queue_to, redis_server, started, until

TODAY = date(2026, 11, 5)
SET = "/kpi-setting/2027-28/"
MANY = 9


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def approved_set(number: int = MANY) -> SettingRound:
    """A set that cabinet has approved, of so many KPIs that go on, each with its target."""
    window: SettingRound = SettingRoundFactory()
    for place in range(number):
        proposal_in("signed", window, KpiYearFactory(code=f"PI {place}", latest=True))
    window.state = SettingRound.State.APPROVED
    window.save()
    SettingDecisionFactory(setting_round=window, body=SettingDecision.Body.CABINET, takes_effect_on=TODAY)
    return window


def live() -> tuple[int, int]:
    """KPIs of the year that are live, and targets of theirs."""
    return (
        KpiYear.objects.filter(year=2027, is_live=True).count(),
        TargetSet.objects.filter(kpi_year__year=2027).count(),
    )


@pytest.fixture
def team(client: Client, db: None) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


def asked(client: Client, window: SettingRound) -> Job:
    """The button is pressed; the job has its page, and nothing is done yet."""
    answer = client.post(SET, {"move": "go_live", "version": window.version})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert live() == (0, 0)
    return job


def page(client: Client, job: Job) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/jobs/{job.pk}/").content.decode()).split())


def test_many_go_live_by_one_job_whose_page_says_how_far_it_is_and_what_came_of_it(
    client: Client, team: User
) -> None:
    window = approved_set()
    proposal_in("signed", window, KpiYearFactory(code="PI 99", latest=True), verdict="drop")
    job = asked(client, window)
    assert client.post(SET, {"move": "go_live", "version": window.version})["Location"] == f"/jobs/{job.pk}/"
    assert Job.objects.count() == 1  # a double click finds the one under way
    assert "Make the set the KPIs of 2027/28" in page(client, job)
    assert running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.of, job.href) == (Job.State.DONE, MANY + 1, MANY + 1, SET)
    assert f"{MANY} KPIs went live, with their targets, as the KPIs of 2027/28; 1 KPI ended." in page(client, job)
    assert live() == (MANY, MANY)
    # Its process died after the last write: done again from the start, it changes nothing.
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, ended_at=None, beat_at=None, outcome="")
    rows = KpiYear.history.count()
    assert running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, live(), KpiYear.history.count()) == (Job.State.DONE, (MANY, MANY), rows)


def test_few_go_live_while_somebody_waits(client: Client, team: User) -> None:
    window = approved_set(2)
    assert client.post(SET, {"move": "go_live", "version": window.version})["Location"] == SET
    assert not Job.objects.exists()
    assert live() == (2, 2)


def test_a_set_that_changed_meanwhile_is_left_and_the_job_says_so(client: Client, team: User) -> None:
    window = approved_set()
    job = asked(client, window)
    window.version += 1
    window.save()
    running.run(job.pk)
    assert "The set was changed after you opened its page, so nothing was done." in page(client, job)
    assert live() == (0, 0)


def test_a_job_cancelled_half_way_writes_nothing(client: Client, team: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = asked(client, approved_set())
    tell = Working.progress

    def progress(working: Working, done: int, of: int) -> None:
        tell(working, done, of)
        if done == MANY - 1:  # its claim is taken from it as it comes to its last KPI
            assert live()[0] == MANY - 1
            Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, token=None, beat_at=None)

    monkeypatch.setattr(Working, "progress", progress)
    assert not running.run(job.pk)
    assert live() == (0, 0)
    assert SettingRound.objects.get().state == SettingRound.State.APPROVED


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_nothing_behind_and_another_brings_the_set_live(
    settings: Any, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "worker.log"
    settings.JOBS_RUN, settings.JOBS_STALE_SECONDS = "worker", 1.5
    command = ["celery", "--app", "hdcperf", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
    environment = council_environment(
        address(str(connection.settings_dict["NAME"])),
        f"redis://127.0.0.1:{port}/0",
        DJANGO_SETTINGS_MODULE="tests.dataquality.worker_settings",
    )
    team, window = holder(Role.PERFORMANCE_TEAM), approved_set(60)
    before = current_app.conf.broker_url
    try:
        queue_to(f"redis://127.0.0.1:{port}/0")
        with ExitStack() as stack:
            stack.enter_context(redis_server(port, tmp_path))
            first = stack.enter_context(started(command, environment, log))
            job = start("go_live", team, "Make it live", {"pk": window.pk, "version": window.version}, key="1")

            def fresh() -> Job:
                job.refresh_from_db()
                return job

            until(lambda: fresh().done > 5, "the worker to be at work", log)
            kill(first)
            assert (fresh().state, live()) == (Job.State.RUNNING, (0, 0))
            stack.enter_context(started(command, environment, log))
            until(sweep, "the job to be taken for lost")
            until(lambda: fresh().state == Job.State.DONE, "the second worker to end it", log)
    finally:
        queue_to(before)
    assert (job.attempts, live()) == (2, (60, 60))
    assert SettingRound.objects.get().state == SettingRound.State.LIVE
