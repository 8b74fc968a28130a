"""A page that cannot be changed says whom to ask: the team for a lock, the named people for a return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from kpis.models import KpiPerson
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import CouncilFactory, holder
from tests.kpis.entering import Collected, collected
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db
LOCKED = date(2026, 11, 20)


@pytest.fixture
def one(set_today: Callable[[date], None]) -> Collected:
    CouncilFactory()
    set_today(LOCKED)
    return collected(months=1)


def test_a_locked_return_offers_an_email_that_says_which_return(one: Collected) -> None:
    page = text_of(signed_in(one.user), one.url)
    assert "It locked after 19 November 2026." in page
    assert "mailto:performance@council.example?subject=Please%20lift%20the%20lock" in page


def test_the_team_lifts_the_lock_from_there_and_asks_nobody(one: Collected) -> None:
    page = text_of(signed_in(one.reviewer), one.url)
    assert f'href="{one.url}exception/"' in page
    assert "mailto:" not in page
    assert "Check this return" not in page


def test_a_head_of_service_reads_who_enters_it_and_who_stands_in(one: Collected) -> None:
    stand_in = KpiPersonFactory(kpi_year=one.kpi_year, duty=KpiPerson.Duty.STANDS_IN).user
    head = signed_in(holder(Role.HEAD_OF_SERVICE, service=one.kpi_year.service))
    named = f"{one.user.name}; {stand_in.name} stands in"
    assert f"It is entered by {named}." in text_of(head, one.url)
    todo = text_of(head, "/returns/2026-10/")
    assert named in todo
    assert f">Start {one.kpi_year.code}" not in todo
    assert f">Start {one.kpi_year.code}" in text_of(signed_in(one.user), "/returns/2026-10/")


def test_a_sum_to_date_says_that_its_months_are_compared(one: Collected) -> None:
    MonthlyReturnFactory(kpi_year=one.kpi_year, month=date(2026, 8, 1), accepted=True, value=15)
    assert "down 5 month on month" in text_of(signed_in(one.reviewer), "/board/2026-09/")
