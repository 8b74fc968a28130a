"""A project from its registration to an accepted report and an approved change of date, and on to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.models import Project, ProjectReport
from hdcperf.roles import Role
from tests.browser import axe, overflow, sign_in
from tests.factories.actions import ActionYearFactory
from tests.factories.organisation import CouncilFactory, PortfolioFactory, UserFactory, holder
from tests.factories.projects import ReportChallengeFactory, ReportRevisionFactory
from tests.journeys.walking import Walker

pytestmark = pytest.mark.django_db(transaction=True)

REGISTERED, OPENED, RECORDED = date(2026, 9, 1), date(2026, 10, 5), date(2026, 10, 21)


def test_a_project_from_the_register_to_its_end(set_today: Callable[[date], None]) -> None:
    CouncilFactory()
    action_year = ActionYearFactory(code="CPA 7", title="A hub for clubs")
    portfolio = PortfolioFactory()
    UserFactory(name="Sunny Sponsor")
    manager = UserFactory(name="Mandy Manager")
    oversees, team = holder(Role.STRATEGIC_INSIGHTS), holder(Role.PERFORMANCE_TEAM)

    # Strategic insights registers it, with what it serves and its milestones.
    set_today(REGISTERED)
    keeper = Walker(oversees, path="/projects/").follow("Register a project")
    for label, words in (
        ("Code", "PR 1"),
        ("Name", "Club house"),
        ("Purpose", "Give eleven clubs one roof."),
        ("Outcome it serves", action_year.outcome.name),
        ("Service", action_year.service.name),
        ("Portfolio", portfolio.name),
        ("Sponsor", "Sunny Sponsor"),
        ("Project manager", "Mandy Manager"),
        ("Board that sets its status", "Club House Board"),
        ("Actions it serves (optional)", "cpa7"),
        ("Milestones (optional)", "18 September 2026, Roof on\n29 January 2027, Doors open"),
    ):
        keeper.type(label, words)
    keeper.type_date("Starts on", date(2026, 4, 1)).type_date("Ends on", date(2027, 3, 31))
    keeper.press("Register the project")
    assert keeper.heading == "Club house"
    assert "Next: Roof on, by 18 September 2026." in keeper.text
    assert "PR 1 Club house" in Walker(team, path="/actions/2026-27/CPA 7/").text

    # The quarter is opened, and its manager hands in what the board decided.
    set_today(OPENED)
    opening = Walker(team).follow("Open Q2 2026/27 for updates").press("Open Q2 2026/27")
    assert "1 update and 1 project report created" in opening.text
    writing = Walker(manager).follow("Start the Q2 2026/27 report of PR 1 Club house")
    writing.tick("Green").type("What the board said", "The board is content with the roof.")
    writing.type_date("Date of its meeting", date(2026, 9, 24))
    writing.type("What was done in July to September 2026", "The roof went on in September with help from two clubs.")
    writing.type("Risks", "The price of doors may rise.").type("What comes next", "Doors are hung by January.")
    writing.type_date("“Roof on”: day it was reached", date(2026, 9, 17))
    writing.press("Submit")
    assert "Submitted: PR 1 Club house, Q2 2026/27." in writing.text

    # The Performance Team checks and accepts it in the quarter's list.
    checking = Walker(team).follow("Check the Q2 2026/27 project reports: 1 to check")
    checking.follow("Check the project reports").press("Accept")
    assert "PR 1 Club house, Q2 2026/27 is accepted." in checking.text
    record = ProjectReport.objects.get()
    assert (record.state, record.status, record.next_milestone) == ("accepted", "green", "Doors open")

    # A date moves as the board decides: asked for by its manager, recorded by somebody else.
    asking = Walker(manager, path="/projects/PR 1/").follow("Ask for a change of date")
    asking.tick("The project’s end: 31 March 2027").type_date("Date asked for", date(2027, 5, 28))
    asking.type("Why", "The doors come from abroad.").press("Ask for the change")
    assert "The date stays as it is until the board’s decision is recorded." in asking.text
    set_today(RECORDED)
    recording = Walker(oversees).follow("Record what the board decided: PR 1 Club house")
    recording.tick("It approved the change: the date moves").type("What the board said", "Agreed, once.")
    recording.type_date("Date of the board’s meeting", date(2026, 10, 20)).press("Record the decision")
    assert "The date is now 28 May 2027." in recording.text
    page = Walker(holder(Role.COUNCILLOR), path="/projects/PR 1/")
    assert "was 31 March 2027 28 May 2027" in page.row("Ends")

    # It ends, and says what came of it.
    ending = Walker(oversees, path="/projects/PR 1/").follow("Close the project")
    ending.tick("Stopped before it was done").type_date("Day it ended", RECORDED)
    ending.type("What came of it", "The clubs built their own.").press("Close the project")
    assert "Stopped before it was done on 21 October 2026. The clubs built their own." in ending.text
    assert Project.objects.get().closed_how == "stopped"


@pytest.mark.parametrize("width", [1280, 320])
def test_a_revision_and_a_dispute_of_a_report_have_no_faults(
    new_context: Callable[..., Any], set_today: Callable[[date], None], width: int
) -> None:
    set_today(OPENED)
    CouncilFactory()
    revision = ReportRevisionFactory()
    disputed = ReportChallengeFactory(escalated=True).report
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    for person, address, says in (
        (holder(Role.PERFORMANCE_TEAM), f"/projects/revisions/{revision.pk}/", "Accept the revision"),
        (holder(Role.BOARD), f"/projects/2026-27-Q2/{disputed.project.code}/dispute/", "The board's decision"),
    ):
        sign_in(page, person)
        page.goto(address)
        assert says in page.locator("main").inner_text()
        assert axe(page) == []
        assert overflow(page) <= 0
