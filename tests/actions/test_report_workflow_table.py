"""Who may make which move of a project's report, in which state: every triple, against a table in words.

Written from the framework (Appendix A: who oversees projects) and the decision notes, not from the code. See
``tests/workflow_tables.py`` for the words of its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from actions.models import ProjectReport
from actions.project_workflow import REPORT_MOVES, REPORT_REVISION_MOVES, move_report, move_report_revision
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.reporting import TODAY
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.projects import ProjectFactory, ProjectReportFactory, ReportRevisionFactory
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

GROUPS = {
    "the project": ["manager", "sponsor", "manager's delegate"],
    "who oversees": ["strategic insights"],
    "the team, own": ["team member who typed it"],
    "the team": ["another team member"],
    "the board": ["board member"],
    "everybody else": ["service manager", "head of service", "director", "portfolio holder", "superuser", "nobody"],
}
STATES = ["not started", "draft", "submitted", "challenged", "accepted"]
ENTERING = ["the project", "who oversees", "the team, own", "the team"]
NOT_ENTERING = ["the board", "everybody else"]


def _entering() -> Iterator[str]:
    """The moves of whoever enters: alike for the project, those who oversee projects and the team."""
    cells = {
        "draft": "yes | yes | state | state | state",
        "submit": "state | yes | state | state | state",
        "take_back": "state | state | yes | state | state",
        "answer": "state | state | state | yes | state",
        "escalate": "state | state | yes | yes | state",
    }
    for move, outcomes in cells.items():
        yield from (f"{move} | {who} | {outcomes}" for who in ENTERING)
        yield from (f"{move} | {who} | not theirs | | | |" for who in NOT_ENTERING)


TABLE = "\n".join(
    [
        f"move | who | {' | '.join(STATES)}",
        *_entering(),
        "challenge | the project | not theirs | | | |",
        "challenge | who oversees | not theirs | | | |",
        "challenge | the team, own | state | state | yes | yes | state",
        "challenge | the team | state | state | yes | yes | state",
        "challenge | the board | not theirs | | | |",
        "challenge | everybody else | not theirs | | | |",
        "accept | the project | not theirs | | | |",
        "accept | who oversees | not theirs | | | |",
        "accept | the team, own | state | state | own | state | state",
        "accept | the team | state | state | yes | state | state",
        "accept | the board | not theirs | | | |",
        "accept | everybody else | not theirs | | | |",
        "rule | the project | not theirs | | | |",
        "rule | who oversees | not theirs | | | |",
        "rule | the team, own | not theirs | | | |",
        "rule | the team | not theirs | | | |",
        "rule | the board | state | state | yes | yes | state",
        "rule | everybody else | not theirs | | | |",
    ]
)
ROWS = rows_of(TABLE)

World = tuple[dict[str, User], dict[str, ProjectReport]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), clock.taken_to_be(TODAY), transaction.atomic():
        project = ProjectFactory()
        service = project.service
        people = {
            "manager": project.manager,
            "sponsor": project.sponsor,
            "manager's delegate": DelegationFactory(user=project.manager).delegate,
            "strategic insights": holder(Role.STRATEGIC_INSIGHTS),
            "team member who typed it": holder(Role.PERFORMANCE_TEAM),
            "another team member": holder(Role.PERFORMANCE_TEAM),
            "board member": holder(Role.BOARD),
            "service manager": holder(Role.SERVICE_MANAGER, service=service),
            "head of service": holder(Role.HEAD_OF_SERVICE, service=service),
            "director": holder(Role.DIRECTOR, directorate=service.directorate),
            "portfolio holder": holder(Role.PORTFOLIO_HOLDER, portfolio=project.portfolio),
            "superuser": UserFactory(is_superuser=True, is_staff=True),
            "nobody": UserFactory(),
        }
        for one in people.values():
            one.standing = standing(one)  # worked out once, as during a request
        alike = {"service": service, "portfolio": project.portfolio}
        alike |= {"manager": project.manager, "sponsor": project.sponsor}
        records = {}
        for state in STATES:
            trait = {} if state == "not started" else {state: True}
            # Handed in by somebody else: repeating one's own move is harmless, and would hide a wrong state.
            record = ProjectReportFactory(project=ProjectFactory(**alike), submitted_by=UserFactory(), **trait)
            record.authors.get_or_create(user=people["team member who typed it"])
            records[state] = record
        yield people, records
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _the_round_is_open(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def test_the_table_leaves_no_move_no_state_and_nobody_out(world: World) -> None:
    assert {(row.move, row.who) for row in ROWS} == {(name, who) for name in REPORT_MOVES for who in GROUPS}
    assert {person for group in GROUPS.values() for person in group} == set(world[0])
    assert {state.label.lower() for state in ProjectReport.State} == set(STATES)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_report_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    people, records = world
    assert Tried(REPORT_MOVES, move_report, people, records).disagreements(row, GROUPS) == []


@pytest.mark.parametrize(
    ("move", "who", "expected"),
    [
        ("propose", "the project", "yes"),
        ("propose", "who oversees", "yes"),
        ("propose", "the team", "yes"),
        ("propose", "the board", "not theirs"),
        ("propose", "everybody else", "not theirs"),
        ("accept", "the project", "not theirs"),
        ("accept", "who oversees", "not theirs"),
        ("accept", "the team", "yes"),
        ("accept", "everybody else", "not theirs"),
        ("decline", "the team", "yes"),
        ("decline", "the project", "not theirs"),
        ("withdraw", "the team", "not theirs"),
        ("withdraw", "the project", "not theirs"),
    ],
)
def test_a_revision_of_a_report_is_decided_by_the_team_and_withdrawn_by_who_proposed_it(
    world: World, move: str, who: str, expected: str
) -> None:
    people, records = world
    revision = ReportRevisionFactory(report=records["accepted"], proposed_by=UserFactory())
    tried = Tried(REPORT_REVISION_MOVES, move_report_revision, people, {"proposed": revision})
    assert tried.disagreements(Row(move, who, {"proposed": expected}), GROUPS) == []
