"""Everything held on one KPI can be exported whole, by those who answer for it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dataquality.queries import held
from hdcperf.roles import Role
from kpis.models import ImportDraft, ImportMapping, ImportRun, KpiYear
from kpis.queries.everything_held import HELD, LINKS, everything_held
from tests.factories.kpis import (
    ChallengeFactory,
    FindingFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db

MAY = {Role.PERFORMANCE_TEAM, Role.INTERNAL_AUDIT, Role.MONITORING_OFFICER}
NOT_OF_A_KPI = {ImportDraft, ImportMapping, ImportRun}
ADDRESS = "/kpis/2026-27/PI 10/export/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def kpi_year() -> KpiYear:
    """A KPI of two years, the code another's in the earlier one, with something in most tables."""
    found: KpiYear = KpiYearFactory(code="PI 10", name="Missed bins")
    KpiYearFactory(kpi=found.kpi, year=2025, code="PI 9", name="Bins missed")
    KpiYearFactory(year=2025, code="PI 10", name="Somebody else's measure")
    KpiPersonFactory(kpi_year=found, user=UserFactory(name="Kim Example"))
    TargetSetFactory(kpi_year=found)
    fill(found, date(2026, 9, 1))
    return found


def fill(kpi_year: KpiYear, month: date) -> None:
    record = MonthlyReturnFactory(
        kpi_year=kpi_year, month=month, accepted=True, internal_note="The crew told us <why> & when"
    )
    ChallengeFactory(monthly_return=record, question="=1+1 are you sure?")
    FindingFactory(monthly_return=record)
    LockExceptionFactory(monthly_return=record)
    RevisionFactory(monthly_return=record)


def download(client: Client) -> dict[str, str]:
    answer = client.get(f"{ADDRESS}?file=zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        return {name.partition("/")[2]: bundle.read(name).decode("utf-8") for name in bundle.namelist()}


def test_every_table_that_belongs_to_a_kpi_is_held() -> None:
    models = apps.get_app_config("kpis").get_models()
    ours = {model for model in models if not model.__name__.startswith("Historical")}
    assert {one.model for one in HELD} | LINKS | NOT_OF_A_KPI == ours
    models = apps.get_app_config("dataquality").get_models()
    of_quality = {model for model in models if not model.__name__.startswith("Historical")}
    assert {one.model for one in held.HELD} | held.NOT_OF_A_KPI == of_quality


@pytest.mark.parametrize("role", list(Role))
def test_is_for_those_who_answer_for_it(client: Client, kpi_year: KpiYear, role: Role) -> None:
    client.force_login(holder(role))
    expected = 200 if role in MAY else 403
    assert client.get(ADDRESS).status_code == expected
    assert client.get(f"{ADDRESS}?file=zip").status_code == expected


@pytest.mark.parametrize("address", ["/kpis/2026-27/PI 99/export/", "/kpis/2024-25/PI 10/export/"])
def test_a_kpi_that_is_not_there_is_not_found(client: Client, kpi_year: KpiYear, address: str) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))
    assert client.get(address).status_code == 404


def test_the_page_says_what_there_is_and_to_read_it_first(client: Client, kpi_year: KpiYear) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))
    page = client.get(ADDRESS).content.decode()
    assert "Read it before it is released" in page
    row = next(part for part in page.split("<tr>") if "Challenges and decisions" in part)
    assert '<td class="num">1</td>' in row


def test_the_document_stands_alone_and_can_be_read(client: Client, kpi_year: KpiYear) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))
    document = download(client)["everything-held.html"]
    assert "<script" not in document
    assert not re.search(r'(?:src|href)="(?!#)', document)
    for words in (
        "2025/26: PI 9 Bins missed",
        "The crew told us &lt;why&gt; &amp; when",
        "are you sure?",
        "Kim Example",
        "<h3>September 2026</h3>",
        "The supplier&#x27;s file came late.",
        "One example was missed.",
        "It was counted twice and is right.",
        "History of every change",
    ):
        assert words in document, words
    assert "Somebody else" not in document


def test_the_spreadsheets_hold_every_row_and_no_formula(client: Client, kpi_year: KpiYear) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))
    files = download(client)
    for sheet in everything_held(kpi_year.kpi):
        text = files[f"csv/{sheet.slug}.csv"].removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows[0] == list(sheet.heading)
        assert len(rows) == 1 + len(sheet.lines), sheet.slug
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    assert "'=1+1 are you sure?" in files["csv/challenge.csv"]


def test_no_column_of_a_return_is_left_out(kpi_year: KpiYear) -> None:
    sheet = next(one for one in everything_held(kpi_year.kpi) if one.slug == "monthlyreturn")
    assert {"Internal note", "Value", "RAG", "Why", "How the forecast was made"} <= set(sheet.heading)


def test_many_months_cost_no_more_queries_than_one(client: Client, kpi_year: KpiYear) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            download(client)
        return len(queries)

    few = cost()
    for month in range(4, 9):
        fill(kpi_year, date(2026, month, 1))
    assert cost() == few
