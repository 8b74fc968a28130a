"""A date that moves: the old one is kept, to be struck through beside the new, with its reason."""

from __future__ import annotations

from datetime import date

from actions.models import Action, ActionUpdate, ActionYear, DateChange, Milestone
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["keep_move", "move_due_date", "move_milestone"]


def keep_move(
    action: Action,
    *,
    old: date,
    new: date,
    reason: str,
    by: User,
    milestone: Milestone | None = None,
    update: ActionUpdate | None = None,
) -> DateChange:
    """Remember that the action's due date, or its milestone's, moved; whoever calls it moves the date itself."""
    made: DateChange = DateChange.objects.create(
        action=action,
        milestone=milestone,
        update=update,
        old_on=old,
        new_on=new,
        reason=reason,
        by=by,
        by_name=by.name,
        at=clock.now(),
    )
    return made


def move_due_date(row: ActionYear, new: date, *, reason: str, by: User, update: ActionUpdate | None = None) -> None:
    """The action is due on another day: in its year, and in a later year's set that had the same date."""
    old = row.due_on
    if new == old:
        return
    keep_move(row.action, old=old, new=new, reason=reason, by=by, update=update)
    later = ActionYear.objects.filter(action=row.action_id, plan_year__year__gt=row.plan_year.year, due_on=old)
    for one in [row, *later]:
        one.due_on = new
        one.version += 1
        save_as(one, by=by, reason=reason)


def move_milestone(
    milestone: Milestone, new: date, *, reason: str, by: User, update: ActionUpdate | None = None
) -> None:
    """The milestone is due on another day; a proposal for a later year that kept its date follows."""
    old = milestone.due_on
    if new == old:
        return
    keep_move(milestone.action, milestone=milestone, old=old, new=new, reason=reason, by=by, update=update)
    milestone.due_on = new
    save_as(milestone, by=by, reason=reason)
    for proposed in milestone.proposals.filter(due_on=old, was_on=old):
        proposed.due_on = proposed.was_on = new
        save_as(proposed, by=by, reason=reason)
