"""Two people changed one update: the parts that are chosen whole, and what was entered at a version."""

from __future__ import annotations

from actions.models import ActionUpdate
from actions.operations.entry import Entry, entry_at
from hdcperf.review.merging import Parts

__all__ = ["PARTS", "as_it_was"]

PARTS: Parts = {
    "done": ("What was done", ("done",)),
    "milestones": ("The milestones", ("milestones",)),
    "due": ("The action’s due date", ("new_due_on", "new_due_reason")),
    "rag": ("The RAG", ("rag", "rag_reason", "recovery", "recovery_by", "recovery_owner", "achieved")),
    "impact": ("What difference it made", ("impact",)),
    "internal_note": ("Internal note", ("internal_note",)),
}
"""A colour from one person and a recovery from another would contradict each other, so a part is chosen whole."""


def as_it_was(record: ActionUpdate, version: int) -> Entry | None:
    """What was entered at that version, from the history; None when there never was such a version."""
    row = record.history.filter(version=version).order_by("-history_date", "-history_id").first()
    return entry_at(record, row) if row is not None else None
