"""Who sees an action's updates: role by draft, disputed, accepted, issued, revised since the issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions.models import ActionYear, DateChange, MilestoneReport
from actions.queries.dates import dates
from actions.queries.told import told
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.seeing import Q1, Q2, Q3_LAST, Q4_LAST, TODAY, issued
from tests.factories.actions import (
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    UpdateChallengeFactory,
)
from tests.factories.organisation import UserFactory, holder
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

DRAFT, DISPUTED, ACCEPTED, REVISED, ISSUED = (
    "Draft words",
    "Disputed words",
    "Accepted words",
    "Revised words",
    "Issued words",
)
QUESTION = "What difference did it make to anybody?"


@pytest.fixture
def row(set_today: Callable[[date], None]) -> ActionYear:
    """Q3 issued and revised since, Q4 accepted, Q1 with the board, Q2 a draft."""
    set_today(TODAY)
    row = ActionYearFactory()
    last = ActionYearFactory(
        year=2025, action=row.action, service=row.service, portfolio=row.portfolio, responsible=row.responsible
    )
    issued(ActionUpdateFactory(action_year=last, span=Q3_LAST, accepted=True, done=REVISED), done=ISSUED)
    ActionUpdateFactory(action_year=last, span=Q4_LAST, accepted=True, done=ACCEPTED)
    disputed = ActionUpdateFactory(action_year=row, span=Q1, challenged=True, done=DISPUTED)
    UpdateChallengeFactory(update=disputed, escalated=True, question=QUESTION)
    ActionUpdateFactory(action_year=row, span=Q2, draft=True, done=DRAFT)
    return row


def person(role: str, row: ActionYear) -> User:
    """Somebody who holds the role over this action, or as *another …* over something else."""
    if role == "responsible officer":
        return row.responsible
    if role == "nobody":
        return UserFactory()
    found = Role(role.removeprefix("another ").replace(" ", "_"))
    places = {"service": row.service, "directorate": row.service.directorate, "portfolio": row.portfolio}
    kind = found.scope_kind.value
    return holder(found, **({} if role.startswith("another ") or kind == "council" else {kind: places[kind]}))


# The ground on which each of Q3, Q4, Q1 and Q2 is seen; nothing where it is not.
SEEN: dict[str, tuple[str, str, str, str]] = {
    "performance team": ("accepted", "accepted", "working", "working"),
    "responsible officer": ("accepted", "accepted", "working", "working"),
    "service manager": ("accepted", "accepted", "working", "working"),
    "head of service": ("accepted", "accepted", "working", "working"),
    "director": ("accepted", "accepted", "working", "working"),
    "another director": ("accepted", "accepted", "disputed", ""),
    "board": ("accepted", "accepted", "disputed", ""),
    "section 151": ("accepted", "accepted", "disputed", ""),
    "portfolio holder": ("accepted", "accepted", "", ""),
    "executive leader": ("accepted", "accepted", "", ""),
    "governance": ("accepted", "accepted", "", ""),
    "internal audit": ("accepted", "accepted", "", ""),
    "another portfolio holder": ("issued", "", "", ""),
    "another service manager": ("issued", "", "", ""),
    "scrutiny": ("issued", "", "", ""),
    "councillor": ("issued", "", "", ""),
    "officer": ("issued", "", "", ""),
    "democratic services": ("issued", "", "", ""),
    "strategic insights": ("issued", "", "", ""),
    "nobody": ("", "", "", ""),
}


@pytest.mark.parametrize("role", SEEN)
def test_each_role_sees_each_quarter_on_its_own_ground_and_no_other(row: ActionYear, role: str) -> None:
    user = person(role, row)
    seen = told(standing(user), [row.action_id], words=True)[row.action_id].by_quarter
    spans = (Q3_LAST, Q4_LAST, Q1, Q2)
    assert tuple(seen[one].source.value if one in seen else "" for one in spans) == SEEN[role]
    page = text_of(signed_in(user), f"/actions/2026-27/{row.code}/")
    q3, q4, q1, q2 = SEEN[role]
    printed = {words: words in page for words in (ISSUED, REVISED, ACCEPTED, DISPUTED, QUESTION, DRAFT)}
    assert printed == {
        ISSUED: q3 == "issued",
        REVISED: q3 == "accepted",
        ACCEPTED: bool(q4),
        DISPUTED: bool(q1),
        QUESTION: bool(q1),
        DRAFT: bool(q2),
    }


def test_what_an_update_changed_of_the_plan_is_seen_with_that_update_only(row: ActionYear) -> None:
    """A date moved and a milestone reached by an update that was not issued are not told early."""
    accepted = row.action.updates.get(quarter=Q4_LAST.first_day)
    step = MilestoneFactory(action=row.action, name="Consult", due_on=date(2026, 9, 1), reached_on=date(2026, 3, 1))
    MilestoneFactory(action=row.action, name="Added by Q4", due_on=date(2027, 1, 1))
    MilestoneReport.objects.create(update=accepted, milestone=step, outcome="reached", on=date(2026, 3, 1))
    MilestoneReport.objects.create(update=accepted, name="Added by Q4", outcome="new", on=date(2027, 1, 1))
    common = {"action": row.action, "by": row.responsible, "by_name": "x", "at": accepted.transitions.last().at}
    DateChange.objects.create(old_on=date(2026, 12, 1), new_on=date(2026, 12, 20), reason="By decision.", **common)
    DateChange.objects.create(
        old_on=date(2026, 12, 20), new_on=row.due_on, reason="Said in Q4.", update=accepted, **common
    )

    def seen_by(role: str) -> tuple[date, list[str], list[tuple[str, date | None]]]:
        found = dates(standing(person(role, row)), [row])[row.pk]
        return found.due_on, [one.reason for one in found.moved], [(one.name, one.reached_on) for one in found.steps]

    assert seen_by("board") == (
        row.due_on,
        ["By decision.", "Said in Q4."],
        [("Consult", date(2026, 3, 1)), ("Added by Q4", None)],
    )
    assert seen_by("scrutiny") == (date(2026, 12, 20), ["By decision."], [("Consult", None)])
    issued(accepted)
    assert seen_by("scrutiny") == seen_by("board")
