"""The dates of actions as one person may see them: due dates, milestones, and what they were before.

Dates of the plan are public; what an update changed of them is seen with that update. Whoever sees updates only as
they were issued sees the dates as the issued ones left them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from actions.models import ActionYear, DateChange, IssuedUpdate, Milestone, MilestoneReport
from actions.queries.sight import access
from hdcperf.organisation.access import Standing

__all__ = ["ActionDates", "Moved", "Step", "dates"]


@dataclass(frozen=True)
class Moved:
    """A date as it was, and why it moved."""

    old_on: date
    new_on: date
    reason: str


@dataclass(frozen=True)
class Step:
    """A milestone: when it is due, when it was reached, what it was due before."""

    name: str
    due_on: date
    reached_on: date | None
    moved: tuple[Moved, ...] = ()

    def is_late(self, today: date) -> bool:
        return self.reached_on is None and self.due_on < today


@dataclass
class ActionDates:
    """An action's due date, the moves of it, and its milestones in order."""

    due_on: date
    moved: tuple[Moved, ...] = ()
    steps: list[Step] = field(default_factory=list)

    @property
    def next_step(self) -> Step | None:
        """The first milestone not reached."""
        return next((one for one in self.steps if one.reached_on is None), None)


def dates(who: Standing, rows: Iterable[ActionYear]) -> dict[int, ActionDates]:
    """The dates of each of ``rows`` (with ``service``), by its id, in at most five queries."""
    years = {row.pk: row for row in rows}
    by_action = {row.action_id: row for row in years.values()}
    allowed = access(who, years.values())
    hidden = frozenset(row.action_id for row in years.values() if row.pk in allowed.issued)
    shown = _issued_updates(hidden, panel=allowed.panel)
    changes = _changes(by_action)
    unseen = _unseen_reports(hidden, shown)
    found = {}
    for row in years.values():
        mine = changes.get((row.action_id, None), [])
        due_on, moved = _as_seen(row.due_on, mine, row.action_id in hidden, shown)
        found[row.pk] = ActionDates(due_on, moved)
    for milestone in Milestone.objects.planned().filter(action__in=by_action).order_by("due_on", "pk"):
        if (milestone.action_id, milestone.name) in unseen.added:
            continue
        mine = changes.get((milestone.action_id, milestone.pk), [])
        due_on, moved = _as_seen(milestone.due_on, mine, milestone.action_id in hidden, shown)
        reached = None if milestone.pk in unseen.reached else milestone.reached_on
        found[by_action[milestone.action_id].pk].steps.append(Step(milestone.name, due_on, reached, moved))
    for one in found.values():
        one.steps.sort(key=lambda step: step.due_on)
    return found


def _issued_updates(actions: frozenset[int], *, panel: bool) -> frozenset[int]:
    """The updates of ``actions`` that were issued to this reader."""
    if not actions:
        return frozenset()
    rows = IssuedUpdate.objects.filter(update__action__in=actions)
    if not panel:
        rows = rows.filter(audience=IssuedUpdate.Audience.PUBLIC)
    return frozenset(rows.values_list("update_id", flat=True))


def _changes(actions: Iterable[int]) -> dict[tuple[int, int | None], list[DateChange]]:
    found = defaultdict(list)
    for change in DateChange.objects.filter(action__in=actions).order_by("at", "pk"):
        found[change.action_id, change.milestone_id].append(change)
    return found


@dataclass
class Unseen:
    """What updates not issued to this reader said: milestones reached (ids), and added (action and name)."""

    reached: set[int | None] = field(default_factory=set)
    added: set[tuple[int, str]] = field(default_factory=set)


def _unseen_reports(actions: frozenset[int], shown: frozenset[int]) -> Unseen:
    found = Unseen()
    if actions:
        rows = MilestoneReport.objects.filter(update__action__in=actions, outcome__in=("reached", "new"))
        for row in (
            rows.exclude(update__in=shown).select_related("update").only("milestone", "name", "update__action")
        ):
            if row.milestone_id is None:
                found.added.add((row.update.action_id, row.name))
            else:
                found.reached.add(row.milestone_id)
    return found


def _as_seen(
    now: date, changes: list[DateChange], hidden: bool, shown: frozenset[int]
) -> tuple[date, tuple[Moved, ...]]:
    """The date and its moves, up to the first that this reader has not been told of."""
    seen: list[Moved] = []
    for change in changes:
        if hidden and change.update_id is not None and change.update_id not in shown:
            return change.old_on, tuple(seen)
        seen.append(Moved(change.old_on, change.new_on, change.reason))
    return now, tuple(seen)
