"""Who sees what of the Corporate Plan's actions: everybody opens every page of them, home, audit and export.

The rule (design, 4; framework, *Quarterly Reporting*, *Annual Refresh*): drafts, submitted and returned updates and
what the two sides say are the service's and the Performance Team's; a disputed update and its dialogue the board's
and the leadership's as well; accepted ones also a portfolio holder's, the leader's, audit's and governance's;
everybody else with a post sees an update as it was issued. The plan is everybody's once it is adopted, and before
that theirs who make it. An objective is its person's and their manager's.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import models, transaction

from actions.models import (
    ActionUpdate,
    ActionYear,
    Challenge,
    ChallengeMessage,
    Finding,
    LockException,
    PlanDecision,
    RecoveryOutcome,
    Revision,
)
from reports.models import Objective
from tests.sitewide.access.actions import READS_ACCEPTED, READS_DISPUTED, WORKS
from tests.sitewide.access.people import EVERYBODY, SIGNED_IN, TEAM, Group, people
from tests.sitewide.access.plan import READS_PROPOSALS
from tests.sitewide.access.scene import Scene
from tests.sitewide.reading import Reader, alter, difference, ids_of, reader, rows_of, with_history
from tests.sitewide.test_access_matrix import PAGES

__all__ = ["reader"]  # the fixture

pytestmark = pytest.mark.django_db

AUDITS = people("internal_audit")
OTHERS_WORK = people(TEAM, "another action officer")
OF_THE_COUNCIL = people(
    *(TEAM, "board", "director", "another director", "section_151", "monitoring_officer"),
    *("executive_leader", "governance", "internal_audit"),
)
"""Those who see the accepted updates of the whole council."""
NO_POST = people(
    *("no post", "superuser", "former service_manager", "delegate of portfolio_holder"),
    *("KPI holder", "stand-in", "another KPI holder", "another action officer"),
)
PANEL = SIGNED_IN - READS_ACCEPTED - NO_POST - people("project manager")
"""Those who see an update as it was issued to the panel."""

# What it is: words by which it is known wherever it shows, and everybody who sees it somewhere.
ITEMS: dict[str, tuple[tuple[str, ...], Group]] = {
    "a draft update": (("What was done: CPA 1 in", "Impact: CPA 1 made"), WORKS | AUDITS),
    "a submitted update": (("What was done: CPA 2 in", "Impact: CPA 2 made"), WORKS | AUDITS),
    "a returned update": (("What was done: CPA 3 in", "Impact: CPA 3 made"), WORKS | AUDITS),
    "what it was returned with": (("Is CPA 3 between the two sides?",), WORKS | AUDITS),
    "a disputed update": (("What was done: CPA 4 in", "Impact: CPA 4 made"), READS_DISPUTED | AUDITS),
    "its dialogue": (("Did CPA 4 make any difference?",), READS_DISPUTED | AUDITS),
    "an accepted update": (
        ("What was done: CPA 5 in", "Words of Q2 as accepted", "What PLN 1 promised."),
        READS_ACCEPTED,
    ),
    "a note beside a draft": (("Note beside CPA 1.",), WORKS | AUDITS),
    "a note beside an accepted update": (("Note beside CPA 5.",), WORKS | AUDITS),
    "a check that was answered": (("What answered a check of CPA 5.",), WORKS | AUDITS),
    "a revision that waits": (("Why CPA 5 would be revised.",), WORKS | AUDITS),
    "leave to be late": (("Leave for CPA 7 to be late.",), TEAM | AUDITS),
    "what was promised": (("What CPA 11 promised.",), READS_ACCEPTED),
    "what a draft says became of it": (("What a draft says became of CPA 11.",), WORKS | AUDITS),
    "an update as it was issued": (("Words of Q1 as issued.", "Promised as issued."), PANEL),
    "the same revised since": (("Words of Q1 as revised since.",), READS_ACCEPTED),
    "another service's accepted update": (("What was done: another's.",), OF_THE_COUNCIL | OTHERS_WORK),
    "another service's draft": (("What was done: a draft of another's.",), OTHERS_WORK | AUDITS),
    "a proposed action": (("Our new action",), READS_PROPOSALS | AUDITS),
    "what a body said of a set": (("Scrutiny asks for more.",), READS_PROPOSALS),
    "a decision about an action of the plan": (("Resolved: that PLN 2 end.",), SIGNED_IN),
    "somebody's objective": (("Answer letters about CPA 1 sooner",), people("officer", "manager")),
}

MORE = (
    *(f"/actions/2026-27/CPA {number}/" for number in (1, 2, 3, 4, 5, 7, 9, 10, 11)),
    *(f"/actions/2026-27-Q2/CPA {number}/" for number in (7, 9, 10, 11)),
    *(f"/actions/2026-27-Q2/CPA {number}/review/" for number in (1, 4, 11)),
    "/actions/2026-27-Q1/CPA 11/",
    "/actions/2026-27-Q1/PLN 1/",
    "/actions/2026-27-Q1/portfolios/",
    "/actions/?rag=red",
    "/actions/?words=CPA",
    "/actions/?overdue=on",
    "/actions/2026-27-Q1/",
    "/actions/plan/2028-29/changes/",
    "/golden-thread/?about=CPA 1",
    "/golden-thread/?about=PLN 1",
    "/golden-thread/lgof/",
    *(f"/audit/?page={page}" for page in range(2, 9)),
    "/audit/?words=CPA",
    "/audit/?kind=actions.challenge",
)
"""Addresses besides those of the access matrix where something of an action could show."""
OF_ACTIONS = re.compile(r"/(actions|quarters|golden-thread|outcomes|audit|home|kpis/2026-27/PI 1|board/2026-08)|/$")
"""Pages of the matrix on which words of an action could stand; forms that only send something back are left out."""


def addresses(person: str) -> list[str]:
    opened = [page.address for page in PAGES if page.status(person) == 200 and OF_ACTIONS.match(page.address)]
    return list(dict.fromkeys((*opened, *MORE)))


def items_in(text: str) -> set[str]:
    return {item for item, (signs, _) in ITEMS.items() if any(sign in text for sign in signs)}


ALIKE = people(
    *("councillor", "strategic_insights", "finance", "human_resources", "another officer"),
    *("stand-in", "section_151"),
)
"""Those who see what another person of the table sees: they are asked page by page, below, but not on every page."""


@pytest.mark.parametrize("person", sorted(EVERYBODY - ALIKE))
def test_each_person_sees_what_the_table_gives_them_and_nothing_else(reader: Reader, person: str) -> None:
    seen: dict[str, str] = {}
    for address in addresses(person):
        seen |= dict.fromkeys(items_in(reader.read(person, address)) - set(seen), address)
    expected = {item for item, (_, group) in ITEMS.items() if person in group}
    assert {item: where for item, where in seen.items() if item not in expected} == {}
    assert expected - set(seen) == set()


# Page by page: which of it is printed there, and for whom. What is not named is on that page for nobody.
AUDITED = people("governance", "internal_audit")
ONLY_AUDIT = (
    *("a draft update", "a submitted update", "a returned update", "what it was returned with", "a disputed update"),
    *("its dialogue", "a note beside a draft", "a note beside an accepted update", "a check that was answered"),
    *("a revision that waits", "what a draft says became of it", "another service's draft", "a proposed action"),
)
SHOWN: dict[str, dict[str, Group]] = {
    "/": {"an accepted update": people("action officer")},  # what was promised, with its date
    "/actions/": {},
    "/actions/2026-27-Q2/": {},
    "/actions/2026-27/CPA 1/": {"a draft update": WORKS},
    "/actions/2026-27/CPA 3/": {"a returned update": WORKS, "what it was returned with": WORKS},
    "/actions/2026-27/CPA 4/": {"a disputed update": READS_DISPUTED, "its dialogue": READS_DISPUTED},
    "/actions/2026-27/CPA 5/": {"an accepted update": READS_ACCEPTED, "a revision that waits": WORKS},
    "/actions/2026-27/CPA 9/": {"another service's accepted update": OF_THE_COUNCIL | OTHERS_WORK},
    "/actions/2026-27/CPA 11/": {"what was promised": READS_ACCEPTED, "what a draft says became of it": WORKS},
    "/actions/2026-27/PLN 1/": {
        "an accepted update": READS_ACCEPTED,
        "the same revised since": READS_ACCEPTED,
        "an update as it was issued": PANEL,
    },
    "/actions/2026-27/PLN 2/": {"a decision about an action of the plan": SIGNED_IN},
    "/actions/2026-27-Q2/CPA 1/": {"a draft update": WORKS, "a note beside a draft": WORKS},
    "/actions/2026-27-Q2/CPA 4/": {"a disputed update": READS_DISPUTED, "its dialogue": READS_DISPUTED},
    "/actions/2026-27-Q2/CPA 5/": {
        "an accepted update": READS_ACCEPTED,
        "a note beside an accepted update": WORKS,
        "a revision that waits": WORKS,
        "a check that was answered": WORKS,
    },
    "/actions/plan/2028-29/": {"what a body said of a set": READS_PROPOSALS},
    "/golden-thread/?about=CPA 1": {},
    "/golden-thread/objectives/": {"somebody's objective": people("officer", "manager")},
    "/actions/revisions/": {"a revision that waits": WORKS},
    # In the portfolios' quarter an amber or red is told with its words.
    "/actions/2026-27-Q2/portfolios/": {"an accepted update": READS_ACCEPTED},
    "/actions/2026-27-Q1/portfolios/": {"what was promised": READS_ACCEPTED, "an update as it was issued": PANEL},
    "/audit/export/": {
        "an accepted update": AUDITED,
        "what was promised": AUDITED,
        "the same revised since": AUDITED,
        "another service's accepted update": AUDITED,
        "leave to be late": AUDITS,
        **dict.fromkeys(ONLY_AUDIT, AUDITS),
    },
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


# What one may not see changes nothing that one does see: no count, colour, date, order or sentence depends on it.


def _updates(scene: Scene, *names: str) -> list[models.QuerySet[Any]]:
    return with_history(ActionUpdate, *(scene.id(name) for name in names))


def _dialogue(challenge: int) -> list[models.QuerySet[Any]]:
    return [*with_history(Challenge, challenge), rows_of(ChallengeMessage, challenge=challenge)]


def secrets(scene: Scene, item: str) -> list[models.QuerySet[Any]]:
    """The rows behind an item of the table."""
    match item:
        case "a draft update":
            return _updates(scene, "update_draft")
        case "a submitted update":
            return _updates(scene, "update_submitted")
        case "a returned update":
            return _updates(scene, "update_challenged")
        case "what it was returned with":
            return _dialogue(scene.id("update_challenge"))
        case "a disputed update":
            return _updates(scene, "update_disputed")
        case "its dialogue":
            return _dialogue(scene.id("update_dispute"))
        case "an accepted update":
            theirs = scene.id("their_update")
            accepted = ActionUpdate.objects.filter(state="accepted").exclude(pk=theirs)
            return with_history(ActionUpdate, *ids_of(accepted))
        case "a check that was answered":
            return with_history(Finding, scene.id("update_finding"))
        case "a revision that waits":
            return with_history(Revision, scene.id("update_revision"))
        case "leave to be late":
            return with_history(LockException, scene.id("update_exception"))
        case "what a draft says became of it":
            return with_history(RecoveryOutcome, scene.id("update_outcome"))
        case "another service's accepted update":
            return _updates(scene, "their_update")
        case "another service's draft":
            return _updates(scene, "their_draft")
        case "a proposed action":
            rows = ActionYear.objects.exclude(plan_year__state="adopted")
            return with_history(ActionYear, *ids_of(rows))
        case "what a body said of a set":
            return [rows_of(PlanDecision, pk=scene.id("comment"))]
        case "somebody's objective":
            return [rows_of(Objective, pk=scene.id("objective"))]
    return []  # a part of another item, or not a row of its own


def alter_what_is_hidden(scene: Scene, person: str) -> None:
    for item, (_, group) in ITEMS.items():
        if person not in group:
            for rows in secrets(scene, item):
                alter(rows, rag="not_started")
    if person not in ITEMS["a note beside an accepted update"][1]:
        rows_of(ActionUpdate).exclude(internal_note="").update(internal_note="Altered.")


OUTSIDERS = (
    *("board", "another director", "portfolio_holder", "executive_leader", "governance", "scrutiny", "officer"),
    *("another portfolio_holder", "another service_manager", "another action officer", "action officer"),
    *("KPI holder", "no post", "democratic_services"),
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
