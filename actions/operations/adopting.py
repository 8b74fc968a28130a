"""What becomes true when a year's set is made the plan: dates move, milestones begin and end, actions end."""

from __future__ import annotations

from datetime import date

from actions.models import Action, ActionYear, Milestone, PlanYear
from actions.operations.carrying import sync_carried
from actions.operations.dates import keep_move
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["make_it_the_plan"]

Proposal = ActionYear.Proposal


def make_it_the_plan(plan_year: PlanYear, *, by: User) -> None:
    """Apply the proposals of ``plan_year`` (held by the move that adopts it) to the actions themselves."""
    sync_carried(plan_year, by=by)
    before = {one.action_id: one for one in ActionYear.objects.adopted().filter(plan_year__year=plan_year.year - 1)}
    rows = plan_year.actions.select_related("action").prefetch_related("proposed_milestones__milestone")
    for row in rows:
        if row.is_in_the_set:
            _move_dates(row, before.get(row.action_id), by)
            _plan_milestones(row, by)
        else:
            _end(row.action, row, plan_year.financial_year.previous.last_day, by)


def _move_dates(row: ActionYear, source: ActionYear | None, by: User) -> None:
    if source is not None and source.due_on != row.due_on:
        keep_move(row.action, old=source.due_on, new=row.due_on, reason=row.proposal_reason, by=by)


def _plan_milestones(row: ActionYear, by: User) -> None:
    """An amended or new action has the milestones proposed for it; one carried forward keeps its own."""
    if row.proposal == Proposal.CARRY:
        return
    reason = row.proposal_reason or f"New in {row.plan_year.financial_year}"
    kept: set[int] = set()
    for proposed in row.proposed_milestones.all():
        milestone = proposed.milestone
        if milestone is None:
            milestone = Milestone(action=row.action, name=proposed.name, due_on=proposed.due_on)
            save_as(milestone, by=by, reason=reason)
        elif milestone.reached_on is None and proposed.due_on not in (milestone.due_on, proposed.was_on):
            keep_move(
                row.action, milestone=milestone, old=milestone.due_on, new=proposed.due_on, reason=reason, by=by
            )
            milestone.due_on = proposed.due_on
            save_as(milestone, by=by, reason=reason)
        kept.add(milestone.pk)
    for gone in row.action.milestones.planned().filter(reached_on__isnull=True).exclude(pk__in=kept):
        gone.left_out_on = clock.today()
        save_as(gone, by=by, reason=reason)


def _end(action: Action, row: ActionYear, day: date, by: User) -> None:
    """An action that is not in the new year ends with the old one, unless it had ended by decision before."""
    if action.ended_on is not None:
        return
    completed = row.proposal == Proposal.COMPLETE
    action.ended_on = day
    action.ended_how = Action.End.COMPLETED if completed else Action.End.DROPPED
    action.ended_why = row.proposal_reason
    save_as(action, by=by, reason=f"Not in {row.plan_year.financial_year}: {row.proposal_reason}")
