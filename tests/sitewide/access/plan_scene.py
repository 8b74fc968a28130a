"""The Corporate Plan of the scene: actions of the scene's service and of another, next year's set, one with scrutiny.

*PLN 1* is ours: Q1 issued and revised since, Q2 accepted but not issued, with a milestone that Q2 says is reached.
*PLN 2* was dropped by cabinet. *PLN 3* is ours and nobody has said what becomes of it. *PLN 9* is another service's.
2027/28 is being drawn up; 2028/29 is with scrutiny, which has commented.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.models import Action, ActionYear, IssuedUpdate
from hdcperf.organisation.models import Portfolio, Service
from tests.factories.actions import (
    Q1,
    Q2,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    PlanYearFactory,
)
from tests.factories.plan import PlanDecisionFactory, plan_year_in

__all__ = ["add_plan"]


def add_plan(scene: Any, service: Service, portfolio: Portfolio) -> None:
    """Add the rows to ``scene``, after its people."""
    ours = {"service": service, "portfolio": portfolio, "responsible": scene.people["action officer"]}
    adopted = PlanYearFactory(year=2026)
    going_on = {"due_on": date(2028, 3, 31)}
    first = ActionYearFactory(code="PLN 1", action__reference="ours", title="Our action", **ours, **going_on)
    ended = ActionYearFactory(
        code="PLN 2",
        title="Our dropped action",
        action__reference="dropped",
        action__ended_on=date(2026, 9, 15),
        action__ended_how=Action.End.DROPPED,
        action__ended_why="The grant ended.",
        **ours,
    )
    third = ActionYearFactory(code="PLN 3", action__reference="open", title="Our open action", **ours, **going_on)
    theirs = ActionYearFactory(
        code="PLN 9",
        action__reference="theirs",
        title="Their action",
        responsible=scene.people["another action officer"],
        **going_on,
    )
    PlanDecisionFactory(plan_year=adopted, body="cabinet", about=ended, wording="Resolved: that PLN 2 end.")
    drawn_up = plan_year_in("drawing_up", 2027)
    carried = ActionYearFactory(
        year=2027, plan_year=drawn_up, action=first.action, code="PLN 1", title="Our action", proposal="carry", **ours
    )
    new = ActionYearFactory(
        year=2027, plan_year=drawn_up, action__reference="new-one", code="PLN 20", title="Our new action", **ours
    )
    with_scrutiny = plan_year_in("scrutiny", 2028)
    later = ActionYearFactory(
        year=2028, plan_year=with_scrutiny, action__reference="later", code="PLN 1", title="A later action", **ours
    )
    comment = PlanDecisionFactory(plan_year=with_scrutiny, kind="commented", wording="Scrutiny asks for more.")
    _updates(first)
    scene.records |= {
        "action": first,
        "ended": ended,
        "open_action": third,
        "their_action": theirs,
        "drawn_up": drawn_up,
        "with_scrutiny": with_scrutiny,
        "carried": carried,
        "new_action": new,
        "later_action": later,
        "comment": comment,
    }


def _updates(row: ActionYear) -> None:
    one = ActionUpdateFactory(action_year=row, span=Q1, accepted=True, done="Words of Q1 as revised since.")
    IssuedUpdate.objects.create(
        update=one,
        audience=IssuedUpdate.Audience.PANEL,
        pack="Example pack",
        issued_on=date(2026, 9, 3),
        rag="amber",
        done="Words of Q1 as issued.",
        recovery="Promised as issued.",
        recovery_by=date(2026, 12, 1),
    )
    ActionUpdateFactory(
        action_year=row,
        span=Q2,
        accepted=True,
        rag="red",
        done="Words of Q2 as accepted.",
        recovery="What PLN 1 promised.",
    )
    MilestoneFactory(action=row.action, name="Example step", due_on=date(2026, 12, 18))
