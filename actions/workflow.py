"""Who may do what to an action's update and its revisions; a project's report has ``project_workflow``.

The responsible officer, the service manager and the Performance Team enter; the Performance Team checks; nobody
accepts their own (framework, *Corporate Plan Actions*).
"""

from __future__ import annotations

from datetime import date

from actions.models import ActionUpdate, Revision
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.locks import lock_sentence
from hdcperf.review.moves import ReturnMoves, by_name, may_review, may_rule
from hdcperf.roles import Permission
from hdcperf.workflow import (
    Move,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    StaleRecord,
    perform,
    refusal,
    refuse_stale,
)

__all__ = [
    "MOVES",
    "REVISION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "acts_for",
    "either_side",
    "entry_lock",
    "may_enter",
    "may_review",
    "may_rule",
    "move",
    "move_revision",
    "refusal",
    "refuse_stale",
]


# An action's update


def may_enter(record: ActionUpdate, by: User) -> str | None:
    who = standing(by)
    if record.action_year.responsible_id in who.people or who.may(Permission.ENTER_RETURNS, record.scope):
        return None
    return (
        "Only the officer responsible for this action, their service manager and the Performance Team can enter "
        "its update."
    )


def _own_action(record: ActionUpdate, by: User) -> str | None:
    if record.action_year.responsible_id in standing(by).people:
        return "You are responsible for this action, so a colleague must accept its update."
    return None


def acts_for(record: ActionUpdate, by: User) -> User | None:
    """For whom ``by`` enters: nobody if the responsible officer, else that officer; the record says so."""
    responsible = record.action_year.responsible
    return None if responsible.pk == by.pk else responsible


def entry_lock(record: ActionUpdate, today: date) -> str | None:
    """An action that ended by decision owes no update: that is said before its round's own lock."""
    return record.excused or lock_sentence(record, today, "update")


_UPDATE = ReturnMoves(may_enter, _own_action, acts_for, entry_lock=entry_lock, noun="update", judged="RAG")
either_side = _UPDATE.either_side

MOVES: dict[str, Move] = by_name(*_UPDATE.moves())

REVISION_MOVES: dict[str, Move] = _UPDATE.revision_moves(lambda revision: revision.update)


def move(record: ActionUpdate, name: str, *, by: User, **how: object) -> ActionUpdate:
    """Make the named move of an update; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, MOVES[name], by=by, **how)  # type: ignore[arg-type]


def move_revision(record: Revision, name: str, *, by: User, **how: object) -> Revision:
    """Make the named move of a revision; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, REVISION_MOVES[name], by=by, **how)  # type: ignore[arg-type]
