"""Who may make which move of a return, and of a revision, in which state: every triple, against a table in words.

The table was written from the framework (C.2, E.1, Appendix A) and the README's decision notes, not from the code.
``refusal`` (what buttons ask) and the move itself must agree with it, sentence for sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from kpis.models import MonthlyReturn, Revision
from kpis.workflow import MOVES, REVISION_MOVES, move, move_revision
from tests.kpis.workflow_world import REVISION_STATES, STATES, TODAY, World, made
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

GROUPS = {
    "the KPI's people": ["collector", "forecaster", "commentator", "stand-in"],
    "their delegates": [
        "collector's delegate",
        "forecaster's delegate",
        "commentator's delegate",
        "stand-in's delegate",
    ],
    "the service": ["service manager", "service manager's delegate"],
    "the team, own": ["team member who typed it", "typist's delegate", "team member named for the KPI"],
    "the team": ["another team member", "another team member's delegate"],
    "the board": ["board member", "board member's delegate"],
    "the board, own": ["board member named for the KPI", "board member who typed it"],
    "everybody else": [
        "another service's manager",
        "head of service",
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

# yes: the move is made. not theirs: no leave to make it, in any state. state: the wrong state for it. own: it is
# theirs, so a colleague must. How a return stands is only told to those who may make the move.
TABLE = """
move            | who              | not started | draft | submitted  | challenged | accepted
draft           | the KPI's people | yes         | yes   | state      | state      | state
draft           | their delegates  | yes         | yes   | state      | state      | state
draft           | the service      | yes         | yes   | state      | state      | state
draft           | the team, own    | yes         | yes   | state      | state      | state
draft           | the team         | yes         | yes   | state      | state      | state
draft           | the board        | not theirs  |       |            |            |
draft           | the board, own   | yes *       | yes * | state *    | state *    | state *
draft           | everybody else   | not theirs  |       |            |            |

submit          | the KPI's people | state       | yes   | state      | state      | state
submit          | their delegates  | state       | yes   | state      | state      | state
submit          | the service      | state       | yes   | state      | state      | state
submit          | the team, own    | state       | yes   | state      | state      | state
submit          | the team         | state       | yes   | state      | state      | state
submit          | the board        | not theirs  |       |            |            |
submit          | the board, own   | state *     | yes * | state *    | state *    | state *
submit          | everybody else   | not theirs  |       |            |            |

take_back       | the KPI's people | state       | state | yes        | state      | state
take_back       | their delegates  | state       | state | yes        | state      | state
take_back       | the service      | state       | state | yes        | state      | state
take_back       | the team, own    | state       | state | yes        | state      | state
take_back       | the team         | state       | state | yes        | state      | state
take_back       | the board        | not theirs  |       |            |            |
take_back       | the board, own   | state *     | state * | yes *    | state *    | state *
take_back       | everybody else   | not theirs  |       |            |            |

challenge       | the KPI's people | not theirs  |       |            |            |
challenge       | their delegates  | not theirs  |       |            |            |
challenge       | the service      | not theirs  |       |            |            |
challenge       | the team, own    | state       | state | yes        | yes        | state
challenge       | the team         | state       | state | yes        | yes        | state
challenge       | the board        | not theirs  |       |            |            |
challenge       | the board, own   | not theirs  |       |            |            |
challenge       | everybody else   | not theirs  |       |            |            |

answer          | the KPI's people | state       | state | state      | yes        | state
answer          | their delegates  | state       | state | state      | yes        | state
answer          | the service      | state       | state | state      | yes        | state
answer          | the team, own    | state       | state | state      | yes        | state
answer          | the team         | state       | state | state      | yes        | state
answer          | the board        | not theirs  |       |            |            |
answer          | the board, own   | state *     | state * | state *  | yes *      | state *
answer          | everybody else   | not theirs  |       |            |            |

correct_words   | the KPI's people | not theirs  |       |            |            |
correct_words   | their delegates  | not theirs  |       |            |            |
correct_words   | the service      | not theirs  |       |            |            |
correct_words   | the team, own    | state       | state | yes        | state      | state
correct_words   | the team         | state       | state | yes        | state      | state
correct_words   | the board        | not theirs  |       |            |            |
correct_words   | the board, own   | not theirs  |       |            |            |
correct_words   | everybody else   | not theirs  |       |            |            |

undo_correction | the KPI's people | state       | state | yes        | yes        | yes
undo_correction | their delegates  | state       | state | yes        | yes        | yes
undo_correction | the service      | state       | state | yes        | yes        | yes
undo_correction | the team, own    | state       | state | yes        | yes        | yes
undo_correction | the team         | state       | state | yes        | yes        | yes
undo_correction | the board        | not theirs  |       |            |            |
undo_correction | the board, own   | state *     | state * | yes *    | yes *      | yes *
undo_correction | everybody else   | not theirs  |       |            |            |

accept          | the KPI's people | not theirs  |       |            |            |
accept          | their delegates  | not theirs  |       |            |            |
accept          | the service      | not theirs  |       |            |            |
accept          | the team, own    | state       | state | own        | state      | state
accept          | the team         | state       | state | yes        | state      | state
accept          | the board        | not theirs  |       |            |            |
accept          | the board, own   | not theirs  |       |            |            |
accept          | everybody else   | not theirs  |       |            |            |

