"""A data quality review from its plan to its closure, by everybody it takes, through the pages alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import UserFactory, holder
from tests.factories.templates import template_in
from tests.journeys.walking import Lost, Walker

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = 11


def test_a_review_is_planned_written_answered_and_followed_to_its_closure(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 2))
    kpi_year = KpiYearFactory(code="PI 1", name="Bins missed")
    template_in("signed", kpi_year=kpi_year)
    cora = KpiPersonFactory(kpi_year=kpi_year, user=UserFactory(name="Cora Collector")).user
    of_ours = {"service": kpi_year.service}
    planner = Walker(holder(Role.PERFORMANCE_TEAM, user__name="Perry Planner"))
    auditor = Walker(holder(Role.INTERNAL_AUDIT, user__name="Aud Itor"))
    manager = Walker(holder(Role.SERVICE_MANAGER, user__name="Mo Manager", **of_ours))
    board = Walker(holder(Role.BOARD))

    # The team picks it, because it was never reviewed; its own people cannot be the reviewer.
    planner.visit("/dataquality/reviews/").follow("See every KPI by risk")
    assert "It has never been reviewed." in planner.row("PI 1")
    planner.follow("Plan a review")
    assert planner.value("Why was it picked?") == "It has never been reviewed."
    with pytest.raises(Lost):
        planner.type("Who reviews it?", "Cora Collector")
    planner.type("Who reviews it?", "Aud Itor").type_date("To be finished by", date(2026, 11, 27))
    planner.press("Plan the review")
    assert "Aud Itor finds it among their tasks" in planner.text

    # The reviewer writes each part beside what was agreed, and names what is to be put right.
    auditor.visit("/").follow("Start the data quality review of PI 1").press("Start the review")
    with pytest.raises(Lost):
        auditor.press("Share it with the service")
    auditor.follow("Who is responsible")
    assert "Who is responsible for collecting the monthly statistics" in auditor.part("What was agreed")
    for number in range(PARTS):
        compares, concludes = number < 4, number == PARTS - 1
        auditor.tick("Partly as agreed" if compares else "Adequate")
        auditor.type("What was found, in short" if concludes else "What did you find?", f"Found {number + 1}.")
        auditor.press("Save and continue")
    auditor.follow("Add an action").type("What is to be put right?", "Keep the list of bins.")
    auditor.type("Who does it?", "Cora Collector").type_date("By when?", date(2026, 12, 4)).press("Save the action")

    # Nobody reads it yet but those who review; then the service does, and comments.
    review = auditor.path
    assert "Found 1." not in manager.visit(review).text
    assert "Put right" not in Walker(cora).text
    auditor.press("Share it with the service")
    assert "The service has until" not in auditor.text
    with pytest.raises(Lost):
        auditor.press("Finish the review")
    manager.visit("/").follow("Say whether the data quality review of PI 1 Bins missed is accurate")
    assert "Found 1." in manager.text
    manager.press("Send the comment")
    assert "Say what is not accurate, and what is." in manager.text
    manager.type("Your comment", "The list is kept since October.").press("Send the comment")
    assert "Found 1." not in board.visit(review).text
    auditor.visit("/").follow("Finish the data quality review of PI 1")
    assert "Mo Manager commented on 2 November 2026: The list is kept since October." in auditor.text
    auditor.press("Finish the review")
    assert "Found 1." in board.visit(review).text
    with pytest.raises(Lost):
        auditor.press("Close the review")

    # Its action is done, sent back, done and confirmed; then it is closed.
    owner = Walker(cora).follow("Put right: Keep the list of bins.")
    owner.type("What was done, and where can that be seen?", "In the folder.").press("It is done")
    auditor.visit("/").follow("Confirm that it is done: Keep the list of bins.")
    auditor.type("What is still to be done?", "October is missing.").press("Send it back")
    assert "Aud Itor sent it back on 2 November 2026: October is missing." in owner.visit("/").text
    set_today(date(2026, 12, 7))
    owner.visit("/").follow("Put right: Keep the list of bins.")
    owner.type("What was done, and where can that be seen?", "October too.").press("It is done")
    auditor.visit("/").follow("Confirm that it is done: Keep the list of bins.").press("Confirm that it is done")
    auditor.visit("/").follow("Close the data quality review of PI 1").press("Close the review")
    assert "Closed on" in auditor.text
    for page in ("/kpis/2026-27/PI 1/", "/dataquality/2026-27/PI 1/"):
        assert "Last reviewed 2 November 2026: adequate" in manager.visit(page).text
    assert "It has never been reviewed." not in planner.visit("/dataquality/reviews/by-risk/").text
