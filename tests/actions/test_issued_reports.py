"""Reports of projects as members and everybody else see them: as a pack had them, not as revised since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actions.models import IssuedReport, IssuedUpdate, ProjectReport
from hdcperf.history import HistoryRefused
from hdcperf.roles import Role
from tests.factories.actions import Q1, Q2
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import ProjectFactory, ProjectReportFactory, ReportRevisionFactory
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
PUBLIC = IssuedUpdate.Audience.PUBLIC


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def issued(report: ProjectReport, day: date = date(2026, 9, 3), **facts: Any) -> IssuedReport:
    """The report as a pack printed it."""
    row: IssuedReport = IssuedReport.objects.create(
        **{
            "report": report,
            "audience": IssuedUpdate.Audience.PANEL,
            "pack": f"Example pack of {day}",
            "issued_on": day,
            "status": "amber",
            "board": "Riverside Board",
            "met_on": date(2026, 6, 24),
            "board_words": "The board had this.",
            "progress": "Words as the pack had them.",
            **facts,
        }
    )
    return row


@pytest.fixture
def report() -> ProjectReport:
    """Q1's report of PR 1, green as it stands now."""
    made: ProjectReport = ProjectReportFactory(
        project=ProjectFactory(code="PR 1", name="Riverside works"),
        span=Q1,
        accepted=True,
        progress="Words as revised since.",
        own_view="red",
        own_view_why="The officers doubt it.",
    )
    ProjectReportFactory(project=made.project, span=Q2, accepted=True, progress="Words of a quarter not issued.")
    return made


def test_members_read_a_report_as_it_was_issued(report: ProjectReport) -> None:
    issued(report)
    ReportRevisionFactory(report=report, state="accepted", reason="It was revised since.")
    panel = signed_in(holder(Role.SCRUTINY))
    page = text_of(panel, "/projects/PR 1/")
    assert "Words as the pack had them." in page
    assert "Its board called it amber at the end of Q1 2026/27." in page
    assert "As issued in Example pack of 2026-09-03." in page
    told_elsewhere = (
        "Words as revised since.",
        "It was revised since.",
        "not issued.",
        "doubt it",
        "Open the report",
    )
    assert [words for words in told_elsewhere if words in page] == []
    assert panel.get("/projects/2026-27-Q1/PR 1/").status_code == 404


def test_the_register_opens_at_the_quarter_that_was_issued(report: ProjectReport) -> None:
    issued(report)
    assert "Projects, Q1 2026/27" in register(Role.SCRUTINY)
    assert "1 Amber" in counted(Role.SCRUTINY)
    assert "Projects, Q2 2026/27" in register(Role.BOARD)
    assert "1 Green" in counted(Role.BOARD)


def register(role: Role) -> str:
    return signed_in(holder(role)).get("/projects/").content.decode()


def counted(role: Role) -> list[str]:
    answer = signed_in(holder(role)).get("/projects/")
    return [f"{one.number} {one.label.text}" for one in answer.context["counts"]]


def test_a_reader_without_a_post_sees_only_what_was_published(report: ProjectReport) -> None:
    issued(report)
    reader = signed_in(UserFactory())
    assert "Words as the pack had them." not in text_of(reader, "/projects/PR 1/")
    issued(report, audience=PUBLIC, progress="Words as published.")
    assert "Words as published." in text_of(reader, "/projects/PR 1/")


def test_a_later_pack_takes_the_place_of_an_earlier(report: ProjectReport) -> None:
    issued(report, date(2026, 10, 1), status="red", progress="Words of the later pack.")
    issued(report, date(2026, 9, 3))
    page = text_of(signed_in(holder(Role.SCRUTINY)), "/projects/PR 1/")
    assert "Words of the later pack." in page
    assert "Words as the pack had them." not in page


def test_whoever_reads_reports_is_told_them_as_they_are_and_not_as_issued(report: ProjectReport) -> None:
    issued(report)
    page = text_of(signed_in(holder(Role.BOARD)), "/projects/PR 1/")
    assert "Words as revised since." in page
    assert "Words as the pack had them." not in page


def test_a_pack_has_a_report_once_with_its_status_and_keeps_it_as_it_was(report: ProjectReport) -> None:
    row = issued(report)
    for wrong in ({}, {"pack": "Another pack", "status": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            issued(report, **wrong)
    with pytest.raises(HistoryRefused):
        row.save()


@pytest.mark.parametrize("address", ["/projects/", "/projects/PR 1/"])
def test_pages_of_what_was_issued_cost_the_same_however_much_was(report: ProjectReport, address: str) -> None:
    panel = signed_in(holder(Role.SCRUTINY))
    issued(report)
    queries(panel, address)
    few = queries(panel, address)
    for number in range(4):
        issued(ProjectReportFactory(span=Q1, accepted=True))
        issued(report, date(2026, 9, 4 + number))
    assert queries(panel, address) == few
