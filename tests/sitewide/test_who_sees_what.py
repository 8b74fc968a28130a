"""Who sees what, over HTTP: everybody opens every page, and only what the hand-written table gives them is on any.

The rule (design, 4; framework C.2, E.1): drafts, submitted returns and what the two sides say are the service's and
the Performance Team's; a disputed figure and its dialogue the board's and the leadership's as well; accepted figures
and accepted revisions also a portfolio holder's, the leader's, audit's and governance's; everybody else with a post
sees a figure as it was issued to the panel; anybody else as it was published.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import models, transaction

from kpis.models import (
    Challenge,
    ChallengeMessage,
    Finding,
    IssuedFigure,
    LockException,
    MonthlyReturn,
    RecoveryOutcome,
    Revision,
    WordCorrection,
)
from tests.sitewide.access import packs
from tests.sitewide.access.people import (
    ACCEPTED,
    ENTERS,
    EVERYBODY,
    LEADERSHIP,
    SIGNED_IN,
    TEAM,
    WORKS,
    Group,
    people,
)
from tests.sitewide.access.scene import Scene
from tests.sitewide.reading import Reader, alter, difference, ids_of, reader, rows_of, with_history
from tests.sitewide.test_access_matrix import PAGES

__all__ = ["reader"]  # the fixture

pytestmark = pytest.mark.django_db

READS_DISPUTED = WORKS | LEADERSHIP
READS_ACCEPTED = WORKS | ACCEPTED
HOLDS_EVERYTHING = people(TEAM, "internal_audit", "monitoring_officer")
"""Those who take away everything held on a KPI, and so read all of it."""
OTHERS_WORK = people(TEAM, "another KPI holder")
OF_THE_COUNCIL = (ACCEPTED - {"portfolio_holder"}) | OTHERS_WORK
"""Those who see the accepted figures of the other service too."""
PANEL = (
    SIGNED_IN
    - READS_ACCEPTED
    - people("no post", "superuser", "former service_manager", "delegate of portfolio_holder", "another KPI holder")
    - people("action officer", "another action officer", "project manager")  # named on a record, holding no post
)
PUBLIC = SIGNED_IN - READS_ACCEPTED

# What it is: words and figures by which it is known wherever it shows, and everybody who sees it somewhere.
ITEMS: dict[str, tuple[tuple[str, ...], Group]] = {
    "a draft": (("the draft of october", "4,444"), WORKS | HOLDS_EVERYTHING),
    "a note beside a draft": (("Note beside the draft of october",), WORKS | HOLDS_EVERYTHING),
    "a submitted return": (
        ("the may nobody accepted", "222,222", "a submitted october", "3,333"),
        WORKS | HOLDS_EVERYTHING,
    ),
    "years to date that count it": (("247,472", "251,916"), WORKS),
    "a challenge between the two sides": (("Is this between the two sides?",), WORKS | {"internal_audit"}),
    "a figure in question": (("a september in question",), WORKS | {"internal_audit"}),
    "a word corrected": (("a misspelt october",), WORKS | {"internal_audit"}),
    "a check that was answered": (("Answer to a check of august",), WORKS | HOLDS_EVERYTHING),
    "a revision that waits": (("Reason of a revision that waits", "9,191"), WORKS | HOLDS_EVERYTHING),
    "what a draft says of a recovery": (("What a draft says became",), WORKS | HOLDS_EVERYTHING),
    "leave to be late": (("Leave to hand in late",), ENTERS | {"internal_audit"}),
    "a disputed figure": (("the disputed september", "5,555", "25,250"), READS_DISPUTED | HOLDS_EVERYTHING),
    "its dialogue": (("Is september ten times the usual?",), READS_DISPUTED | HOLDS_EVERYTHING),
    "an old dispute": (
        ("Was august counted twice?", "The board says august stands."),
        READS_DISPUTED | HOLDS_EVERYTHING,
    ),
    "a note beside an accepted figure": (("Note beside august",), WORKS | HOLDS_EVERYTHING),
    "an accepted figure": (("What happened: august.", "8,888", "19,695"), READS_ACCEPTED),
    "what it was before it was submitted": (("an earlier draft of august", "8,080"), HOLDS_EVERYTHING),
    "an accepted revision": (("Reason of a revision accepted since",), READS_ACCEPTED),
    # Chosen as an example, it is shown to everybody who writes a commentary.
    "an accepted commentary shown as an example": (("What happened: a second august",), READS_ACCEPTED | OTHERS_WORK),
    "a figure issued to the panel": (("Words as the panel had them",), PANEL | HOLDS_EVERYTHING),
    "a published figure": (("Words as published", "3,131"), PUBLIC | HOLDS_EVERYTHING),
    "another service's accepted figure": (("another service's august", "90,909"), OF_THE_COUNCIL),
    "another service's draft": (("another service's october", "91,919"), OTHERS_WORK | {"internal_audit"}),
}

MORE = (
    "/kpis/?rag=red",
    "/kpis/?sort=-rag",
    "/kpis/?year=2025",
    "/kpis/2026-27/PI 1/?figures=month",
    "/kpis/2026-27/PI 2/",
    "/kpis/2026-27/PI 3/",
    "/kpis/2026-27/PI 9/",
    "/kpis/2025-26/PI 3/",
    "/returns/2026-05/",
    "/returns/2026-05/PI 1/",
    "/returns/2026-07/PI 1/",
    "/returns/2026-08/PI 2/",
    "/returns/2026-08/PI 3/",
    "/returns/2026-08/PI 9/",
    "/returns/2026-09/",
    "/returns/2026-10/PI 9/",
    "/returns/2026-10/PI 9/review/",
    "/board/2026-05/",
    "/board/2026-07/",
    "/board/2026-08/",
    "/board/2026-10/",
    "/board/2026-09/?rag=red",
    "/audit/?page=2",
    "/audit/?kind=kpis.challenge",
    "/audit/?words=the+draft",
    "/audit/?words=overtime",
)
"""Addresses besides those of the access matrix where a figure could show."""
BESIDE = re.compile(r"/(admin|about|events|health|import|password|posts|sign-)|/reports/.*\.(pdf|xlsx|csv)$")
"""Addresses of the matrix at which no figure is read as words of a page."""
NOT_OUT = (packs.CONSULTING, packs.FROZEN, packs.SIGNED)
"""Who comments on a pack reads all of it before it is out (C.2.3): ``access/packs.py`` says who and which."""


def addresses(person: str) -> list[str]:
    """Where a figure could show to them: what the matrix opens to them, and more, whether opened or not."""
    left_out = NOT_OUT if person in packs.COMMENTS else ()
    opened = [
        page.address
        for page in PAGES
        if page.status(person) == 200 and not BESIDE.match(page.address) and not page.address.startswith(left_out)
    ]
    return list(dict.fromkeys((*opened, *MORE)))


def items_in(text: str) -> set[str]:
    return {item for item, (signs, _) in ITEMS.items() if any(sign in text for sign in signs)}


ALIKE = people(
    *("councillor", "strategic_insights", "finance", "human_resources", "manager", "another manager"),
    *("another officer", "democratic_services"),
)
"""Those who see what *scrutiny* and *officer* see: they are asked page by page, below, but not on every page."""


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
ONLY_AUDIT = people("internal_audit")
SHOWN: dict[str, dict[str, Group]] = {
    "/": {},
    "/kpis/": {
        "an accepted figure": READS_ACCEPTED,
        "a published figure": PUBLIC,
        "another service's accepted figure": OF_THE_COUNCIL,
    },
    "/kpis/2026-27/PI 1/": {
        "a draft": WORKS,
        "a submitted return": WORKS,
        "years to date that count it": WORKS,
        "a disputed figure": READS_DISPUTED,
        "its dialogue": READS_DISPUTED,
        "an accepted figure": READS_ACCEPTED,
        "an accepted revision": READS_ACCEPTED,
        "a revision that waits": WORKS,
        "what a draft says of a recovery": WORKS,
        "a figure issued to the panel": PANEL,
        "a published figure": PUBLIC,
    },
    "/kpis/2026-27/PI 2/": {
        "a submitted return": WORKS,
        "a figure in question": WORKS,
        "an accepted commentary shown as an example": READS_ACCEPTED,
    },
    "/returns/2026-10/": {"a submitted return": WORKS},
    # The team's own KPIs alone would be here, and it has none.
    "/returns/2026-10/grid/": {
        "a submitted return": ENTERS - TEAM,
        "a draft": ENTERS - TEAM,
        "a disputed figure": ENTERS - TEAM,
        "another service's draft": people("another KPI holder"),
        "another service's accepted figure": people("another KPI holder"),
    },
    "/returns/2026-10/PI 2/": {
        "a submitted return": WORKS,
        "a figure in question": WORKS,
        "a word corrected": WORKS,
    },
    "/returns/2026-09/PI 2/": {
        "a figure in question": WORKS,
        "a challenge between the two sides": WORKS,
        "an accepted commentary shown as an example": WORKS,
    },
    "/returns/2026-09/PI 1/": {
        "a disputed figure": READS_DISPUTED,
        "its dialogue": READS_DISPUTED,
        "what a draft says of a recovery": WORKS,  # beside last month's words
        "an accepted figure": READS_DISPUTED,
        "a submitted return": WORKS,
        "years to date that count it": WORKS,
        "an accepted commentary shown as an example": ENTERS,
    },
    "/returns/2026-08/PI 1/": {
        "an accepted figure": READS_ACCEPTED,
        "a note beside an accepted figure": WORKS,
        "a check that was answered": WORKS,
        "an old dispute": READS_DISPUTED,
        "a revision that waits": WORKS,
        "a submitted return": WORKS,
    },
    "/returns/2026-10/PI 2/review/": {
        "a submitted return": TEAM,
        "a figure in question": TEAM,
        "a challenge between the two sides": TEAM,
        "a word corrected": TEAM,
    },
    "/revisions/": {"a revision that waits": WORKS, "an accepted revision": WORKS, "an accepted figure": WORKS},
    "/board/2026-08/": {
        "an accepted figure": ACCEPTED,
        "another service's accepted figure": OF_THE_COUNCIL - OTHERS_WORK | TEAM,
    },
    # Beside a figure that is not accepted stands the last one that is.
    "/board/2026-09/": {
        "a disputed figure": LEADERSHIP,
        "an accepted figure": ACCEPTED,
        "another service's accepted figure": OF_THE_COUNCIL - OTHERS_WORK | TEAM,
    },
    "/board/2026-09/disputed/PI 1/": {
        "a disputed figure": READS_DISPUTED,
        "its dialogue": READS_DISPUTED,
    },
    "/audit/export/": {
        "an accepted figure": AUDITED,
        "an accepted revision": AUDITED,
        "an accepted commentary shown as an example": AUDITED,
        "another service's accepted figure": AUDITED,
        **dict.fromkeys(
            (
                "a draft",
                "a note beside a draft",
                "a submitted return",
                "a challenge between the two sides",
                "a figure in question",
                "a word corrected",
                "a check that was answered",
                "a revision that waits",
                "what a draft says of a recovery",
                "leave to be late",
                "a disputed figure",
                "its dialogue",
                "an old dispute",
                "a note beside an accepted figure",
                "what it was before it was submitted",
                "another service's draft",
            ),
            ONLY_AUDIT,
        ),
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


# What one may not see changes nothing that one does see: no sum, chart, order, mark or sentence depends on it.


def _dialogue(challenge: int) -> list[models.QuerySet[Any]]:
    return [*with_history(Challenge, challenge), rows_of(ChallengeMessage, challenge=challenge)]


def secrets(scene: Scene, item: str) -> list[models.QuerySet[Any]]:
    """The rows behind an item of the table."""
    august, accepted = scene.id("august"), MonthlyReturn.State.ACCEPTED
    returns = MonthlyReturn.objects
    match item:
        case "a draft":
            return with_history(MonthlyReturn, scene.id("october"))
        case "a submitted return":
            return with_history(MonthlyReturn, scene.id("may"), scene.id("submitted"))
        case "a figure in question":
            return with_history(MonthlyReturn, scene.id("challenged"))
        case "a challenge between the two sides":
            return _dialogue(scene.id("challenge"))
        case "a word corrected":
            return with_history(WordCorrection, scene.id("correction"))
        case "a check that was answered":
            return with_history(Finding, *ids_of(Finding.objects.filter(monthly_return=august)))
        case "a revision that waits":
            return with_history(Revision, scene.id("revision"))
        case "what a draft says of a recovery":
            return with_history(RecoveryOutcome, *ids_of(RecoveryOutcome.objects.filter(monthly_return=august)))
        case "leave to be late":
            return with_history(LockException, scene.id("exception"))
        case "a disputed figure":
            return with_history(MonthlyReturn, scene.id("september"))
        case "its dialogue":
            return _dialogue(scene.id("dispute"))
        case "an old dispute":
            return _dialogue(Challenge.objects.get(monthly_return=august).pk)
        case "an accepted figure":
            ours = returns.filter(state=accepted).exclude(kpi_year__code="PI 9").exclude(as_example__isnull=False)
            return with_history(MonthlyReturn, *ids_of(ours))
        case "an accepted revision":
            return with_history(Revision, *ids_of(Revision.objects.filter(state="accepted")))
        case "a figure issued to the panel":
            return [rows_of(IssuedFigure, audience="panel")]
        case "a published figure":
            return [rows_of(IssuedFigure, audience="public")]
        case "another service's accepted figure":
            return with_history(MonthlyReturn, scene.id("their_august"))
        case "another service's draft":
            return with_history(MonthlyReturn, scene.id("their_october"))
        case "what it was before it was submitted":
            return [rows_of(MonthlyReturn.history.model, id=august, state=MonthlyReturn.State.DRAFT)]
    return []  # a part of another item, below


def alter_what_is_hidden(scene: Scene, person: str) -> None:
    for item, (_, group) in ITEMS.items():
        if person not in group:
            for rows in secrets(scene, item):
                alter(rows)
    if person not in ITEMS["a note beside an accepted figure"][1]:
        theirs = scene.fresh("their_august").kpi_id
        for model in (MonthlyReturn, MonthlyReturn.history.model):
            rows_of(model).exclude(kpi=theirs).exclude(internal_note="").update(internal_note="Altered.")


OUTSIDERS = (
    "board",
    "section_151",
    "another director",
    "portfolio_holder",
    "executive_leader",
    "governance",
    "scrutiny",
    "officer",
    "another portfolio_holder",
    "another service_manager",
    "another head_of_service",
    "another KPI holder",
    "KPI holder",
    "no post",
    "delegate of portfolio_holder",
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
