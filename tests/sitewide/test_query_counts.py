"""A page costs the same number of queries however many rows there are, and of whatever kind they are."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from dataquality.operations.half_year import open_review
from dataquality.operations.windows import Dates, open_window
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from kpis.models import KpiYear
from tests.bench.comparing import compare, table
from tests.bench.council import Bench, found_council
from tests.bench.years import LAST_ROUND, add_kpis, add_years
from tests.sitewide.access.scene import Scene, living_scene
from tests.sitewide.growing import grow
from tests.sitewide.test_access_matrix import PAGES

TODAY = date(2026, 11, 5)
MONTH = [LAST_ROUND]
NEXT = FinancialYear(2027)


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
    yield "templates", team, reverse("templates")
    yield "templates of a KPI holder", holder, reverse("templates")
    yield "figures on data quality", team, reverse("measures")
    yield "list behind a figure on data quality", team, reverse("measure", args=["on-time"])
    for name in ("quality-reviews", "quality-risk", "quality-actions"):
        yield name, team, reverse(name)
    yield "window of the yearly setting", team, reverse("setting", args=[NEXT])
    yield "window of a head of service", posts[Role.HEAD_OF_SERVICE], reverse("setting", args=[NEXT])
    yield "page for the panel", team, reverse("setting-panel", args=[NEXT])
    yield "half-year review", team, reverse("half-year", args=[NEXT.previous])
    yield "posts", posts[Role.DEMOCRATIC_SERVICES], reverse("posts")


def counted(kpis: int) -> dict[str, int]:
    """The queries of each list page in a council of so many KPIs, which is gone afterwards."""
    with transaction.atomic():
        bench = found_council(holders=1)
        add_years(bench, add_kpis(kpis), [FinancialYear(2025), FinancialYear(2026)])
        team = bench.posts[Role.PERFORMANCE_TEAM]
        open_window(NEXT, Dates(date(2026, 10, 1), date(2026, 10, 15), date(2026, 12, 11)), by=team)
        open_review(NEXT.previous, date(2026, 10, 1), date(2026, 11, 30), by=team)
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


READERS = ("performance_team", "KPI holder", "scrutiny", "internal_audit", "action officer", "democratic_services")
"""Between them every way of reading: those who check, enter, read what is issued, audit, and keep posts."""

IN_BATCHES = {"audit-export"}
"""Files of any length are written a batch of rows at a time, with as many queries for each (see ``list_pages``)."""


def opened(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Every page of the access matrix that opens, with who opens it and its address.

    The first page of each view is opened by all of ``READERS`` who may, the others by the first of them.
    """
    seen = set()
    for page in PAGES:
        view = resolve(unquote(scene.address(page.address)).partition("?")[0]).view_name
        readers = [person for person in READERS if page.status(person) == 200 and view not in IN_BATCHES]
        for person in readers if view not in seen else readers[:1]:
            yield page.address, person, scene.address(page.address)
        if readers:
            seen.add(view)


def asked(scene: Scene) -> dict[tuple[str, str], Counter[str]]:
    """How often each page asks each table."""
    return {(name, person): _asked(scene.client(person), address) for name, person, address in opened(scene)}


def _asked(client: Client, address: str) -> Counter[str]:
    found: Counter[str] = Counter()

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found[first_table(sql)] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.status_code == 200, address
    return found


def first_table(sql: str) -> str:
    named = re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql)
    return named[1] if named else sql[:40]


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_no_page_asks_more_often_when_more_of_anything_is_on_it() -> None:
    """Every page of the access matrix, so every address; with one row more of every kind, then with five."""
    with living_scene() as scene:
        grow(scene, 1)
        asked(scene)  # what is worked out once a process is now worked out
        few = asked(scene)
        for number in range(2, 6):
            grow(scene, number)
        many = asked(scene)
    more = [
        f"{page}, {person}: {dict(many[page, person] - few[page, person])}"
        for page, person in few
        if many[page, person].total() != few[page, person].total()
    ]
    assert more == [], "\n".join(more)
