"""The yearly refresh, invented and looking it: a set in any of its states, decisions and proposals."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from actions.models import PlanDecision, PlanYear, PlanYearTransition, ProposedMilestone
from actions.plan_workflow import BODIES, PLAN_MOVES
from hdcperf import clock
from hdcperf.organisation.models import User
from tests.factories.actions import ActionYearFactory, PlanYearFactory
from tests.factories.organisation import UserFactory

__all__ = ["PlanDecisionFactory", "ProposedMilestoneFactory", "plan_year_in"]


def plan_year_in(state: str, year: int = 2027, by: User | None = None) -> PlanYear:
    """A year's set in ``state``, with the moves that led there but without the decisions."""
    made: PlanYear = PlanYearFactory(year=year, state=state)
    person = by or UserFactory()
    for name, move in PLAN_MOVES.items():
        source = next(iter(move.sources))
        if name == "send_back" or source == state:
            break
        PlanYearTransition.objects.create(
            plan_year=made,
            move=name,
            from_state=source,
            to_state=str(move.target),
            by=person,
            by_name=person.name,
            at=clock.now(),
        )
    return made


class PlanDecisionFactory(DjangoModelFactory[PlanDecision]):
    """What the body of the set's stage agreed; for a portfolio holder give the ``portfolio``."""

    class Meta:
        model = PlanDecision

    class Params:
        today = factory.LazyFunction(clock.today)

    plan_year = factory.SubFactory(PlanYearFactory)
    body = factory.LazyAttribute(lambda row: BODIES.get(row.plan_year.state, PlanDecision.Body.COUNCIL))
    kind = PlanDecision.Kind.AGREED
    met_on = factory.SelfAttribute("today")
    minute = factory.Sequence(lambda n: f"{n + 1}")
    wording = "That the set of actions be agreed."
    recorded_by = factory.SubFactory(UserFactory)
    recorded_by_name = factory.SelfAttribute("recorded_by.name")
    recorded_at = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: type[PlanDecision], *args: Any, **kwargs: Any) -> PlanDecision:
        kwargs.pop("today", None)
        return super()._create(model_class, *args, **kwargs)  # type: ignore[no-any-return]


class ProposedMilestoneFactory(DjangoModelFactory[ProposedMilestone]):
    class Meta:
        model = ProposedMilestone

    action_year = factory.SubFactory(ActionYearFactory)
    name = factory.Sequence(lambda n: f"Proposed milestone {n + 1}")
    due_on = date(2027, 12, 31)
