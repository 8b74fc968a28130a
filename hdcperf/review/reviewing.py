"""The page on which a reviewer decides, whatever is reviewed; and the next one appears (framework C.2.2, E.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hdcperf import clock
from hdcperf.review.forms import EscalationForm
from hdcperf.review.merging import StaleRow
from hdcperf.review.models import AbstractChallenge
from hdcperf.review.queue import Neighbours, Row
from hdcperf.review.submissions import Resubmission, submissions
from hdcperf.ui import Tag, day, lower_first, mark_tag, moment, state_tag
from hdcperf.workflow import MoveRefused, StaleRecord

__all__ = [
    "EarlierChallenge",
    "Options",
    "Refused",
    "Top",
    "decided",
    "earlier_challenge",
    "escalation_forms",
    "onward",
    "top_of",
]

Refused = tuple[Any, EscalationForm]
"""A challenge that could not be sent to the board, and the form that says why."""


@dataclass(frozen=True)
class Top:
    """The head of the page: what it is, its state, who sent it and for whom, and what changed since it was sent."""

    title: str
    caption: str
    tags: tuple[Tag, ...]
    sent: str
    changed_since: str
    changes: Sequence[StaleRow]


def top_of(
    record: Any,
    row: Row | None,
    *,
    title: str,
    caption: str,
    again: Resubmission[Any] | None,
    changes: Sequence[StaleRow],
) -> Top:
    """``row`` is the record's place in its round; ``changes`` is what ``again`` found different, in words."""
    sent = submissions(record)
    return Top(
        title=title,
        caption=caption,
        tags=(state_tag(record.state), *(mark_tag(name) for name in (row.marks if row else ()))),
        sent=f"Submitted by {sent[-1].who} on {moment(sent[-1].at)}." if sent else "Not submitted yet.",
        changed_since=f"Since it was submitted on {moment(again.first.at)}" if again else "",
        changes=changes,
    )


@dataclass(frozen=True)
class Options:
    """What this reviewer may decide. A ``why_not`` is the sentence printed where the button would be."""

    accept_why_not: str
    challenge_why_not: str

    @property
    def may_accept(self) -> bool:
        return not self.accept_why_not

    @property
    def may_challenge(self) -> bool:
        return not self.challenge_why_not


@dataclass(frozen=True)
class EarlierChallenge:
    """A challenge on another month or quarter of the same thing, in a line."""

    when: str
    href: str
    about: str
    question: str
    outcome: str


def earlier_challenge(challenge: Any, span: object, href: str, *, judged: str = "figure") -> EarlierChallenge:
    """``span`` is the month or quarter it was about, ``judged`` what of a record must not change without a lesson."""
    outcome = challenge.get_state_display()
    if challenge.figure_changed:
        outcome += f": the {judged} was changed"
    if challenge.lesson:
        outcome += f". To be done differently: {challenge.lesson}"
    return EarlierChallenge(
        when=f"{span}, asked by {challenge.raised_by.name} on {day(clock.local_day(challenge.raised_at))}",
        href=href,
        about=f"{challenge.get_about_display()}: {lower_first(challenge.get_reason_display())}",
        question=challenge.question,
        outcome=outcome,
    )


def escalation_forms(record: Any, refused: Refused | None, *, may: bool) -> list[tuple[Any, EscalationForm, bool]]:
    """A form for each challenge that can go to the board; one that was refused stays, with what was typed."""
    forms: list[tuple[Any, EscalationForm, bool]] = []
    for one in record.challenges.all():
        if refused is not None and refused[0].pk == one.pk:
            forms.append((one, refused[1], True))
        elif may and one.state != AbstractChallenge.State.CLOSED and not one.is_with_the_board:
            forms.append((one, EscalationForm(auto_id=f"id_board_{one.pk}_%s"), False))
    return forms


def decided(request: HttpRequest, decide: Callable[[], HttpResponse], *, noun: str) -> HttpResponse:
    """The answer to a button; what refuses it is said on the page as it is now. NotPermitted goes through."""
    try:
        return decide()
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    except StaleRecord:
        sentence = f"This {noun} was changed after you opened it. Look at it again as it is now, then decide."
        messages.warning(request, sentence)
    return redirect(request.get_full_path())


def onward(request: HttpRequest, place: Neighbours, otherwise: str) -> Callable[[str], HttpResponse]:
    """The way to the next record to check, or to the list's address ``otherwise``: ``place`` is read before the
    decision takes this one off the queue.
    """

    def go(done: str) -> HttpResponse:
        if place.next is not None:
            messages.success(request, f"{done} This is the next one.")
            return redirect(place.next.href)
        messages.success(request, f"{done} Nothing more waits for you here.")
        return redirect(otherwise)

    return go
