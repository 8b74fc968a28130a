"""The page of one action: how it stands, quarter by quarter, what was promised and what followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from actions.models import ActionUpdate
from actions.presenters.links import update_address
from actions.presenters.words import at_tag, late_words, movement_piece, parts_sentence
from actions.queries.action_page import ActionHistory
from actions.queries.dates import Moved, Step
from actions.queries.listing import Line
from actions.queries.told import Source, Told
from actions.rules.standing import At, move_between
from hdcperf.periods import Month
from hdcperf.rag import Movement
from hdcperf.review.recovery import result_of
from hdcperf.ui import Link, Tag, day, mark_tag, promise, rag_tag, state_tag
from hdcperf.ui import Movement as MovementPiece

__all__ = [
    "PartRow",
    "Promise",
    "QuarterCell",
    "Stand",
    "StepRow",
    "UpdateWords",
    "is_to_be_entered",
    "old_dates",
    "parts",
    "promises",
    "quarters",
    "stand",
    "steps",
    "updates",
    "working_update",
]

AT_A_GLANCE = 8


@dataclass(frozen=True)
class Stand:
    """The head of the page: the sentences, and how it stands now and stood before."""

    sentences: tuple[str, ...]
    quarter: str
    now: Tag
    before_quarter: str
    before: Tag
    movement: MovementPiece
    marks: tuple[Tag, ...]


def stand(history: ActionHistory) -> Stand:
    line = history.line
    update = line.update
    marks = [mark_tag(name) for name in update.marks] if update is not None else []
    return Stand(
        sentences=tuple(_sentences(history)),
        quarter=str(line.quarter),
        now=at_tag(line.now),
        before_quarter=str(line.quarter.previous),
        before=at_tag(line.before),
        movement=movement_piece(line.movement),
        marks=(*marks, *late_words(line)),
    )


def _sentences(history: ActionHistory) -> Iterator[str]:
    """How the action stands, in plain words."""
    line = history.line
    ending = line.told.ending
    if ending is not None:
        verb = "ends" if ending.on > line.today else "was"
        how = f"as {ending.how}" if verb == "ends" else ending.how
        yield f"This action {verb} {how} on {day(ending.on)}: {history.row.action.ended_why}"
    yield _colour_sentence(line)
    if line.is_over:
        return
    due = line.dates.due_on
    yield f"It was due on {day(due)} and is not done." if line.action_is_late else f"It is due on {day(due)}."
    step = line.dates.next_step
    if step is not None:
        late = line.step_is_late
        yield (
            f"The milestone “{step.name}” was due on {day(step.due_on)} and is not reached."
            if late
            else f"Next: {step.name}, by {day(step.due_on)}."
        )


def _colour_sentence(line: Line) -> str:
    latest = line.told.standing(line.quarter)
    verb = "issued" if line.told.only_issued else "accepted"
    if latest is None or latest.rag is None:
        if line.now is At.NOT_DUE:
            return f"Its first update is asked for after the end of {line.quarter}."
        return f"None of its updates has been {verb} yet."
    before, now = line.told.at(latest.quarter.previous), line.told.at(latest.quarter)
    moved = {
        Movement.BETTER: f", better than the quarter before ({before.label.lower()})",
        Movement.WORSE: f", worse than the quarter before ({before.label.lower()})",
        Movement.SAME: ", as the quarter before" if before is now else "",
        Movement.NONE: "",
    }[move_between(before, now)]
    sentence = f"{now.label} at the end of {latest.quarter}{moved}."
    if latest.quarter < line.quarter and line.now in (At.AWAITED, At.NOT_ISSUED):
        sentence += f" The update for {line.quarter} has not been {verb} yet."
    return sentence


@dataclass(frozen=True)
class QuarterCell:
    """One quarter at a glance: its colour in a word and a shape, and the place of its words on the page."""

    quarter: str
    tag: Tag
    href: str


def quarters(history: ActionHistory) -> list[QuarterCell]:
    """The last eight quarters, oldest first."""
    line = history.line
    shown = [line.quarter - back for back in reversed(range(AT_A_GLANCE))]
    told = line.told.by_quarter
    return [
        QuarterCell(
            str(quarter),
            at_tag(line.told.at(quarter)),
            f"#{quarter.slug}" if quarter in told and told[quarter].says_something else "",
        )
        for quarter in shown
    ]


@dataclass(frozen=True)
class UpdateWords:
    """What a quarter's update said."""

    slug: str
    heading: str
    tag: Tag
    movement: MovementPiece | None
    marks: tuple[Tag, ...]
    parts: tuple[tuple[str, str], ...]
    note: str
    href: str
    hint: str


def updates(history: ActionHistory) -> list[UpdateWords]:
    """Every quarter's update, newest first."""
    told = history.line.told
    return [
        _update(history, one)
        for _, one in sorted(told.by_quarter.items(), reverse=True)
        if one.says_something or one.excused
    ]


def _update(history: ActionHistory, one: Told) -> UpdateWords:
    told = history.line.told
    marks = [mark_tag(name) for name in one.marks]
    if not one.stands:
        marks.insert(0, state_tag(one.state))
    moved = move_between(told.at(one.quarter.previous), told.at(one.quarter))
    return UpdateWords(
        slug=one.quarter.slug,
        heading=str(one.quarter) + ("" if one.code == history.row.code else f", as {one.code}"),
        tag=rag_tag(one.rag) if one.rag is not None else at_tag(At.AWAITED),
        movement=movement_piece(moved) if one.stands and moved is not Movement.NONE else None,
        marks=tuple(marks),
        parts=tuple(_parts(one)),
        note=one.excused or (f"As issued in {one.issued_in}." if one.issued_in else ""),
        href="" if one.source is Source.ISSUED else update_address(one.quarter, one.code),
        hint=f"for {one.quarter}",
    )


