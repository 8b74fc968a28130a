"""The yearly refresh: from being drawn up, through the bodies that decide, to the plan for the year.

Bodies decide in meetings, not by clicking: each stage is left by recording what its body decided, with the date, the
minute and the wording (framework, *Annual Refresh*; *Corporate Plan Creation*).
"""

from __future__ import annotations

from actions.models import ActionYear, PlanDecision, PlanYear
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review.bodies import decided, in_effect, since_it_came
from hdcperf.review.moves import by_name
from hdcperf.roles import Permission
from hdcperf.workflow import Guard, Move, MoveRefused, NotPermitted, SomebodyElseDidIt, perform, refusal

__all__ = [
    "BODIES",
    "PLAN_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "may_manage",
    "may_record",
    "move_plan",
    "refusal",
    "silent_portfolios",
]

State = PlanYear.State
Body = PlanDecision.Body

BODIES: dict[str, str] = {
    State.LEADERSHIP.value: Body.LEADERSHIP.value,
    State.PORTFOLIO.value: Body.PORTFOLIO.value,
    State.SCRUTINY.value: Body.SCRUTINY.value,
    State.CABINET.value: Body.CABINET.value,
    State.COUNCIL.value: Body.COUNCIL.value,
}
"""The body that decides at each stage."""


def may_manage(record: PlanYear, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_PLAN):
        return None
    return "Only the Performance Team draws up the year's actions and takes them through."


def may_record(record: PlanYear, by: User) -> str | None:
    if standing(by).may(Permission.RECORD_DECISIONS):
        return None
    return "Only the Performance Team and democratic services record what a body decided."


def silent_portfolios(record: PlanYear) -> list[Portfolio]:
    """The portfolios with actions in the set whose holder has said nothing since it was sent to them."""
    sent = since_it_came(record, State.PORTFOLIO)
    spoken = record.decisions.filter(body=Body.PORTFOLIO)
    if sent is not None:
        spoken = spoken.filter(recorded_at__gte=sent)
    wanted = Portfolio.objects.filter(action_years__plan_year=record).exclude(pk__in=spoken.values("portfolio"))
    return list(wanted.distinct())


def _every_portfolio_spoke(record: PlanYear, by: User) -> str | None:
    if silent := silent_portfolios(record):
        names = ", ".join(portfolio.name for portfolio in silent)
        return f"Record first what these portfolio holders said: {names}."
    return None


def _has_actions(record: PlanYear, by: User) -> str | None:
    return None if record.actions.in_the_set().exists() else "The set has no actions yet."


def _every_action_is_answered(record: PlanYear, by: User) -> str | None:
    """Each of this year's actions is carried forward, amended, completed or dropped: none is forgotten."""
    live = ActionYear.objects.adopted().filter(plan_year__year=record.year - 1, action__ended_on__isnull=True)
    forgotten = live.exclude(action__in=record.actions.values("action")).order_by("code_key")
    if names := [one.name for one in forgotten]:
        return f"Say what becomes of: {', '.join(names)}."
    return None


def _on(name: str, label: str, source: State, target: State, *guards: Guard) -> Move:
    return Move(name, label, frozenset({source.value}), target.value, may_manage, guards=guards)


PLAN_MOVES: dict[str, Move] = by_name(
    _on(
        "to_leadership",
        "Send to senior leadership",
        State.DRAWING_UP,
        State.LEADERSHIP,
        _has_actions,
        _every_action_is_answered,
    ),
    _on(
        "to_portfolio_holders",
        "Send to portfolio holders",
        State.LEADERSHIP,
        State.PORTFOLIO,
        decided(Body.LEADERSHIP),
    ),
    _on("to_scrutiny", "Send to scrutiny", State.PORTFOLIO, State.SCRUTINY, _every_portfolio_spoke),
    _on("to_cabinet", "Send to cabinet", State.SCRUTINY, State.CABINET, decided(Body.SCRUTINY)),
    _on("to_council", "Send to council", State.CABINET, State.COUNCIL, decided(Body.CABINET)),
    _on("approved", "Approved by council", State.COUNCIL, State.APPROVED, decided(Body.COUNCIL)),
    _on("adopt", "Make it the plan for the year", State.APPROVED, State.ADOPTED, in_effect(Body.COUNCIL)),
    Move(
        "send_back",
        "Send back to be drawn up again",
        frozenset(BODIES),
        State.DRAWING_UP,
        may_manage,
        comment_needed="Say why it goes back, and what is to change.",
    ),
)


def move_plan(record: PlanYear, name: str, *, by: User, **how: object) -> PlanYear:
    """Make the named move of a year's set of actions; see ``hdcperf.workflow.perform``."""
    return perform(record, PLAN_MOVES[name], by=by, **how)  # type: ignore[arg-type]
