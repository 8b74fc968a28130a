"""A revision of an update in words: old and new, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.models import Revision
from actions.operations.revising import Revised
from actions.rules.colours import ActionRag
from hdcperf import clock
from hdcperf.ui import Tag, day, rag_tag

__all__ = ["Change", "RevisionRow", "changes", "revision_row"]

COLOURS = {
    Revision.State.PROPOSED: "blue",
    Revision.State.ACCEPTED: "teal",
    Revision.State.DECLINED: "grey",
    Revision.State.WITHDRAWN: "grey",
}
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


@dataclass(frozen=True)
class RevisionRow:
    """One line of the list of revisions."""

    href: str
    title: str
    service: str
    kind: str
    state: Tag
    old: Tag
    new: Tag
    reason: str
    proposed: str
    decided: str


def revision_row(revision: Revision) -> RevisionRow:
    record = revision.update
    last = next((one for one in reversed(revision.transitions.all()) if one.move != "propose"), None)
    return RevisionRow(
        href=reverse("action-revision", args=[revision.pk]),
        title=f"{record.action_year.name}, {record.span}",
        service=record.action_year.service.name,
        kind=revision.get_kind_display(),
        state=Tag(revision.get_state_display(), COLOURS[Revision.State(revision.state)]),
        old=rag_tag(revision.old_rag),
        new=rag_tag(revision.new_rag),
        reason=revision.reason,
        proposed=f"{revision.proposed_by.name}, {day(clock.local_day(revision.proposed_at))}",
        decided=f"{last.who}, {day(clock.local_day(last.at))}" if last else "",
    )
