"""More of the Corporate Plan: actions in every state, what is said of updates, sets, measures of the district."""

from __future__ import annotations

from datetime import date

from actions.models import (
    ActionTheme,
    ActionUpdate,
    ActionYear,
    ChallengeMessage,
    DateChange,
    IssuedUpdate,
    MilestoneReport,
    OutcomeMeasure,
    OutcomeValue,
)
from hdcperf.periods import Quarter
from hdcperf.rag import Direction
from tests.factories.actions import (
    Q1,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    PlanYearFactory,
    UpdateChallengeFactory,
    UpdateFindingFactory,
    UpdateLockExceptionFactory,
    UpdateRevisionFactory,
    round_of_quarter,
)
from tests.factories.kpis import RAISED_AT
from tests.factories.organisation import OutcomeFactory
from tests.factories.plan import PlanDecisionFactory, ProposedMilestoneFactory
from tests.sitewide.access.scene import Scene
from tests.sitewide.growing.common import ask, closed, ours, theme


def action(scene: Scene, code: str, state: str) -> None:
    """An action of the scene's officer, Q1 accepted and issued, Q2 in ``state``."""
    row = ActionYearFactory(
        code=code, responsible=scene.people["action officer"], outcome=scene.fresh("outcome"), **ours(scene)
    )
    MilestoneFactory(action=row.action)
    first = ActionUpdateFactory(action_year=row, span=Q1, accepted=True)
    _issue(first, "Example pack")
    update = ActionUpdateFactory(action_year=row, **({state: True} if state else {}))
    UpdateLockExceptionFactory(update=update)
    UpdateRevisionFactory(update=first, proposed_by=scene.people["action officer"])
    ActionTheme.objects.create(action=row.action, theme=theme())
    if state == "challenged":
        ask(UpdateChallengeFactory(update=update, escalated=True), ChallengeMessage)


def _issue(update: ActionUpdate, pack: str) -> None:
    IssuedUpdate.objects.create(
        update=update,
        audience=IssuedUpdate.Audience.PANEL,
        pack=pack,
        issued_on=date(2026, 9, 3),
        rag="green",
        done="As issued.",
    )


def dialogue_of_updates(scene: Scene) -> None:
    """More said of the scene's own updates, and more milestones of their actions, reported and moved."""
    for name in ("update_draft", "update_submitted", "update_challenged", "update_disputed", "update_accepted"):
        update: ActionUpdate = scene.fresh(name)
        ask(UpdateChallengeFactory(update=update, **closed(scene)), ChallengeMessage)
        UpdateFindingFactory(update=update)
        UpdateLockExceptionFactory(update=update)
        milestone = MilestoneFactory(action=update.action, due_on=date(2026, 12, 1))
        MilestoneReport.objects.create(
            update=update, milestone=milestone, outcome="moved", on=date(2026, 12, 9), reason="Late."
        )
        DateChange.objects.create(
            action=update.action,
            milestone=milestone,
            update=update,
            old_on=date(2026, 12, 1),
            new_on=date(2026, 12, 9),
            reason="Late.",
            by=scene.people["action officer"],
            by_name="Example",
            at=RAISED_AT,
        )
    for name in ("update_challenge", "update_dispute"):
        ask(scene.fresh(name), ChallengeMessage)


def one_action(scene: Scene, number: int) -> None:
    """More of one action: its milestones, parts, earlier years, revised and issued quarters, decisions."""
    row: ActionYear = scene.fresh("action")
    milestone = MilestoneFactory(action=row.action)
    DateChange.objects.create(
        action=row.action,
        milestone=milestone,
        old_on=date(2026, 12, 1),
        new_on=date(2026, 12, 9),
        reason="Late.",
        by=scene.people["performance_team"],
        by_name="Example",
        at=RAISED_AT,
    )
    ActionYearFactory(code=f"PLN G{number}p", parent=row, **ours(scene))
    year = 2025 - number
    before = ActionYearFactory(plan_year=PlanYearFactory(year=year), year=year, action=row.action, **ours(scene))
    span = Quarter(before.plan_year.financial_year, 2)
    round_of_quarter(span)
    ActionUpdateFactory(action_year=before, span=span, accepted=True)
    accepted: ActionUpdate = scene.fresh("update_accepted")
    UpdateRevisionFactory(update=accepted, state="accepted")
    _issue(accepted, f"Example pack {number}")
    PlanDecisionFactory(plan_year=row.plan_year, body="cabinet", about=row)


def plan_of(scene: Scene, number: int) -> None:
    """More proposed for the sets being made, and more decided about one."""
    for name, year in (("drawn_up", 2027), ("with_scrutiny", 2028)):
        plan_year = scene.fresh(name)
        facts = {"plan_year": plan_year, "year": year, "responsible": scene.people["action officer"]}
        row = ActionYearFactory(code=f"PLN G{number}n", **facts, **ours(scene))
        ProposedMilestoneFactory(action_year=row)
        going_on = ActionYearFactory(code=f"PLN G{number}g{year}", due_on=date(2029, 3, 31), **ours(scene))
        ActionYearFactory(
            code=going_on.code,
            action=going_on.action,
            proposal="amend",
            proposal_reason="It is clearer.",
            **facts,
            **ours(scene),
        )
        dropped = ActionYearFactory(code=f"PLN G{number}d{year}", due_on=date(2029, 3, 31), **ours(scene))
        ActionYearFactory(
            code=dropped.code,
            action=dropped.action,
            proposal="drop",
            proposal_reason="The grant ended.",
            **facts,
            **ours(scene),
        )
    ActionYearFactory(code=f"PLN G{number}o", due_on=date(2028, 3, 31), **ours(scene))
    PlanDecisionFactory(plan_year=scene.fresh("with_scrutiny"), kind="commented")
    ProposedMilestoneFactory(action_year=scene.fresh("new_action"))


def outcomes(scene: Scene, number: int) -> None:
    """Priorities, measures of the district, and more values of one measure: periods, areas and breakdowns."""
    OutcomeFactory()
    said = {"source": "A source", "publisher": "A publisher", "direction": Direction.HIGHER.value}
    another = OutcomeMeasure.objects.create(reference=f"measure-{number}", name=f"Measure {number}", **said)
    for measure in (another, OutcomeMeasure.objects.get(reference="warm-homes")):
        for area, is_ours in (("E1", True), (f"E{number + 2}", False)):
            OutcomeValue.objects.create(
                measure=measure,
                area_code=area,
                area_name=f"Area {area}",
                is_ours=is_ours,
                period=str(2000 + number),
                period_start=date(2000 + number, 1, 1),
                period_end=date(2000 + number, 12, 31),
                value=number,
            )
