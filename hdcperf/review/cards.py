"""A challenge as a page shows it: its dialogue, the box to answer it, and whether it can go to the board."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.forms.boundfield import BoundField

from hdcperf.organisation.models import User
from hdcperf.review.models import AbstractChallenge, AbstractMessage
from hdcperf.ui import Tag, day, lower_first, mark_tag, moment
from hdcperf.workflow import Move, refusal

__all__ = ["ChallengeCard", "cards_for", "challenge_cards"]


class Answering(Protocol):
    """A form with a box to answer each open challenge in."""

    def words_field(self, challenge: Any) -> BoundField | None: ...


@dataclass(frozen=True)
class Said:
    """One thing said, as the dialogue component prints it."""

    who: str
    when: str
    text: str
    tag: Tag | None
    side: str


@dataclass(frozen=True)
class ChallengeCard:
    """One challenge with its dialogue, the box to answer it, and whether it can go to the board."""

    pk: int
    about: str
    title: str
    tags: tuple[Tag, ...]
    due: str
    entries: tuple[Said, ...]
    field: BoundField | None
    can_escalate: bool
    lesson: str


def challenge_cards(
    challenges: Iterable[Any],
    *,
    may_escalate: bool,
    box: Callable[[Any], BoundField | None] = lambda challenge: None,
) -> list[ChallengeCard]:
    """Cards of ``challenges`` (with ``raised_by`` selected and ``messages`` prefetched).

    ``box`` gives the field an open challenge is answered in.
    """
    return [_card(one, box, may_escalate) for one in challenges]


def cards_for(
    record: Any, user: User, escalate: Move, *, working: bool, form: Answering | None = None
) -> list[ChallengeCard]:
    """The challenges of ``record`` that ``user`` may read: all for the two sides, else those the board was sent.

    ``working`` says that ``user`` is on one of the sides; an open one is answered in its box of ``form``.
    """
    challenges = record.challenges.select_related("raised_by").prefetch_related("messages")
    if not working:
        challenges = challenges.filter(escalated_at__isnull=False)
    may_escalate = working and refusal(record, escalate, user) is None
    if form is None:
        return challenge_cards(challenges, may_escalate=may_escalate)
    return challenge_cards(challenges, may_escalate=may_escalate, box=form.words_field)


def _card(challenge: Any, box: Callable[[Any], BoundField | None], may_escalate: bool) -> ChallengeCard:
    is_open = challenge.state == AbstractChallenge.State.OPEN
    tags = [mark_tag("escalated")] if challenge.is_with_the_board else []
    is_closed = challenge.state == AbstractChallenge.State.CLOSED
    return ChallengeCard(
        pk=challenge.pk,
        about=challenge.about,
        title=f"{challenge.get_about_display()}: {lower_first(challenge.get_reason_display())}",
        tags=(Tag(challenge.get_state_display(), "magenta" if is_open else "grey"), *tags),
        due=f"Answer by {day(challenge.due_on)}" if is_open else "",
        entries=tuple(_said(one) for one in challenge.messages.all()) or (_first(challenge),),
        field=box(challenge),
        can_escalate=may_escalate and not is_closed and not challenge.is_with_the_board,
        lesson=challenge.lesson,
    )


def _said(message: Any) -> Said:
    kind = AbstractMessage.Kind
    is_plain = message.kind in (kind.QUESTION, kind.ANSWER)
    sides = {kind.QUESTION: "team", kind.ANSWER: "owner"}
    return Said(
        who=message.by_name,
        when=moment(message.at),
        text=message.words,
        tag=None if is_plain else Tag(message.get_kind_display(), "grey"),
        side=sides.get(message.kind, ""),
    )


def _first(challenge: Any) -> Said:
    return Said(challenge.raised_by.name, moment(challenge.raised_at), challenge.question, None, "team")
