"""A job is claimed by one process, gives signs of life, ends once, and is taken up again when its process dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from hdcperf.jobs import operations, running
from hdcperf.jobs.models import Job, Run
from hdcperf.jobs.operations import cancel, start, sweep, take_up_again
from hdcperf.jobs.recording import recorded
from hdcperf.jobs.tasks import SWEEP, take_up_lost
from tests.factories.organisation import UserFactory
from tests.hdcperf.jobs import work
from tests.hdcperf.jobs.kinds import KINDS

LONG_AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> None:
    settings.JOB_KINDS = KINDS


def started(kind: str = "count", key: str = "", **arguments: Any) -> Job:
    return start(kind, UserFactory(name="Sam Starter"), f"Do {kind}", arguments, key=key)


def as_it_died(job: Job, attempts: int = 1) -> None:
    """The job as it stands an hour after its process died."""
    long_ago = timezone.now() - LONG_AGO
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING,
        token=work.TOKEN,
        beat_at=long_ago,
        started_at=long_ago,
        attempts=attempts,
    )


@pytest.mark.django_db
def test_a_job_runs_after_the_commit_and_says_what_came_of_it(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = started(parts=3)
        assert job.state == Job.State.WAITING
    job.refresh_from_db()
    assert (job.state, job.outcome, job.href) == (Job.State.DONE, "3 parts counted.", "/about/privacy/")
    assert (job.done, job.of, job.attempts, job.by_name) == (3, 3, 1, "Sam Starter")
    assert job.started_at
    assert job.ended_at
    assert not running.run(job.pk)  # delivered a second time


@pytest.mark.django_db
def test_a_refusal_is_told_in_its_words_and_a_failure_without_its_detail() -> None:
    refused, broken = started("refuse"), started("break_down")
    for job in (refused, broken):
        running.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED
    assert (refused.error, refused.detail, refused.done) == ("The file has no rows. Send another.", "", 1)
    assert broken.error == running.UNEXPECTED
    assert "hunter2" in broken.detail


@pytest.mark.django_db
def test_a_second_click_gives_the_job_under_way_until_it_ends() -> None:
    first = started(key="7", parts=1)
    assert started(key="7", parts=1) == first
    assert started(key="8", parts=1) != first
    assert started("refuse", key="7") != first
    running.run(first.pk)
    again = started(key="7", parts=1)
    assert again != first
    cancel(again, by=UserFactory())
    assert take_up_again(again)
    with pytest.raises(KeyError):
        started("unknown")


@pytest.mark.django_db
def test_a_job_whose_process_died_is_taken_up_three_times_and_then_fails(
    django_capture_on_commit_callbacks: Any,
) -> None:
    job = started(parts=2)
    as_it_died(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == 1
        assert sweep() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    other = started(parts=2)
    as_it_died(other, attempts=running.MOST_ATTEMPTS)
    assert sweep() == 1
    other.refresh_from_db()
    assert other.state == Job.State.FAILED
    assert "died 3 times" in other.error
    assert take_up_again(other)
    assert not take_up_again(other)
    assert running.run(other.pk)


@pytest.mark.django_db
def test_a_job_that_lives_is_left_and_one_the_broker_forgot_is_queued_again() -> None:
    alive, forgotten, fresh = started(parts=1), started(parts=1), started(parts=1)
    as_it_died(alive)
    Job.objects.filter(pk=alive.pk).update(beat_at=timezone.now())
    Job.objects.filter(pk=forgotten.pk).update(queued_at=timezone.now() - LONG_AGO)
    assert (sweep(), sweep()) == (1, 0)
    forgotten.refresh_from_db()
    assert forgotten.queued_at > fresh.queued_at


@pytest.mark.django_db
def test_whoever_lost_the_claim_stops_and_writes_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled_meanwhile(job: running.Working) -> running.Result:
        cancel(Job.objects.get(), by=UserFactory(name="Addy"))
        with transaction.atomic(), pytest.raises(running.ClaimLost):
            job.hold()
        job.progress(1, 2)
        raise AssertionError("It went on without a claim.")

    monkeypatch.setattr(work, "refuse", cancelled_meanwhile)
    job = started("refuse")
    assert not running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome) == (Job.State.CANCELLED, "Cancelled by Addy.")
    assert not cancel(job, by=UserFactory())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "sleeping"},
        {"error": "x"},
        {"done": 2, "of": 1},
        {"state": "failed", "ended_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(wrong: dict[str, Any]) -> None:
    job = started(parts=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_processes_and_two_sweeps_at_once_one_takes_the_job(settings: Any) -> None:
    settings.JOBS_RUN = "thread"
    queued: list[int] = []
    job = Job.objects.create(kind="count", label="Count", arguments={"parts": 1})
    gate = threading.Barrier(4)
    took: list[int] = []

    def at_once(act: Any) -> None:
        def go() -> None:
            gate.wait()
            took.append(int(act()))
            connection.close()

        threads = [threading.Thread(target=go) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    at_once(lambda: running.run(job.pk))
    assert sum(took) == 1
    took.clear()
    as_it_died(Job.objects.create(kind="count", label="Count", arguments={"parts": 1}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "queue", queued.append)
        at_once(sweep)
    assert (sum(took), len(queued)) == (1, 1)


@pytest.mark.django_db
def test_each_run_of_the_schedule_is_recorded_with_what_failed() -> None:
    @recorded("Count things")
    def fine() -> int:
        return 7

    @recorded("Break things")
    def broken() -> int:
        raise ValueError("no such month")

    assert fine() == 7
    with pytest.raises(ValueError, match="no such month"):
        broken()
    kept = {run.name: run for run in Run.objects.all()}
    assert (kept["Count things"].count, kept["Count things"].error) == (7, "")
    assert kept["Break things"].error == "ValueError: no such month"
    assert "Traceback" in kept["Break things"].detail
    assert all(run.ended_at for run in kept.values())
    for _ in range(3):
        take_up_lost()
    assert Run.objects.filter(name=SWEEP).count() == 1  # a task that runs often keeps its last idle run


def test_the_schedule_sleeps_while_the_clocks_change_and_names_tasks_that_are_there() -> None:
    current_app.loader.import_default_modules()
    for words, entry in current_app.conf.beat_schedule.items():
        assert 1 not in entry["schedule"].hour, words
        assert entry["task"] in current_app.tasks, words
        assert current_app.tasks[entry["task"]].run.words == words


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    yield
    assert not [one for one in threading.enumerate() if one.name.startswith("beat of job")]
