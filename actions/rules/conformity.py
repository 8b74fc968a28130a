"""Whether the words of an update conform with its RAG (framework, *Corporate Plan Actions*).

Asked before it is submitted and again in the reviewer's queue, by the same functions. Each is a finding answered with
a sentence, not a wall: it can be right. What must not be missing is ``missing.submission_errors``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from actions.rules import words
from actions.rules.colours import ActionRag
from actions.rules.facts import UpdateFacts
from hdcperf.review.checks import Check, ask
from hdcperf.ui.words import day

__all__ = ["LABELS", "findings"]

GREEN, COMPLETED = ActionRag.GREEN, ActionRag.COMPLETED

LABELS = {
    "green_overdue": "Green with a milestone overdue",
    "green_moved": "Green with a date that slips",
    "green_delay": "Green over words of delay",
    "only_a_document": "A document written, no result yet",
    "action_overdue": "Past its due date",
    "completed_open": "Completed with milestones open",
    "not_started_late": "Not started after its start date",
    "too_little": "Says little",
    "copied_done": "Last quarter's words",
    "copied_impact": "Last quarter's words",
    "copied_recovery": "Last quarter's words",
    "impact_repeats": "The impact repeats the update",
    "recovery_past": "Recovery date in the past",
    "recovery_late": "Recovery after the action is due",
    "after_the_end": "A milestone after the action's end",
    "nothing_next": "No next milestone",
    "parts_disagree": "Its parts say otherwise",
}
"""Each finding in a few words, for a list."""


def findings(facts: UpdateFacts) -> list[Check]:
    """What does not fit together in an update, each to be answered with a sentence or put right."""
    return [one for rule in _RULES for one in rule(facts)]


# What is called green


def _green_overdue(facts: UpdateFacts) -> Iterator[Check]:
    late = [one for one in facts.still_open if one.is_overdue(facts.as_at)]
    if facts.rag is GREEN and late and not facts.is_dropped:
        first = late[0]
        yield _ask(
            "green_overdue",
            "rag",
            f"It is called green, but “{first.name}” was due on {day(first.due)} and has not been reached.",
            "Choose amber or red, move its date, or say why it is green.",
        )


def _green_moved(facts: UpdateFacts) -> Iterator[Check]:
    slipped = next((one for one in facts.milestones if one.slips), None)
    if facts.rag is not GREEN:
        return
    if slipped is not None:
        what = f"the date of “{slipped.name}” moves from {day(slipped.due_on)} to {day(slipped.on)}"
    elif facts.due > facts.due_on:
        what = f"the action's due date moves from {day(facts.due_on)} to {day(facts.due)}"
    else:
        return
    yield _ask(
        "green_moved",
        "rag",
        f"It is called green, but {what}.",
        "Green means that dates are met. Choose amber or red, or say why it is green.",
    )


def _green_delay(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is not GREEN:
        return
    for name, text in (("done", facts.done), ("impact", facts.impact), ("rag_reason", facts.rag_reason)):
        said = words.speaks_of_delay(text)
        if said:
            yield _ask(
                "green_delay",
                name,
                f"It is called green, but the update says “{said}”.",
                "Choose amber or red, change the words, or say why it is green.",
            )
            return


def _only_a_document(facts: UpdateFacts) -> Iterator[Check]:
    """Members asked: green turned out to mean that the strategy exists."""
    said = words.speaks_of_a_document(facts.done)
    if facts.rag in (GREEN, COMPLETED) and said and not words.gives_a_result(f"{facts.impact} {facts.achieved}"):
        assert facts.rag is not None
        yield _ask(
            "only_a_document",
            "impact",
            f"It is called {facts.rag.label.lower()} because of “{said}”, and the impact gives no result.",
            "Say what came of it, with a figure, or when a result will be known.",
        )


def _action_overdue(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is None or facts.is_dropped or facts.rag in (ActionRag.RED, COMPLETED):
        return
    if facts.due < facts.as_at:
        yield _ask(
            "action_overdue",
            "new_due_on",
            f"The action was due on {day(facts.due)} and is not called completed.",
            "Call it completed, move its due date, or say how it stands.",
        )


# Completed, not started


def _completed_open(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is COMPLETED and facts.still_open:
        names = ", ".join(f"“{one.name}”" for one in facts.still_open)
        yield _ask(
            "completed_open",
            "rag",
            f"It is called completed, but not reached: {names}.",
            "Say that they were reached, or why the action is completed without them.",
        )


def _not_started_late(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is ActionRag.NOT_STARTED and facts.starts_on <= facts.quarter.last_day:
        yield _ask(
            "not_started_late",
            "rag",
            f"It is called not started, but it was to start on {day(facts.starts_on)}.",
            "Choose the colour it stands at, or say why it has not started.",
        )


# The words


def _too_little(facts: UpdateFacts) -> Iterator[Check]:
    if facts.done.strip() and len(words.plain_words(facts.done)) < words.FEWEST_WORDS:
        yield _ask(
            "too_little",
            "done",
            "The update says little of what was done.",
            "Say in a sentence or two what was done, where and for whom.",
        )


def _copied(facts: UpdateFacts) -> Iterator[Check]:
    """Last quarter's words again; what was done comes first, and one copy is asked about at a time."""
    if facts.before is None:
        return
    pairs = (
        ("done", "What was done", facts.done, facts.before.done),
        ("impact", "The impact", facts.impact, facts.before.impact),
        ("recovery", "What will be done", facts.recovery, facts.before.recovery),
    )
    for name, label, now, then in pairs:
        if words.repeats(now, then):
            yield _ask(
                f"copied_{name}",
                name,
                f"{label} repeats the words for {facts.before.quarter}.",
                "Write what is new this quarter, or say why nothing is.",
            )
            return


