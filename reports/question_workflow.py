"""A panel's question from being asked to its answer being accepted (framework, *Quarterly Reporting*, Appendix A).

The Performance Team gives it an owner, the owner answers, the team releases the answer, and democratic services
records whether the panel accepted it. An answer that is not accepted, or is taken up again, is followed by a revised
one; the first stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import by_name
from hdcperf.roles import Permission
from hdcperf.workflow import (
    Move,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    perform,
    refusal,
)
from reports.models import PanelQuestion

__all__ = [
    "QUESTION_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "may_ask",
    "may_record",
    "move_question",
    "refusal",
]

State, Kind = PanelQuestion.State, PanelQuestion.Kind


def may_ask(record: Any, by: User) -> str | None:
    """Members of the panel ask; democratic services and the Performance Team write down what members asked."""
    who = standing(by)
    if who.may(Permission.ASK_QUESTIONS) or may_record(record, by) is None:
        return None
    return "Members of the scrutiny panel ask questions; democratic services and the Performance Team record them."


def may_record(record: Any, by: User) -> str | None:
    """Who writes down what a member asked in a meeting."""
    who = standing(by)
    if who.may(Permission.RECORD_QUESTIONS) or who.may(Permission.MANAGE_QUESTIONS):
        return None
    return "Only democratic services and the Performance Team record what members asked."


def _may_manage(record: PanelQuestion, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_QUESTIONS):
        return None
    return "Only the Performance Team gives a question its owner and releases the answer."


def _may_answer(record: PanelQuestion, by: User) -> str | None:
    who = standing(by)
    if record.owner_id in who.people:
        return None
    if record.scope is not None and who.may(Permission.ANSWER_QUESTIONS, record.scope):
        return None
    return "Only its owner, or the service manager or head of service it is about, answers this question."


def _may_conclude(record: PanelQuestion, by: User) -> str | None:
    if standing(by).may(Permission.RECORD_QUESTIONS):
        return None
    return "Only democratic services records what the panel made of an answer."


def _may_withdraw(record: PanelQuestion, by: User) -> str | None:
    if record.asked_by_id == by.pk or _may_conclude(record, by) is None:
        return None
    return "Only whoever asked, or democratic services for the panel, withdraws a question."


def _is_a_comment(record: PanelQuestion, by: User) -> str | None:
    return None if record.kind == Kind.COMMENT else "A question or a recommendation is answered, not only noted."


def _somebody_else_answered(record: PanelQuestion, by: User) -> str | None:
    last = record.answers.order_by("-number").first()
    if last is not None and last.answered_by_id in standing(by).people:
        return "You wrote this answer, so a colleague releases it."
    return None


def _for_the_owner(record: PanelQuestion, by: User) -> User | None:
    return record.owner if record.owner_id != by.pk else None


def _states(*states: PanelQuestion.State) -> frozenset[str]:
    return frozenset(state.value for state in states)


QUESTION_MOVES = by_name(
    Move("assign", "Give it to its owner", _states(State.ASKED, State.ASSIGNED), State.ASSIGNED.value, _may_manage),
    Move("note", "Note the comment", _states(State.ASKED), State.NOTED.value, _may_manage, guards=(_is_a_comment,)),
    Move(
        "answer",
        "Send the answer",
        _states(State.ASSIGNED),
        State.ANSWERED.value,
        _may_answer,
        for_whom=_for_the_owner,
    ),
    Move(
        "return",
        "Send the answer back",
        _states(State.ANSWERED),
        State.ASSIGNED.value,
        _may_manage,
        comment_needed="Say what the answer still lacks.",
    ),
    Move(
        "release",
        "Release the answer to the panel",
        _states(State.ANSWERED),
        State.RELEASED.value,
        _may_manage,
        guards=(_somebody_else_answered,),
    ),
    Move("accept", "The panel accepted it", _states(State.RELEASED), State.ACCEPTED.value, _may_conclude),
    Move(
        "decline",
        "The panel did not accept it",
        _states(State.RELEASED),
        State.ASSIGNED.value,
        _may_conclude,
        comment_needed="Say what the panel still wants to know.",
    ),
    Move(
        "reopen",
        "Ask for a revised answer",
        _states(State.RELEASED, State.ACCEPTED),
        State.ASSIGNED.value,
        _may_manage,
        comment_needed="Say why the answer is to be revised.",
    ),
    Move(
        "withdraw",
        "Withdraw it",
        _states(State.ASKED, State.ASSIGNED),
        State.WITHDRAWN.value,
        _may_withdraw,
        comment_needed="Say why it is withdrawn.",
    ),
)


def move_question(
    question: PanelQuestion,
    name: str,
    *,
    by: User,
    comment: str = "",
    change: Callable[[PanelQuestion], None] | None = None,
) -> PanelQuestion:
    """Make one move of a question. Raises NotPermitted, SomebodyElseDidIt or MoveRefused, writing nothing."""
    return perform(question, QUESTION_MOVES[name], by=by, comment=comment, change=change)
