"""The feed has what is accepted and nothing else, opens to a key in force, and says what each column holds."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from hdcperf.roles import Role
from reports.models import FeedKey
from reports.operations.feed import make_key
from reports.rules.feed import FIELDS
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


def bearer(words: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {words}"}


def basic(words: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": "Basic " + b64encode(f"anybody:{words}".encode()).decode()}


def table(response: object) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def accepted(kpi_year: object, month: date, figure: str, **facts: object) -> None:
    MonthlyReturnFactory(
        kpi_year=kpi_year,
        month=month,
        state="accepted",
        value=Decimal(figure),
        month_figure=Decimal(figure),
        ytd_figure=Decimal(figure),
        target=Decimal(50),
        rag="green",
        **facts,
    )


def test_the_feed_has_what_is_accepted_in_its_own_digits_and_keeps_small_numbers_back(client: Client) -> None:
    words = make_key("Dashboards", by=UserFactory())[1]
    plain = KpiYearFactory(code="KPI 1", name="=Formula")
    accepted(plain, date(2026, 9, 1), "-12.345678")
    MonthlyReturnFactory(kpi_year=plain, month=date(2026, 10, 1), state="submitted", value=Decimal("777777"))
    small = KpiYearFactory(code="KPI 2", suppress_below=5)
    for month, figure in ((4, "3"), (5, "40"), (6, "9")):
        accepted(small, date(2026, month, 1), figure)

    rows = table(client.get("/feed/figures.csv", **bearer(words)))
    assert [row["code"] for row in rows] == ["KPI 1", "KPI 2", "KPI 2", "KPI 2"]
    assert list(rows[0]) == [field.name for field in FIELDS]
    assert (rows[0]["month"], rows[0]["month_figure"], rows[0]["target"]) == ("2026-09-01", "-12.345678", "50")
    assert (rows[0]["name"], rows[0]["rag"], rows[0]["revised"]) == ("'=Formula", "green", "no")
    # The sum of the year would tell the one number that is small, so the next smallest is kept back with it.
    assert [row["month_figure"] for row in rows[1:]] == ["", "40", ""]
    assert [row["kept_back"] for row in rows[1:]] == ["yes", "no", "yes"]

    found = client.get("/feed/figures.json", **basic(words))
    same = json.loads(b"".join(found.streaming_content), parse_float=Decimal)  # type: ignore[attr-defined]
    assert (same[0]["month_figure"], same[0]["revised"], same[1]["month_figure"]) == (
        Decimal("-12.345678"),
        False,
        None,
    )
    assert [set(row) for row in same] == [{field.name for field in FIELDS}] * 4
    named = table(client.get("/feed/dictionary.csv", **basic(words)))
    assert [row["name"] for row in named] == [field.name for field in FIELDS]
    assert client.get("/feed/dictionary.json", **basic(words)).json()[0]["name"] == "reference"


def test_a_key_is_shown_once_kept_as_its_digest_and_opens_nothing_once_revoked(client: Client) -> None:
    client.force_login(holder(Role.PERFORMANCE_TEAM))
    page = client.post("/feed/", {"name": "Power BI"}).content.decode()
    words = page.split('<code class="app-code">')[1].split("</code>")[0]
    key = FeedKey.objects.get()
    assert words != key.sha256
    assert words not in client.get("/feed/").content.decode()
    assert not hasattr(key.history.get(), "sha256")
    again = client.post("/feed/", {"name": "Power BI"}).content.decode()
    assert "There is a key of that name" in again

    stranger = Client()
    assert stranger.get("/feed/figures.csv", **bearer(words)).status_code == 200
    for sent in ({}, bearer(""), bearer(words[:-1]), basic(words + "x"), {"HTTP_AUTHORIZATION": "Basic ***"}):
        refused = stranger.get("/feed/figures.csv", **sent)
        assert (refused.status_code, refused["WWW-Authenticate"][:5]) == (401, "Basic")
    assert stranger.get(f"/feed/figures.csv?key={words}").status_code == 401

    client.post(f"/feed/{key.pk}/revoke/")
    assert stranger.get("/feed/figures.csv", **bearer(words)).status_code == 401
    assert [one.history_change_reason for one in key.history.order_by("pk")] == ["Made", "Revoked"]


def test_the_feed_asks_as_often_for_many_figures_as_for_few(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    words = make_key("Dashboards", by=UserFactory())[1]
    for many in (1, 3):
        for _ in range(many):
            kpi_year = KpiYearFactory()
            for month in (7, 8, 9):
                accepted(kpi_year, date(2026, month, 1), "60")
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            table(client.get("/feed/figures.csv", **bearer(words)))
