"""How an action goes from one year's set into the next: what is kept, its parts, its milestones."""

from __future__ import annotations

from collections.abc import Iterable

from actions.models import Action, ActionYear, PlanYear, ProposedMilestone
from actions.operations.the_set import held
from actions.queries.proposals import source_of
from actions.rules.proposals import DatedStep
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User

__all__ = [
    "copy_facts",
    "found_in",
    "gather_parts",
    "keep_milestones",
    "parent_in",
    "scopes",
    "sync_carried",
]

Proposal = ActionYear.Proposal
CARRIED = (
    "title",
    "wording",
    "success",
    "control",
    "outcome_id",
    "service_id",
    "portfolio_id",
    "responsible_id",
    "starts_on",
    "due_on",
    "mtfs_line",
)
"""What an action carried forward keeps: all but its code, which may be renumbered."""


def found_in(plan_year: PlanYear, action: Action) -> tuple[PlanYear, ActionYear | None, ActionYear | None]:
    """The set, held; what is proposed for ``action``; and the action in the year before."""
    fresh = held(plan_year)
    row = ActionYear.objects.filter(plan_year=fresh, action=action).select_related("service").first()
    return fresh, row, source_of(action, fresh)


def scopes(*rows: ActionYear | None) -> list[Scope]:
    return [row.scope for row in rows if row is not None]


def copy_facts(source: ActionYear, row: ActionYear) -> None:
    for name in CARRIED:
        setattr(row, name, getattr(source, name))


def parent_in(fresh: PlanYear, source: ActionYear) -> ActionYear | None:
    """The new year's row of the action this one is a part of, once there is one."""
    if source.parent is None:
        return None
    found: ActionYear | None = fresh.actions.filter(action=source.parent.action_id).first()
    return found


def gather_parts(row: ActionYear, by: User) -> None:
    """Parts carried forward before their whole was answered for belong to it again."""
    parts = ActionYear.objects.filter(
        plan_year=row.plan_year_id,
        parent__isnull=True,
        proposal=Proposal.CARRY,
        action__in=ActionYear.objects.adopted()
        .filter(plan_year__year=row.plan_year.year - 1, parent__action=row.action_id)
        .values("action"),
    )
    for part in parts:
        part.parent = row
        save_as(part, by=by, reason=f"A part of {row.name}, as the year before")


def keep_milestones(row: ActionYear, steps: Iterable[DatedStep], by: User) -> None:
    """The proposed milestones become ``steps``; one of a name the action has is that one, on this date."""
    known = {one.name.casefold(): one for one in row.action.milestones.planned().filter(reached_on__isnull=True)}
    there = {one.name.casefold(): one for one in row.proposed_milestones.all()}
    wanted = {step.name.casefold(): step for step in steps}
    for key, gone in there.items():
        if key not in wanted:
            delete_as(gone, by=by, reason="Taken out of the proposal")
    for key, step in wanted.items():
        milestone = known.get(key)
        proposed = there.get(key) or ProposedMilestone(action_year=row)
        proposed.milestone, proposed.was_on = milestone, milestone.due_on if milestone else None
        proposed.name, proposed.due_on = (milestone.name if milestone else step.name), step.due_on
        save_as(proposed, by=by, reason=f"Proposed for {row.plan_year.financial_year}")


def sync_carried(plan_year: PlanYear, *, by: User) -> None:
    """Actions carried forward as they are follow this year's plan where it has changed since they were proposed."""
    rows = plan_year.actions.filter(proposal=Proposal.CARRY).select_related("action")
    sources = {
        one.action_id: one
        for one in ActionYear.objects.adopted().filter(plan_year__year=plan_year.year - 1).select_related("parent")
    }
    for row in rows:
        source = sources.get(row.action_id)
        if source is None or all(getattr(row, name) == getattr(source, name) for name in CARRIED):
            continue
        copy_facts(source, row)
        row.version += 1
        save_as(row, by=by, reason=f"As it is in {source.plan_year.financial_year} now")
