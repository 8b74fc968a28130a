"""Who may make which move of a KPI's target set, in which state: every triple, against a table in words.

The table was written from the framework (C.1.2, "Performance Indicators") and the README's decision notes, not from
the code: a service proposes its KPI's targets, a body approves them, and another than the proposer records it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from kpis.models import TargetSet
from kpis.workflow import TARGET_MOVES, move_target
from tests.kpis.workflow_world import TARGET_STATES, TODAY, World, made
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

GROUPS = {
    "the service": ["service manager", "service manager's delegate", "head of service"],
    "the proposer": ["team member who proposed it", "proposer's delegate"],
    "the team": [
        "another team member",
        "another team member's delegate",
        "team member named for the KPI",
        "team member who typed it",
        "typist's delegate",
    ],
    "the KPI's people": [
        "collector",
        "forecaster",
        "commentator",
        "stand-in",
        "collector's delegate",
        "forecaster's delegate",
        "commentator's delegate",
        "stand-in's delegate",
    ],
    "the board": [
        "board member",
        "board member's delegate",
        "board member named for the KPI",
        "board member who typed it",
    ],
    "everybody else": [
        "another service's manager",
        "director",
        "portfolio holder",
        "internal auditor",
        "superuser",
        "nobody",
        "somebody whose delegation has ended",
        "former team member",
        "collector whose account is closed",
    ],
}

TABLE = """
move      | who              | awaiting approval | approved | sent back | taken back | replaced
propose   | the service      | yes               | state    | state     | state      | state
propose   | the proposer     | yes               | state    | state     | state      | state
propose   | the team         | yes               | state    | state     | state      | state
propose   | the KPI's people | not theirs        |          |           |            |
propose   | the board        | not theirs        |          |           |            |
propose   | everybody else   | not theirs        |          |           |            |

approve   | the service      | not theirs        |          |           |            |
approve   | the proposer     | own               | state    | state     | state      | state
approve   | the team         | yes               | state    | state     | state      | state
approve   | the KPI's people | not theirs        |          |           |            |
approve   | the board        | not theirs        |          |           |            |
approve   | everybody else   | not theirs        |          |           |            |

send_back | the service      | not theirs        |          |           |            |
send_back | the proposer     | own               | state    | state     | state      | state
send_back | the team         | yes               | state    | state     | state      | state
send_back | the KPI's people | not theirs        |          |           |            |
send_back | the board        | not theirs        |          |           |            |
send_back | everybody else   | not theirs        |          |           |            |

take_back | the service      | not theirs        |          |           |            |
take_back | the proposer     | yes               | state    | state     | state      | state
take_back | the team         | not theirs        |          |           |            |
take_back | the KPI's people | not theirs        |          |           |            |
take_back | the board        | not theirs        |          |           |            |
take_back | everybody else   | not theirs        |          |           |            |

replace   | the service      | not theirs        |          |           |            |
replace   | the proposer     | state             | yes      | state     | state      | state
replace   | the team         | state             | yes      | state     | state      | state
replace   | the KPI's people | not theirs        |          |           |            |
replace   | the board        | not theirs        |          |           |            |
replace   | everybody else   | not theirs        |          |           |            |
"""
ROWS = rows_of(TABLE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as world:
        yield world


@pytest.fixture(autouse=True)
def _the_worlds_day(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def test_the_table_leaves_no_move_no_state_and_nobody_out(world: World) -> None:
    assert {(row.move, row.who) for row in ROWS} == {(name, who) for name in TARGET_MOVES for who in GROUPS}
    assert set(TARGET_STATES.values()) == set(TargetSet.State)
    assert all(set(row.expected) == set(TARGET_STATES) and all(row.expected.values()) for row in ROWS)
    named = [person for group in GROUPS.values() for person in group]
    assert sorted(named) == sorted(world.people)


def said_to_be_approved(record: TargetSet) -> None:
    """What the database asks of an approved set."""
    record.approved_by, record.approved_on = "Example Cabinet, 12 April 2027", TODAY


def act(record: TargetSet, name: str, **how: Any) -> TargetSet:
    return move_target(record, name, **how, change=said_to_be_approved if name == "approve" else None)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_target_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    assert Tried(TARGET_MOVES, act, world.people, world.targets).disagreements(row, GROUPS) == []
