"""What bodies decided, as an officer records it; and taking a year's set from one body to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.models import ActionYear, PlanDecision, PlanYear
from actions.operations.adopting import make_it_the_plan
from actions.operations.carrying import sync_carried
from actions.operations.the_set import ProposalRefused, held, move_on
from actions.plan_workflow import BODIES, DECIDES, may_record, move_plan
from actions.rules.proposals import Problem
from hdcperf import clock
from hdcperf.organisation.models import Portfolio, User
from hdcperf.workflow import MoveRefused, NotPermitted

__all__ = ["Decided", "advance", "body_of", "decision_problems", "keep_decision", "record_decision"]

State = PlanYear.State
Body = PlanDecision.Body


@dataclass(frozen=True)
class Decided:
    """What a body decided, as it was minuted."""

    kind: str
    met_on: date
    minute: str
    wording: str
    takes_effect_on: date | None = None


def body_of(plan_year: PlanYear) -> str:
    """The body whose decision is recorded now: the one the set is with, and council still once it has approved."""
    return Body.COUNCIL.value if plan_year.state == State.APPROVED else BODIES.get(plan_year.state, "")


def decision_problems(body: str, decided: Decided) -> list[Problem]:
    """What is wrong with a decision as it was typed."""
    found = []
    if decided.met_on > clock.today():
        found.append(Problem("met_on", "The meeting has not been held yet: record what it decides afterwards."))
    starts = decided.takes_effect_on
    if starts is not None and starts < decided.met_on:
        found.append(Problem("takes_effect_on", "A decision cannot take effect before the meeting that made it."))
    if starts is None and body in DECIDES and decided.kind == PlanDecision.Kind.AGREED:
        found.append(Problem("takes_effect_on", "Enter the date the decision takes effect, after any call-in"))
    return found


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
        if problems := decision_problems(body, decided):
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
    same = fresh.decisions.filter(body=body, portfolio=portfolio, about=about, recorded_by=by, **vars(decided))
    if (there := same.order_by("-pk").first()) is not None and there == fresh.decisions.order_by("-pk").first():
        return there
    made: PlanDecision = PlanDecision.objects.create(
        plan_year=fresh,
        body=body,
        portfolio=portfolio,
        about=about,
        recorded_by=by,
        recorded_by_name=by.name,
        recorded_at=clock.now(),
        **vars(decided),
    )
    move_on(fresh)
    return made


def advance(plan_year: PlanYear, name: str, *, by: User, version: int, comment: str = "") -> PlanYear:
    """Make the named move of the set, with all that follows from it. Raises the errors of ``move_plan``."""
    change: Callable[[PlanYear], None] | None = {
        "to_leadership": lambda fresh: sync_carried(fresh, by=by),
        "adopt": lambda fresh: make_it_the_plan(fresh, by=by),
    }.get(name)
    return move_plan(plan_year, name, by=by, version=version, comment=comment, change=change)
