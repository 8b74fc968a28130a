"""From an empty template to a live KPI whose month opens, by everybody it takes, through the pages alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from tests.factories.kpis import KpiYearFactory, TargetSetFactory
from tests.factories.organisation import UserFactory, holder
from tests.journeys.walking import Walker

pytestmark = pytest.mark.django_db(transaction=True)
LEFT_OUT = "Left out, because the data quality template is not signed off"
WORDS = {
    "Why is it important": "Residents ask about it every week.",
    "smaller contributing": "A week of sickness.",
    "significant contributing": "The lorries are off the road for a month.",
    "stays below": "Hire lorries from a neighbour.",
    "Benchmarking": "The county publishes a figure each year.",
}


def test_an_empty_template_becomes_a_live_kpi_whose_month_opens(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 2))
    kpi_year = KpiYearFactory(code="PI 1", name="Bins missed", template_signed_on=None)
    KpiYearFactory(code="PI 2")
    TargetSetFactory(kpi_year=kpi_year)
    cora, stan = UserFactory(name="Cora Collector"), UserFactory(name="Stan Standin")
    team = Walker(holder(Role.PERFORMANCE_TEAM))
    manager = Walker(holder(Role.SERVICE_MANAGER, service=kpi_year.service, user__name="Mo Manager"))

    # Nothing is agreed, so the month opens without it, and says so.
    team.visit("/periods/")
    assert f"{LEFT_OUT}: PI 1 Bins missed" in team.text
    team.press("Open October 2026")
    assert f"{LEFT_OUT}: PI 1." in team.text
    assert "Bins missed" not in team.row("PI 2")

    # The team begins its template and names the people; every question is answered on its own page.
    team.visit("/dataquality/").follow("PI 1 Bins missed").follow("Begin the template").press("Begin the template")
    team.visit("/dataquality/2026-27/PI 1/proposed-kpi/").tick("Every month").press("Save and continue")
    for _ in range(3):
        team.type("Person", "Cora Collector").press("Save and continue")
    team.type("Person", "Stan Standin").press("Save and continue")
    team.type("1. Name of the system, database or spreadsheet", "Rounds system").type("1. What it is", "System")
    team.press("Save and continue")
    team.type("How it is collected and calculated, step by step", "Run the report; count its rows.")
    team.press("Save and continue")
    team.type(_question(team), WORDS["Why is it important"]).press("Save and continue")
    team.tick("No").press("Save and continue")
    for part in ("smaller contributing", "significant contributing", "stays below", "Benchmarking"):
        assert part in _question(team)
        team.type(_question(team), WORDS[part]).press("Save and continue")
    team.press("Send for sign-off")
    assert "Sent for sign-off." in team.text

    # Nobody signs while those it names have not said that they can get in.
    manager.visit("/").follow("Sign off the data quality template of PI 1")
    assert "Cora Collector, Stan Standin" in manager.text
    assert "Sign off" not in manager.buttons()
    for person in (cora, stan):
        home = Walker(person).follow("Confirm that you can get into the systems of PI 1")
        assert "Rounds system" in home.text
        home.press("I can get into all of them")
        assert "your access is confirmed" in home.text

    # The manager signs under the declaration; those it names are the KPI's people.
    manager.visit("/").follow("Sign off the data quality template of PI 1")
    assert "I also confirm that the instructions are detailed enough for another officer" in manager.text
    manager.press("Sign off")
    assert "Its months can be opened: the template was signed off on 2 November 2026." in manager.text
    assert {(row.user.name, row.duty) for row in kpi_year.people.select_related("user")} == {
        ("Cora Collector", "collects"),
        ("Cora Collector", "forecasts"),
        ("Cora Collector", "comments"),
        ("Stan Standin", "stands_in"),
    }

    # Its return is added to the month, and its collector finds it among their tasks.
    team.visit("/periods/2026-10/").press("Add 1 return to October 2026")
    assert LEFT_OUT not in team.text
    assert "PI 1" in Walker(cora).follow("PI 1 Bins missed").heading


def _question(walker: Walker) -> str:
    """The question that is the label of the page's box."""
    (label,) = walker.labels()
    return label
