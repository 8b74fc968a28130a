"""An update as it is read: its RAG beside last quarter's, its words, its dates with the old ones struck through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from actions.models import Milestone, MilestoneReport
from actions.operations.entry import Entry, MilestoneSaid, fitting
from actions.presenters.words import movement_piece
from actions.queries.contexts import UpdateContext
from actions.queries.findings import milestones_of
from actions.rules import colours
from actions.rules.colours import ActionRag
from actions.rules.facts import next_milestone
from hdcperf.ui import Dated, Movement, Tag, by_whom, day, mark_tag, rag_tag

__all__ = ["MilestoneLine", "PartLine", "Published", "Words", "movement_of", "parts_of", "published"]

Outcome = MilestoneReport.Outcome


@dataclass(frozen=True)
class Words:
    """A heading with what was written under it; ``note`` says by when and by whom."""

    heading: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone with its date, the old one struck through, and what became of it."""

    name: str
    dated: Dated
    said: str
    reason: str = ""


@dataclass(frozen=True)
class PartLine:
    """A part of the action and how it stands; ``drives`` when its colour is the one that drives the parent's."""

    name: str
    rag: Tag
    drives: bool


@dataclass(frozen=True)
class Published:
    """How an update reads."""

    rag: Tag
    before: Tag | None
    before_label: str
    movement: Movement | None
    words: tuple[Words, ...]
    milestones: tuple[MilestoneLine, ...]
    due: Dated
    due_reason: str
    next_name: str
    next_on: Dated | None
    next_late: Tag | None


def published(context: UpdateContext, entry: Entry) -> Published:
    """``entry`` as it will appear, or an accepted update as it was frozen."""
    entry = fitting(entry, context.rag_before)
    rag = ActionRag(entry.rag) if entry.rag else None
    before = context.colour_last_quarter
    name, on = _next(context, entry)
    return Published(
        rag=rag_tag(rag) if rag is not None else Tag("No RAG yet", "outline"),
        before=rag_tag(before) if before is not None else None,
        before_label=str(context.record.span.previous),
        movement=movement_of(before, rag),
        words=tuple(_words(entry)),
        milestones=tuple(_milestones(context, entry)),
        due=_due(context, entry),
        due_reason=entry.new_due_reason,
        next_name=name,
        next_on=Dated(on) if on is not None else None,
        next_late=mark_tag("overdue") if on is not None and on < context.as_at else None,
    )


def movement_of(before: ActionRag | None, now: ActionRag | None) -> Movement | None:
    """Which way the colour moved, in words; None where nothing is compared."""
    found = colours.movement(before, now)
    return movement_piece(found) if found.value != "none" else None


def _words(entry: Entry) -> Iterator[Words]:
    if entry.done:
        yield Words("What was done", entry.done)
    if entry.impact:
        yield Words("What difference it made", entry.impact)
    if entry.rag_reason:
        yield Words("Why the colour moved", entry.rag_reason)
    if entry.recovery or entry.recovery_by or entry.recovery_owner:
        yield Words("What will be done", entry.recovery, by_whom(entry.recovery_by, entry.recovery_owner))
    if entry.achieved:
        yield Words("What was achieved", entry.achieved)


def _milestones(context: UpdateContext, entry: Entry) -> Iterator[MilestoneLine]:
    known = {one.pk: one for one in context.milestones}
    for said in entry.milestones:
        if said.milestone is None:
            yield MilestoneLine(said.name or "A new milestone", Dated(said.on), "New")
        elif said.milestone in known and (line := _line(context, known[said.milestone], said)):
            yield line


def _line(context: UpdateContext, milestone: Milestone, said: MilestoneSaid) -> MilestoneLine | None:
    if said.outcome == Outcome.REACHED:
        words = f"Reached on {day(said.on)}" if said.on else "Reached"
        return MilestoneLine(milestone.name, Dated(_due_before(context, milestone)), words)
    if said.outcome == Outcome.MOVED:
        old = _due_before(context, milestone)
        return MilestoneLine(milestone.name, Dated(said.on, (old,) if old != said.on else ()), "Moved", said.reason)
    if context.record.is_accepted:
        return None  # nothing became of it in the quarter
    return MilestoneLine(milestone.name, Dated(milestone.due_on), "Still due")


def _due_before(context: UpdateContext, milestone: Milestone) -> date:
    """The milestone's date before this update."""
    own = next(
        (
            one.old_on
            for one in context.date_changes
            if one.update_id == context.record.pk and one.milestone_id == milestone.pk
        ),
        None,
    )
    return own or milestone.due_on


def _due(context: UpdateContext, entry: Entry) -> Dated:
    if context.record.is_accepted:
        own = [
            one.old_on for one in context.date_changes if one.update_id == context.record.pk and not one.milestone_id
        ]
        return Dated(context.record.due_on or context.action_year.due_on, tuple(own))
    now = context.action_year.due_on
    if entry.new_due_on is not None and entry.new_due_on != now:
        return Dated(entry.new_due_on, (now,))
    return Dated(now)


def _next(context: UpdateContext, entry: Entry) -> tuple[str, date | None]:
    record = context.record
    if record.is_accepted:
        return record.next_milestone, record.next_milestone_on
    found = next_milestone(milestones_of(context, entry))
    return (found.name, found.due) if found is not None else ("", None)


def parts_of(context: UpdateContext, rag: ActionRag | None) -> list[PartLine]:
    """The parts of the action, with those that drive its colour marked."""
    worst = colours.worst(part.rag for part in context.parts if part.rag is not ActionRag.AWAITED)
    return [
        PartLine(part.action_year.name, rag_tag(part.rag), part.rag is worst and rag is not None)
        for part in context.parts
    ]
