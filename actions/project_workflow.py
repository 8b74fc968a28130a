"""Who may do what to a project, its report for a quarter, and a change of its dates.

Its manager and sponsor and the teams that oversee projects report it; the Performance Team checks the report as it
does an action's update; a date moves only as the project's board decided (framework, *Quarterly Reporting*,
Appendix A).
"""

from __future__ import annotations

from datetime import date

from actions.models import ChangeRequest, Project, ProjectReport, ReportRevision
from hdcperf.organisation.access import Scope, standing
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
    "REPORT_MOVES",
    "REPORT_REVISION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "acts_for_manager",
    "either_side",
    "may_ask",
    "may_register",
    "may_report",
    "may_review",
    "may_rule",
    "move_change",
    "move_report",
    "move_report_revision",
    "refusal",
    "refuse_stale",
    "report_lock",
]


# The project


def may_register(by: User, scope: Scope | None = None) -> str | None:
    """Whether ``by`` may register projects, change what is not a date, and close them."""
    if standing(by).may(Permission.REPORT_PROJECTS, scope):
        return None
    return "Only the Performance Team and the strategic insights and delivery team keep the register of projects."


def _runs(project: Project, by: User) -> bool:
    return bool({project.manager_id, project.sponsor_id} & standing(by).people)


# Its report


def may_report(record: ProjectReport, by: User) -> str | None:
    if _runs(record.project, by) or standing(by).may(Permission.REPORT_PROJECTS, record.scope):
        return None
    return "Only the project's manager, its sponsor and the teams that oversee projects can report it."


def _own_project(record: ProjectReport, by: User) -> str | None:
    if _runs(record.project, by):
        return "You run this project, so a colleague must accept its report."
    return None


def acts_for_manager(record: ProjectReport, by: User) -> User | None:
    """For whom ``by`` reports: nobody if the project's manager, else the manager."""
    manager = record.project.manager
    return None if manager.pk == by.pk else manager


def report_lock(record: ProjectReport, today: date) -> str | None:
    """A project closed before the quarter owes no report: that is said before its round's own lock."""
    return record.excused or lock_sentence(record, today, "report")


_REPORT = ReturnMoves(
    may_report, _own_project, acts_for_manager, entry_lock=report_lock, noun="report", judged="status"
)
either_side = _REPORT.either_side

REPORT_MOVES: dict[str, Move] = by_name(*_REPORT.moves())

REPORT_REVISION_MOVES: dict[str, Move] = _REPORT.revision_moves(lambda revision: revision.report)


def move_report(record: ProjectReport, name: str, *, by: User, **how: object) -> ProjectReport:
    """Make the named move of a project's report; see ``hdcperf.workflow.perform``."""
    return perform(record, REPORT_MOVES[name], by=by, **how)  # type: ignore[arg-type]


def move_report_revision(record: ReportRevision, name: str, *, by: User, **how: object) -> ReportRevision:
    """Make the named move of a revision of a report; see ``hdcperf.workflow.perform``."""
    return perform(record, REPORT_REVISION_MOVES[name], by=by, **how)  # type: ignore[arg-type]


# A change of a project's date


def may_ask(project: Project, by: User) -> str | None:
    """Whether ``by`` may ask the board to move a date of ``project``."""
    if _runs(project, by) or standing(by).may(Permission.REPORT_PROJECTS, project.scope):
        return None
    return (
        "Only the project's manager, its sponsor and the teams that oversee projects ask for a change of its dates."
    )


def _asks(record: ChangeRequest, by: User) -> str | None:
    return may_ask(record.project, by)


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
    Move("request", "Ask for a change of date", _REQUESTED, None, _asks),
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