def _parts(one: Told) -> Iterator[tuple[str, str]]:
    words = one.words
    if words.done:
        yield "What was done", words.done
    if words.rag_reason:
        yield "Why the colour moved", words.rag_reason
    if words.impact:
        yield "What difference it made", words.impact
    if words.achieved:
        yield "What was achieved", words.achieved
    if words.recovery:
        yield "What will be done", promise(words.recovery, words.recovery_by, words.recovery_owner)
    if one.next_milestone:
        by = f", by {day(one.next_milestone_on)}" if one.next_milestone_on else ""
        yield "Next milestone then", f"{one.next_milestone}{by}"


@dataclass(frozen=True)
class Promise:
    """A recovery promised with an amber or a red, whether it was done, and what followed."""

    quarter: str
    tag: Tag
    promised: str
    due: str
    owner: str
    result: str
    words: str
    followed: str


def promises(history: ActionHistory) -> list[Promise]:
    """The recoveries promised, newest first: whether each was done, and whether it brought the action back."""
    told = history.line.told
    found = [one for one in told.by_quarter.values() if one.stands and one.words.recovery and one.rag is not None]
    return [
        Promise(
            quarter=str(one.quarter),
            tag=rag_tag(one.rag),
            promised=one.words.recovery,
            due=day(one.words.recovery_by),
            owner=one.words.recovery_owner,
            result=result_of(history.outcomes.get(one.update_id), one.words.recovery_by, history.line.today),
            words=history.outcomes[one.update_id].words if one.update_id in history.outcomes else "",
            followed=_followed(history.line, one, told=one.update_id in history.outcomes),
        )
        for one in sorted(found, key=lambda one: one.quarter, reverse=True)
    ]


def _followed(line: Line, one: Told, *, told: bool) -> str:
    """What the updates after a promise say of it, once its date has come."""
    by = one.words.recovery_by
    later = [
        each for each in line.told.by_quarter.values() if each.stands and each.rag and each.quarter > one.quarter
    ]
    after = sorted(later, key=lambda each: each.quarter)
    back = next((each for each in after if each.rag is not None and not each.rag.needs_recovery), None)
    if back is not None and back.rag is not None:
        in_time = by is not None and back.quarter.last_day <= _end_of_quarter(by)
        return f"It worked: {back.rag.label.lower()} in {back.quarter}{'' if in_time else ', later than promised'}."
    due = [each for each in after if by is not None and each.quarter.last_day >= by]
    if due and due[0].rag is not None:
        return f"Not back yet: still {due[0].rag.label.lower()} in {due[0].quarter}, after its date."
    if by is not None and by < line.today:
        return "The next accepted colour will show." if told else "Its date has passed; the next update will say."
    return "Not due yet."


def _end_of_quarter(on: date) -> date:
    return Month.from_date(on).quarter.last_day


@dataclass(frozen=True)
class PartRow:
    """A part of the action, how it stands and when it is due."""

    name: Link
    before: Tag
    now: Tag
    movement: MovementPiece
    due: str
    late: tuple[Tag, ...]


def parts(history: ActionHistory) -> tuple[str, list[PartRow]]:
    """The sentence on which part drives the colour, and the parts."""
    line = history.line
    sentence = parts_sentence(line.now, [(part.row.name, part.now) for part in line.parts])
    return sentence, [
        PartRow(
            name=Link(part.row.name, reverse("action", args=[part.row.plan_year.financial_year, part.row.code])),
            before=at_tag(part.before),
            now=at_tag(part.now),
            movement=movement_piece(part.movement),
            due=day(part.dates.due_on),
            late=tuple(late_words(part)),
        )
        for part in line.parts
    ]


@dataclass(frozen=True)
class OldDate:
    """A date as it was, to be struck through, and why it moved."""

    on: str
    reason: str


@dataclass(frozen=True)
class StepRow:
    """A milestone: its dates now and before, and whether it was reached."""

    name: str
    due: str
    old: tuple[OldDate, ...]
    tag: Tag


def old_dates(moved: tuple[Moved, ...]) -> tuple[OldDate, ...]:
    return tuple(OldDate(day(one.old_on), one.reason) for one in moved)


def steps(history: ActionHistory) -> list[StepRow]:
    line = history.line
    return [
        StepRow(one.name, day(one.due_on), old_dates(one.moved), _step_tag(one, line)) for one in line.dates.steps
    ]


def _step_tag(step: Step, line: Line) -> Tag:
    if step.reached_on is not None:
        return Tag(f"Reached {day(step.reached_on)}", "rag-completed", "tick")
    if line.is_over:
        return Tag("Not reached", "grey")
    return mark_tag("overdue") if step.is_late(line.as_at) else Tag("To come", "grey")


def working_update(history: ActionHistory) -> Told | None:
    """The newest update still in the making, for those who work on it."""
    found = [one for one in history.line.told.by_quarter.values() if one.source is Source.WORKING]
    return max(found, key=lambda one: one.quarter, default=None)


def is_to_be_entered(update: Told) -> bool:
    waiting = (ActionUpdate.State.NOT_STARTED, ActionUpdate.State.DRAFT)
    return update.state in waiting and not update.excused
