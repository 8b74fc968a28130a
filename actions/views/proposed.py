"""Fetching an action in the refresh, for those who may propose what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from actions.models import Action, ActionYear, PlanYear
from actions.plan_workflow import may_manage, may_propose
from actions.queries.proposals import source_of
from actions.rules.proposals import DatedStep
from actions.views.plan import find_or_404
from hdcperf.organisation.access import Scope, signed_in
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link

__all__ = ["Proposed", "find_proposed", "require_proposer", "set_crumbs", "standing_steps"]


@dataclass(frozen=True)
class Proposed:
    """An action in the refresh: its set, what it is this year, and what is proposed for it so far."""

    plan_year: PlanYear
    action: Action
    source: ActionYear | None
    row: ActionYear | None
    user: User

    @property
    def version(self) -> int:
        return self.row.version if self.row is not None else 0

    @property
    def known_as(self) -> str:
        row = self.source or self.row
        assert row is not None
        return row.name


def find_proposed(request: HttpRequest, year: FinancialYear, reference: str) -> Proposed:
    """The action, for those who may propose what becomes of it."""
    plan_year = find_or_404(request, year)
    user = signed_in(request)
    action = Action.objects.filter(reference=reference).first()
    if action is None:
        raise Http404("There is no such action.")
    source = source_of(action, plan_year)
    row = (
        ActionYear.objects.filter(plan_year=plan_year, action=action)
        .select_related("service", "plan_year", "parent", "outcome", "portfolio", "responsible")
        .first()
    )
    if source is None and row is None:
        raise Http404(f"This action is not in the set of {year}.")
    if row is None and action.ended_on is not None:
        raise Http404("This action has ended.")
    require_proposer(plan_year, user, *(one for one in (source, row) if one is not None))
    return Proposed(plan_year, action, source, row, user)


def require_proposer(plan_year: PlanYear, user: User, *rows: ActionYear) -> None:
    """Refuse whoever may not propose here; a set that is with its bodies is the Performance Team's."""
    if plan_year.is_adopted:
        raise Http404(f"{plan_year.financial_year} is the plan now.")
    if plan_year.state != PlanYear.State.DRAWING_UP and (sentence := may_manage(plan_year, user)):
        raise PermissionDenied(f"The set is {plan_year.get_state_display().lower()}. {sentence}")
    scopes: list[Scope | None] = [row.scope for row in rows]
    for scope in scopes or [None]:
        if sentence := may_propose(scope, user):
            raise PermissionDenied(sentence)


def set_crumbs(plan_year: PlanYear, last: str) -> tuple[Link, ...]:
    """The way back from a page of the set."""
    year = plan_year.financial_year
    return (
        Link("Corporate Plan", reverse("plan")),
        Link(str(year), reverse("plan-year", args=[year])),
        Link(last, ""),
    )


def standing_steps(action: Action) -> list[DatedStep]:
    """The milestones the action still has before it."""
    rows = action.milestones.planned().filter(reached_on__isnull=True).order_by("due_on", "pk")
    return [DatedStep(row.due_on, row.name) for row in rows]
