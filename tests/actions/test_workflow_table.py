"""Who may make which move of an update, and of a revision, in which state: every triple, against a table in words.

The table was written from the framework (*Corporate Plan Actions*, E.1, Appendix A) and the README's decision notes,
not from the code. See ``tests/workflow_tables.py`` for the words of its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from actions.models import ActionUpdate, Revision
from actions.workflow import MOVES, REVISION_MOVES, move, move_revision
from tests.actions.workflow_world import REVISION_STATES, STATES, TODAY, World, made
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

GROUPS = {
    "the officer": ["officer", "officer's delegate"],
    "the service": ["service manager", "service manager's delegate"],
    "the team, own": ["team member who typed it", "typist's delegate", "team member who covers for the officer"],
    "the team": ["another team member", "another team member's delegate"],
    "the board": ["board member", "board member's delegate"],
    "the board, own": ["board member who covers for the officer", "board member who typed it"],
    "everybody else": [
        "another service's manager",
        "another officer",
        "head of service",
        "director",
        "portfolio holder",
        "internal auditor",
        "strategic insights",
        "superuser",
        "nobody",
        "somebody whose delegation has ended",
        "former team member",
        "manager whose account is closed",
    ],
}

TABLE = """
move      | who            | not started | draft   | submitted | challenged | accepted
draft     | the officer    | yes         | yes     | state     | state      | state
draft     | the service    | yes         | yes     | state     | state      | state
draft     | the team, own  | yes         | yes     | state     | state      | state
draft     | the team       | yes         | yes     | state     | state      | state
draft     | the board      | not theirs  |         |           |            |
draft     | the board, own | yes *       | yes *   | state *   | state *    | state *
draft     | everybody else | not theirs  |         |           |            |

submit    | the officer    | state       | yes     | state     | state      | state
submit    | the service    | state       | yes     | state     | state      | state
submit    | the team, own  | state       | yes     | state     | state      | state
submit    | the team       | state       | yes     | state     | state      | state
submit    | the board      | not theirs  |         |           |            |
submit    | the board, own | state *     | yes *   | state *   | state *    | state *
submit    | everybody else | not theirs  |         |           |            |

take_back | the officer    | state       | state   | yes       | state      | state
take_back | the service    | state       | state   | yes       | state      | state
take_back | the team, own  | state       | state   | yes       | state      | state
take_back | the team       | state       | state   | yes       | state      | state
take_back | the board      | not theirs  |         |           |            |
take_back | the board, own | state *     | state * | yes *     | state *    | state *
take_back | everybody else | not theirs  |         |           |            |

challenge | the officer    | not theirs  |         |           |            |
challenge | the service    | not theirs  |         |           |            |
challenge | the team, own  | state       | state   | yes       | yes        | state
challenge | the team       | state       | state   | yes       | yes        | state
challenge | the board      | not theirs  |         |           |            |
challenge | the board, own | not theirs  |         |           |            |
challenge | everybody else | not theirs  |         |           |            |

answer    | the officer    | state       | state   | state     | yes        | state
answer    | the service    | state       | state   | state     | yes        | state
answer    | the team, own  | state       | state   | state     | yes        | state
answer    | the team       | state       | state   | state     | yes        | state
answer    | the board      | not theirs  |         |           |            |
answer    | the board, own | state *     | state * | state *   | yes *      | state *
answer    | everybody else | not theirs  |         |           |            |

accept    | the officer    | not theirs  |         |           |            |
accept    | the service    | not theirs  |         |           |            |
accept    | the team, own  | state       | state   | own       | state      | state
accept    | the team       | state       | state   | yes       | state      | state
accept    | the board      | not theirs  |         |           |            |
accept    | the board, own | not theirs  |         |           |            |
accept    | everybody else | not theirs  |         |           |            |

escalate  | the officer    | state       | state   | yes       | yes        | state
escalate  | the service    | state       | state   | yes       | yes        | state
escalate  | the team, own  | state       | state   | yes       | yes        | state
escalate  | the team       | state       | state   | yes       | yes        | state
escalate  | the board      | not theirs  |         |           |            |
escalate  | the board, own | state *     | state * | yes *     | yes *      | state *
escalate  | everybody else | not theirs  |         |           |            |

