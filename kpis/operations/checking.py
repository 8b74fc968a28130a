"""The Performance Team's side: challenge, accept, correct a typing mistake; and the board's decision.

A challenge reopens only what was asked about, whatever the lock says; answering the last one returns the return to
*submitted*; nothing is accepted while one is open or with the board (framework C.2.2, E.1).
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.dialogue import Dialogue
from hdcperf.workflow import refuse_stale
from kpis.models import (
    Challenge,
    ChallengeMessage,
    CommentaryExample,
    MonthlyReturn,
    WordCorrection,
)
from kpis.operations.entering import Entry, apply, keep_answers, name_author
from kpis.operations.freezing import counts, freeze, hold_year, move_later_months
from kpis.rules.mending import not_a_typing_mistake
from kpis.workflow import MOVES, MoveRefused, NotPermitted, may_review, move

__all__ = [
    "DIALOGUE",
    "FIGURES",
    "PARTS",
    "PROMPTS",
    "accept",
    "answer_challenge",
    "choose_example",
    "correct_words",
    "escalate",
    "open_parts",
    "raise_challenge",
    "rule_on",
    "undo_correction",
]

PROMPTS = ("what_happened", "why", "being_done")
"""The three prompts of the commentary that will be published."""

PARTS: dict[str, tuple[str, ...]] = {
    Challenge.About.VALUE.value: (
        "value",
        "numerator",
        "denominator",
        "no_data",
        "no_data_reason",
        "no_data_until",
    ),
    Challenge.About.COMMENTARY.value: (*PROMPTS, "done_by", "done_owner"),
    Challenge.About.FORECAST.value: ("forecast", "forecast_method", "forecast_confidence", "forecast_note"),
}
FIGURES = ("value", "numerator", "denominator", "no_data")


def open_parts(record: MonthlyReturn) -> frozenset[str]:
    """The fields of ``Entry`` that open challenges have reopened (the internal note is always among them)."""
    asked = set(record.challenges.filter(state=Challenge.State.OPEN).values_list("about", flat=True))
    if Challenge.About.WHOLE.value in asked:
        asked = set(PARTS)
    return frozenset(name for part in asked for name in PARTS[part]) | ({"internal_note"} if asked else set())


DIALOGUE = Dialogue(
    records=MonthlyReturn,
    challenges=Challenge,
    messages=ChallengeMessage,
    link="monthly_return",
    noun="return",
    moves=MOVES,
)


def raise_challenge(record: MonthlyReturn, *, about: str, reason: str, question: str, by: User) -> Challenge:
    """Ask the stakeholder about one part of a submitted return, or ask again about a part already answered."""
    challenge: Challenge = DIALOGUE.ask(record, about=about, reason=reason, question=question, by=by)
    return challenge


def answer_challenge(
    challenge: Challenge,
    *,
    words: str,
    by: User,
    entry: Entry,
    version: int,
    lesson: str = "",
    answers: dict[str, str] | None = None,
) -> MonthlyReturn:
    """Answer one challenge, correcting only the parts that open challenges reopened.

    A figure that changed needs ``lesson``: what will be done differently, shown on the next return. Raises
    StaleRecord and the errors of ``move``; nothing is written then.
    """

    def correct(fresh: MonthlyReturn) -> bool:
        refuse_stale(fresh, version)
        before = Entry.of(fresh)
        corrected = replace(before, **{name: getattr(entry, name) for name in open_parts(fresh)})
        apply(fresh, corrected)
        return any(getattr(before, name) != getattr(corrected, name) for name in FIGURES)

    with transaction.atomic():
        moved, done = DIALOGUE.answer(challenge, words=words, by=by, lesson=lesson, correct=correct)
        if done:
            name_author(moved, by)
            keep_answers(moved, answers or {}, by=by)
    return moved


def accept(record: MonthlyReturn, *, by: User, version: int | None = None) -> MonthlyReturn:
    """Accept a submitted return: freeze what it was judged by, close its answered challenges, move later months.

    ``version`` is the one the reviewer read: StaleRecord is raised when the return was changed since. Otherwise the
    errors of ``move``. The second half of a double click changes nothing.
    """
    done: list[bool] = []

    def change(fresh: MonthlyReturn) -> None:
        done.append(True)
        if version is not None:
            refuse_stale(fresh, version)
        freeze(fresh)
        fresh.version += 1

    with transaction.atomic():
        hold_year(record)
        moved = move(record, "accept", by=by, change=change)
        if not done:
            return moved
        DIALOGUE.close_all(moved, by=by)
        move_later_months(moved, by=by, recounted=[moved.measured] if counts(moved) else [])
    return moved


def escalate(challenge: Challenge, *, reason: str, by: User) -> Challenge:
    """Send a challenge to the board, from either side, at any time (framework E.1)."""
    sent: Challenge = DIALOGUE.escalate(challenge, reason=reason, by=by)
    return sent


def rule_on(challenge: Challenge, *, ruling: str, words: str, by: User) -> MonthlyReturn:
    """Record the board's decision on an escalated challenge."""
    return DIALOGUE.rule(challenge, ruling=ruling, words=words, by=by)


