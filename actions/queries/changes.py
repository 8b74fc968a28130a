"""What changed between one year's set and the next: new, amended, completed, dropped, renumbered, carried forward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from actions.models import Action, ActionYear, Milestone, PlanYear, ProposedMilestone
from hdcperf.control import Control
from hdcperf.ui import day

__all__ = ["Amendment", "Difference", "Ending", "YearChanges", "changes_of"]

Proposal = ActionYear.Proposal


@dataclass(frozen=True)
class Difference:
    """One fact of an action, as it was and as it is proposed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Amendment:
    """An action with other words, people, dates or milestones, and why."""

    row: ActionYear
    before: ActionYear
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Ending:
    """An action that is not in the new year, and why; ``during`` when a body ended it before the year was over."""

    before: ActionYear
    reason: str
    during: bool = False


@dataclass
class YearChanges:
    """All of it. ``unanswered`` are those of which nobody has said yet what becomes."""

    plan_year: PlanYear
    before: PlanYear | None
    new: list[ActionYear] = field(default_factory=list)
    amended: list[Amendment] = field(default_factory=list)
    completed: list[Ending] = field(default_factory=list)
    dropped: list[Ending] = field(default_factory=list)
    renumbered: list[tuple[ActionYear, ActionYear]] = field(default_factory=list)
    carried: list[ActionYear] = field(default_factory=list)
    unanswered: list[ActionYear] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.new, self.amended, self.completed, self.dropped, self.carried, self.unanswered))


_RELATED = ("action", "plan_year", "service", "portfolio", "outcome", "responsible", "parent")


def changes_of(plan_year: PlanYear) -> YearChanges:
    """Read both years in a fixed number of queries."""
    steps = Prefetch("action__milestones", Milestone.objects.order_by("due_on", "pk"))
    proposed = Prefetch("proposed_milestones", ProposedMilestone.objects.order_by("due_on", "pk"))
    rows = plan_year.actions.select_related(*_RELATED).prefetch_related(steps).prefetch_related(proposed)
    before = PlanYear.objects.filter(year=plan_year.year - 1, state=PlanYear.State.ADOPTED).first()
    old = ActionYear.objects.in_the_set().filter(plan_year=before).select_related(*_RELATED)
    earlier = {one.action_id: one for one in old.order_by("code_key", "pk")}
    found = YearChanges(plan_year, before)
    answered: set[int] = set()
    for row in rows.order_by("code_key", "pk"):
        answered.add(row.action_id)
        _sort(found, row, earlier.get(row.action_id))
    for one in earlier.values():
        if one.action_id not in answered:
            _left(found, one)
    for endings in (found.completed, found.dropped):
        endings.sort(key=lambda ending: ending.before.code_key)
    return found


def _sort(found: YearChanges, row: ActionYear, before: ActionYear | None) -> None:
    if before is None:
        if row.is_in_the_set:
            found.new.append(row)
        return
    if row.proposal == Proposal.COMPLETE:
        found.completed.append(Ending(before, row.proposal_reason))
        return
    if row.proposal == Proposal.DROP:
        found.dropped.append(Ending(before, row.proposal_reason))
        return
    if row.code_key != before.code_key:
        found.renumbered.append((before, row))
    if row.proposal == Proposal.CARRY:
        # As it is: whatever has changed in this year's plan meanwhile comes with it.
        found.carried.append(row)
    else:
        found.amended.append(Amendment(row, before, tuple(_differences(row, before))))


def _left(found: YearChanges, one: ActionYear) -> None:
    """An action of the year before that nobody proposed anything for: it ended during the year, or is forgotten."""
    action = one.action
    if action.ended_on is None or action.ended_on > one.plan_year.financial_year.last_day:
        found.unanswered.append(one)
        return
    ending = Ending(one, action.ended_why, during=True)
    (found.completed if action.ended_how == Action.End.COMPLETED else found.dropped).append(ending)


def _differences(row: ActionYear, before: ActionYear) -> Iterator[Difference]:
    for label, printed in _PRINTED.items():
        old, new = printed(before), printed(row)
        if old != new:
            yield Difference(label, old, new)
    yield from _steps(row)


_PRINTED: dict[str, Any] = {
    "Title": lambda one: one.title,
    "Wording": lambda one: one.wording,
    "Do, Enable or Influence": lambda one: Control(one.control).word,
    "Outcome": lambda one: one.outcome.name,
    "Service": lambda one: one.service.name,
    "Portfolio": lambda one: one.portfolio.name,
    "Responsible officer": lambda one: one.responsible.name,
    "Starts": lambda one: day(one.starts_on),
    "Due": lambda one: day(one.due_on),
    "Medium-Term Financial Strategy": lambda one: one.mtfs_line or "No line named",
    "How we will know": lambda one: one.success or "Not said",
    "A part of": lambda one: one.parent.title if one.parent else "Nothing: it stands alone",
}


def _steps(row: ActionYear) -> Iterator[Difference]:
    """The milestones that are new, have another date, or are left out."""
    kept = {one.milestone_id for one in row.proposed_milestones.all()}
    for one in row.proposed_milestones.all():
        if one.milestone_id is None:
            yield Difference("New milestone", "", f"{one.name}, {day(one.due_on)}")
        elif one.was_on != one.due_on:
            yield Difference("Milestone", f"{one.name}, {day(one.was_on)}", f"{one.name}, {day(one.due_on)}")
    for step in row.action.milestones.all():
        if _is_left_out(step, row, kept):
            yield Difference("Milestone", f"{step.name}, {day(step.due_on)}", "No longer planned")


def _is_left_out(step: Milestone, row: ActionYear, kept: set[int | None]) -> bool:
    if step.pk in kept or step.reached_on is not None:
        return False
    if not row.plan_year.is_adopted:
        return step.left_out_on is None
    # Left out when this very set was adopted, which was before its year was over.
    year = row.plan_year.financial_year
    return step.left_out_on is not None and year.previous.first_day <= step.left_out_on <= year.last_day
