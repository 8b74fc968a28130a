"""What a project's report must say before it is submitted, and whether its words conform with its board's status.

The status is the board's (a green project was once late because the board, not the officer, rules): it comes with the
meeting that set it (framework, *Quarterly Reporting*). Pure: no ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from actions.rules import words
from actions.rules.colours import ActionRag
from actions.rules.facts import MilestoneFacts
from actions.rules.missing import recovery_errors
from hdcperf.periods import Quarter
from hdcperf.review.checks import Check, ask, error
from hdcperf.ui.words import day

__all__ = ["LABELS", "ReportBefore", "ReportFacts", "report_errors", "report_findings"]

GREEN, COMPLETED = ActionRag.GREEN, ActionRag.COMPLETED

LABELS = {
    "green_overdue": "Green with a milestone overdue",
    "green_delay": "Green over words of delay",
    "end_overdue": "Past its end",
    "completed_open": "Completed with milestones open",
    "not_started_late": "Not started after its start date",
    "old_meeting": "The board met before the quarter",
    "too_little": "Says little",
    "copied_progress": "Last quarter's words",
    "copied_risks": "Last quarter's words",
    "copied_board_words": "The board's words of last quarter",
    "recovery_past": "Recovery date in the past",
    "recovery_late": "Recovery after the project ends",
    "no_risks": "No risk is named",
}
"""Each finding in a few words, for a list."""


@dataclass(frozen=True)
class ReportBefore:
    """What the report before said: the latest one that was handed in."""

    quarter: str
    rag: ActionRag
    progress: str = ""
    risks: str = ""
    board_words: str = ""


@dataclass(frozen=True)
class ReportFacts:
    """Everything the checks read. ``as_at`` is the day it was handed in, or today while it is being written."""

    quarter: Quarter
    as_at: date
    starts_on: date
    ends_on: date
    rag: ActionRag | None = None
    board: str = ""
    met_on: date | None = None
    board_words: str = ""
    own_view: ActionRag | None = None
    own_view_why: str = ""
    before: ReportBefore | None = None
    progress: str = ""
    risks: str = ""
    next_steps: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    milestones: tuple[MilestoneFacts, ...] = ()
    is_closed: bool = False

    @property
    def still_open(self) -> tuple[MilestoneFacts, ...]:
        """The milestones not reached, the earliest first."""
        found = (one for one in self.milestones if not one.is_reached)
        return tuple(sorted(found, key=lambda one: one.due or date.max))


# What stops submission: the missing and the impossible


def report_errors(facts: ReportFacts) -> list[Check]:
    return [*_status(facts), *_words(facts), *recovery_errors(facts), *_reached(facts)]


def _status(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is None:
        yield error("status_missing", "status", "No status is chosen.", "Choose the status the board set.")
    if not facts.board.strip():
        yield error("board_missing", "board", "No board is named.", "Name the board that set the status.")
    if facts.met_on is None:
        sentence = "The date of the board's meeting is not given."
        yield error("met_on_missing", "met_on", sentence, "Enter the date the board set the status.")
    elif facts.met_on > facts.as_at:
        sentence = f"The board's meeting on {day(facts.met_on)} is yet to come."
        yield error("met_on_later", "met_on", sentence, "Report the status the board set last.")
    if not facts.board_words.strip():
        sentence = "The report does not say what the board said."
        yield error("board_words_missing", "board_words", sentence, "Say what the board said of the project.")
    if facts.own_view is not None and facts.own_view is not facts.rag and not facts.own_view_why.strip():
        sentence = "Your own view is not the board's."
        yield error("own_view_why_missing", "own_view_why", sentence, "Say why you see it otherwise than the board.")


def _words(facts: ReportFacts) -> Iterator[Check]:
    if not facts.progress.strip():
        yield error("progress_missing", "progress", "The report does not say what was done.", "Say what was done.")
    if not facts.next_steps.strip() and facts.rag is not COMPLETED and not facts.is_closed:
        sentence = "The report does not say what comes next."
        yield error("next_steps_missing", "next_steps", sentence, "Say what comes next, with dates.")


def _reached(facts: ReportFacts) -> Iterator[Check]:
    for one in facts.milestones:
        if one.on is not None and one.on > facts.as_at:
            yield error(
                f"{one.field}_later",
                one.field,
                f"{day(one.on)} is yet to come.",
                f"Enter the day “{one.name}” was reached, or leave it empty.",
            )


# What asks for a sentence


def report_findings(facts: ReportFacts) -> list[Check]:
    """What does not fit together in a report, each to be answered with a sentence or put right."""
    return [one for rule in _RULES for one in rule(facts)]


def _green_overdue(facts: ReportFacts) -> Iterator[Check]:
    late = [one for one in facts.still_open if one.is_overdue(facts.as_at)]
    if facts.rag is GREEN and late:
        first = late[0]
        yield _ask(
            "green_overdue",
            "status",
            f"The board called it green, but “{first.name}” was due on {day(first.due)} and has not been reached.",
            "Say that it was reached, or what the board said of it: its date moves only as the board approves.",
        )


def _green_delay(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is not GREEN:
        return
    for name, text in (("progress", facts.progress), ("board_words", facts.board_words)):
        if said := words.speaks_of_delay(text):
            yield _ask(
                "green_delay",
                name,
                f"It is called green, but the report says “{said}”.",
                "Change the words, or say why the board called it green.",
            )
            return


def _end_overdue(facts: ReportFacts) -> Iterator[Check]:
    over = facts.is_closed or facts.rag in (None, ActionRag.RED, COMPLETED)
    if not over and facts.ends_on < facts.as_at:
        yield _ask(
            "end_overdue",
            "status",
            f"The project was to end on {day(facts.ends_on)} and is not called completed.",
            "Ask for a change of its end, or say how it stands.",
        )


def _completed_open(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is COMPLETED and facts.still_open:
        names = ", ".join(f"“{one.name}”" for one in facts.still_open)
        yield _ask(
            "completed_open",
            "status",
            f"It is called completed, but not reached: {names}.",
            "Say that they were reached, or why the project is completed without them.",
        )


def _not_started_late(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is ActionRag.NOT_STARTED and facts.starts_on <= facts.quarter.last_day:
        yield _ask(
            "not_started_late",
            "status",
            f"It is called not started, but it was to start on {day(facts.starts_on)}.",
            "Choose the status the board set, or say why the project has not started.",
        )


def _old_meeting(facts: ReportFacts) -> Iterator[Check]:
    if facts.met_on is not None and facts.met_on < facts.quarter.first_day:
        yield _ask(
            "old_meeting",
            "met_on",
            f"The board met on {day(facts.met_on)}, before {facts.quarter} began.",
            "Give the meeting that set the status for this quarter, or say why the board has not met since.",
        )


def _too_little(facts: ReportFacts) -> Iterator[Check]:
    if facts.progress.strip() and len(words.plain_words(facts.progress)) < words.FEWEST_WORDS:
        yield _ask(
            "too_little",
            "progress",
            "The report says little of what was done.",
            "Say in a sentence or two what was done, where and for whom.",
        )


def _copied(facts: ReportFacts) -> Iterator[Check]:
    """Last quarter's words again; what was done comes first, and one copy is asked about at a time."""
    if facts.before is None:
        return
    pairs = (
        ("progress", "What was done", facts.progress, facts.before.progress),
        ("risks", "The risks", facts.risks, facts.before.risks),
        ("board_words", "What the board said", facts.board_words, facts.before.board_words),
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


def _recovery_dates(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is None or not facts.rag.needs_recovery or facts.recovery_by is None:
        return
    by = day(facts.recovery_by)
    if facts.recovery_by < facts.as_at:
        yield _ask(
            "recovery_past",
            "recovery_by",
            f"What will be done was to be done by {by}, which has passed.",
            "Enter the date it will be done by. If it has been done, say what came of it.",
        )
    elif facts.recovery_by > facts.ends_on:
        yield _ask(
            "recovery_late",
            "recovery_by",
            f"What will be done is to be done by {by}, after the project ends on {day(facts.ends_on)}.",
            "Ask for a change of its end, or say how it will be met.",
        )


def _no_risks(facts: ReportFacts) -> Iterator[Check]:
    if facts.rag is not None and facts.rag.needs_recovery and not facts.risks.strip():
        yield _ask(
            "no_risks",
            "risks",
            f"It is {facts.rag.label.lower()}, and no risk is named.",
            "Say what puts it at risk, or why there is none.",
        )


def _ask(code: str, field: str, sentence: str, instruction: str) -> Check:
    return ask(code, field, sentence, instruction, LABELS[code])


_Rule = Callable[[ReportFacts], Iterator[Check]]
_RULES: Sequence[_Rule] = (
    _green_overdue,
    _green_delay,
    _completed_open,
    _not_started_late,
    _end_overdue,
    _old_meeting,
    _too_little,
    _copied,
    _recovery_dates,
    _no_risks,
)
