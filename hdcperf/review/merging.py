"""Two people changed one record: what differs, part by part, so that neither's words are lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

__all__ = ["Difference", "Parts", "StaleRow", "choose", "differences", "stale_rows"]

Parts = Mapping[str, tuple[str, tuple[str, ...]]]
"""Each part's label and the fields of an entry in it, by its name. A part is chosen whole, so that it is at one."""

E = TypeVar("E")


@dataclass(frozen=True)
class Difference:
    """A part that is not the same in both. ``keep`` says whose stands ticked: *theirs* where only they changed it."""

    part: str
    label: str
    fields: tuple[str, ...]
    keep: str


def differences(parts: Parts, mine: E, theirs: E, before: E | None) -> list[Difference]:
    """The parts in which ``mine`` differs from ``theirs``.

    ``before`` is what ``mine`` was typed over: a part that only the other person touched is taken from them.
    """
    found = []
    for part, (label, names) in parts.items():
        if _same(mine, theirs, names):
            continue
        untouched = before is not None and _same(mine, before, names)
        found.append(Difference(part, label, names, "theirs" if untouched else "mine"))
    return found


def _same(one: object, other: object, names: tuple[str, ...]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def choose(parts: Parts, mine: Any, theirs: Any, keep_theirs: Collection[str]) -> Any:
    """``mine``, with the parts named taken from ``theirs``."""
    names = [name for part in keep_theirs if part in parts for name in parts[part][1]]
    return replace(mine, **{name: getattr(theirs, name) for name in names})


# In words


@dataclass(frozen=True)
class StaleRow:
    """One part that differs: what each has in it, line by line, and which of the two is ticked."""

    part: str
    label: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    keep_theirs: bool


def stale_rows(
    different: Iterable[Difference], mine: E, theirs: E, lines: Callable[[E, str], Iterable[str]]
) -> list[StaleRow]:
    """Each part that differs, in words; ``lines(entry, field)`` are those of one field, none where it is empty."""

    def words(entry: E, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line for name in names for line in lines(entry, name)) or ("Nothing",)

    return [
        StaleRow(one.part, one.label, words(mine, one.fields), words(theirs, one.fields), one.keep == "theirs")
        for one in different
    ]