escalate        | the KPI's people | state       | state | yes        | yes        | state
escalate        | their delegates  | state       | state | yes        | yes        | state
escalate        | the service      | state       | state | yes        | yes        | state
escalate        | the team, own    | state       | state | yes        | yes        | state
escalate        | the team         | state       | state | yes        | yes        | state
escalate        | the board        | not theirs  |       |            |            |
escalate        | the board, own   | state *     | state * | yes *    | yes *      | state *
escalate        | everybody else   | not theirs  |       |            |            |

rule            | the KPI's people | not theirs  |       |            |            |
rule            | their delegates  | not theirs  |       |            |            |
rule            | the service      | not theirs  |       |            |            |
rule            | the team, own    | not theirs  |       |            |            |
rule            | the team         | not theirs  |       |            |            |
rule            | the board        | state       | state | yes        | yes        | state
rule            | the board, own   | state       | state | own        | own        | state
rule            | everybody else   | not theirs  |       |            |            |

confirm_outturn | the KPI's people | state       | state | state      | state      | yes
confirm_outturn | their delegates  | state       | state | state      | state      | yes
confirm_outturn | the service      | state       | state | state      | state      | yes
confirm_outturn | the team, own    | state       | state | state      | state      | yes
confirm_outturn | the team         | state       | state | state      | state      | yes
confirm_outturn | the board        | not theirs  |       |            |            |
confirm_outturn | the board, own   | state *     | state * | state *  | state *    | yes *
confirm_outturn | everybody else   | not theirs  |       |            |            |
"""
# *: the one named for the KPI; the other, who once typed for somebody, has no leave to enter any more.
BUT = {"board member who typed it": "not theirs"}

REVISION_TABLE = """
move     | who                              | proposed   | accepted | declined | withdrawn
propose  | the KPI's people                 | yes        | state    | state    | state
propose  | their delegates                  | yes        | state    | state    | state
propose  | the service                      | yes        | state    | state    | state
propose  | the team                         | yes        | state    | state    | state
propose  | the team, own                    | yes        | state    | state    | state
propose  | the proposer                     | yes        | state    | state    | state
propose  | the board                        | not theirs |          |          |
propose  | everybody else                   | not theirs |          |          |

accept   | the KPI's people                 | not theirs |          |          |
accept   | their delegates                  | not theirs |          |          |
accept   | the service                      | not theirs |          |          |
accept   | the team                         | yes        | state    | state    | state
accept   | the team member named            | own        | state    | state    | state
accept   | the proposer                     | own        | state    | state    | state
accept   | the board                        | not theirs |          |          |
accept   | the board, own                   | not theirs |          |          |
accept   | everybody else                   | not theirs |          |          |

decline  | the KPI's people                 | not theirs |          |          |
decline  | their delegates                  | not theirs |          |          |
decline  | the service                      | not theirs |          |          |
decline  | the team                         | yes        | state    | state    | state
decline  | the team member named            | own        | state    | state    | state
decline  | the proposer                     | own        | state    | state    | state
decline  | the board                        | not theirs |          |          |
decline  | the board, own                   | not theirs |          |          |
decline  | everybody else                   | not theirs |          |          |

withdraw | the KPI's people                 | not theirs |          |          |
withdraw | their delegates                  | not theirs |          |          |
withdraw | the service                      | not theirs |          |          |
withdraw | the team                         | not theirs |          |          |
withdraw | the team, own                    | not theirs |          |          |
withdraw | the proposer                     | yes        | state    | state    | state
withdraw | the board                        | not theirs |          |          |
withdraw | the board, own                   | not theirs |          |          |
withdraw | everybody else                   | not theirs |          |          |
"""
REVISION_GROUPS = {
    **GROUPS,
    "the proposer": ["team member who proposed it", "proposer's delegate"],
    # Having typed the return is no bar to deciding a colleague's revision of it.
    "the team": [*GROUPS["the team"], "team member who typed it", "typist's delegate"],
    "the team member named": ["team member named for the KPI"],
}


ROWS, REVISION_ROWS = rows_of(TABLE), rows_of(REVISION_TABLE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as world:
        yield world


@pytest.fixture(autouse=True)
def _marchs_round_is_open(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def test_the_tables_leave_no_move_no_state_and_nobody_out(world: World) -> None:
    assert {(row.move, row.who) for row in ROWS} == {(name, who) for name in MOVES for who in GROUPS}
    assert {row.move for row in REVISION_ROWS} == set(REVISION_MOVES)
    assert {State.label.lower() for State in MonthlyReturn.State} == set(STATES)
    assert {State.label.lower() for State in Revision.State} == set(REVISION_STATES)
    everybody = {person for group in GROUPS.values() for person in group}
    assert everybody | {"team member who proposed it", "proposer's delegate"} == set(world.people)
    assert all(set(row.expected.values()) - {""} == set(row.expected.values()) for row in [*ROWS, *REVISION_ROWS])


def judged(record: MonthlyReturn) -> None:
    """What the database asks of an accepted return."""
    record.rag = "green"


def act(record: MonthlyReturn, name: str, **how: Any) -> MonthlyReturn:
    return move(record, name, **how, change=judged if name == "accept" else None)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_return_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    assert Tried(MOVES, act, world.people, world.returns, BUT).disagreements(row, GROUPS) == []


@pytest.mark.parametrize("row", REVISION_ROWS, ids=str)
def test_a_revision_is_moved_by_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    found = Tried(REVISION_MOVES, move_revision, world.people, world.revisions).disagreements(row, REVISION_GROUPS)
    assert found == []
