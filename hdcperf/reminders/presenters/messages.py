"""The messages themselves: plain text and HTML from the same blocks, most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.outbox.operations import Letter
from hdcperf.periods import working_days
from hdcperf.reminders.queries.planning import Line, Parcel, Plan
from hdcperf.reminders.rules import Phase
from hdcperf.reminders.whom import As, People, Told
from hdcperf.ui import count_of, day

__all__ = [
    "Block",
    "Item",
    "blocks_of",
    "digest_key",
    "digest_letter",
    "plain",
    "subject_of",
    "why_told",
    "with_address",
]


@dataclass(frozen=True)
class Item:
    """One piece of work: its words, its page, and what else to know."""

    title: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """What is alike: one kind, due on one day, for one reason. ``guidelines`` stand once a message for each kind."""

    heading: str
    why: str
    items: tuple[Item, ...]
    missed: str
    guidelines: tuple[str, ...] = ()
    is_overdue: bool = False


def with_address(path: str) -> str:
    """The whole address of a page, as a message needs it."""
    return f"{settings.SITE_ADDRESS}{path}"


def digest_key(on: date) -> str:
    """What a digest's message is known by, beside its recipient."""
    return f"digest-{on.isoformat()}"


def blocks_of(lines: Sequence[Line], on: date, people: People) -> list[Block]:
    """The lines (most urgent first) by what is alike in them."""
    found, explained = [], set()
    for _, group in groupby(lines, key=_alike):
        alike = list(group)
        kind, first = alike[0].kind, alike[0]
        found.append(
            Block(
                heading=f"{_when(first, on)}: {count_of(len(alike), kind.one, kind.many)}",
                why=why_told(first.told, people),
                items=tuple(_item(line, people) for line in alike),
                missed=kind.missed,
                guidelines=() if kind.code in explained or not first.told.must_act else kind.guidelines,
                is_overdue=first.step.is_overdue,
            )
        )
        if first.told.must_act:
            explained.add(kind.code)
    return found


def _alike(line: Line) -> tuple[object, ...]:
    """What stands in one block: one kind due on one day, told for one reason."""
    whose = line.told.instead_of if line.told.must_act else ()
    return (line.kind.code, line.piece.due, line.step, line.told.told_as, whose)


def _item(line: Line, people: People) -> Item:
    waits = "" if line.told.must_act else f"Waits for {people.named(line.told.instead_of) or 'somebody to be named'}."
    note = " ".join(part for part in (waits, line.piece.note) if part)
    return Item(line.piece.title, with_address(line.piece.href), note)


def _when(line: Line, on: date) -> str:
    due = line.piece.due
    if line.step.is_overdue:
        return f"Overdue since {day(due)}"
    left = working_days().working_days_between(on, due)
    if left < 1:
        return f"Due {'today' if due == on else 'before the next working day'}, {day(due)}"
    if line.step.phase is Phase.OPENED:
        return f"Open now, due by {day(due)}"
    return f"Due in {count_of(left, 'working day')}, on {day(due)}"


def why_told(told: Told, people: People) -> str:
    """Why somebody receives what is not their own; nothing for one's own."""
    names = people.named(told.instead_of)
    match told.told_as:
        case As.COVERS:
            return f"You cover for {names}, who is away."
        case As.STANDS_IN:
            return f"You stand in for {names}, who {_is(told)} away or left." if names else ""
        case As.LEFT_WITH:
            return "Nobody who is to do it can be reached, and nobody stands in: see that somebody does it."
        case As.MANAGES:
            return "In your service, and still not done."
        case As.HEADS:
            return "In your service, and still not done although the service manager was told."
        case As.TEAM:
            return "Still not done although the service manager and the head of service were told."
    return ""


def _is(told: Told) -> str:
    return "are" if len(told.instead_of) > 1 else "is"


def subject_of(blocks: Sequence[Block]) -> str:
    """The most urgent in words, and how much there is besides."""
    others = sum(len(block.items) for block in blocks[1:])
    return blocks[0].heading + (f", and {count_of(others, 'other reminder')}" if others else "")


def digest_letter(parcel: Parcel, recipient: User, plan: Plan) -> Letter:
    """The one reminder message of a person's day."""
    blocks = blocks_of(parcel.lines, plan.day, plan.people)
    subject = subject_of(blocks)
    context: dict[str, object] = {
        "blocks": blocks,
        "greeting": recipient.name,
        "subject": subject,
        "tasks": with_address(reverse("home")),
        "preferences": with_address(reverse("reminders")),
        "council": settings.COUNCIL_NAME,
        "product": settings.PRODUCT_NAME,
    }
    return Letter(
        recipient=recipient,
        key=digest_key(plan.day),
        kind="reminders",
        subject=subject,
        text=plain("reminders/digest.txt", context),
        html=render_to_string("reminders/digest.html", context),
        compulsory=parcel.is_compulsory,
    )


def plain(template: str, context: dict[str, object]) -> str:
    """The template's text without the gaps that its tags leave: at most one empty line at a time."""
    lines: list[str] = []
    for line in render_to_string(template, context).splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"
