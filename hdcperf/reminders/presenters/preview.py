"""Who would receive what on a day, for the page and for the command: the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hdcperf.reminders.presenters.messages import Block, blocks_of, subject_of
from hdcperf.reminders.queries.planning import Parcel, Plan
from hdcperf.reminders.rules import sending_day
from hdcperf.ui import count_of, day

__all__ = ["Envelope", "Preview", "preview_of"]


@dataclass(frozen=True)
class Envelope:
    """One person's message: to whom, its subject, and its blocks."""

    name: str
    subject: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Preview:
    """A day in words. ``waiting`` are not sent that day because their person chose other days."""

    day: str
    summary: str
    sent: tuple[Envelope, ...]
    waiting: tuple[Envelope, ...]
    had_theirs: str
    unreachable: str

    def as_lines(self) -> Iterator[str]:
        """The whole preview as plain lines, for a terminal."""
        yield self.summary
        for envelope in self.sent:
            yield from _lines(envelope)
        for envelope in self.waiting:
            yield from _lines(envelope, " (waits for a day they chose)")
        if self.had_theirs:
            yield f"Had their message of the day: {self.had_theirs}"
        if self.unreachable:
            yield self.unreachable


def preview_of(plan: Plan) -> Preview:
    """The plan in words, people by name."""
    sent = _envelopes(plan.parcels, plan)
    return Preview(
        day=day(plan.day),
        summary=_summary(plan, len(sent)),
        sent=sent,
        waiting=_envelopes(plan.waiting, plan),
        had_theirs=_names(plan.had_theirs, plan),
        unreachable=f"No message can reach {_names(plan.unreachable, plan)}." if plan.unreachable else "",
    )


def _summary(plan: Plan, messages: int) -> str:
    if not sending_day(plan.day):
        return f"{day(plan.day)} is not a working day in England, so nothing is sent."
    told = sum(len(parcel.lines) for parcel in plan.parcels)
    going = f"On {day(plan.day)}: {count_of(messages, 'message')} with {count_of(told, 'reminder')}."
    if not plan.sent_already:
        return going if messages else f"Nobody receives a reminder on {day(plan.day)}."
    went = f"{count_of(plan.sent_already, 'message')} of the day went out before"
    return f"{going} {went}." if messages else f"Nobody else receives a reminder on {day(plan.day)}: {went}."


def _envelopes(parcels: Iterable[Parcel], plan: Plan) -> tuple[Envelope, ...]:
    found = []
    for parcel in parcels:
        blocks = tuple(blocks_of(parcel.lines, plan.day, plan.people))
        found.append(Envelope(plan.people.names[parcel.person], subject_of(blocks), blocks))
    return tuple(sorted(found, key=lambda one: one.name))


def _names(people: Iterable[int], plan: Plan) -> str:
    return ", ".join(sorted(plan.people.names[one] for one in people if one in plan.people.names))


def _lines(envelope: Envelope, more: str = "") -> Iterator[str]:
    yield ""
    yield f"{envelope.name}{more}"
    for block in envelope.blocks:
        yield f"  {block.heading}{f' ({block.why})' if block.why else ''}"
        yield from (f"    {item.title}{f' ({item.note})' if item.note else ''}" for item in block.items)
