"""The yearly refresh: from being drawn up, through the bodies that decide, to the plan for the year.

Bodies decide in meetings, not by clicking: each stage is left by recording what its body decided, with the date, the
minute and the wording (framework, *Annual Refresh*; *Corporate Plan Creation*).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.models import PlanDecision, PlanYear
from actions.queries.readiness import problems, silent_portfolios
from hdcperf.organisation.access import Scope, standing
from hdcperf.organisation.models import User
from hdcperf.review.bodies import SendBack, ToRecord, decided, in_effect, last_decision
from hdcperf.review.moves import by_name
from hdcperf.roles import Permission
from hdcperf.workflow import (
    Guard,
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
    "BODIES",
    "DECIDES",
    "PLAN_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "may_manage",
    "may_propose",
    "may_record",
    "move_plan",
    "onward",
    "refusal",
    "refuse_stale",
    "stopped_by",
]

State = PlanYear.State
Body = PlanDecision.Body
Kind = PlanDecision.Kind

BODIES: dict[str, str] = {
    State.LEADERSHIP.value: Body.LEADERSHIP.value,
    State.PORTFOLIO.value: Body.PORTFOLIO.value,
    State.SCRUTINY.value: Body.SCRUTINY.value,
    State.CABINET.value: Body.CABINET.value,
    State.COUNCIL.value: Body.COUNCIL.value,
}
"""The body the set is with at each stage."""

_THE_SET: dict[str, Any] = {"about": None}
"""A decision about the whole set, not about one of its actions."""

DECIDES = frozenset({Body.CABINET.value, Body.COUNCIL.value})
"""The bodies that must agree, from a date; a comment is enough from the others."""


def may_manage(record: PlanYear | None, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_PLAN):
        return None
    return "Only the Performance Team draws up the year's actions and takes them through."


def may_record(record: PlanYear | None, by: User) -> str | None:
    if standing(by).may(Permission.RECORD_DECISIONS):
        return None
    return "Only the Performance Team and democratic services record what a body decided."


def may_propose(scope: Scope | None, by: User) -> str | None:
    """Whether ``by`` may propose for actions of ``scope`` (without one: for any action at all)."""
    who = standing(by)
    if who.may(Permission.MANAGE_PLAN) or who.may(Permission.PROPOSE_ACTIONS, scope):
        return None
    return "Only the service an action belongs to and the Performance Team propose what becomes of it."


def _portfolio_holders_spoke(record: PlanYear, by: User) -> str | None:
    if silent := silent_portfolios(record):
        names = ", ".join(portfolio.name for portfolio in silent)
        return ToRecord(f"Record first what these portfolio holders said: {names}.")
    holders = record.decisions.filter(body=Body.PORTFOLIO).values_list("portfolio", flat=True).distinct()
    for portfolio in holders.order_by("portfolio"):
        last = last_decision(record, Body.PORTFOLIO, portfolio=portfolio, **_THE_SET)
        if last is not None and last.kind == Kind.NOT_AGREED:
            return SendBack(
                f"The portfolio holder for {last.portfolio} did not agree: send the set back to be drawn up again."
            )
    return None


def _ready(record: PlanYear, by: User) -> str | None:
    return next(iter(problems(record)), None)


def _on(name: str, label: str, source: State, target: State, *guards: Guard) -> Move:
    return Move(name, label, frozenset({source.value}), target.value, may_manage, guards=guards)


PLAN_MOVES: dict[str, Move] = by_name(
    _on("to_leadership", "Send to senior leadership", State.DRAWING_UP, State.LEADERSHIP, _ready),
    _on(
        "to_portfolio_holders",
        "Send to portfolio holders",
        State.LEADERSHIP,
        State.PORTFOLIO,
        decided(Body.LEADERSHIP, **_THE_SET),
    ),
    _on("to_scrutiny", "Send to scrutiny", State.PORTFOLIO, State.SCRUTINY, _portfolio_holders_spoke),
    _on("to_cabinet", "Send to cabinet", State.SCRUTINY, State.CABINET, decided(Body.SCRUTINY, **_THE_SET)),
    _on(
        "to_council",
        "Send to council",
        State.CABINET,
        State.COUNCIL,
        decided(Body.CABINET, must_agree=True, **_THE_SET),
        in_effect(Body.CABINET, **_THE_SET),
    ),
    _on(
        "approved",
        "Mark as approved by council",
        State.COUNCIL,
        State.APPROVED,
        decided(Body.COUNCIL, must_agree=True, **_THE_SET),
    ),
    _on(
        "adopt",
        "Make it the plan for the year",
        State.APPROVED,
        State.ADOPTED,
        in_effect(Body.COUNCIL, **_THE_SET),
        _ready,
    ),
    Move(
        "send_back",
        "Send back to be drawn up again",
        frozenset({*BODIES, State.APPROVED.value}),
        State.DRAWING_UP,
        may_manage,
        comment_needed="Say why it goes back, and what is to change.",
    ),
)


def onward(record: PlanYear) -> Move:
    """The move that takes a set that is not adopted on to its next stage."""
    return next(one for one in PLAN_MOVES.values() if record.state in one.sources and one.name != "send_back")


def stopped_by(record: PlanYear) -> str | None:
    """What stands in the way of ``onward``, whoever makes it, in a sentence."""
    nobody = User()  # the guards of these moves look at the set alone
    return next((said for guard in onward(record).guards if (said := guard(record, nobody))), None)


def move_plan(
    record: PlanYear,
    name: str,
    *,
    by: User,
    version: int,
    comment: str = "",
    change: Callable[[PlanYear], None] | None = None,
) -> PlanYear:
    """Make the named move of a year's set of actions, as it stood when the page of ``version`` was made.

    Raises StaleRecord when the set has changed since, and the errors of ``hdcperf.workflow.perform``.
    """

    def checked(fresh: PlanYear) -> None:
        refuse_stale(fresh, version)
        fresh.version += 1
        if change is not None:
            change(fresh)

    return perform(record, PLAN_MOVES[name], by=by, comment=comment, change=checked)
