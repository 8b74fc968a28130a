"""The monthly return's table of moves and its guards (framework C.2, E.1), and the revision's.

Who acts: the people of the KPI's year (and their delegates), the service manager and the Performance Team enter;
the Performance Team reviews; nobody accepts what they typed; the board rules on what was escalated to it.
"""

from __future__ import annotations

from datetime import date

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.locks import lock_sentence
from hdcperf.roles import Permission
from hdcperf.workflow import Move, MoveRefused, NotPermitted, SomebodyElseDidIt, perform, refusal
from kpis.models import Challenge, MonthlyReturn, Revision

__all__ = [
    "MOVES",
    "REVISION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "acts_for",
    "entry_lock",
    "may_enter",
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


def may_review(record: MonthlyReturn, by: User) -> str | None:
    if standing(by).may(Permission.REVIEW_RETURNS, record.scope):
        return None
    return "Only the Performance Team checks returns."


def may_rule(record: MonthlyReturn, by: User) -> str | None:
    if standing(by).may(Permission.RULE_ON_CHALLENGES, record.scope):
        return None
    return "Only a member of the board decides a challenge that was escalated to it."


def either_side(record: MonthlyReturn, by: User) -> str | None:
    """The stakeholder or the Performance Team (framework E.1: raised to the board where not resolved)."""
    if may_review(record, by) is None:
        return None
    return may_enter(record, by) and "Only the two sides of a challenge can escalate it to the board."


# Guards on the record


def entry_lock(record: MonthlyReturn, today: date) -> str | None:
    """The sentence that says which lock applies to entering, and who can lift it; None when entry is open."""
    if record.period is None:
        return "This month was imported, so it is changed by a revision."
    return lock_sentence(record, today, "return")


def _entry_is_open(record: MonthlyReturn, by: User) -> str | None:
    return entry_lock(record, clock.today())


def _not_their_own(record: MonthlyReturn, by: User) -> str | None:
    """Nobody accepts a return they typed, submitted, or are responsible for, whoever typed it."""
    people = standing(by).people
    if record.authors.filter(user__in=people).exists():
        return "You entered this return, or stand in for somebody who did, so a colleague must accept it."
    if record.kpi_year.people.filter(user__in=people).exists():
        return "You are one of this KPI's people, so a colleague must accept its return."
    return None


def _no_open_challenge(record: MonthlyReturn, by: User) -> str | None:
    if record.challenges.filter(state=Challenge.State.OPEN).exists():
        return "A challenge is still open: it must be answered first."
    if record.challenges.with_the_board().exists():
        return "A challenge is with the board: it must decide first."
    return None


def _lessons_recorded(record: MonthlyReturn, by: User) -> str | None:
    if record.challenges.not_closed().filter(figure_changed=True, lesson="").exists():
        return "A challenge changed the figure: say what will be done differently before accepting."
    return None


def _not_issued(record: MonthlyReturn, by: User) -> str | None:
    if record.issued.exists():
        return "This figure was issued in a pack, so its words are changed by a revision."
    return None


def _not_being_asked(record: MonthlyReturn, by: User) -> str | None:
    """Once challenged, only what was asked about is changed, beside the challenge: the dialogue stays whole."""
    if record.challenges.not_closed().exists():
        return "This return was challenged: only what is asked about can be changed, beside the challenge."
    return None


def _not_their_own_figure(record: MonthlyReturn, by: User) -> str | None:
    if _not_their_own(record, by):
        return "You entered this return or are one of its KPI's people, so another board member decides."
    return None


def _is_a_provisional_outturn(record: MonthlyReturn, by: User) -> str | None:
    if record.outturn != MonthlyReturn.Outturn.PROVISIONAL:
        return "Only a provisional outturn can be confirmed as final."
    if record.revisions.filter(state=Revision.State.PROPOSED).exists():
        return "A revision of this figure is waiting to be decided: it must be decided first."
    return None


def _states(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


MOVES: dict[str, Move] = {
    one.name: one
    for one in (
        Move(
            "draft",
            "Save as draft",
            _states(State.NOT_STARTED, State.DRAFT),
            State.DRAFT,
            may_enter,
            guards=(_entry_is_open,),
            quiet=True,
        ),
        Move("submit", "Submit", _states(State.DRAFT), State.SUBMITTED, may_enter, guards=(_entry_is_open,)),
        Move(
            "take_back",
            "Take back",
            _states(State.SUBMITTED),
            State.DRAFT,
            may_enter,
            guards=(_entry_is_open, _not_being_asked),
        ),
        Move(
            "challenge",
            "Challenge",
            _states(State.SUBMITTED, State.CHALLENGED),
            State.CHALLENGED,
            may_review,
            comment_needed="Say what you are asking and why.",
        ),
        # The app's change decides the state: the last answer returns it to submitted.
        Move(
            "answer",
            "Answer",
            _states(State.CHALLENGED),
            None,
            may_enter,
            comment_needed="Write your answer.",
        ),
        Move(
            "correct_words",
            "Correct a typing mistake",
            _states(State.SUBMITTED),
            None,
            may_review,
        ),
        Move(
            "undo_correction",
            "Undo the correction",
            _states(State.SUBMITTED, State.CHALLENGED, State.ACCEPTED),
            None,
            may_enter,
            guards=(_not_issued,),
        ),
        Move(
            "accept",
            "Accept",
            _states(State.SUBMITTED),
            State.ACCEPTED,
            may_review,
            guards=(_not_their_own, _no_open_challenge, _lessons_recorded),
        ),
        Move(
            "escalate",
            "Escalate to the board",
            _states(State.SUBMITTED, State.CHALLENGED),
            None,
            either_side,
            comment_needed="Say why the board should decide.",
        ),
        Move(
            "rule",
            "Record the board's decision",
            _states(State.SUBMITTED, State.CHALLENGED),
            None,
            may_rule,
            comment_needed="Say what the board decided and why.",
            guards=(_not_their_own_figure,),
        ),
        Move(
            "confirm_outturn",
            "Confirm as the final outturn",
            _states(State.ACCEPTED),
            None,
            may_enter,
            guards=(_is_a_provisional_outturn,),
        ),
    )
}


def move(record: MonthlyReturn, name: str, *, by: User, **how: object) -> MonthlyReturn:
    """Make the named move of a monthly return; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, MOVES[name], by=by, **how)  # type: ignore[arg-type]


# Revisions


def _may_enter_return(record: Revision, by: User) -> str | None:
    return either_side(record.monthly_return, by) and "Only the two sides of a return can propose a revision of it."


def _may_review_return(record: Revision, by: User) -> str | None:
    return may_review(record.monthly_return, by)


def _not_their_own_revision(record: Revision, by: User) -> str | None:
    people = standing(by).people
    if record.proposed_by_id in people:
        return "You proposed this revision, or stand in for somebody who did, so a colleague must decide it."
    if record.monthly_return.kpi_year.people.filter(user__in=people).exists():
        return "You are one of this KPI's people, so a colleague must decide its revision."
    return None


def _proposed_it(record: Revision, by: User) -> str | None:
    if record.proposed_by_id in standing(by).people:
        return None
    return "Only the person who proposed a revision can withdraw it."


_PROPOSED = frozenset({Revision.State.PROPOSED.value})

REVISION_MOVES: dict[str, Move] = {
    one.name: one
    for one in (
        Move("propose", "Propose a revision", _PROPOSED, None, _may_enter_return),
        Move(
            "accept",
            "Accept the revision",
            _PROPOSED,
            Revision.State.ACCEPTED,
            _may_review_return,
            guards=(_not_their_own_revision,),
        ),
        Move(
            "decline",
            "Decline the revision",
            _PROPOSED,
            Revision.State.DECLINED,
            _may_review_return,
            comment_needed="Say why the revision is declined.",
            guards=(_not_their_own_revision,),
        ),
        Move("withdraw", "Withdraw the revision", _PROPOSED, Revision.State.WITHDRAWN, _proposed_it),
    )
}


def move_revision(record: Revision, name: str, *, by: User, **how: object) -> Revision:
    """Make the named move of a revision; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, REVISION_MOVES[name], by=by, **how)  # type: ignore[arg-type]


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
