"""A list page costs the same number of queries for ten rows and for two hundred."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from kpis.models import KpiYear
from tests.bench.comparing import compare, table
from tests.bench.council import Bench, found_council
from tests.bench.years import LAST_ROUND, add_kpis, add_years

TODAY = date(2026, 11, 5)
MONTH = [LAST_ROUND]


def list_pages(bench: Bench) -> Iterator[tuple[str, User, str]]:
    posts = bench.posts
    holder, team, board = bench.holders[0], posts[Role.PERFORMANCE_TEAM], posts[Role.BOARD]
    yield "home of a KPI holder", holder, reverse("home")
    yield "home of the Performance Team", team, reverse("home")
    yield "home of a board member", board, reverse("home")
    yield "home of a head of service", posts[Role.HEAD_OF_SERVICE], reverse("home")
    yield "queue", team, reverse("returns", args=MONTH)
    yield "returns of a KPI holder", holder, reverse("returns", args=MONTH)
    yield "grid", holder, reverse("return-grid", args=MONTH)
    yield "KPI list", team, reverse("kpi-list")
    yield "KPI list, sorted", team, f"{reverse('kpi-list')}?sort=rag"
    yield "KPI list, filtered", team, f"{reverse('kpi-list')}?rag=green"
    yield "KPI list as issued", posts[Role.SCRUTINY], reverse("kpi-list")
    yield "board", board, reverse("board", args=MONTH)
    yield "board of the Performance Team", team, reverse("board", args=MONTH)
    # Each kind of record on a page of the audit list is looked up once, so the same kinds are compared.
    for kind in ("kpis.monthlyreturn", "kpis.challenge"):
        yield f"audit of {kind}", posts[Role.INTERNAL_AUDIT], f"{reverse('audit')}?kind={kind}"
        yield f"audit export of {kind}", posts[Role.INTERNAL_AUDIT], f"{reverse('audit-export')}?kind={kind}"
    yield "periods", team, reverse("periods")
    yield "period", team, reverse("period", args=MONTH)
    yield "revisions", team, reverse("revisions")
    kpi_year = KpiYear.objects.filter(year=2026).earliest("pk")
    yield "targets", team, reverse("targets", args=[kpi_year.financial_year, kpi_year.code])
    yield "events", team, reverse("events")
    yield "posts", posts[Role.DEMOCRATIC_SERVICES], reverse("posts")


def counted(kpis: int) -> dict[str, int]:
    """The queries of each list page in a council of so many KPIs, which is gone afterwards."""
    with transaction.atomic():
        bench = found_council(holders=1)
        add_years(bench, add_kpis(kpis), [FinancialYear(2025), FinancialYear(2026)])
        found = {name: _queries(name, person, address) for name, person, address in list_pages(bench)}
        transaction.set_rollback(True)
    return found


def _queries(name: str, person: User, address: str) -> int:
    client = Client()
    client.force_login(person)
    assert client.get(address).status_code == 200, name  # and what is worked out once a process is now worked out
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


@pytest.mark.django_db
def test_list_pages_ask_as_often_for_two_hundred_rows_as_for_ten(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    assert counted(200) == counted(10)


@pytest.mark.django_db
def test_the_benchmark_finds_no_more_queries_with_more_history(
    set_today: Callable[[date], None], settings: Any
) -> None:
    set_today(TODAY)
    settings.ROOT_URLCONF = "tests.bench.urls"
    found = compare(3, 2, 1, say=lambda words: None)
    assert all(one.one_year.queries for one in found)
    assert {one.page: one.one_year.queries for one in found} == {one.page: one.many_years.queries for one in found}
    assert all(one.page in table(found, 2) for one in found)
