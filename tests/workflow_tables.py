"""A workflow held to a table in words: what becomes of each move, by whom, in each state.

``refusal`` (what buttons ask) and the move itself must agree with the table, sentence for sentence, and a move that
is made must leave its rows. In a cell: *yes*, the move is made; *not theirs*, no leave to make it, in any state;
*state*, the wrong state for it; *own*, it is theirs, so a colleague must.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hdcperf.organisation.models import User
from hdcperf.workflow import Move, MoveRefused, NotPermitted, SomebodyElseDidIt, refusal

__all__ = ["BECAUSE", "Row", "Tried", "rows_of"]

WORDS = {"not theirs": NotPermitted, "state": SomebodyElseDidIt, "own": MoveRefused}
BECAUSE = "Because it is so."


@dataclass(frozen=True)
class Row:
    """One line of a table: what becomes of ``move`` by ``who`` in each state.

    An outcome marked * holds for all of them but those in ``but``, who have their own.
    """

    move: str
    who: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.move}, {self.who}"

    def outcome(self, person: str, state: str, but: Mapping[str, str]) -> str:
        said = self.expected[state]
        return but.get(person, said.removesuffix(" *")) if said.endswith(" *") else said


def rows_of(table: str) -> list[Row]:
    heading, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line]
    found = []
    for name, who, *cells in lines:
        # "not theirs" holds in every state.
        cells = [cells[0]] * len(cells) if cells[0] == "not theirs" else cells
        found.append(Row(name, who, dict(zip(heading[2:], cells, strict=True))))
    return found


@dataclass(frozen=True)
class Tried:
    """Tries every move of a table of moves. ``act(record, name, by, comment)`` makes one."""

    moves: Mapping[str, Move]
    act: Callable[..., Any]
    people: Mapping[str, User]
    records: Mapping[str, Any]
    but: Mapping[str, str] = field(default_factory=dict)

    def disagreements(self, row: Row, groups: Mapping[str, list[str]]) -> list[str]:
        """Where what happens is not what ``row`` says, in sentences."""
        found = []
        for state in row.expected:
            for person in groups[row.who]:
                happened, wrong = self._try(self.records[state], self.moves[row.move], self.people[person])
                expected = row.outcome(person, state, self.but)
                if happened != expected:
                    found.append(f"{person}, {state}: expected {expected}, got {happened}")
                elif wrong:
                    found.append(f"{person}, {state}: {wrong}")
        return found

    def _try(self, record: Any, made: Move, by: User) -> tuple[str, str | None]:
        """What became of the move, in the table's word, and what is wrong with how it was made. All is undone."""
        said = refusal(record, made, by)
        with CaptureQueriesContext(connection) as queries:
            try:
                with transaction.atomic():
                    moved = self.act(record, made.name, by=by, comment=BECAUSE)
                    wrong = (
                        f"the button says: {said}" if said else _not_recorded(moved, record.state, made, by, queries)
                    )
                    transaction.set_rollback(True)
                return "yes", wrong
            except (MoveRefused, NotPermitted) as refused:
                wrong = None if str(refused) == said else f"the button says {said}, the act {refused}"
                word = next(word for word, kind in WORDS.items() if type(refused) is kind)
                return word, "a refused move wrote something" if _writes(queries) else wrong


def _writes(queries: CaptureQueriesContext) -> list[str]:
    """What was written, by table, in order."""
    found = (re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', one["sql"]) for one in queries.captured_queries)
    return [f"{one[1].split()[0].lower()} {one[2]}" for one in found if one]


def _not_recorded(moved: Any, before: str, made: Move, by: User, queries: CaptureQueriesContext) -> str | None:
    """What the rows a move left do not say, if anything."""
    app, name = moved._meta.app_label, moved._meta.model_name
    kept = [f"update {app}_{name}", f"insert {app}_historical{name}"]
    if made.quiet and moved.state == before:
        return None if _writes(queries) == kept else f"it wrote {_writes(queries)}"
    if _writes(queries) != [*kept, f"insert {app}_{name}transition"]:
        return f"it wrote {_writes(queries)}"
    row = moved.transitions.last()
    expected = (made.name, before, made.target or before, by.pk, by.name, BECAUSE)
    found = (row.move, row.from_state, row.to_state, row.by_id, row.by_name, row.comment)
    return None if found == expected and moved.state == row.to_state else f"the row says {found}"
