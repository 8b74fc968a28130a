"""The pages that are measured, who opens each, and what one opening costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import MonthlyReturn
from tests.bench.council import Bench
from tests.bench.years import LAST_ROUND

__all__ = ["Cost", "Page", "cost_of", "pages"]

State = MonthlyReturn.State


@dataclass(frozen=True)
class Page:
    """A page as one person opens it."""

    name: str
    person: User
    address: str


@dataclass(frozen=True)
class Cost:
    """What a page costs: queries, and the median milliseconds of a request."""

    queries: int
    milliseconds: float


def pages(bench: Bench) -> Iterator[Page]:
    """The pages of the monthly cycle, on the newest round and the one before it."""
    posts, month, before = bench.posts, LAST_ROUND, LAST_ROUND - 1
    team, board = posts[Role.PERFORMANCE_TEAM], posts[Role.BOARD]
    draft, submitted = _return(month, State.DRAFT), _return(month, State.SUBMITTED)
    settled = _return(before, State.ACCEPTED)
    year = settled.kpi_year
    kpi = reverse("kpi", args=[year.financial_year, year.code])
    yield Page("Home, KPI holder", _holder(draft), reverse("home"))
    yield Page("Home, Performance Team", team, reverse("home"))
    yield Page("Home, board member", board, reverse("home"))
    yield Page("Home, councillor", posts[Role.SCRUTINY], reverse("home"))
    yield Page("Queue", team, reverse("returns", args=[month]))
    yield Page("Queue, head of service", posts[Role.HEAD_OF_SERVICE], reverse("returns", args=[month]))
    yield Page("Grid, KPI holder", _holder(draft), reverse("return-grid", args=[month]))
    yield Page("Return, entering", _holder(draft), _address(draft))
    yield Page("Return, checking", team, _address(submitted))
    yield Page("KPI", team, kpi)
    yield Page("KPI, scrutiny", posts[Role.SCRUTINY], kpi)
    yield Page("KPI list", team, reverse("kpi-list"))
    yield Page("KPI list, scrutiny", posts[Role.SCRUTINY], reverse("kpi-list"))
    yield Page("Board", board, reverse("board", args=[before]))


def _return(month: Month, state: State) -> MonthlyReturn:
    """One of the month's returns in that state: not the first of all, whose id may be lucky."""
    rows = MonthlyReturn.objects.filter(month=month.first_day, state=state).select_related("kpi_year__service")
    found: MonthlyReturn = list(rows.order_by("pk")[:4])[-1]
    return found


def _holder(record: MonthlyReturn) -> User:
    return record.kpi_year.people.order_by("pk").first().user


def _address(record: MonthlyReturn) -> str:
    return reverse("return", args=[record.measured, record.kpi_year.code])


def cost_of(page: Page, requests: int) -> Cost:
    """Open the page once to warm up, once to count its queries, then ``requests`` times by the clock.

    Raises AssertionError when the page does not answer.
    """
    client = Client()
    client.force_login(page.person)
    answer = client.get(page.address)
    assert answer.status_code == 200, f"{page.name}: {page.address} answered {answer.status_code}"
    with CaptureQueriesContext(connection) as counted:
        client.get(page.address)
    queries = len(counted)  # now: the next request empties what was counted
    times = []
    for _ in range(requests):
        started = perf_counter()
        client.get(page.address)
        times.append(perf_counter() - started)
    return Cost(queries, median(times) * 1000)
