"""What members and leaders do with a month: what there is to read is told at home, down to a figure's reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import CouncilFactory, holder
from tests.journeys.walking import Lost, Walker
from tests.kpis.entering import TODAY
from tests.kpis.seeing import issued, with_months

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


def test_a_portfolio_holder_reads_the_month_of_the_portfolio_and_no_other() -> None:
    member = holder(Role.PORTFOLIO_HOLDER)
    portfolio = member.appointments.get().portfolio
    mine, other = KpiYearFactory(portfolio=portfolio), KpiYearFactory()
    for kpi_year in (mine, other):
        with_months(kpi_year)
    page = Walker(member).follow("September 2026: how the KPIs stand")
    assert "1 of 1 return" in page.text
    assert mine.name in page.text
    assert other.name not in page.text
    page.follow(mine.name)
    assert "for the year to September 2026" in page.text
    page.visit(f"/kpis/{other.code}/")
    assert "year to September 2026" not in page.text


@pytest.mark.parametrize("role", [Role.SCRUTINY, Role.COUNCILLOR])
def test_a_member_reads_what_was_issued_with_now_and_forecast_beside_each_other(role: Role) -> None:
    kpi_year = KpiYearFactory()
    months = with_months(kpi_year)
    issued(months[2], 30, rag="amber", forecast_rag="green", forecast=125)
    page = Walker(holder(role))
    assert "1 figure, issued on 20 October 2026" in page.text
    page.follow("Example pack of 2026-10-20")
    assert "Amber" in page.row(kpi_year.name)
    assert "Green" in page.row(kpi_year.name)
    page.follow(kpi_year.name)
    assert "As issued in Example pack of 2026-10-20." in page.text
    assert "As the pack printed it." in page.text
    assert "Not issued" in page.row("September 2026")
    assert page.buttons() == []


def test_the_leader_and_the_board_read_who_decides_and_what_is_late() -> None:
    kpi_year, missing = KpiYearFactory(), KpiYearFactory()
    TargetSetFactory(kpi_year=missing)
    with_months(kpi_year)
    MonthlyReturnFactory(kpi_year=missing, month=date(2026, 9, 1))
    for role in (Role.EXECUTIVE_LEADER, Role.BOARD, Role.SECTION_151):
        page = Walker(holder(role)).follow("September 2026: how the KPIs stand")
        assert "1 of 2 returns in" in page.text
        assert missing.name in page.part("What is not in yet")


def test_nobody_reads_a_draft_by_its_address() -> None:
    kpi_year = KpiYearFactory()
    MonthlyReturnFactory(kpi_year=kpi_year, draft=True)
    for role in (Role.SCRUTINY, Role.PORTFOLIO_HOLDER, Role.BOARD, Role.INTERNAL_AUDIT):
        page = Walker(holder(role))
        page.visit(f"/returns/2026-10/{kpi_year.code}/", status=404)
        with pytest.raises(Lost):
            page.follow("Submit")
