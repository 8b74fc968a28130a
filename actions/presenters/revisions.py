"""A revision of an update in words: old and new, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.models import Revision
from actions.operations.revising import Revised
from actions.presenters.update_page import name_of
from actions.rules.colours import ActionRag
from hdcperf.review.revisions import RevisionRow, row_of
from hdcperf.ui import day, rag_tag

__all__ = ["Change", "changes", "revision_row"]

LABELS = {
    "rag": "RAG",
    "done": "What was done",
    "impact": "What difference it made",
    "recovery": "What will be done",
    "recovery_by": "By when",
    "recovery_owner": "By whom",
    "achieved": "What was achieved",
}


@dataclass(frozen=True)
class Change:
    """One part before and after: words, or a tag that prints itself."""

    label: str
    old: object
    new: object


def changes(old: Revised, new: Revised) -> list[Change]:
    """The parts that differ."""
    return list(_changes(old, new))


def _changes(old: Revised, new: Revised) -> Iterator[Change]:
    for name, label in LABELS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if name == "rag":
            yield Change(label, rag_tag(ActionRag(before)), rag_tag(ActionRag(after)))
        elif name == "recovery_by":
            yield Change(label, day(before) or "Nothing", day(after) or "Nothing")
        else:
            yield Change(label, before or "Nothing", after or "Nothing")


def revision_row(revision: Revision) -> RevisionRow:
    record = revision.update
    return row_of(
        revision,
        href=reverse("action-revision", args=[revision.pk]),
        title=name_of(record),
        service=record.action_year.service.name,
        old=(rag_tag(revision.old_rag),),
        new=(rag_tag(revision.new_rag),),
    )
