"""Two versions of an update in words, part by part: of two people, or of two submissions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from actions.models import MilestoneReport
from actions.operations.entry import Entry
from actions.queries.contexts import UpdateContext
from actions.rules.colours import ActionRag
from hdcperf.review import merging
from hdcperf.review.merging import Difference, StaleRow
from hdcperf.ui import day

__all__ = ["stale_rows"]

_NAMES = {
    "rag_reason": "Why the colour moved",
    "recovery": "What will be done",
    "recovery_by": "By",
    "recovery_owner": "By whom",
    "achieved": "What was achieved",
    "new_due_on": "New due date",
    "new_due_reason": "Why",
}


def stale_rows(context: UpdateContext, mine: Entry, theirs: Entry, different: list[Difference]) -> list[StaleRow]:
    return merging.stale_rows(different, mine, theirs, lambda entry, name: _lines(context, entry, name))


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
