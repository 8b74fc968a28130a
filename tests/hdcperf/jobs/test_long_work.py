"""What is long becomes a job whoever started it can follow; done again from its start, it changes nothing more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

import actions.views.quarters
import kpis.views.importing
import kpis.views.periods
from actions.models import ActionUpdate
from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.importing import Mapping, suggested
from kpis.models import ImportDraft, ImportRun, KpiYear, MonthlyReturn
from kpis.operations.importing import keep_file, seen, table_of, use_mapping
from tests.factories.actions import ActionYearFactory
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import ServiceFactory, holder

pytestmark = pytest.mark.django_db
FILE = "Code,Name,Service,Unit,Direction,Month,Value,Target\nPI 77,Example,{},Number,Lower,Apr-25,12,15\n"


@pytest.fixture(autouse=True)
def _short_of_patience(monkeypatch: pytest.MonkeyPatch, set_today: Any) -> None:
    set_today(date(2026, 10, 2))
    for view in (kpis.views.periods, kpis.views.importing, actions.views.quarters):
        monkeypatch.setattr(view, "AT_ONCE", 0)


@pytest.fixture
def team(client: Client) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


def once_more(job: Job) -> Job:
    """Do the work again, as if the process had died between its last write and the end of the job."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, ended_at=None, beat_at=None, outcome="")
    assert running.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_month_and_a_quarter_of_many_are_opened_by_jobs(
    client: Client, team: User, django_capture_on_commit_callbacks: Any
) -> None:
    KpiYearFactory.create_batch(2)
    ActionYearFactory.create_batch(2)
    for path, outcome, rows in (
        ("/periods/2026-10/open/", "October 2026 is open: 2 returns created.", MonthlyReturn),
        ("/quarters/2026-27-Q2/open/", "Q2 2026/27 is open: 2 updates created.", ActionUpdate),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(path)
        job = Job.objects.get(by=team)
        assert answer.url == f"/jobs/{job.pk}/"  # type: ignore[attr-defined]
        assert (job.state, job.outcome, job.done) == (Job.State.DONE, outcome, 1)
        assert rows.objects.count() == 2
        assert "is open: 0" in once_more(job).outcome
        assert rows.objects.count() == 2
        assert client.post(path).url == job.href  # type: ignore[attr-defined]  # nothing is left: at once
        job.delete()
    stranger = Client()
    stranger.force_login(holder(Role.OFFICER))
    KpiYearFactory()
    assert stranger.post("/periods/2026-10/open/").status_code == 403
    assert not Job.objects.exists()


def test_a_long_file_is_imported_by_a_job_once(
    client: Client, team: User, django_capture_on_commit_callbacks: Any
) -> None:
    draft = keep_file(FILE.format(ServiceFactory().name).encode(), "register.csv", None, by=team)
    use_mapping(draft, Mapping(suggested(table_of(draft).headings).columns), "register", by=team)
    found = seen(draft)
    assert found is not None
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/import/{draft.pk}/apply/", {"fingerprint": found.fingerprint})
    job = Job.objects.get()
    assert (job.state, job.outcome) == (Job.State.DONE, "register.csv is imported: 1 new and 0 changed rows.")
    assert once_more(job).outcome == "register.csv is imported: 1 new and 0 changed rows."
    assert (ImportRun.objects.count(), KpiYear.objects.count(), ImportDraft.objects.count()) == (1, 1, 0)


def test_a_job_says_why_a_file_was_not_imported(client: Client, team: User) -> None:
    draft = keep_file(FILE.format(ServiceFactory().name).encode(), "register.csv", None, by=team)
    use_mapping(draft, Mapping(suggested(table_of(draft).headings).columns), "register", by=team)
    client.post(f"/import/{draft.pk}/apply/", {"fingerprint": "another"})
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "Something changed since this preview" in job.error
    assert not KpiYear.objects.exists()
