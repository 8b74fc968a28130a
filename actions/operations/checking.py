"""The Performance Team's side of an update: return it, challenge a part, accept it; and the board's decision.

A challenge reopens only what was asked about, whatever the lock says; answering the last one returns the update to
*submitted*; nothing is accepted while one is open or with the board (framework C.2.2, E.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from actions.models import ActionUpdate, Challenge, ChallengeMessage
from actions.operations.accepting import take_effect
from actions.operations.entering import keep_answers, name_author
from actions.operations.entry import Entry, apply, fitting
from actions.queries.contexts import load_context
from actions.rules.guidelines import missing_words
from actions.workflow import MOVES, MoveRefused, move, refuse_stale
from hdcperf.organisation.models import User
from hdcperf.review.answering import Answers, Unanswered, answer_all
from hdcperf.review.dialogue import Dialogue

__all__ = [
    "DIALOGUE",
    "PARTS",
    "Answers",
    "Unanswered",
    "accept",
    "answer",
    "answer_challenge",
    "escalate",
    "open_parts",
    "raise_challenge",
    "return_update",
    "rule_on",
]

About = Challenge.About

PARTS: dict[str, tuple[str, ...]] = {
    About.UPDATE.value: ("done", "achieved"),
    About.RAG.value: ("rag", "rag_reason", "recovery", "recovery_by", "recovery_owner", "achieved"),
    About.IMPACT.value: ("impact",),
    About.MILESTONES.value: ("milestones", "new_due_on", "new_due_reason"),
}

DIALOGUE = Dialogue(
    records=ActionUpdate,
    challenges=Challenge,
    messages=ChallengeMessage,
    link="update",
    noun="update",
    moves=MOVES,
    judged="RAG",
)

LESSON_NEEDED = "The RAG changed: say what will be done differently next time."


def open_parts(record: ActionUpdate) -> frozenset[str]:
    """The fields of ``Entry`` that open challenges have reopened (the internal note is always among them)."""
    asked = set(record.challenges.filter(state=Challenge.State.OPEN).values_list("about", flat=True))
    if About.WHOLE.value in asked:
        asked = set(PARTS)
    return frozenset(name for part in asked for name in PARTS[part]) | ({"internal_note"} if asked else set())


def raise_challenge(record: ActionUpdate, *, about: str, reason: str, question: str, by: User) -> Challenge:
    """Ask the officer about one part of a submitted update, or ask again about a part already answered."""
    challenge: Challenge = DIALOGUE.ask(record, about=about, reason=reason, question=question, by=by)
    return challenge


def return_update(record: ActionUpdate, *, missing: Iterable[str], more: str, by: User) -> Challenge:
    """Return the whole update, saying what is missing in the words of the guidelines, and more.

    Raises MoveRefused when nothing is said to be missing, and the errors of ``raise_challenge``.
    """
    words = missing_words(missing, more)
    if not words:
        raise MoveRefused("Say what is missing.", state=record.state, move="challenge")
    return raise_challenge(
        record, about=About.WHOLE.value, reason=Challenge.Reason.MISSING.value, question=words, by=by
    )


def corrected(record: ActionUpdate, entry: Entry) -> Entry:
    """What the update would hold: ``entry`` in the parts that open challenges reopened, the rest as it is."""
    opened = {name: getattr(entry, name) for name in open_parts(record)}
    return fitting(replace(Entry.of(record), **opened), load_context(record).rag_before)


def answer_challenge(
    challenge: Challenge,
    *,
    words: str,
    by: User,
    entry: Entry,
    version: int,
    lesson: str = "",
    answers: dict[str, str] | None = None,
) -> ActionUpdate:
    """Answer one challenge, correcting only the parts that open challenges reopened.

    A RAG that changed needs ``lesson``: what will be done differently. Raises StaleRecord and the errors of ``move``;
    nothing is written then.
    """

    def correct(fresh: ActionUpdate) -> bool:
        refuse_stale(fresh, version)
        before = fresh.rag
        apply(fresh, corrected(fresh, entry), by=by)
        return before != fresh.rag

    with transaction.atomic():
        moved, done = DIALOGUE.answer(challenge, words=words, by=by, lesson=lesson, correct=correct)
        if done:
            name_author(moved, by)
            keep_answers(moved, answers or {}, by=by)
    return moved


def answer(record: ActionUpdate, entry: Entry, answers: Answers, *, by: User, version: int) -> ActionUpdate:
    """Answer every open challenge that has words, those that reopen the RAG first, since a lesson belongs to them.

    Raises Unanswered when none has words, or the RAG changed without its lesson; otherwise as ``answer_challenge``.
    """

    def one(challenge: Challenge, words: str, version: int, lesson: str) -> ActionUpdate:
        return answer_challenge(
            challenge, words=words, by=by, entry=entry, version=version, lesson=lesson, answers=answers.findings
        )

    changes = corrected(record, entry).rag != record.rag
    fresh: ActionUpdate = answer_all(
        record,
        answers,
        version=version,
        first=(About.WHOLE, About.RAG),
        lesson_needed=LESSON_NEEDED if changes else "",
        answer=one,
    )
    return fresh


def accept(record: ActionUpdate, *, by: User, version: int | None = None) -> ActionUpdate:
    """Accept a submitted update: its milestones and dates take effect, and what it was read beside is frozen.

    ``version`` is the one the reviewer read: StaleRecord is raised when the update was changed since. Otherwise the
    errors of ``move``. The second half of a double click changes nothing.
    """
    done: list[bool] = []

    def change(fresh: ActionUpdate) -> None:
        done.append(True)
        if version is not None:
            refuse_stale(fresh, version)
        take_effect(fresh, by=by)

    with transaction.atomic():
        moved = move(record, "accept", by=by, change=change)
        if done:
            DIALOGUE.close_all(moved, by=by)
    return moved


def escalate(challenge: Challenge, *, reason: str, by: User) -> Challenge:
    """Send a challenge to the board, from either side, at any time (framework E.1)."""
    sent: Challenge = DIALOGUE.escalate(challenge, reason=reason, by=by)
    return sent


def rule_on(challenge: Challenge, *, ruling: str, words: str, by: User) -> ActionUpdate:
    """Record the board's decision on an escalated challenge."""
    return DIALOGUE.rule(challenge, ruling=ruling, words=words, by=by)