def correct_words(record: MonthlyReturn, *, prompt: str, after: str, by: User, version: int) -> WordCorrection:
    """Correct a typing mistake in one prompt of the commentary; the owner is shown it and can undo it.

    The same correction again (a double click) changes nothing. Raises StaleRecord, the errors of ``move``, and
    MoveRefused for more than a typing mistake.
    """
    if prompt not in PROMPTS:
        raise ValueError(f"{prompt} is not a prompt of the commentary")
    made: list[WordCorrection] = []

    def change(fresh: MonthlyReturn) -> None:
        refuse_stale(fresh, version)
        before = getattr(fresh, prompt)
        if sentence := not_a_typing_mistake(before, after):
            raise MoveRefused(sentence, state=fresh.state, move="correct_words")
        made.append(
            WordCorrection(
                monthly_return=fresh,
                prompt=prompt,
                before=before,
                after=after,
                corrected_by=by,
                corrected_at=clock.now(),
            )
        )
        setattr(fresh, prompt, after)
        fresh.version += 1

    with transaction.atomic():
        fresh = MonthlyReturn.objects.select_for_update().get(pk=record.pk)
        last = fresh.word_corrections.filter(prompt=prompt, undone_at=None).last()
        if last is not None and (last.corrected_by_id, last.after) == (by.pk, after) == (
            by.pk,
            getattr(fresh, prompt),
        ):
            return last
        move(fresh, "correct_words", by=by, change=change)
        save_as(made[0], by=by, reason="Typing mistake corrected")
    return made[0]


def undo_correction(correction: WordCorrection, *, by: User) -> MonthlyReturn:
    """Put the owner's own words back, unless they have been changed again since; twice is harmless."""
    with transaction.atomic():
        fresh = MonthlyReturn.objects.select_for_update().get(pk=correction.monthly_return_id)
        correction = WordCorrection.objects.select_for_update().get(pk=correction.pk)
        if correction.undone_by_id == by.pk:
            return fresh

        def change(record: MonthlyReturn) -> None:
            if correction.undone_at is not None or getattr(record, correction.prompt) != correction.after:
                sentence = "These words have been changed again since, so the correction cannot be undone."
                raise MoveRefused(sentence, state=record.state, move="undo_correction")
            setattr(record, correction.prompt, correction.before)
            record.version += 1

        moved = move(fresh, "undo_correction", by=by, change=change)
        correction.undone_by = by
        correction.undone_at = clock.now()
        save_as(correction, by=by, reason="Correction undone by the owner")
    return moved


def choose_example(record: MonthlyReturn, *, why_good: str, by: User) -> CommentaryExample:
    """Show an accepted commentary to others as a good one.

    Raises NotPermitted, and MoveRefused when the return is not accepted or its commentary was not written.
    """
    if sentence := may_review(record, by):
        raise NotPermitted(sentence, state=record.state, move="choose_example")
    if not record.is_accepted or not record.what_happened:
        sentence = "Only an accepted commentary is shown to others."
        raise MoveRefused(sentence, state=record.state, move="choose_example")
    found = CommentaryExample.objects.filter(monthly_return=record).first()
    example = found or CommentaryExample(monthly_return=record)
    example.why_good = why_good
    example.chosen_by = by
    save_as(example, by=by, reason="Chosen as an example of good commentary")
    return example
