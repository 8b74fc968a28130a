"""Who started a job follows it; administrators see what ran, what failed and what is next, and take up and cancel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from hdcperf.jobs import health, running
from hdcperf.jobs.models import Job, Run
from hdcperf.jobs.operations import start
from hdcperf.jobs.presenters import took
from hdcperf.jobs.recording import recorded
from hdcperf.jobs.tasks import SWEEP
from hdcperf.organisation.models import User
from tests.factories.organisation import UserFactory
from tests.hdcperf.jobs import work
from tests.hdcperf.jobs.kinds import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> None:
    settings.JOB_KINDS = KINDS


def visitor(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    return " ".join(BeautifulSoup(client.get(path).content, "html.parser").main.stripped_strings)  # type: ignore[union-attr]


def administrator() -> User:
    return User.objects.create_superuser("admin@council.example", "Addy Example", "demo")


def test_whoever_started_a_job_follows_it_without_javascript_to_its_outcome() -> None:
    sam = UserFactory(name="Sam Starter")
    job = start("count", sam, "Count the bins", {"parts": 4})
    client, page = visitor(sam), f"/jobs/{job.pk}/"
    waiting = client.get(page).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "It waits for its turn" in waiting
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, token=work.TOKEN, beat_at=timezone.now(), started_at=timezone.now(), attempts=1
    )
    Job.objects.filter(pk=job.pk).update(done=3, of=4)
    assert "3 of 4 parts done" in text(client, page)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(hours=1))
    assert "has stopped answering" in text(client, page)
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, token=None, beat_at=None)
    running.run(job.pk)
    ended = client.get(page).content.decode()
    assert "http-equiv" not in ended
    assert "4 parts counted." in ended
    assert 'href="/about/privacy/"' in ended
    assert "4 parts counted." in text(client, "/jobs/")
    assert "Count the bins" not in text(visitor(UserFactory()), "/jobs/")


def test_only_administrators_read_where_a_job_failed_and_take_it_up_again() -> None:
    sam, admin = UserFactory(), administrator()
    job = start("break_down", sam, "Break down")
    running.run(job.pk)
    page = f"/jobs/{job.pk}/"
    assert running.UNEXPECTED in text(visitor(sam), page)
    assert "hunter2" not in visitor(sam).get(page).content.decode()
    client = visitor(admin)
    assert "ZeroDivisionError: secret=hunter2" in text(client, page)
    assert "It is taken up again." in client.post(f"{page}again/", follow=True).content.decode()
    assert "There is nothing to take up" in client.post(f"{page}again/", follow=True).content.decode()
    assert "It is cancelled." in client.post(f"{page}cancel/", follow=True).content.decode()
    assert "It had ended already." in client.post(f"{page}cancel/", follow=True).content.decode()
    assert "Cancelled by Addy Example." in text(client, "/jobs/?state=cancelled")
    assert "No job is in this state now" in text(client, "/jobs/?state=failed")


def test_administrators_see_what_ran_what_failed_and_what_is_next(settings: Any) -> None:
    @recorded(SWEEP)
    def broken() -> int:
        raise ValueError("no such month")

    with pytest.raises(ValueError, match="no such month"):
        broken()
    client = visitor(administrator())
    assert "ValueError: no such month" in text(client, "/jobs/")
    said = text(client, "/jobs/schedule/")
    assert "nothing runs the schedule" in said
    assert "Where it failed" in said
    settings.JOBS_RUN = "worker"
    assert "nothing runs the schedule" not in text(client, "/jobs/schedule/")
    assert client.get("/jobs/schedule/").context["rows"][0].next != "Never here"


def test_health_says_what_of_the_background_stands_still(client: Client, settings: Any) -> None:
    settings.JOBS_RUN = "worker"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    Job.objects.create(kind="count", label="Count", asked_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/health/")
    assert answer.status_code == 200  # the site serves; only the work behind it stands still
    assert answer.json() == {
        **{"status": "degraded", "database": "ok", "cache": "ok"},
        **{"queue": "failing", "schedule": "not seen", "oldest_job": "waits too long"},
    }


@pytest.mark.parametrize(
    ("seen", "now", "said"),
    [
        ((4, 0), (4, 4), "ok"),
        ((4, 0), (4, 6), "not seen"),
        ((0, 59), (1, 58), "ok"),  # nothing is scheduled in that hour
        ((0, 59), (2, 3), "ok"),
        ((0, 59), (2, 6), "not seen"),
    ],
)
def test_the_beat_is_missed_after_five_minutes_but_not_while_it_sleeps(
    settings: Any, seen: tuple[int, int], now: tuple[int, int], said: str
) -> None:
    settings.JOBS_RUN = "worker"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    day = (2026, 11, 5)
    Run.objects.create(name=SWEEP, started_at=datetime(*day, *seen, tzinfo=ZoneInfo("Europe/London")))
    assert health.background(datetime(*day, *now, tzinfo=ZoneInfo("Europe/London")))["schedule"] == said


def test_how_long_it_took_is_said_in_words() -> None:
    start_ = timezone.now()
    words = [took(start_, start_ + timedelta(seconds=seconds)) for seconds in (0.4, 1, 75, 3_700)]
    assert words == ["Under a second", "1 second", "1 minute", "1 hour 1 minute"]
    assert took(None, start_) == ""
