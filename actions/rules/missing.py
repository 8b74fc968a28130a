"""What an update must say before it is submitted, and what cannot be (framework, *Corporate Plan Actions*).

A draft may lack anything. Whatever can be right is asked about instead: see ``conformity``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from actions.rules.colours import ActionRag, needs_reason
from actions.rules.facts import MOVED, NEW, REACHED, MilestoneFacts, UpdateFacts
from hdcperf.review.checks import Check, error
from hdcperf.ui.words import day

__all__ = ["recovery_errors", "submission_errors"]


def submission_errors(facts: UpdateFacts) -> list[Check]:
    """What stops submission: the missing and the impossible."""
    return [*_words(facts), *recovery_errors(facts), *_milestones(facts), *_next(facts), *_due_date(facts)]


def _words(facts: UpdateFacts) -> Iterator[Check]:
    if not facts.done.strip():
        yield error("done_missing", "done", "The update does not say what was done.", "Say what was done.")
    if facts.rag is None:
        yield error("rag_missing", "rag", "No RAG is chosen.", "Choose the RAG by what it means.")
    if needs_reason(facts.rag_before, facts.rag) and not facts.rag_reason.strip():
        assert facts.rag is not None
        assert facts.rag_before is not None
        yield error(
            "rag_reason_missing",
            "rag_reason",
            f"The RAG moves from {facts.rag_before.label.lower()} to {facts.rag.label.lower()}.",
            f"Say why it moves from {facts.rag_before.label.lower()} to {facts.rag.label.lower()}.",
        )
    if not facts.impact.strip() and facts.rag is not ActionRag.NOT_STARTED:
        yield error(
            "impact_missing",
            "impact",
            "The update does not say what difference it made.",
            "Say what difference it made, or when a difference can be expected.",
        )
    if facts.rag is ActionRag.COMPLETED and not facts.achieved.strip():
        yield error(
            "achieved_missing",
            "achieved",
            "It is completed, and the update does not say what was achieved.",
            "Say what was achieved.",
        )


class Promising(Protocol):
    """What is asked of a colour and what will be done about it, of an action's update or a project's report."""

    @property
    def rag(self) -> ActionRag | None: ...
    @property
    def recovery(self) -> str: ...
    @property
    def recovery_by(self) -> date | None: ...
    @property
    def recovery_owner(self) -> str: ...


def recovery_errors(facts: Promising) -> Iterator[Check]:
    """What amber and red lack: what will be done, by when and by whom."""
    if facts.rag is None or not facts.rag.needs_recovery:
        return
    colour = facts.rag.label.lower()
    if not facts.recovery.strip():
        yield error(
            "recovery_missing",
            "recovery",
            f"It is {colour}, and nothing is said of what will be done about it.",
            "Say what will be done.",
        )
    if facts.recovery_by is None:
        yield error(
            "recovery_by_missing",
            "recovery_by",
            f"It is {colour}, and there is no date for what will be done.",
            "Enter the date it will be done by.",
        )
    if not facts.recovery_owner.strip():
        yield error(
            "recovery_owner_missing",
            "recovery_owner",
            f"It is {colour}, and nobody is named who will do something about it.",
            "Name the post that will see it done.",
        )


def _milestones(facts: UpdateFacts) -> Iterator[Check]:
    names: set[str] = set()
    for one in facts.milestones:
        found = list(_new(one, facts, names) if one.said == NEW else _known(one, facts))
        yield from found
        names.add(one.name.casefold())


def _known(one: MilestoneFacts, facts: UpdateFacts) -> Iterator[Check]:
    about = f"“{one.name}”"
    if not one.said and one.is_overdue(facts.as_at) and not facts.is_dropped:
        yield error(
            f"{one.field}_missing",
            one.field,
            f"{about} was due on {day(one.due_on)}, and the update does not say whether it was reached.",
            f"Say whether {about} was reached.",
        )
    if one.said == REACHED:
        if one.on is None:
            instruction = f"Enter the day {about} was reached."
            yield error(f"{one.field}_reached_missing", f"{one.field}_reached", f"{about} was reached.", instruction)
        elif one.on > facts.as_at:
            yield error(
                f"{one.field}_reached_later",
                f"{one.field}_reached",
                f"{day(one.on)} is yet to come.",
                f"Enter the day {about} was reached, or say that it is still due.",
            )
    if one.said == MOVED:
        yield from _moved(one, facts, about)


def _moved(one: MilestoneFacts, facts: UpdateFacts, about: str) -> Iterator[Check]:
    if one.on is None:
        yield error(
            f"{one.field}_moved_missing", f"{one.field}_moved", f"{about} moves.", f"Enter the new date of {about}."
        )
    elif one.on == one.due_on:
        yield error(
            f"{one.field}_moved_nowhere",
            f"{one.field}_moved",
            f"{about} is due on {day(one.due_on)} already.",
            "Enter another date, or say that it is still due.",
        )
    elif one.on < facts.as_at:
        yield error(
            f"{one.field}_moved_past",
            f"{one.field}_moved",
            f"The new date of {about}, {day(one.on)}, has passed.",
            "Enter a date from today on, or say that it was reached.",
        )
    if not one.reason.strip():
        yield error(
            f"{one.field}_reason_missing",
            f"{one.field}_reason",
            f"The date of {about} moves.",
            f"Say why the date of {about} moves.",
        )


def _new(one: MilestoneFacts, facts: UpdateFacts, names: set[str]) -> Iterator[Check]:
    if not one.name.strip():
        yield error(f"{one.field}_missing", one.field, "A new milestone has no name.", "Name the new milestone.")
    elif one.name.casefold() in names:
        yield error(
            f"{one.field}_named_twice",
            one.field,
            f"The action has a milestone called “{one.name}” already.",
            "Give the new one another name, or move the date of the one there is.",
        )
    if one.on is None:
        yield error(
            f"{one.field}_on_missing",
            f"{one.field}_on",
            "A new milestone has no date.",
            "Enter the date the new milestone is due.",
        )
    elif one.on < facts.as_at:
        yield error(
            f"{one.field}_on_past",
            f"{one.field}_on",
            f"The date of the new milestone, {day(one.on)}, has passed.",
            "Enter a date from today on.",
        )


def _next(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is None or not facts.rag.needs_recovery or facts.is_dropped or facts.still_open:
        return
    yield error(
        "next_missing",
        "new_1",
        f"It is {facts.rag.label.lower()}, and no milestone is still to come.",
        "Add the next milestone and its date.",
    )


def _due_date(facts: UpdateFacts) -> Iterator[Check]:
    if facts.new_due_on is None:
        if facts.new_due_reason.strip():
            yield error(
                "new_due_on_missing",
                "new_due_on",
                "The update says why the action's due date moves, and not to when.",
                "Enter the action's new due date.",
            )
        return
    if facts.new_due_on == facts.due_on:
        yield error(
            "new_due_on_nowhere",
            "new_due_on",
            f"The action is due on {day(facts.due_on)} already.",
            "Enter another date, or leave it as it is.",
        )
    elif facts.new_due_on < facts.starts_on:
        yield error(
            "new_due_on_before_start",
            "new_due_on",
            f"The action starts on {day(facts.starts_on)}: it cannot be due on {day(facts.new_due_on)}.",
            "Enter a date after it starts.",
        )
    elif facts.new_due_on < facts.as_at:
        yield error(
            "new_due_on_past",
            "new_due_on",
            f"The new due date, {day(facts.new_due_on)}, has passed.",
            "Enter a date from today on, or call the action completed.",
        )
    if not facts.new_due_reason.strip():
        yield error(
            "new_due_reason_missing",
            "new_due_reason",
            "The action's due date moves.",
            "Say why the action's due date moves.",
        )
