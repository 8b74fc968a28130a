"""Who sees what of projects: everybody opens every page on which their words could stand.

The rule (design, 4; framework, *Quarterly Reporting*): the register, its dates and the changes a board approved are
everybody's. Reports in the making and what the two sides say are the project's and the service's, and those of the
teams that check reports or keep the register; a disputed report and its dialogue the board's and the leadership's as
well; accepted ones, and every change of a date that was asked for, also a portfolio holder's, the leader's, audit's
and governance's. Everybody else with a post sees a report as it was issued.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import models, transaction

from actions.models import (
    ChangeRequest,
    ProjectReport,
    ReportChallenge,
    ReportChallengeMessage,
    ReportFinding,
    ReportLockException,
    ReportRevision,
)
from tests.sitewide.access.people import EVERYBODY, SIGNED_IN, TEAM, Group, people
from tests.sitewide.access.projects import KEEPS, READS_DISPUTED, SEES_REPORTS, WORKS
from tests.sitewide.access.scene import Scene
from tests.sitewide.reading import Reader, alter, difference, reader, rows_of, with_history
from tests.sitewide.test_access_matrix import PAGES

__all__ = ["reader"]  # the fixture

pytestmark = pytest.mark.django_db

AUDITS = people("internal_audit")
OF_THE_COUNCIL = people(
    *(KEEPS, "board", "director", "another director", "section_151", "monitoring_officer"),
    *("executive_leader", "governance", "internal_audit"),
)
"""Those who see the accepted reports of the whole council."""

NO_POST = people(
    *("no post", "superuser", "former service_manager", "delegate of portfolio_holder"),
    *("KPI holder", "stand-in", "another KPI holder", "action officer", "another action officer"),
)
PANEL = SIGNED_IN - SEES_REPORTS - NO_POST
"""Those who see a report as it was issued to the panel."""

# What it is: words by which it is known wherever it shows, and everybody who sees it somewhere.
ITEMS: dict[str, tuple[tuple[str, ...], Group]] = {
    "a draft report": (("What was built: PR 1 in", "Risk of PR 1:"), WORKS | AUDITS),
    "a submitted report": (("What was built: PR 2 in", "Risk of PR 2:"), WORKS | AUDITS),
    "a returned report": (("What was built: PR 3 in", "Risk of PR 3:"), WORKS | AUDITS),
    "what it was returned with": (("Is PR 3 between the two sides?",), WORKS | AUDITS),
    "a disputed report": (("What was built: PR 4 in", "Risk of PR 4:"), READS_DISPUTED | AUDITS),
    "its dialogue": (("Did the board of PR 4 see the risk?",), READS_DISPUTED | AUDITS),
    "an accepted report": (("What was built: PR 5 in", "Risk of PR 5:"), SEES_REPORTS),
    "a report as it was issued": (("What was built: PR 5 as issued.",), PANEL),
    "a check that was answered": (("What answered a check of PR 5.",), WORKS | AUDITS),
    "a revision that waits": (("Why PR 5 would be revised.",), WORKS | AUDITS),
    "leave to be late": (("Leave for PR 7 to be late.",), TEAM | AUDITS),
    "another service's accepted report": (("What was built: another's.",), OF_THE_COUNCIL),
    "another service's draft": (("What was built: a draft of another's.",), KEEPS | AUDITS),
    "a change that waits for the board": (("Reason of a change that waits.",), SEES_REPORTS),
    "a change the board declined": (
        ("Reason of a change that was declined.", "The board keeps the date."),
        SEES_REPORTS,
    ),
    "a change the board approved": (("Reason of a change that was approved.",), SIGNED_IN),
    "how a project ended": (("The works are done.",), SIGNED_IN),
}

MORE = (
    *(f"/projects/PR {number}/" for number in (1, 2, 3, 4, 6, 7, 9, 10)),
    *(f"/projects/2026-27-Q2/PR {number}/" for number in (7, 9)),
    *(f"/projects/2026-27-Q2/PR {number}/review/" for number in (1, 3, 4)),
    "/projects/2026-27-Q1/PR 9/",
    "/projects/2026-27-Q2/PR 4/revise/",
    "/projects/changes/{change declined}/",
    "/projects/?words=PR",
    "/projects/?status=green",
    "/projects/?overdue=yes",
    "/actions/2026-27/CPA 1/",
    "/actions/2026-27-Q2/",
    "/golden-thread/?about=CPA 1",
    "/audit/?about=PR 5",
    "/audit/?kind=actions.reportchallenge",
    "/audit/export/",
)
"""Addresses besides those of the access matrix where something of a project could show."""
OF_PROJECTS = re.compile(r"/(projects/|quarters/|home|$)")


def addresses(person: str) -> list[str]:
    opened = [page.address for page in PAGES if page.status(person) == 200 and OF_PROJECTS.match(page.address)]
    return list(dict.fromkeys((*opened, *MORE)))


def items_in(text: str) -> set[str]:
    return {item for item, (signs, _) in ITEMS.items() if any(sign in text for sign in signs)}


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_each_person_sees_what_the_table_gives_them_and_nothing_else(reader: Reader, person: str) -> None:
    seen: dict[str, str] = {}
    for address in addresses(person):
        seen |= dict.fromkeys(items_in(reader.read(person, address)) - set(seen), address)
    expected = {item for item, (_, group) in ITEMS.items() if person in group}
    assert {item: where for item, where in seen.items() if item not in expected} == {}
    assert expected - set(seen) == set()


# Page by page: which of it is printed there, and for whom. What is not named is on that page for nobody.
SHOWN: dict[str, dict[str, Group]] = {
    "/": {},
    "/projects/": {},
    "/projects/PR 1/": {"a draft report": WORKS},
    "/projects/PR 3/": {"a returned report": WORKS, "what it was returned with": WORKS},
    "/projects/PR 4/": {"a disputed report": READS_DISPUTED, "its dialogue": READS_DISPUTED},
    "/projects/PR 5/": {
        "an accepted report": SEES_REPORTS,
        "a report as it was issued": PANEL,
        "a revision that waits": WORKS,
        "a change the board declined": SEES_REPORTS,
        "a change the board approved": SIGNED_IN,
    },
    "/projects/PR 6/": {"a change that waits for the board": SEES_REPORTS},
    "/projects/PR 9/": {"another service's accepted report": OF_THE_COUNCIL, "another service's draft": KEEPS},
    "/projects/PR 10/": {"how a project ended": SIGNED_IN},
    "/projects/2026-27-Q2/PR 1/": {"a draft report": WORKS},
    "/projects/2026-27-Q2/PR 4/": {"a disputed report": READS_DISPUTED, "its dialogue": READS_DISPUTED},
    "/projects/2026-27-Q2/PR 5/": {
        "an accepted report": SEES_REPORTS,
        "a revision that waits": WORKS,
        "a check that was answered": WORKS,
    },
    "/projects/revisions/": {"a revision that waits": WORKS},
    "/quarters/": {"leave to be late": TEAM},
    # The queue, the page of an action and the golden thread name projects and say how they stand, no more.
    "/actions/2026-27-Q2/": {},
    "/golden-thread/?about=CPA 1": {},
}


@pytest.mark.parametrize("address", SHOWN)
def test_each_page_prints_only_what_the_table_says(reader: Reader, address: str) -> None:
    wrong = {}
    for person in sorted(EVERYBODY):
        found = items_in(reader.read(person, address))
        expected = {item for item, group in SHOWN[address].items() if person in group}
        if found != expected:
            wrong[person] = {"too much": found - expected, "missing": expected - found}
    assert wrong == {}


# What one may not see changes nothing that one does see: no count, status, date, order or sentence depends on it.


def secrets(scene: Scene, item: str) -> list[models.QuerySet[Any]]:
    """The rows behind an item of the table."""

    def rows(model: Any, name: str) -> list[models.QuerySet[Any]]:
        return with_history(model, scene.id(name))

    match item:
        case "a draft report":
            return rows(ProjectReport, "report_draft")
        case "a submitted report":
            return rows(ProjectReport, "report_submitted")
        case "a returned report":
            return rows(ProjectReport, "report_challenged")
        case "what it was returned with":
            return _dialogue(scene.id("report_challenge"))
        case "a disputed report":
            return rows(ProjectReport, "report_disputed")
        case "its dialogue":
            return _dialogue(scene.id("report_dispute"))
        case "an accepted report":
            return rows(ProjectReport, "report_accepted")
        case "a check that was answered":
            return rows(ReportFinding, "report_finding")
        case "a revision that waits":
            return rows(ReportRevision, "report_revision")
        case "leave to be late":
            return rows(ReportLockException, "report_exception")
        case "another service's accepted report":
            return rows(ProjectReport, "their_report")
        case "another service's draft":
            return rows(ProjectReport, "their_report_draft")
        case "a change that waits for the board":
            return rows(ChangeRequest, "change")
        case "a change the board declined":
            return rows(ChangeRequest, "change declined")
    return []  # everybody's


def _dialogue(challenge: int) -> list[models.QuerySet[Any]]:
    return [*with_history(ReportChallenge, challenge), rows_of(ReportChallengeMessage, challenge=challenge)]


def alter_what_is_hidden(scene: Scene, person: str) -> None:
    for item, (_, group) in ITEMS.items():
        if person not in group:
            for rows in secrets(scene, item):
                alter(rows)
                if any(one.name == "status" for one in rows.model._meta.concrete_fields):
                    rows.update(status="not_started")


OUTSIDERS = (
    *("board", "another director", "portfolio_holder", "another portfolio_holder", "executive_leader", "governance"),
    *("scrutiny", "officer", "another service_manager", "KPI holder", "no post"),
)
"""One of each kind of those from whom something is hidden."""


@pytest.mark.parametrize("person", OUTSIDERS)
def test_what_one_may_not_see_changes_nothing_one_sees(reader: Reader, person: str) -> None:
    before = {address: reader.read(person, address) for address in addresses(person)}
    with transaction.atomic():
        alter_what_is_hidden(reader.scene, person)
        after = {address: reader.open(person, address) for address in before}
        transaction.set_rollback(True)
    told = {address: difference(text, after[address]) for address, text in before.items() if text != after[address]}
    assert told == {}
