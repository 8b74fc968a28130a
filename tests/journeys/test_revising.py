"""A figure is wrong after it was accepted (framework C.2.2): proposed, decided, and what each reader then sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from kpis.models import MonthlyReturn
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import CouncilFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.entering import TODAY
from tests.kpis.seeing import issued, with_months

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


def test_a_revision_is_proposed_decided_and_marked_wherever_the_figure_is_shown() -> None:
    kpi_year = KpiYearFactory()
    user = KpiPersonFactory(kpi_year=kpi_year).user
    june = with_months(kpi_year)[2]
    issued(june, 10)
    MonthlyReturnFactory(kpi_year=kpi_year)
    team, colleague = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)

    page = Walker(user).follow("KPIs", anywhere=True).follow(kpi_year.name).follow("Open the return of June 2026")
    assert "so its figures are frozen" in page.text
    page.follow("Propose a revision").press("Propose the revision")
    assert "Say why the figure changes" in page.text
    page.tick("Late data").type("Figure as it should be", "7").type("Why it changes", "Three were counted twice.")
    page.press("See what it changes")
    # The months after June move with it, and that is said before anything is proposed.
    assert "Nothing has been proposed yet." in page.text
    assert "September 2026" in page.text
    page.press("Propose the revision")
    assert "The Performance Team decides it." in page.text
    assert page.buttons() == ["Withdraw it"]
    assert MonthlyReturn.objects.get(pk=june.pk).month_figure == 10

    decides = Walker(team).follow("Decide a revision of June 2026")
    assert "Three were counted twice." in decides.text
    decides.press("Accept the revision")
    assert MonthlyReturn.objects.get(pk=june.pk).month_figure == 7
    assert "Decide a revision" not in Walker(colleague).text

    # Officers and the board see it marked; a member sees the figure as it was issued.
    assert "Revised" in Walker(user, path=f"/kpis/{kpi_year.code}/").row("June 2026")
    board = Walker(holder(Role.BOARD), path="/board/2026-10/")
    assert "Three were counted twice." in board.text
    member = Walker(holder(Role.SCRUTINY), path=f"/kpis/{kpi_year.code}/")
    assert "As issued in Example pack" in member.text
    assert "Three were counted twice." not in member.text


def test_a_declined_revision_changes_nothing_and_says_why() -> None:
    kpi_year = KpiYearFactory()
    user = KpiPersonFactory(kpi_year=kpi_year).user
    june = with_months(kpi_year)[2]
    page = Walker(user, path=f"/returns/2026-06/{kpi_year.code}/").follow("Propose a revision")
    page.tick("Correction").type("Figure as it should be", "12").type("Why it changes", "Two were left out.")
    page.press("Propose the revision")
    team = Walker(holder(Role.PERFORMANCE_TEAM)).follow("Decide a revision of June 2026")
    team.press("Decline the revision")
    assert "Say why the revision is declined" in team.text
    team.type("Why it is declined", "They are July's.").press("Decline the revision")
    assert "They are July's." in page.visit(page.path).text
    assert MonthlyReturn.objects.get(pk=june.pk).month_figure == 10