def _impact_repeats(facts: UpdateFacts) -> Iterator[Check]:
    if facts.done.strip() and facts.impact.strip() and words.says_again(facts.impact, facts.done):
        yield _ask(
            "impact_repeats",
            "impact",
            "The impact only repeats what was done.",
            "Say what difference it made, and how you know.",
        )


# Dates


def _recovery_dates(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is None or not facts.rag.needs_recovery or facts.recovery_by is None:
        return
    if facts.recovery_by < facts.as_at:
        yield _ask(
            "recovery_past",
            "recovery_by",
            f"What will be done was to be done by {day(facts.recovery_by)}, which has passed.",
            "Enter the date it will be done by. If it has been done, say what came of it.",
        )
    elif facts.recovery_by > facts.due:
        yield _ask(
            "recovery_late",
            "recovery_by",
            f"What will be done is to be done by {day(facts.recovery_by)}, after the action is due on "
            f"{day(facts.due)}.",
            "Move the action's due date, or say how it will be met.",
        )


def _after_the_end(facts: UpdateFacts) -> Iterator[Check]:
    late = [one for one in facts.still_open if one.due is not None and one.due > facts.due]
    if late and facts.rag is not COMPLETED and not facts.is_dropped:
        last = late[-1]
        yield _ask(
            "after_the_end",
            last.field,
            f"“{last.name}” is due on {day(last.due)}, after the action itself on {day(facts.due)}.",
            "Move one of the two dates, or say why the milestone comes after.",
        )


def _nothing_next(facts: UpdateFacts) -> Iterator[Check]:
    if facts.rag is GREEN and not facts.still_open and not facts.is_dropped:
        yield _ask(
            "nothing_next",
            "new_1",
            "It is called green, and no milestone is still to come.",
            "Add the next milestone and its date, call the action completed, or say what comes next.",
        )


# Parts


def _parts_disagree(facts: UpdateFacts) -> Iterator[Check]:
    driving = facts.driven_by
    if facts.rag is None or not driving:
        return
    names = " and ".join(part.name for part in driving)
    verb = "is" if len(driving) == 1 else "are"
    yield _ask(
        "parts_disagree",
        "rag",
        f"It is called {facts.rag.label.lower()}, but {names} {verb} {driving[0].rag.label.lower()}.",
        "Choose the colour of the part that drives it, or say why the action stands otherwise.",
    )


def _ask(code: str, field: str, sentence: str, instruction: str) -> Check:
    return ask(code, field, sentence, instruction, LABELS[code])


_Rule = Callable[[UpdateFacts], Iterator[Check]]
_RULES: Sequence[_Rule] = (
    _green_overdue,
    _green_moved,
    _green_delay,
    _only_a_document,
    _completed_open,
    _not_started_late,
    _parts_disagree,
    _action_overdue,
    _too_little,
    _copied,
    _impact_repeats,
    _recovery_dates,
    _after_the_end,
    _nothing_next,
)
