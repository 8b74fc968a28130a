"""A year's assurance: asked for, stated by the services, drawn together and read by the committee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.journeys.walking import Walker

pytestmark = pytest.mark.django_db(transaction=True)


def test_statements_are_asked_for_signed_and_reported_to_the_committee(set_today: Callable[[date], None]) -> None:
    set_today(date(2027, 3, 1))
    bins = KpiYearFactory(code="PI 1", name="Bins missed", template_signed_on=None)
    KpiYearFactory(code="PI 2")
    team = Walker(holder(Role.PERFORMANCE_TEAM))
    manager = Walker(holder(Role.SERVICE_MANAGER, service=bins.service, user__name="Mo Manager"))

    # Audit records what it found; the team asks, before the year is over, so that managers can begin.
    audit = Walker(holder(Role.INTERNAL_AUDIT)).visit("/dataquality/assurance/").follow("What internal audit found")
    audit.follow("Record a finding").type("Which audit?", "Waste 2026").tick("High")
    audit.type_date("Date of the audit report", date(2027, 2, 8))
    audit.type("What was found?", "One officer runs the count.").press("Save the finding")
    team.visit("/dataquality/assurance/").follow("Ask for the statements of 2026/27")
    team.type_date("Statements due on", date(2027, 4, 30)).press("Ask for the statements")
    assert "Not begun" in team.row(bins.service.name)

    # The manager begins; what is outside its limit has a box; nothing is signed before the year has ended.
    manager.visit("/").follow("Sign the statement of assurance")
    assert "0 of 1 KPI" in manager.row("Templates signed off")
    assert "Sign the statement" not in manager.buttons()
    manager.type("What does this rest on?", "Two officers check each figure.").press("Save for later")
    set_today(date(2027, 4, 6))
    manager.visit("/").follow("Sign the statement of assurance")
    manager.press("Sign the statement")
    assert "Explain templates signed off" in manager.text
    manager.type("Templates signed off: 0 of 1 KPI (0%)", "The template was begun late.")
    manager.tick("Substantial: they work, with small gaps")
    manager.type("What are the gaps, and what is being done about them?", "One officer only; a second is trained.")
    manager.press("Sign the statement")
    assert "Mo Manager" in manager.row("Signed by")

    # One service is outstanding: the report says so, and members read it once it is given.
    committee = Walker(holder(Role.GOVERNANCE))
    committee.visit("/dataquality/assurance/2026-27/report/", status=404)
    team.visit("/").follow("1 statement of assurance for 2026/27 outstanding")
    assert "Nobody holds the post of service manager" in team.text
    team.follow("Read the report for the committee")
    team.type("What is the committee asked to note?", "That one service gave no statement.")
    team.press("Report it to the committee")
    committee.visit("/").follow("Assurance on data quality, 2026/27")
    for said in (
        "That one service gave no statement.",
        "1 of 2 services gave a statement of assurance.",
        "The template was begun late.",
        "One officer runs the count.",
    ):
        assert said in committee.text
    assert "Mo Manager" not in committee.text

    # It stays as it was given, whatever changes later.
    bins.template_signed_on = date(2027, 4, 7)
    bins.save()
    assert "1 of 2 KPIs" in committee.visit("/dataquality/assurance/2026-27/report/").text
    assert "Reopen the statement" not in manager.visit(manager.path).buttons()