rule      | the officer    | not theirs  |         |           |            |
rule      | the service    | not theirs  |         |           |            |
rule      | the team, own  | not theirs  |         |           |            |
rule      | the team       | not theirs  |         |           |            |
rule      | the board      | state       | state   | yes       | yes        | state
rule      | the board, own | state       | state   | own       | own        | state
rule      | everybody else | not theirs  |         |           |            |
"""
# *: the one who covers for the officer; the other, who once typed for somebody, has no leave to enter any more.
BUT = {"board member who typed it": "not theirs"}

REVISION_TABLE = """
move     | who            | proposed   | accepted | declined | withdrawn
propose  | the officer    | yes        | state    | state    | state
propose  | the service    | yes        | state    | state    | state
propose  | the team       | yes        | state    | state    | state
propose  | the team, own  | yes        | state    | state    | state
propose  | the proposer   | yes        | state    | state    | state
propose  | the board      | not theirs |          |          |
propose  | everybody else | not theirs |          |          |

accept   | the officer    | not theirs |          |          |
accept   | the service    | not theirs |          |          |
accept   | the team       | yes        | state    | state    | state
accept   | the team, own  | own        | state    | state    | state
accept   | the proposer   | own        | state    | state    | state
accept   | the board      | not theirs |          |          |
accept   | the board, own | not theirs |          |          |
accept   | everybody else | not theirs |          |          |

decline  | the officer    | not theirs |          |          |
decline  | the service    | not theirs |          |          |
decline  | the team       | yes        | state    | state    | state
decline  | the team, own  | own        | state    | state    | state
decline  | the proposer   | own        | state    | state    | state
decline  | the board      | not theirs |          |          |
decline  | the board, own | not theirs |          |          |
decline  | everybody else | not theirs |          |          |

withdraw | the officer    | not theirs |          |          |
withdraw | the service    | not theirs |          |          |
withdraw | the team       | not theirs |          |          |
withdraw | the team, own  | not theirs |          |          |
withdraw | the proposer   | yes        | state    | state    | state
withdraw | the board      | not theirs |          |          |
withdraw | the board, own | not theirs |          |          |
withdraw | everybody else | not theirs |          |          |
"""
REVISION_GROUPS = {
    **GROUPS,
    "the proposer": ["team member who proposed it", "proposer's delegate"],
    # Having typed the update is no bar to deciding a colleague's revision of it; answering for the action is.
    "the team": [*GROUPS["the team"], "team member who typed it", "typist's delegate"],
    "the team, own": ["team member who covers for the officer"],
}

ROWS, REVISION_ROWS = rows_of(TABLE), rows_of(REVISION_TABLE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as world:
        yield world


@pytest.fixture(autouse=True)
def _the_round_is_open(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def test_the_tables_leave_no_move_no_state_and_nobody_out(world: World) -> None:
    assert {(row.move, row.who) for row in ROWS} == {(name, who) for name in MOVES for who in GROUPS}
    assert {row.move for row in REVISION_ROWS} == set(REVISION_MOVES)
    assert {State.label.lower() for State in ActionUpdate.State} == set(STATES)
    assert {State.label.lower() for State in Revision.State} == set(REVISION_STATES)
    everybody = {person for group in GROUPS.values() for person in group}
    assert everybody | {"team member who proposed it", "proposer's delegate"} == set(world.people)
    assert all("" not in row.expected.values() for row in [*ROWS, *REVISION_ROWS])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_update_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    assert Tried(MOVES, move, world.people, world.updates, BUT).disagreements(row, GROUPS) == []


@pytest.mark.parametrize("row", REVISION_ROWS, ids=str)
def test_a_revision_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    found = Tried(REVISION_MOVES, move_revision, world.people, world.revisions).disagreements(row, REVISION_GROUPS)
    assert found == []


@pytest.mark.parametrize(
    ("person", "name", "state", "acts_for"),
    [
        ("officer", "submit", "draft", ""),
        ("officer's delegate", "submit", "draft", "officer"),
        ("service manager", "submit", "draft", "officer"),
        ("another team member", "submit", "draft", "officer"),
        ("another team member's delegate", "accept", "submitted", "another team member"),
        ("another team member", "challenge", "submitted", ""),
        ("board member", "rule", "challenged", ""),
        ("board member's delegate", "rule", "challenged", "board member"),
        ("officer's delegate", "escalate", "challenged", "officer"),
    ],
)
def test_the_row_of_a_move_says_for_whom_it_was_made(
    world: World, person: str, name: str, state: str, acts_for: str
) -> None:
    moved = move(world.updates[state], name, by=world.people[person], comment="Because it is so.")
    row = moved.transitions.last()
    assert row is not None
    assert row.on_behalf_of == (world.people[acts_for] if acts_for else None)


def test_an_update_that_is_no_longer_owed_is_not_entered(world: World) -> None:
    record = world.updates["draft"]
    record.excused = "Dropped on 30 September 2026: minute 12."
    record.save()
    found = Tried(MOVES, move, world.people, {"draft": record}).disagreements(
        Row("submit", "the officer", {"draft": "own"}), GROUPS
    )
    assert found == []
