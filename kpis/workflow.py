"""The monthly return's table of moves and its guards (framework C.2, E.1), the revision's and the target set's.

Who acts: the people of the KPI's year (and their delegates), the service manager and the Performance Team enter;
the Performance Team reviews; nobody accepts what they typed; the board rules on what was escalated to it. A target is
proposed by whoever completes the KPI's data quality template; the Performance Team records who approved it.
"""

from __future__ import annotations

from datetime import date

from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.locks import lock_sentence
from hdcperf.review.moves import ReturnMoves, by_name, lender, may_review, may_rule, reviews_for
from hdcperf.roles import Permission
from hdcperf.workflow import Move, MoveRefused, NotPermitted, SomebodyElseDidIt, perform, refusal
from kpis.models import KpiYear, MonthlyReturn, Revision, TargetSet

__all__ = [
    "MOVES",
    "REVISION_MOVES",
    "TARGET_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "acts_for",
    "either_side",
    "entry_lock",
    "may_enter",
    "may_propose_target",
    "may_review",
    "may_rule",
    "move",
    "move_revision",
    "move_target",
    "refusal",
]

State = MonthlyReturn.State


# Permission guards


def may_enter(record: MonthlyReturn, by: User) -> str | None:
    """The people of the KPI's year, their delegates, the service manager and the Performance Team enter."""
    who = standing(by)
    if who.may(Permission.ENTER_RETURNS, record.scope):
        return None
    if record.kpi_year.people.filter(user__in=who.people).exists():
        return None
    return "Only the people named for this KPI, their service manager and the Performance Team can enter its return."


# Guards on the record


def entry_lock(record: MonthlyReturn, today: date) -> str | None:
    """The sentence that says which lock applies to entering, and who can lift it; None when entry is open."""
    if record.period is None:
        return "This month was imported, so it is changed by a revision."
    return lock_sentence(record, today, "return")


def _own(record: MonthlyReturn, by: User) -> str | None:
    if record.kpi_year.people.filter(user__in=standing(by).people).exists():
        return "You are one of this KPI's people, so a colleague must accept its return."
    return None


def acts_for(record: MonthlyReturn, by: User) -> User | None:
    """For whom ``by`` acts when entering: nobody if one of the KPI's own holders, else the first holder named.

    A stand-in, a delegate, the service manager or the Performance Team can submit, and the record says for whom.
    """
    people = list(record.kpi_year.people.select_related("user"))
    holders = [row.user for row in people if row.duty != row.Duty.STANDS_IN]
    if any(holder.pk == by.pk for holder in holders) or not holders:
        return None
    covered = standing(by).covering
    return next((holder for holder in holders if holder.pk in covered), holders[0])


_RETURN = ReturnMoves(may_enter, _own, acts_for, entry_lock)
either_side = _RETURN.either_side


def _not_issued(record: MonthlyReturn, by: User) -> str | None:
    if record.issued.exists():
        return "This figure was issued in a pack, so its words are changed by a revision."
    return None


def _is_a_provisional_outturn(record: MonthlyReturn, by: User) -> str | None:
    if record.outturn != MonthlyReturn.Outturn.PROVISIONAL:
        return "Only a provisional outturn can be confirmed as final."
    if record.revisions.filter(state=Revision.State.PROPOSED).exists():
        return "A revision of this figure is waiting to be decided: it must be decided first."
    return None


MOVES: dict[str, Move] = by_name(
    *_RETURN.moves(),
    Move(
        "correct_words",
        "Correct a typing mistake",
        frozenset({State.SUBMITTED.value}),
        None,
        may_review,
        for_whom=reviews_for,
    ),
    Move(
        "undo_correction",
        "Undo the correction",
        frozenset({State.SUBMITTED.value, State.CHALLENGED.value, State.ACCEPTED.value}),
        None,
        may_enter,
        guards=(_not_issued,),
        for_whom=acts_for,
    ),
    Move(
        "confirm_outturn",
        "Confirm as the final outturn",
        frozenset({State.ACCEPTED.value}),
        None,
        may_enter,
        guards=(_is_a_provisional_outturn,),
        for_whom=acts_for,
    ),
)


def move(record: MonthlyReturn, name: str, *, by: User, **how: object) -> MonthlyReturn:
    """Make the named move of a monthly return; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, MOVES[name], by=by, **how)  # type: ignore[arg-type]


# Revisions

REVISION_MOVES: dict[str, Move] = _RETURN.revision_moves(lambda revision: revision.monthly_return)


def move_revision(record: Revision, name: str, *, by: User, **how: object) -> Revision:
    """Make the named move of a revision; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, REVISION_MOVES[name], by=by, **how)  # type: ignore[arg-type]


# Targets


def may_propose_target(record: TargetSet | KpiYear, by: User) -> str | None:
    """Whoever completes the KPI's template proposes its targets: its service, and the Performance Team."""
    if standing(by).may(Permission.COMPLETE_TEMPLATES, record.scope):
        return None
    return "Only the KPI's service manager, its head of service and the Performance Team propose its targets."


def _may_decide_target(record: TargetSet, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_SETTING, record.scope):
        return None
    return "Only the Performance Team records who approved a target."


def _may_take_back(record: TargetSet, by: User) -> str | None:
    if record.set_by_id in standing(by).people:
        return None
    return "Only the person who proposed a target can take it back."


def _proposed_by_another(record: TargetSet, by: User) -> str | None:
    if record.set_by_id in standing(by).people:
        return "You proposed this target, or stand in for somebody who did, so a colleague must record its approval."
    return None


_proposes_for, _decides_for = lender(Permission.COMPLETE_TEMPLATES), lender(Permission.MANAGE_SETTING)
_AWAITING, _APPROVED = frozenset({TargetSet.State.AWAITING.value}), frozenset({TargetSet.State.APPROVED.value})

TARGET_MOVES: dict[str, Move] = by_name(
    Move("propose", "Propose the target", _AWAITING, None, may_propose_target, for_whom=_proposes_for),
    Move(
        "approve",
        "Record the approval",
        _AWAITING,
        TargetSet.State.APPROVED.value,
        _may_decide_target,
        guards=(_proposed_by_another,),
        for_whom=_decides_for,
    ),
    Move(
        "send_back",
        "Send it back",
        _AWAITING,
        TargetSet.State.SENT_BACK.value,
        _may_decide_target,
        comment_needed="Say why the target is sent back.",
        guards=(_proposed_by_another,),
        for_whom=_decides_for,
    ),
    Move(
        "take_back",
        "Take it back",
        _AWAITING,
        TargetSet.State.TAKEN_BACK.value,
        _may_take_back,
        comment_needed="Say why the target is taken back.",
        for_whom=lambda record, by: None if record.set_by_id == by.pk else record.set_by,
    ),
    # Made with the approval of a set from the same month, never by itself.
    Move("replace", "Replace it", _APPROVED, TargetSet.State.REPLACED.value, _may_decide_target),
)


def move_target(record: TargetSet, name: str, *, by: User, **how: object) -> TargetSet:
    """Make the named move of a target set; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, TARGET_MOVES[name], by=by, **how)  # type: ignore[arg-type]
