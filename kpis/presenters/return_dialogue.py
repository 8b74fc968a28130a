"""The dialogue of a return page: challenges with the boxes to answer them, and corrected words (framework E.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms.boundfield import BoundField

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.ui import Tag, day, mark_tag, moment
from kpis.forms.entering import ReturnForm
from kpis.models import Challenge, ChallengeMessage, MonthlyReturn, WordCorrection
from kpis.workflow import MOVES, refusal

__all__ = ["ChallengeCard", "CorrectionCard", "challenge_cards", "corrections"]

WORDS_FOR = {"what_happened": "What happened", "why": "Why", "being_done": "What is being done"}


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
    record: MonthlyReturn, user: User, *, working: bool, form: ReturnForm | None = None
) -> list[ChallengeCard]:
    """The challenges ``user`` may read: all of them for the two sides, those sent to the board for the board."""
    challenges = record.challenges.select_related("raised_by").prefetch_related("messages")
    if not working:
        challenges = challenges.filter(escalated_at__isnull=False)
    may_escalate = working and refusal(record, MOVES["escalate"], user) is None
    return [_card(one, form, may_escalate) for one in challenges]


def _card(challenge: Challenge, form: ReturnForm | None, may_escalate: bool) -> ChallengeCard:
    is_open = challenge.state == Challenge.State.OPEN
    tags = [mark_tag("escalated")] if challenge.is_with_the_board else []
    return ChallengeCard(
        pk=challenge.pk,
        about=challenge.about,
        title=f"{challenge.get_about_display()}: {challenge.get_reason_display().lower()}",
        tags=(Tag(challenge.get_state_display(), "magenta" if is_open else "grey"), *tags),
        due=f"Answer by {day(challenge.due_on)}" if is_open else "",
        entries=tuple(_said(one, challenge) for one in challenge.messages.all()) or (_first(challenge),),
        field=form.words_field(challenge) if form is not None else None,
        can_escalate=may_escalate and challenge.state != Challenge.State.CLOSED and not challenge.is_with_the_board,
        lesson=challenge.lesson,
    )


def _said(message: ChallengeMessage, challenge: Challenge) -> Said:
    is_team = message.kind == ChallengeMessage.Kind.QUESTION
    is_plain = message.kind in (ChallengeMessage.Kind.QUESTION, ChallengeMessage.Kind.ANSWER)
    return Said(
        who=message.by_name,
        when=moment(message.at),
        text=message.words,
        tag=None if is_plain else Tag(message.get_kind_display(), "grey"),
        side="team" if is_team else "owner" if message.kind == ChallengeMessage.Kind.ANSWER else "",
    )


def _first(challenge: Challenge) -> Said:
    return Said(challenge.raised_by.name, moment(challenge.raised_at), challenge.question, None, "team")


@dataclass(frozen=True)
class CorrectionCard:
    """A typing mistake the Performance Team corrected: before and after."""

    pk: int
    prompt: str
    before: str
    after: str
    words: str
    undone: str
    can_undo: bool


def corrections(record: MonthlyReturn, user: User) -> list[CorrectionCard]:
    rows = list(record.word_corrections.select_related("corrected_by", "undone_by"))
    may_undo = bool(rows) and refusal(record, MOVES["undo_correction"], user) is None
    return [_correction(record, one, may_undo) for one in rows]


def _correction(record: MonthlyReturn, one: WordCorrection, may_undo: bool) -> CorrectionCard:
    undone = ""
    if one.undone_by is not None and one.undone_at is not None:
        undone = f"Undone by {one.undone_by.name} on {day(clock.local_day(one.undone_at))}."
    return CorrectionCard(
        pk=one.pk,
        prompt=WORDS_FOR.get(one.prompt, one.prompt),
        before=one.before,
        after=one.after,
        words=f"{one.corrected_by.name} corrected the words on {day(clock.local_day(one.corrected_at))}.",
        undone=undone,
        can_undo=may_undo and not undone and getattr(record, one.prompt) == one.after,
    )
