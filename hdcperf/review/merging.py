"""Two people changed one record: what differs, part by part, so that neither's words are lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

__all__ = ["Difference", "Parts", "choose", "differences"]

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
