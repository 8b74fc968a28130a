"""Two people changed one return: what differs, part by part, so that neither's words are lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry

__all__ = ["MERGED_PARTS", "Difference", "choose", "differences"]

MERGED_PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "figure": (
        "The figure",
        ("value", "numerator", "denominator", "no_data", "no_data_reason", "no_data_until"),
    ),
    "what_happened": ("What happened", ("what_happened",)),
    "why": ("Why", ("why",)),
    "being_done": ("What is being done", ("being_done", "done_by", "done_owner")),
    "internal_note": ("Internal note", ("internal_note",)),
    "forecast": ("The forecast", ("forecast", "forecast_method", "forecast_confidence", "forecast_note")),
}
"""Parts that are chosen whole: a figure from one person and *no data* from another would contradict each other."""


@dataclass(frozen=True)
class Difference:
    """A part that is not the same in both. ``keep`` says whose stands ticked: *theirs* where only they changed it."""

    part: str
    label: str
    fields: tuple[str, ...]
    keep: str


def differences(mine: Entry, record: MonthlyReturn, since: int) -> list[Difference]:
    """The parts in which ``mine`` differs from ``record`` as it is now.

    ``since`` is the version ``mine`` was typed over: a part that only the other person touched is taken from them.
    """
    theirs, before = Entry.of(record), _as_it_was(record, since)
    found = []
    for part, (label, names) in MERGED_PARTS.items():
        if _same(mine, theirs, names):
            continue
        untouched = before is not None and _same(mine, before, names)
        found.append(Difference(part, label, names, "theirs" if untouched else "mine"))
    return found


def _same(one: Entry, other: Entry, names: tuple[str, ...]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _as_it_was(record: MonthlyReturn, version: int) -> Entry | None:
    """What was entered at that version, from the history; None when there never was such a version."""
    row = record.history.filter(version=version).order_by("-history_date", "-history_id").first()
    return Entry.of(row) if row is not None else None


def choose(mine: Entry, theirs: Entry, keep_theirs: Collection[str]) -> Entry:
    """``mine``, with the parts named taken from ``theirs``."""
    names = [name for part in keep_theirs if part in MERGED_PARTS for name in MERGED_PARTS[part][1]]
    return replace(mine, **{name: getattr(theirs, name) for name in names})
