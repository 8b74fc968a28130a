"""The checks of an update: what it lacks, what cannot be, and what is still to be answered.

The form asks them before submitting, and the reviewer's queue asks the same functions again (framework, *Corporate
Plan Actions*: the comments conform with the RAG).
"""

from __future__ import annotations

from collections.abc import Iterator

from actions.models import ActionUpdate, Milestone
from actions.operations.entry import Entry, MilestoneSaid, fitting
from actions.queries.contexts import UpdateContext, load_context
from actions.rules.colours import ActionRag
from actions.rules.conformity import findings
from actions.rules.facts import Before, MilestoneFacts, PartFacts, UpdateFacts
from actions.rules.missing import submission_errors
from hdcperf.review.checks import Check
from hdcperf.review.findings import unanswered

__all__ = [
    "checks",
    "facts_of",
    "milestone_field",
    "milestones_of",
    "new_field",
    "outstanding",
    "submission_problems",
]


def milestone_field(pk: int) -> str:
    """The box in which it is said what became of a milestone."""
    return f"milestone_{pk}"


def new_field(number: int) -> str:
    """The box of the first, second, … new milestone."""
    return f"new_{number}"


def facts_of(context: UpdateContext, entry: Entry) -> UpdateFacts:
    """What the checks read of ``entry``."""
    record, action_year, before = context.record, context.action_year, context.before
    return UpdateFacts(
        quarter=record.span,
        as_at=context.as_at,
        starts_on=action_year.starts_on,
        due_on=action_year.due_on,
        rag=ActionRag(entry.rag) if entry.rag else None,
        before=None
        if before is None
        else Before(str(before.span), ActionRag(before.rag), before.done, before.impact, before.recovery),
        done=entry.done,
        rag_reason=entry.rag_reason,
        impact=entry.impact,
        recovery=entry.recovery,
        recovery_by=entry.recovery_by,
        recovery_owner=entry.recovery_owner,
        achieved=entry.achieved,
        new_due_on=entry.new_due_on,
        new_due_reason=entry.new_due_reason,
        milestones=tuple(milestones_of(context, entry)),
        parts=tuple(PartFacts(part.action_year.name, part.rag) for part in context.parts),
        ended_on=action_year.action.ended_on,
    )


def milestones_of(context: UpdateContext, entry: Entry) -> Iterator[MilestoneFacts]:
    """Every milestone of the action with what ``entry`` says of it, then the new ones."""
    said = {one.milestone: one for one in entry.milestones if one.milestone is not None}
    for one in context.milestones:
        yield _known(one, said.get(one.pk))
    new = [one for one in entry.milestones if one.milestone is None]
    for number, added in enumerate(new, start=1):
        yield MilestoneFacts(added.name, None, added.outcome, added.on, added.reason, field=new_field(number))


def _known(one: Milestone, said: MilestoneSaid | None) -> MilestoneFacts:
    return MilestoneFacts(
        name=one.name,
        due_on=one.due_on,
        said=said.outcome if said is not None else "",
        on=said.on if said is not None else None,
        reason=said.reason if said is not None else "",
        reached_on=one.reached_on,
        field=milestone_field(one.pk),
    )


def checks(context: UpdateContext, entry: Entry) -> tuple[list[Check], list[Check]]:
    """What stops submission (missing or impossible), and what asks for a sentence."""
    facts = facts_of(context, fitting(entry, context.rag_before))
    stops = submission_errors(facts)
    # What cannot be is put right first; asking about the same box as well would only be noise.
    wrong = {one.field for one in stops}
    return stops, [one for one in findings(facts) if one.field not in wrong]


def submission_problems(record: ActionUpdate) -> list[Check]:
    """What must be put right before ``record`` can be submitted."""
    return checks(load_context(record), Entry.of(record))[0]


def outstanding(record: ActionUpdate) -> list[Check]:
    """What the checks ask of ``record`` and nobody has answered yet; an answer stands while the sentence does."""
    return unanswered(record, checks(load_context(record), Entry.of(record))[1])
