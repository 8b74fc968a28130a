"""What a proposal for a year's set is made from, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.models import Action, ActionYear, PlanYear
from actions.rules.proposals import DatedStep, code_problem, dates_problems
from hdcperf.codes import code_key
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.review.problems import Problem

__all__ = ["Facts", "code_problems", "facts_problems", "source_of"]


@dataclass(frozen=True)
class Facts:
    """An action as it is proposed."""

    code: str
    title: str
    wording: str
    control: str
    outcome: Outcome
    service: Service
    portfolio: Portfolio
    responsible: User
    starts_on: date
    due_on: date
    success: str = ""
    mtfs_line: str = ""
    parent: ActionYear | None = None
    milestones: tuple[DatedStep, ...] = field(default=())

    @property
    def scope(self) -> Scope:
        return Scope(self.service.pk, self.service.directorate_id, self.portfolio.pk)

    def columns(self) -> dict[str, Any]:
        """What an ``ActionYear`` keeps of it."""
        return {name: value for name, value in vars(self).items() if name != "milestones"}


def source_of(action: Action, plan_year: PlanYear) -> ActionYear | None:
    """The action as it is in the plan of the year before."""
    found: ActionYear | None = (
        ActionYear.objects.adopted()
        .filter(action=action, plan_year__year=plan_year.year - 1)
        .select_related("service", "plan_year", "parent")
        .first()
    )
    return found


def facts_problems(
    fresh: PlanYear, facts: Facts, action: Action | None = None, row: ActionYear | None = None
) -> list[Problem]:
    """What is wrong with ``facts`` for ``action`` in this set; ``row`` is what is proposed for it already."""
    found = code_problems(fresh, facts.code, row)
    known = {one.name.casefold(): one for one in action.milestones.all()} if action is not None else {}
    new = frozenset(step.name for step in facts.milestones if step.name.casefold() not in known)
    found += dates_problems(facts.starts_on, facts.due_on, facts.milestones, new)
    if facts.due_on < fresh.financial_year.first_day:
        found.append(Problem("due_on", f"The due date is before {fresh.financial_year} starts."))
    for step in facts.milestones:
        held_by = known.get(step.name.casefold())
        if held_by is not None and (held_by.reached_on or held_by.left_out_on):
            sentence = f"The action already had a milestone “{step.name}”: give this one another name."
            found.append(Problem("milestones", sentence))
    found += _parent_problems(fresh, facts.parent, row)
    return found


def code_problems(fresh: PlanYear, code: str, row: ActionYear | None) -> list[Problem]:
    """Why the action of ``row`` cannot have this code in this set."""
    if sentence := code_problem(code):
        return [Problem("code", sentence)]
    others = fresh.actions.in_the_set().filter(code_key=code_key(code))
    other = others.exclude(pk=row.pk).first() if row is not None else others.first()
    if other is None:
        return []
    return [Problem("code", f"{other.code} is the code of “{other.title}” in {fresh.financial_year}.")]


def _parent_problems(fresh: PlanYear, parent: ActionYear | None, row: ActionYear | None) -> list[Problem]:
    if parent is None:
        return []
    if parent.plan_year_id != fresh.pk or not parent.is_in_the_set:
        return [Problem("parent", f"An action is a part of another action of {fresh.financial_year}.")]
    if row is not None and parent.pk == row.pk:
        return [Problem("parent", "An action cannot be a part of itself.")]
    if parent.parent_id is not None:
        return [Problem("parent", f"{parent.name} is itself a part of another action.")]
    if row is not None and row.parts.exists():
        return [Problem("parent", "This action has parts of its own, so it cannot be a part of another.")]
    return []
