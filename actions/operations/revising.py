"""Revising an accepted update: proposed, decided by somebody else, and marked wherever it is shown.

The accepted update stands until the revision is accepted. Milestones and dates that took effect are not revised: they
move by the next update.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from django.db import transaction

from actions.models import ActionUpdate, Revision
from actions.operations.accepting import hand_on
from actions.rules.colours import ActionRag, needs_reason
from actions.workflow import REVISION_MOVES, MoveRefused, NotPermitted, move_revision, refuse_stale
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.checks import Check, error

__all__ = [
    "Revised",
    "accept_revision",
    "decline_revision",
    "propose",
    "revision_problems",
    "withdraw_revision",
]


@dataclass(frozen=True)
class Revised:
    """What of an accepted update a revision can change."""

    rag: str = ""
    done: str = ""
    impact: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    achieved: str = ""

    @classmethod
    def of(cls, record: ActionUpdate) -> Revised:
        """What ``record`` holds now."""
        return cls(**{name: getattr(record, name) for name in NAMES})

    @classmethod
    def old(cls, revision: Revision) -> Revised:
        """What the update held when the revision was proposed (or accepted, once it is)."""
        return cls(**{name: getattr(revision, f"old_{name}") for name in NAMES})

    @classmethod
    def new(cls, revision: Revision) -> Revised:
        """What the revision makes of it."""
        return cls(**{name: getattr(revision, f"new_{name}") for name in NAMES})

    @property
    def fitting(self) -> Revised:
        """Without what its RAG has no place for."""
        rag = ActionRag(self.rag)
        found = self
        if not rag.needs_recovery:
            found = replace(found, recovery="", recovery_by=None, recovery_owner="")
        return found if rag is ActionRag.COMPLETED else replace(found, achieved="")


NAMES = tuple(one.name for one in fields(Revised))


def revision_problems(new: Revised) -> list[Check]:
    """What a revised update would lack."""
    return list(_missing(new))


def _missing(new: Revised) -> Iterator[Check]:
    rag = ActionRag(new.rag)
    needed = {"done": "Say what was done."}
    if rag is not ActionRag.NOT_STARTED:
        needed["impact"] = "Say what difference it made, or when a difference can be expected."
    if rag.needs_recovery:
        needed |= {
            "recovery": "Say what will be done.",
            "recovery_by": "Enter the date it will be done by.",
            "recovery_owner": "Name the post that will see it done.",
        }
    if rag is ActionRag.COMPLETED:
        needed["achieved"] = "Say what was achieved."
    for name, instruction in needed.items():
        if not getattr(new, name):
            yield error(f"{name}_missing", name, f"It is called {rag.label.lower()}.", instruction)


def propose(
    record: ActionUpdate, *, new: Revised, kind: str, reason: str, by: User, version: int | None = None
) -> Revision:
    """Propose a revision of an accepted update.

    The same person proposing the same again (a double click) changes nothing. Raises StaleRecord when the update was
    changed since ``version``; NotPermitted; or MoveRefused when it is not accepted, one is waiting already, something
    is missing, or nothing changes.
    """
    new = new.fitting
    with transaction.atomic():
        fresh = ActionUpdate._base_manager.select_for_update().get(pk=record.pk)
        if (there := _proposed_already(fresh, new, kind, reason, by)) is not None:
            return there
        if version is not None:
            refuse_stale(fresh, version)
        old = Revised.of(fresh)
        revision = Revision(
            update=fresh,
            kind=kind,
            reason=reason,
            proposed_by=by,
            proposed_at=clock.now(),
            **{f"old_{name}": getattr(old, name) for name in NAMES},
            **{f"new_{name}": getattr(new, name) for name in NAMES},
        )
        _refuse_proposal(fresh, revision, new, by)
        save_as(revision, by=by, reason=reason)
        return move_revision(revision, "propose", by=by, comment=reason)


def _proposed_already(record: ActionUpdate, new: Revised, kind: str, reason: str, by: User) -> Revision | None:
    """The very same proposal, waiting: the first half of a double click."""
    waiting = record.revisions.filter(state=Revision.State.PROPOSED, kind=kind, reason=reason, proposed_by=by).first()
    return waiting if waiting is not None and Revised.new(waiting) == new else None


def _refuse_proposal(record: ActionUpdate, revision: Revision, new: Revised, by: User) -> None:
    if sentence := REVISION_MOVES["propose"].permitted(revision, by):
        raise NotPermitted(sentence, state=record.state, move="propose")
    problems = revision_problems(new)
    sentence = ""
    if not record.is_accepted:
        sentence = "Only an accepted update is revised: this one can still be changed."
    elif record.revisions.filter(state=Revision.State.PROPOSED).exists():
        sentence = "A revision of this update is already waiting to be decided."
    elif problems:
        sentence = problems[0].instruction
    elif Revised.of(record) == new:
        sentence = "This is what was accepted: there is nothing to revise."
    if sentence:
        raise MoveRefused(sentence, state=record.state, move="propose")


def accept_revision(revision: Revision, *, by: User) -> Revision:
    """Accept a revision: the update takes its words and RAG, and the quarter after is told how it stands now.

    Raises the errors of ``move``. The second half of a double click changes nothing.
    """
    done: list[bool] = []
    with transaction.atomic():
        moved = move_revision(revision, "accept", by=by, change=lambda _: done.append(True))
        if not done:
            return moved
        record = ActionUpdate._base_manager.select_for_update().get(pk=moved.update_id)
        new, was = Revised.new(moved), record.rag
        for name in NAMES:
            setattr(moved, f"old_{name}", getattr(record, name))
            setattr(record, name, getattr(new, name))
        if record.rag != was:
            record.rag_reason = moved.reason if _moves(record) else ""
        record.version += 1
        why = f"Revised. {moved.get_kind_display()}: {moved.reason}"
        save_as(record, by=by, reason=why)
        save_as(moved, by=by, reason="What it changed, as accepted")
        if record.rag != was:
            hand_on(record, by=by, reason=f"{record.span} was revised")
    return moved


def _moves(record: ActionUpdate) -> bool:
    before = ActionRag(record.rag_before) if record.rag_before else None
    return needs_reason(before, ActionRag(record.rag))


def decline_revision(revision: Revision, *, reason: str, by: User) -> Revision:
    """Decline a revision, saying why; the accepted update stands."""
    return move_revision(revision, "decline", by=by, comment=reason)


def withdraw_revision(revision: Revision, *, by: User) -> Revision:
    """Take back a revision one proposed."""
    return move_revision(revision, "withdraw", by=by)
