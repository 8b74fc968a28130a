"""The files the example's actions are told from: what each is, what its officers say, what bodies decided."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hdcperf.periods import Quarter

__all__ = ["Line", "Said", "decisions", "lines", "promises", "said"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """An action as it is when it is new; ``changes`` by year is what a later refresh proposes for it."""

    key: str
    codes: dict[int, str]
    facts: dict[str, Any]
    changes: dict[int, dict[str, Any]]

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    @property
    def first_year(self) -> int:
        return min(self.codes)

    @property
    def part_of(self) -> str:
        """The action it is a part of, or nothing."""
        found: str = self.facts.get("part_of", "")
        return found


@dataclass(frozen=True)
class Said:
    """What an officer says of one quarter. ``answer`` is the sentence for whatever the checks ask."""

    rag: str
    done: str
    impact: str = ""
    why: str = ""
    will: str = ""
    by: date | None = None
    who: str = ""
    achieved: str = ""
    answer: str = ""
    moves: tuple[tuple[str, date, str], ...] = ()
    new: tuple[tuple[str, date], ...] = ()
    due: tuple[date, str] | None = None


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def lines() -> dict[str, Line]:
    """The example's actions, by the key they have in its files."""
    found = {}
    for key, table in _read(HERE / "plan.toml").items():
        changes = {int(name): value for name, value in table.items() if name.isdigit()}
        codes = {int(year): code for year, code in table["codes"].items()}
        found[key] = Line(key, codes, table, changes)
    return found


@cache
def said() -> dict[tuple[str, str], Said]:
    """What is said of each action and quarter (``2026-27-Q2``)."""
    names = {one.name for one in fields(Said)}
    found = {}
    for path in sorted((HERE / "updates").glob("*.toml")):
        for key, table in _read(path).items():
            owner = table["who"]
            for slug, words in table.items():
                if isinstance(words, dict):
                    assert words.keys() <= names, (key, slug)
                    tuples = {name: tuple(tuple(one) for one in words.get(name, ())) for name in ("moves", "new")}
                    due = tuple(words["due"]) if "due" in words else None
                    found[key, Quarter.parse(slug).slug] = Said(**{"who": owner, **words, **tuples, "due": due})
    return found


@cache
def promises() -> dict[tuple[str, str], tuple[str, str]]:
    """What came of what was promised with an amber or a red, by action and quarter: the result, and words on it."""
    told = _read(HERE / "promises.toml")
    return {(key, slug): (kept[0], kept[1]) for key, table in told.items() for slug, kept in table.items()}


@cache
def decisions() -> dict[int, dict[str, Any]]:
    """When each year's set was begun, and what each body decided about it."""
    return {int(year): table for year, table in _read(HERE / "decisions.toml").items()}
