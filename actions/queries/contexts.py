"""Updates with what they are read beside: milestones, the update before, last quarter's colour, the parts.

The number of queries does not depend on how many updates there are, nor on how long their actions' history is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from actions.models import ActionUpdate, ActionUpdateTransition, ActionYear, DateChange, Milestone, RecoveryOutcome
from actions.rules.colours import ActionRag
from hdcperf import clock

__all__ = ["HANDED_IN", "Part", "Sent", "UpdateContext", "is_in", "load_context", "load_contexts", "outcomes"]

State = ActionUpdate.State
HANDED_IN = (State.SUBMITTED.value, State.CHALLENGED.value, State.ACCEPTED.value)
"""The states of an update that has reached the Performance Team."""


@dataclass(frozen=True)
class Sent:
    """Who last handed an update in (and for whom), and the day."""

    who: str
    on: date


@dataclass(frozen=True)
class Part:
    """A part of an action, with its update for the same quarter, if it has one, and the colour it stands at."""

    action_year: ActionYear
    update: ActionUpdate | None
    rag: ActionRag


@dataclass(frozen=True)
class UpdateContext:
    """An update and what it is read beside.

    ``before`` is the latest earlier update that was handed in, ``outcome`` what came of what it promised.
    """

    record: ActionUpdate
    milestones: tuple[Milestone, ...]
    date_changes: tuple[DateChange, ...]
    before: ActionUpdate | None
    last_quarter: ActionUpdate | None
    parts: tuple[Part, ...]
    sent: Sent | None
    outcome: RecoveryOutcome | None = None

    @property
    def action_year(self) -> ActionYear:
        return self.record.action_year

    @property
    def as_at(self) -> date:
        """The day its words are held to: when they were handed in, or today while they are being written."""
        return self.sent.on if self.sent is not None and is_in(self.record) else clock.today()

    @property
    def rag_before(self) -> ActionRag | None:
        """The colour of the latest update before, whatever its quarter."""
        return ActionRag(self.before.rag) if self.before is not None else None

    @property
    def promised(self) -> ActionUpdate | None:
        """The update before, where it promised something for amber or red."""
        return self.before if self.before is not None and self.before.recovery else None

    @property
    def colour_last_quarter(self) -> ActionRag | None:
        """How it stood the quarter before: *awaited* where that update was not accepted, None where there is none."""
        if self.record.is_accepted:
            return ActionRag(self.record.rag_before) if self.record.rag_before else None
        return self.last_quarter.colour if self.last_quarter is not None else None

    def old_dates(self, milestone: Milestone | None) -> tuple[date, ...]:
        """The dates a milestone (None: the action itself) had before, oldest first."""
        pk = milestone.pk if milestone is not None else None
        return tuple(one.old_on for one in self.date_changes if one.milestone_id == pk)


def is_in(record: ActionUpdate) -> bool:
    """Whether the update has reached the Performance Team."""
    return record.state in HANDED_IN


def load_context(record: ActionUpdate, *, working: bool = True) -> UpdateContext:
    """What one update is read beside."""
    return load_contexts([record], working=working)[record.pk]


def load_contexts(records: Collection[ActionUpdate], *, working: bool = True) -> dict[int, UpdateContext]:
    """What each update (all of one quarter, with ``action_year``) is read beside, by its id, in eight queries.

    ``working`` readers see parts and the update before once they are handed in; others once they are accepted.
    """
    if not records:
        return {}
    (quarter,) = {one.quarter for one in records}
    actions = {one.action_id for one in records}
    states = HANDED_IN if working else (State.ACCEPTED.value,)
    milestones, changes = _by_action(_milestones(actions)), _by_action(_changes(actions))
    before = {one.action_id: one for one in _before(actions, quarter, states)}
    last = {one.action_id: one for one in _of_quarter(actions, next(iter(records)).span.previous.first_day)}
    parts = _parts(records, quarter, states)
    sent = _sent(records)
    told = {one.update_id: one for one in outcomes([one.pk for one in before.values()], working=working)}
    return {
        one.pk: UpdateContext(
            record=one,
            milestones=tuple(milestones.get(one.action_id, ())),
            date_changes=tuple(changes.get(one.action_id, ())),
            before=before.get(one.action_id),
            last_quarter=last.get(one.action_id),
            parts=tuple(parts.get(one.action_year_id, ())),
            sent=sent.get(one.pk),
            outcome=told.get(before[one.action_id].pk) if one.action_id in before else None,
        )
        for one in records
    }


def outcomes(updates: Collection[int], *, working: bool) -> QuerySet[RecoveryOutcome]:
    """What came of what ``updates`` promised; told with an update that is not accepted, it is the service's own."""
    rows: QuerySet[RecoveryOutcome] = RecoveryOutcome.objects.filter(update__in=updates)
    told = Q(told_with__isnull=True) | Q(told_with__state=State.ACCEPTED)
    return rows if working else rows.filter(told)


def _by_action(rows: Iterable[Milestone | DateChange]) -> dict[int, list]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for row in rows:
        found[row.action_id].append(row)
    return found


def _milestones(actions: Collection[int]) -> QuerySet[Milestone]:
    rows: QuerySet[Milestone] = Milestone.objects.planned().filter(action__in=actions).order_by("due_on", "pk")
    return rows


def _changes(actions: Collection[int]) -> QuerySet[DateChange]:
    rows: QuerySet[DateChange] = DateChange.objects.filter(action__in=actions).order_by("at", "pk")
    return rows


def _before(actions: Collection[int], quarter: date, states: Iterable[str]) -> QuerySet[ActionUpdate]:
    earlier = ActionUpdate.objects.filter(quarter__lt=quarter, state__in=states)
    latest = earlier.filter(action=OuterRef("action")).order_by("-quarter").values("quarter")[:1]
    rows: QuerySet[ActionUpdate] = earlier.filter(action__in=actions, quarter=Subquery(latest))
    return rows.select_related("action_year")


def _of_quarter(actions: Collection[int], quarter: date) -> QuerySet[ActionUpdate]:
    rows: QuerySet[ActionUpdate] = ActionUpdate.objects.filter(action__in=actions, quarter=quarter)
    return rows.only("action_id", "state", "rag")


def _parts(records: Collection[ActionUpdate], quarter: date, states: Collection[str]) -> dict[int, list[Part]]:
    years = ActionYear.objects.in_the_set().filter(parent__in={one.action_year_id for one in records})
    rows = list(years.select_related("plan_year").order_by("code_key"))
    updates = ActionUpdate.objects.filter(action_year__in=rows, quarter=quarter).only(
        "action_year_id", "state", "rag", "excused"
    )
    by_year = {one.action_year_id: one for one in updates}
    found = defaultdict(list)
    for row in rows:
        update = by_year.get(row.pk)
        known = update is not None and update.state in states
        assert row.parent_id is not None
        found[row.parent_id].append(
            Part(row, update, ActionRag(update.rag) if update is not None and known else ActionRag.AWAITED)
        )
    return found


def _sent(records: Collection[ActionUpdate]) -> dict[int, Sent]:
    """When each update last reached the team, and from whom."""
    handed_in = ActionUpdateTransition.objects.filter(
        update__in=[one.pk for one in records], move__in=("submit", "answer"), to_state=State.SUBMITTED
    )
    latest = handed_in.order_by().values("update").annotate(newest=Max("pk")).values("newest")
    rows = ActionUpdateTransition.objects.filter(pk__in=latest)
    return {row.update_id: Sent(row.who, clock.local_day(row.at)) for row in rows}
