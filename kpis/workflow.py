"""The monthly return's table of moves and its guards (framework C.2, E.1), and the revision's.

Who acts: the people of the KPI's year (and their delegates), the service manager and the Performance Team enter;
the Performance Team reviews; nobody accepts what they typed; the board rules on what was escalated to it.
"""

from __future__ import annotations

from datetime import date

from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.locks import lock_sentence
from hdcperf.review.moves import ReturnMoves, by_name, may_review, may_rule, reviews_for
from hdcperf.roles import Permission
from hdcperf.workflow import Move, MoveRefused, NotPermitted, SomebodyElseDidIt, perform, refusal
from kpis.models import MonthlyReturn, Revision

__all__ = [
    "MOVES",
    "REVISION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "acts_for",
    "either_side",
    "entry_lock",
    "may_enter",
    "may_review",
    "may_rule",
    "move",
    "move_revision",
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
