"""What a KPI is compared with: series typed or read from a spreadsheet, each with its source (framework B.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dataquality.models import Comparator
from hdcperf.roles import Role
from kpis.models import KpiYear
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db
ONE = "/dataquality/2026-27/PI 1/comparators/"
TYPED = {
    "version": "0",
    "group": "nearest",
    "name": "Mean of the neighbours",
    "source": "An example club",
    "how_comparable": "Two count otherwise.",
    "values": "2023/24: 1,061.5\n2024/25: 58",
    "move": "save",
}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def kpi_year() -> KpiYear:
    made: KpiYear = KpiYearFactory(code="PI 1")
    return made


@pytest.fixture
def team() -> Client:
    return signed_in(holder(Role.PERFORMANCE_TEAM))


def said(client: Client, address: str, **changes: Any) -> str:
    return client.post(address, TYPED | changes).content.decode()


def values(series: Comparator) -> list[tuple[str, date, Decimal | None]]:
    return [(row.period, row.period_end, row.value) for row in series.values.all()]


def test_a_series_is_kept_with_each_period_and_its_last_day(kpi_year: KpiYear, team: Client) -> None:
    assert team.post(f"{ONE}new/", TYPED).status_code == 302
    series = Comparator.objects.get(kpi=kpi_year.kpi)
    assert values(series) == [
        ("2023/24", date(2024, 3, 31), Decimal("1061.5")),
        ("2024/25", date(2025, 3, 31), Decimal(58)),
    ]
    assert "Two count otherwise." in text_of(team, ONE)


def test_its_newest_figure_stands_on_the_kpis_page_with_how_comparable_it_is(kpi_year: KpiYear, team: Client) -> None:
    team.post(f"{ONE}new/", TYPED)
    page = text_of(team, "/kpis/2026-27/PI 1/")
    for words in ("Mean of the neighbours", "2024/25", "Two count otherwise."):
        assert words in page
    assert "1,061.5" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"group": ""}, "Select whose figure it is"),
        ({"how_comparable": ""}, "Say how comparable it is"),
        ({"values": ""}, "Enter at least one value"),
        ({"values": "2024/25 58"}, "Line 1 has no colon"),
        ({"values": "2024/25: 58\n\nlast year: 60"}, "Line 3: “last year” is not a period"),
        ({"values": "2024/26: 58"}, "is not a financial year"),
        ({"values": "2024/25: many"}, "Line 1: “many” is not a number"),
        ({"values": "2024/25: 58\n2024/25: 59"}, "2024/25 stands there twice"),
    ],
)
def test_a_bad_series_is_refused_in_a_sentence_and_writes_nothing(
    kpi_year: KpiYear, team: Client, changes: dict[str, str], sentence: str
) -> None:
    page = said(team, f"{ONE}new/", **changes)
    assert sentence in page
    assert "An example club" in page
    assert not Comparator.objects.exists()


def test_a_group_has_one_series_of_a_name(kpi_year: KpiYear, team: Client) -> None:
    team.post(f"{ONE}new/", TYPED)
    assert "This KPI has a series of this group and name" in said(team, f"{ONE}new/")
    assert Comparator.objects.count() == 1


def test_changing_a_series_keeps_just_the_values_typed(kpi_year: KpiYear, team: Client) -> None:
    team.post(f"{ONE}new/", TYPED)
    series = Comparator.objects.get()
    version = team.get(f"{ONE}{series.pk}/").context["form"].initial["version"]
    team.post(f"{ONE}{series.pk}/", TYPED | {"version": version, "values": "2024/25: 57\n2025/26: 55"})
    assert [(period, value) for period, _, value in values(series)] == [
        ("2024/25", Decimal(57)),
        ("2025/26", Decimal(55)),
    ]


def test_a_series_changed_by_a_colleague_is_not_written_over(kpi_year: KpiYear, team: Client) -> None:
    team.post(f"{ONE}new/", TYPED)
    series = Comparator.objects.get()
    version = team.get(f"{ONE}{series.pk}/").context["form"].initial["version"]
    team.post(f"{ONE}{series.pk}/", TYPED | {"version": version, "values": "2024/25: 57"})
    page = said(team, f"{ONE}{series.pk}/", version=version, values="2024/25: 99")
    assert "Somebody changed this series after you opened the page" in page
    assert "2024/25: 99" in page
    assert values(series)[0][2] == Decimal(57)


def test_a_series_of_another_kpi_is_not_there(kpi_year: KpiYear, team: Client) -> None:
    other = KpiYearFactory(code="PI 2")
    team.post("/dataquality/2026-27/PI 2/comparators/new/", TYPED)
    series = Comparator.objects.get(kpi=other.kpi)
    assert team.get(f"{ONE}{series.pk}/").status_code == 404
    assert team.post(f"{ONE}{series.pk}/remove/").status_code == 404


def test_removing_a_series_keeps_its_history(kpi_year: KpiYear, team: Client) -> None:
    team.post(f"{ONE}new/", TYPED)
    series = Comparator.objects.get()
    team.post(f"{ONE}{series.pk}/remove/")
    assert not Comparator.objects.exists()
    assert Comparator.history.filter(id=series.pk, history_type="-").count() == 1


def read(client: Client, content: str, name: str = "values.csv") -> str:
    sent = SimpleUploadedFile(name, content.encode())
    return client.post(f"{ONE}new/", {"move": "read", "file": sent}).content.decode()


def test_a_spreadsheet_fills_the_values_and_saves_nothing(kpi_year: KpiYear, team: Client) -> None:
    page = read(team, "Time period,Value\n2023/24,61.5\n2024/25,\n2025/26,58\n")
    assert "2 values read from values.csv. Nothing is saved yet." in page
    assert "2023/24: 61.5\n2025/26: 58</textarea>" in page
    assert not Comparator.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Area,Value\nHere,61\n", "The file has no column headed Period."),
        ("Period,Value\n2024/25,lots\n", "Row 2: “lots” is not a number"),
        ("Period,Value\nsoon,61\n", "Row 2: “soon” is not a period"),
        ("Period,Value\n,61\n", "Row 2 has a figure and no period."),
        ("Period,Value\n2024/25,\n", "The file has headings and no figures."),
    ],
)
def test_a_spreadsheet_that_cannot_be_read_is_refused_in_a_sentence(
    kpi_year: KpiYear, team: Client, content: str, sentence: str
) -> None:
    assert sentence in read(team, content)
