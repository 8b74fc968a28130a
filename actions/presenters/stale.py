"""Two versions of an update in words, part by part: of two people, or of two submissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from actions.models import MilestoneReport
from actions.operations.entry import Entry
from actions.queries.contexts import UpdateContext
from actions.rules.colours import ActionRag
from hdcperf.review.merging import Difference
from hdcperf.ui import day

__all__ = ["StaleRow", "stale_rows"]

_NAMES = {
    "rag_reason": "Why the colour moved",
    "recovery": "What will be done",
    "recovery_by": "By",
    "recovery_owner": "By whom",
    "achieved": "What was achieved",
    "new_due_on": "New due date",
    "new_due_reason": "Why",
}


@dataclass(frozen=True)
class StaleRow:
    """One part that differs: what each has in it, and which of the two is ticked."""

    part: str
    label: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    keep_theirs: bool


def stale_rows(context: UpdateContext, mine: Entry, theirs: Entry, different: list[Difference]) -> list[StaleRow]:
    return [
        StaleRow(
            one.part,
            one.label,
            _words(context, mine, one.fields),
            _words(context, theirs, one.fields),
            one.keep == "theirs",
        )
        for one in different
    ]


def _words(context: UpdateContext, entry: Entry, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [line for name in names for line in _lines(context, entry, name)]
    return tuple(found) or ("Nothing",)


def _lines(context: UpdateContext, entry: Entry, name: str) -> Iterator[str]:
    value = getattr(entry, name)
    if name == "milestones":
        yield from _milestones(context, entry)
    elif name == "rag" and value:
        yield ActionRag(value).label
    elif value:
        words = day(value) if isinstance(value, date) else str(value)
        yield f"{_NAMES[name]}: {words}" if name in _NAMES else words


def _milestones(context: UpdateContext, entry: Entry) -> Iterator[str]:
    names = {one.pk: one.name for one in context.milestones}
    for one in entry.milestones:
        name = one.name if one.milestone is None else names.get(one.milestone, "A milestone")
        said = MilestoneReport.Outcome(one.outcome).label.lower()
        on = f", {day(one.on)}" if one.on else ""
        yield f"{name or 'A new milestone'}: {said}{on}. {one.reason}".strip()
