"""What a proposal for next year's set may say, and what it changes (framework, *Annual Refresh*). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hdcperf.periods import MONTH_NAMES
from hdcperf.review.problems import Problem
from hdcperf.ui.words import day

__all__ = ["DatedStep", "code_problem", "dates_problems", "next_code", "parse_steps", "steps_text"]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,19}")
_TAKEN_WORDS = frozenset(
    {"PLAN", "PORTFOLIOS", "PROJECTS", "ACTIONS", "QUARTERS", "REVISIONS", "NEW", "CHANGES", "LOCKS"}
)
"""Words that stand in addresses where a code does."""

NAME_LENGTH = 200
MOST_STEPS = 40


@dataclass(frozen=True)
class DatedStep:
    """A milestone as it was typed."""

    due_on: date
    name: str


def code_problem(code: str) -> str:
    """Why ``code`` cannot be an action's or a project's, or nothing."""
    if not _CODE.fullmatch(code):
        return "A code is up to 20 letters, numbers, spaces, dots and hyphens, beginning with a letter or a number."
    plain = re.sub(r"\s+", "", code).upper()
    if plain in _TAKEN_WORDS or re.fullmatch(r"[0-9]{4}-[0-9]{2}(-Q[1-4])?", plain):
        return "This reads as a part of an address: choose another code, for example CPA12."
    return ""


def next_code(codes: Iterable[str]) -> str:
    """The code after the highest of the commonest kind: CPA64 of CPA1, CPA2, CPA63. Empty when there is no kind."""
    kinds: dict[str, list[int]] = {}
    for code in codes:
        if found := re.fullmatch(r"(.*?)([0-9]{1,6})", code):
            kinds.setdefault(found[1], []).append(int(found[2]))
    if not kinds:
        return ""
    prefix = max(sorted(kinds), key=lambda one: len(kinds[one]))
    return f"{prefix}{max(kinds[prefix]) + 1}"


def dates_problems(
    starts_on: date, due_on: date, steps: Sequence[DatedStep], new: frozenset[str], *, noun: str = "action"
) -> list[Problem]:
    """What is wrong between an action's dates and its milestones. ``new`` are the names it did not have before.

    ``noun`` is what has the dates, an action or a project.
    """
    if due_on < starts_on:
        return [Problem("due_on", f"The due date is before the start date, {day(starts_on)}.")]
    found = []
    for step in steps:
        if step.due_on > due_on:
            found.append(f"“{step.name}” is due on {day(step.due_on)}, after the {noun}’s own end on {day(due_on)}.")
        elif step.name in new and step.due_on < starts_on:
            found.append(f"“{step.name}” is due on {day(step.due_on)}, before the {noun} starts.")
    return [Problem("milestones", sentence) for sentence in found]


# Milestones are typed one on a line, the date first, because that is how they stand in a plan's document.

_WORDS = re.compile(r"([0-9]{1,2})\s+([A-Za-z]{3,9})\.?\s+([0-9]{4})")
_FIGURES = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


def steps_text(steps: Iterable[DatedStep]) -> str:
    """The milestones as lines of text, as they are typed."""
    return "\n".join(f"{day(step.due_on)}, {step.name}" for step in steps)


@dataclass
class Steps:
    """The milestones of some lines, and what is wrong with the others."""

    found: list[DatedStep] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def parse_steps(text: str) -> Steps:
    """Milestones, one on a line: the date, a comma, the words. Sentences for the lines that are not so."""
    read = Steps()
    names: set[str] = set()
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) > MOST_STEPS:
        read.wrong.append(f"There can be at most {MOST_STEPS} milestones. There are {len(lines)} lines.")
        return read
    for number, line in lines:
        step = _step(line)
        if isinstance(step, str):
            read.wrong.append(f"Line {number}: {step}")
        elif step.name.casefold() in names:
            read.wrong.append(f"Line {number}: there is already a milestone of this name")
        else:
            names.add(step.name.casefold())
            read.found.append(step)
    return read


def _step(line: str) -> DatedStep | str:
    when, _, name = (part.strip() for part in line.replace("\t", ",", 1).partition(","))
    name = " ".join(name.split())
    due_on = _day(when)
    if due_on is None:
        return f"“{when[:40]}” is not a date. Write it like 30 September 2027, then a comma, then the milestone"
    if not name:
        return "write the milestone after the date and a comma"
    if len(name) > NAME_LENGTH:
        return f"a milestone must be {NAME_LENGTH} characters or fewer"
    return DatedStep(due_on, name)


def _day(text: str) -> date | None:
    if found := _WORDS.fullmatch(text):
        word = found[2].capitalize()
        month = next((number for number, name in enumerate(MONTH_NAMES, start=1) if name.startswith(word)), 0)
    elif found := _FIGURES.fullmatch(text):
        month = int(found[2])
    else:
        return None
    try:
        read = date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None
    return read if 1900 <= read.year <= 2199 else None
