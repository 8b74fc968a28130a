"""Writing to a year's set while others may be: it is held, asked about, changed, and its version moves on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F

from actions.models import ActionYear, PlanDecision, PlanYear
from actions.plan_workflow import may_manage, may_propose
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User
from hdcperf.review.problems import ProposalRefused, refuse
from hdcperf.workflow import MoveRefused, NotPermitted, StaleRecord

__all__ = ["ProposalRefused", "as_it_was_seen", "held", "move_on", "refuse", "require_editable", "why"]

State = PlanYear.State


def held(plan_year: PlanYear) -> PlanYear:
    """The set, fresh, and held until the transaction ends: two who change it take turns."""
    found: PlanYear = PlanYear.objects.select_for_update().get(pk=plan_year.pk)
    return found


def require_editable(fresh: PlanYear, by: User, scopes: Iterable[Scope], decision: PlanDecision | None) -> None:
    """Refuse a change of the set that ``by`` may not make now.

    While it is drawn up, services propose in their scope. Once it is with the bodies that decide, what they saw stays
    as they saw it, save what one of them decided: the Performance Team changes that, naming the ``decision``.
    Raises NotPermitted or MoveRefused.
    """
    if fresh.state == State.DRAWING_UP:
        for scope in scopes:
            if sentence := may_propose(scope, by):
                raise NotPermitted(sentence, state=fresh.state, move="propose")
        return
    if fresh.is_adopted:
        sentence = f"{fresh.financial_year} is the plan now: its actions change by the pages of each action."
        raise MoveRefused(sentence, state=fresh.state, move="propose")
    if sentence := may_manage(fresh, by):
        raise NotPermitted(sentence, state=fresh.state, move="propose")
    if decision is None or decision.plan_year_id != fresh.pk:
        raise MoveRefused(
            f"The set is {fresh.get_state_display().lower()}: only what a body decided is changed now. "
            "Choose the decision that asks for it, or send the set back to be drawn up again.",
            state=fresh.state,
            move="propose",
        )


def as_it_was_seen(row: ActionYear | None, version: int) -> None:
    """Raise StaleRecord when the proposal is not as it stood when the page was made (0: there was none)."""
    if (row.version if row is not None else 0) != version:
        raise StaleRecord(row)


def move_on(fresh: PlanYear) -> None:
    """The set is not as anybody saw it any more. A counter and no fact, so it leaves no history of its own."""
    models.QuerySet(PlanYear).filter(pk=fresh.pk).update(version=F("version") + 1)


def why(words: str, decision: PlanDecision | None) -> str:
    """The reason kept with a change: what was done, and the decision that asked for it."""
    return f"{words} (as decided: {decision})" if decision is not None else words
