"""The page of one update: its heading, lock, what it is read beside, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from actions.models import ActionUpdate, Milestone, Revision
from actions.presenters.published import PartLine, parts_of
from actions.queries.contexts import UpdateContext
from actions.rules.colours import ActionRag
from actions.workflow import MOVES, acts_for, entry_lock, may_enter, may_review, refusal
from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import User
from hdcperf.review.page import ask_for_the_lock, covering_words, due_words, lock_of, may_lift
from hdcperf.review.recovery import result_of
from hdcperf.ui import Dated, Link, Lock, Step, SummaryRow, Tag, by_whom, day, mark_tag, rag_tag, state_tag

__all__ = [
    "Background",
    "Heading",
    "LastTime",
    "background",
    "crumbs",
    "heading",
    "lock",
    "name_of",
    "revision_rows",
    "steps",
]

State = ActionUpdate.State


@dataclass(frozen=True)
class Heading:
    """The top of the page."""

    title: str
    name: str
    tags: tuple[Tag, ...]
    due: str
    covering: str


def name_of(record: ActionUpdate) -> str:
    """The action and the quarter, as messages name it."""
    return f"{record.action_year.name}, {record.span}"


def heading(record: ActionUpdate, user: User, who: Standing, *, enters: bool) -> Heading:
    # The Performance Team may enter any update, but calls only its own "yours".
    own = record.action_year.responsible_id in who.people
    return Heading(
        title=f"{'Your update' if enters and own else 'Update'} for {record.span}",
        name=record.action_year.name,
        tags=_tags(record),
        due=due_words(record) if not record.excused else "",
        covering=covering_words(acts_for(record, user), who) if enters else "",
    )


def _tags(record: ActionUpdate) -> tuple[Tag, ...]:
    marks = {
        "late": record.is_late(clock.today()),
        "disputed": any(one.is_with_the_board for one in record.challenges.all()),
        "revised": any(one.state == Revision.State.ACCEPTED for one in record.revisions.all()),
        "not owed": bool(record.excused),
    }
    return (state_tag(record.state), *(mark_tag(name) for name, holds in marks.items() if holds))


def lock(record: ActionUpdate, user: User, who: Standing) -> Lock | None:
    """Why the page is read-only, which lock applies and who can lift it; None while it is open to ``user``."""
    today = clock.today()
    refused = may_enter(record, user)
    return lock_of(
        record,
        noun="update",
        frozen="it is frozen with what it was read beside",
        refused=refused and f"{refused} It is entered by {record.action_year.responsible.name}.",
        closed=entry_lock(record, today),
        contact=None if record.excused else ask_for_the_lock(record, name_of(record), who),
        today=today,
    )


@dataclass(frozen=True)
class LastTime:
    """The update before: its quarter, its colour and its words, to be read beside this quarter's boxes."""

    quarter: str
    rag: Tag
    done: str
    impact: str
    reason: str
    recovery: str
    recovery_due: str
    outcome: str


@dataclass(frozen=True)
class Background:
    """What is read before typing: the plan's words and dates, last quarter's update, the parts."""

    facts: tuple[tuple[str, object], ...]
    wording: str
    success: str
    before: LastTime | None
    parts: tuple[PartLine, ...]
    reached: tuple[tuple[str, str], ...]
    ended: str


def background(context: UpdateContext, rag: ActionRag | None) -> Background:
    action_year, record = context.action_year, context.record
    due = record.due_on or action_year.due_on
    last = context.colour_last_quarter
    facts: list[tuple[str, object]] = [
        (f"RAG in {record.span.previous}", rag_tag(last) if last is not None else "No update"),
        ("Action due", Dated(due, [one for one in context.old_dates(None) if one != due])),
        ("Responsible officer", action_year.responsible.name),
        ("Outcome it serves", action_year.outcome.name),
    ]
    action = action_year.action
    return Background(
        facts=tuple(facts),
        wording=action_year.wording,
        success=action_year.success,
        before=_last_time(context),
        parts=tuple(parts_of(context, rag)),
        reached=tuple((one.name, day(one.reached_on)) for one in _reached_before(context)),
        ended=f"{action.get_ended_how_display()} on {day(action.ended_on)}: {action.ended_why}"
        if action.ended_on
        else "",
    )


def _reached_before(context: UpdateContext) -> list[Milestone]:
    said = {one.milestone_id for one in context.record.milestone_reports.all()}
    return [one for one in context.milestones if one.reached_on is not None and one.pk not in said]


def _last_time(context: UpdateContext) -> LastTime | None:
    before = context.before
    if before is None:
        return None
    return LastTime(
        quarter=str(before.span),
        rag=rag_tag(before.rag),
        done=before.done,
        impact=before.impact,
        reason=before.rag_reason,
        recovery=before.recovery,
        recovery_due=by_whom(before.recovery_by, before.recovery_owner),
        outcome=_outcome(context),
    )


def _outcome(context: UpdateContext) -> str:
    """Whether what was promised last time was done, and what came of it."""
    if context.promised is None:
        return ""
    if context.outcome is not None:
        return str(context.outcome)
    return f"{result_of(None, context.promised.recovery_by, context.as_at)}."


def revision_rows(record: ActionUpdate, *, working: bool) -> list[SummaryRow]:
    """Revisions of the update: accepted, and for those who work on it also those that wait or were declined."""
    rows = []
    for one in record.revisions.all():
        if not working and one.state != Revision.State.ACCEPTED:
            continue
        change = f"{rag_tag(one.old_rag).text} to {rag_tag(one.new_rag).text}. " if one.old_rag != one.new_rag else ""
        when = day(clock.local_day(one.proposed_at))
        words = f"{change}{one.reason} Proposed by {one.proposed_by.name} on {when}."
        rows.append(
            SummaryRow(
                f"{one.get_kind_display()}: {one.get_state_display().lower()}",
                words,
            )
        )
    return rows


def steps(record: ActionUpdate, user: User, who: Standing) -> list[Step]:
    """What the person can do with an update that is only read."""
    address = [record.span, record.action_year.code]
    here = reverse("action-update", args=address)
    found = []
    if refusal(record, MOVES["take_back"], user) is None:
        hint = "It becomes a draft again, and the Performance Team no longer sees it as submitted."
        found.append(Step("Take back", here, hint, "post", "move", "take_back", "secondary"))
    if may_review(record, user) is None and record.state in (State.SUBMITTED, State.CHALLENGED):
        found.append(Step("Check this update", reverse("action-review", args=address)))
    if may_lift(record, who) and not record.excused:
        found.append(Step("Lift the lock for this update", reverse("action-lock-exception", args=address)))
    if record.is_accepted and (may_enter(record, user) is None or may_review(record, user) is None):
        found.append(Step("Propose a revision", reverse("action-revise", args=address)))
    return found


def crumbs(record: ActionUpdate, *, working: bool = True) -> list[Link]:
    """The way to the page; the quarter's list is for those who work on its updates."""
    listed = [Link(f"{record.span} updates", reverse("quarter", args=[record.span]))] if working else []
    return [Link("My tasks", reverse("home")), *listed, Link(record.action_year.code, "")]
