"""The review page of one update: everything a reviewer decides on, on one screen (framework C.2.2, E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from actions.models import ActionUpdate, Challenge
from actions.operations.entry import Entry
from actions.presenters.stale import stale_rows
from actions.queries.contexts import UpdateContext
from actions.queries.queue import RoundRow
from actions.queries.submissions import last_challenges, resubmission, submissions
from actions.workflow import MOVES, refusal
from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.review.merging import StaleRow
from hdcperf.ui import Tag, day, mark_tag, moment, state_tag

__all__ = ["EarlierChallenge", "Options", "Top", "earlier_challenges", "options", "top"]

State = ActionUpdate.State


@dataclass(frozen=True)
class Top:
    """The head of the page: what it is, its state, who sent it and for whom."""

    title: str
    caption: str
    tags: tuple[Tag, ...]
    sent: str
    changed_since: str
    changes: Sequence[StaleRow]


def top(context: UpdateContext, row: RoundRow | None) -> Top:
    record = context.record
    sent = submissions(record)
    again = resubmission(record)
    marks = tuple(mark_tag(name) for name in row.marks) if row else ()
    return Top(
        title=f"Check {record.span}",
        caption=f"{record.action_year.name} · {record.action_year.service.name}",
        tags=(state_tag(record.state), *marks),
        sent=f"Submitted by {sent[-1].who} on {moment(sent[-1].at)}." if sent else "Not submitted yet.",
        changed_since=f"Since it was submitted on {moment(again.first.at)}" if again else "",
        changes=stale_rows(context, again.before, Entry.of(record), again.different) if again else (),
    )


@dataclass(frozen=True)
class EarlierChallenge:
    """A challenge on another quarter of the same action, in a line."""

    when: str
    href: str
    about: str
    question: str
    outcome: str


def earlier_challenges(record: ActionUpdate) -> list[EarlierChallenge]:
    return [_earlier(one) for one in last_challenges(record)]


def _earlier(one: Challenge) -> EarlierChallenge:
    outcome = one.get_state_display()
    if one.figure_changed:
        outcome += ": the RAG was changed"
    if one.lesson:
        outcome += f". To be done differently: {one.lesson}"
    update = one.update
    return EarlierChallenge(
        when=f"{update.span}, asked by {one.raised_by.name} on {day(clock.local_day(one.raised_at))}",
        href=reverse("action-update", args=[update.span, update.action_year.code]),
        about=f"{one.get_about_display()}: {one.get_reason_display().lower()}",
        question=one.question,
        outcome=outcome,
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


def options(record: ActionUpdate, user: User) -> Options:
    return Options(
        accept_why_not=refusal(record, MOVES["accept"], user) or "",
        challenge_why_not=refusal(record, MOVES["challenge"], user) or "",
    )
