"""A target is changed in the year (framework C.1.2): proposed with the arithmetic in sight, sent back, put right,
approved by another; earlier months keep theirs, and the chart steps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from kpis.models import MonthlyReturn, TargetSet
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import CouncilFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.entering import TODAY
from tests.kpis.target_world import targets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


def test_a_target_is_proposed_sent_back_put_right_approved_and_the_chart_steps() -> None:
    one = targets(last_year=[8] * 6 + [12] * 6)
    kpi_year = one.kpi_year
    owner = KpiPersonFactory(kpi_year=kpi_year).user
    october = MonthlyReturnFactory(kpi_year=kpi_year, submitted=True, value=14)

    page = Walker(one.manager, path=f"/kpis/{kpi_year.code}/").follow("See its targets month by month")
    assert "120 (intervention level 108), governing from April 2026" in page.text
    page.follow("Propose a new target").type("Target for the year", "90").press("See the months")
    assert "Say why this target" in page.text
    assert page.value("Target for the year") == "90"
    assert page.asks() == ["Intervention level for the year", "Why this target?"]
    page.type("Target for the year", "130").type("Intervention level for the year", "140")
    page.type("Why this target?", "The depot has a second crew from October.").press("See the months")
    assert "The intervention level of 140 is above the target of 130" in page.text
    page.type("Intervention level for the year", "112").tick("Last year's shape").press("See the months")
    assert "so 70 of the 130 is left" in page.text
    assert "October 2025 had 12, 16.7% of 72" in page.text
    assert "Nothing has been saved yet." in page.text
    page.press("Propose the target")
    assert "Awaiting approval" in page.heading
    assert page.buttons() == ["Take it back"]

    team = Walker(one.team).follow(f"Record who approved the target of {kpi_year.code}")
    team.type("Why?", "The crew makes more than that.").press("Send it back")
    assert "Sent back" in team.heading

    page = Walker(one.manager).follow(f"Put right the target of {kpi_year.code}")
    assert "The crew makes more than that." in page.text
    page.follow("Put it right and propose it again")
    assert page.value("Why this target?") == "The depot has a second crew from October."
    page.type("Target for the year", "150").type("Intervention level for the year", "132").tick(
        "Flat: the same each month"
    )
    page.press("Propose the target")

    team = Walker(one.team).follow(f"Record who approved the target of {kpi_year.code}")
    team.press("Record the approval")
    assert "Enter who approved it" in team.text
    team.tick("Cabinet").type("Who approved it?", "Cabinet").type_date("When did they approve it?", date(2026, 11, 3))
    team.press("Record the approval")
    assert "Approved" in team.heading
    assert "Cabinet, 3 November 2026" in team.row("Approved by")

    # The months judged keep theirs, on the page and on their returns; October is judged by the new one.
    listed = team.visit(f"/kpis/2026-27/{kpi_year.code}/targets/")
    assert "September 2026 10 9 60 April 2026 (judged)" in listed.text
    assert "October 2026 15 13 75 October 2026 November 2026" in listed.text
    judged = MonthlyReturn.objects.filter(kpi_year=kpi_year, state="accepted")
    assert set(judged.values_list("target", flat=True)) == {10, 20, 30, 40, 50, 60}
    team.visit(f"/returns/2026-10/{kpi_year.code}/review/").press("Accept")
    october.refresh_from_db()
    assert (october.target, october.year_target) == (75, 150)

    # The chart steps and says why, for everybody.
    chart = Walker(owner, path=f"/kpis/{kpi_year.code}/?figures=month")
    assert "October 2026: The target for the year changed from 120 to 150" in chart.text
    member = Walker(holder(Role.SCRUTINY), path=f"/kpis/{kpi_year.code}/")
    assert "Cabinet" in member.text
    assert "The crew makes more than that." not in member.text


def test_nobody_records_the_approval_of_their_own_and_a_taken_back_one_leaves_all_as_it_was() -> None:
    one = targets()
    page = Walker(one.team, path=f"/kpis/2026-27/{one.kpi_year.code}/targets/new/")
    page.tick("No target: it is reported and not judged").type("Why this target?", "The duty has ended.")
    page.press("Propose the target")
    assert "a colleague must record its approval" in page.text
    page.type("Why?", "The duty has not ended.").press("Take it back")
    assert "Taken back" in page.heading
    assert TargetSet.objects.filter(state="approved").count() == 1
