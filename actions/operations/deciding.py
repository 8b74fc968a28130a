"""What bodies decided, as an officer records it; and taking a year's set from one body to the next."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from actions.models import ActionYear, PlanDecision, PlanYear
from actions.operations.adopting import make_it_the_plan
from actions.operations.carrying import sync_carried
from actions.operations.the_set import ProposalRefused, held, move_on
from actions.plan_workflow import BODIES, DECIDES, may_record, move_plan
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review.decisions import Decided, decision_problems, keep_once
from hdcperf.review.problems import Problem
from hdcperf.workflow import MoveRefused, NotPermitted

__all__ = ["Decided", "advance", "body_of", "keep_decision", "record_decision"]

State = PlanYear.State
Body = PlanDecision.Body


def body_of(plan_year: PlanYear) -> str:
    """The body whose decision is recorded now: the one the set is with, and council still once it has approved."""
    return Body.COUNCIL.value if plan_year.state == State.APPROVED else BODIES.get(plan_year.state, "")


def record_decision(
    plan_year: PlanYear, decided: Decided, *, by: User, portfolio: Portfolio | None = None
) -> PlanDecision:
    """Record what the body the set is with decided. The same again (a double click) is recorded once.

    Raises ProposalRefused, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = held(plan_year)
        if sentence := may_record(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="record")
        body = body_of(fresh)
        if not body:
            sentence = f"The set is {fresh.get_state_display().lower()}: no body is to decide about it now."
            raise MoveRefused(sentence, state=fresh.state, move="record")
        if (body == Body.PORTFOLIO) != (portfolio is not None):
            raise ProposalRefused([Problem("portfolio", "Select whose portfolio holder said it")])
        if problems := decision_problems(body, decided, DECIDES):
            raise ProposalRefused(problems)
        return keep_decision(fresh, body, decided, by=by, portfolio=portfolio)


def keep_decision(
    fresh: PlanYear,
    body: str,
    decided: Decided,
    *,
    by: User,
    portfolio: Portfolio | None = None,
    about: ActionYear | None = None,
) -> PlanDecision:
    """Write down a decision about ``fresh`` (held), once."""
    made: PlanDecision
    made, is_new = keep_once(fresh.decisions, decided, by=by, body=body, portfolio=portfolio, about=about)
    if is_new:
        move_on(fresh)
    return made


def advance(plan_year: PlanYear, name: str, *, by: User, version: int, comment: str = "") -> PlanYear:
    """Make the named move of the set, with all that follows from it. Raises the errors of ``move_plan``."""
    change: Callable[[PlanYear], None] | None = {
        "to_leadership": lambda fresh: sync_carried(fresh, by=by),
        "adopt": lambda fresh: make_it_the_plan(fresh, by=by),
    }.get(name)
    return move_plan(plan_year, name, by=by, version=version, comment=comment, change=change)
