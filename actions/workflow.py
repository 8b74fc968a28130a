"""Who may do what to an action's update and a project's report: the moves of every return.

The responsible officer, the service manager and the Performance Team enter; the Performance Team checks; nobody
accepts their own (framework, *Corporate Plan Actions*).
"""

from __future__ import annotations

from datetime import date

from actions.models import ActionUpdate, ChangeRequest, ProjectReport, Revision
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
    "CHANGE_MOVES",
    "MOVES",
    "REPORT_MOVES",
    "REVISION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "acts_for",
    "acts_for_manager",
    "either_side",
    "entry_lock",
    "may_enter",
    "may_report",
    "may_review",
    "may_rule",
    "move",
    "move_change",
    "move_report",
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


# A project's report


def may_report(record: ProjectReport | ChangeRequest, by: User) -> str | None:
    who = standing(by)
    project = record.project
    if {project.manager_id, project.sponsor_id} & who.people or who.may(Permission.REPORT_PROJECTS, record.scope):
        return None
    return "Only the project's manager, its sponsor and the teams that oversee projects can report it."


def _own_project(record: ProjectReport, by: User) -> str | None:
    if {record.project.manager_id, record.project.sponsor_id} & standing(by).people:
        return "You run this project, so a colleague must accept its report."
    return None


def acts_for_manager(record: ProjectReport, by: User) -> User | None:
    """For whom ``by`` reports: nobody if the project's manager, else the manager."""
    manager = record.project.manager
    return None if manager.pk == by.pk else manager


REPORT_MOVES: dict[str, Move] = by_name(
    *ReturnMoves(may_report, _own_project, acts_for_manager, noun="report", judged="RAG").moves()
)


def move_report(record: ProjectReport, name: str, *, by: User, **how: object) -> ProjectReport:
    """Make the named move of a project's report; see ``hdcperf.workflow.perform``."""
    return perform(record, REPORT_MOVES[name], by=by, **how)  # type: ignore[arg-type]


# A change of a project's date


def _may_record(record: ChangeRequest, by: User) -> str | None:
    if standing(by).may(Permission.REPORT_PROJECTS, record.scope):
        return None
    return "Only the teams that oversee projects record what a project's board decided."


def _asked_it(record: ChangeRequest, by: User) -> str | None:
    if record.requested_by_id in standing(by).people:
        return None
    return "Only the person who asked for a change can withdraw it."


def _not_their_request(record: ChangeRequest, by: User) -> str | None:
    if record.requested_by_id in standing(by).people:
        return "You asked for this change, so a colleague must record what the board decided."
    return None


_REQUESTED = frozenset({ChangeRequest.State.REQUESTED.value})

CHANGE_MOVES: dict[str, Move] = by_name(
    Move("request", "Ask for a change of date", _REQUESTED, None, may_report),
    Move(
        "approve",
        "Record that the board approved it",
        _REQUESTED,
        ChangeRequest.State.APPROVED,
        _may_record,
        comment_needed="Write what the board decided.",
        guards=(_not_their_request,),
    ),
    Move(
        "decline",
        "Record that the board declined it",
        _REQUESTED,
        ChangeRequest.State.DECLINED,
        _may_record,
        comment_needed="Write what the board decided.",
        guards=(_not_their_request,),
    ),
    Move("withdraw", "Withdraw the request", _REQUESTED, ChangeRequest.State.WITHDRAWN, _asked_it),
)


def move_change(record: ChangeRequest, name: str, *, by: User, **how: object) -> ChangeRequest:
    """Make the named move of a change request; see ``hdcperf.workflow.perform``."""
    return perform(record, CHANGE_MOVES[name], by=by, **how)  # type: ignore[arg-type]
