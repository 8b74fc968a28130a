"""The Performance Team's side: challenge, accept, correct a typing mistake; and the board's decision.

A challenge reopens only what was asked about, whatever the lock says; answering the last one returns the return to
*submitted*; nothing is accepted while one is open or with the board (framework C.2.2, E.1).
"""

from __future__ import annotations

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import working_days
from hdcperf.ui import day
from kpis.models import (
    Challenge,
    ChallengeMessage,
    CommentaryExample,
    MonthlyReturn,
    WordCorrection,
)
from kpis.operations.entering import Entry, apply, keep_answers, name_author, refuse_stale
from kpis.operations.freezing import freeze, hold_year, move_later_months
from kpis.rules.mending import not_a_typing_mistake
from kpis.workflow import MOVES, MoveRefused, NotPermitted, acts_for, may_review, move

__all__ = [
    "ANSWER_WITHIN",
    "PARTS",
    "PROMPTS",
    "accept",
    "answer_challenge",
    "choose_example",
    "correct_words",
    "escalate",
    "open_parts",
    "raise_challenge",
    "record_lesson",
    "rule_on",
    "undo_correction",
]

ANSWER_WITHIN = 3
"""Working days a stakeholder has to answer a challenge."""

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
_FIGURES = ("value", "numerator", "denominator", "no_data")


def open_parts(record: MonthlyReturn) -> frozenset[str]:
    """The fields of ``Entry`` that open challenges have reopened (the internal note is always among them)."""
    asked = set(record.challenges.filter(state=Challenge.State.OPEN).values_list("about", flat=True))
    if Challenge.About.WHOLE.value in asked:
        asked = set(PARTS)
    return frozenset(name for part in asked for name in PARTS[part]) | ({"internal_note"} if asked else set())


def _say(challenge: Challenge, kind: str, words: str, by: User, on_behalf_of: User | None = None) -> None:
    name = f"{by.name} for {on_behalf_of.name}" if on_behalf_of else by.name
    ChallengeMessage.objects.create(challenge=challenge, kind=kind, words=words, by=by, by_name=name, at=clock.now())


def raise_challenge(record: MonthlyReturn, *, about: str, reason: str, question: str, by: User) -> Challenge:
    """Ask the stakeholder about one part of a submitted return, or ask again about a part already answered.

    Asking the very same again (a double click) is harmless. Raises the errors of ``move``.
    """
    with transaction.atomic():
        fresh = MonthlyReturn.objects.select_for_update().get(pk=record.pk)
        challenge = fresh.challenges.not_closed().filter(about=about).first()
        if challenge is not None and challenge.state == Challenge.State.OPEN:
            if (challenge.question, _last_asked_by(challenge)) == (question, by.pk):
                return challenge
            sentence = "There is already an open challenge about this part of the return."
            raise MoveRefused(sentence, state=fresh.state, move="challenge")
        moved = move(fresh, "challenge", by=by, comment=question)
        if challenge is None:
            challenge = Challenge(monthly_return=moved, about=about, raised_by=by, raised_at=clock.now())
        challenge.reason = reason
        challenge.question = question
        challenge.state = Challenge.State.OPEN
        challenge.due_on = working_days().add_working_days(clock.today(), ANSWER_WITHIN)
        save_as(challenge, by=by, reason=question)
        _say(challenge, ChallengeMessage.Kind.QUESTION, question, by)
    return challenge


def _last_asked_by(challenge: Challenge) -> int | None:
    asked = challenge.messages.filter(kind=ChallengeMessage.Kind.QUESTION).last()
    return asked.by_id if asked is not None else None


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
    StaleReturn and the errors of ``move``; nothing is written then.
    """
    record = challenge.monthly_return
    on_behalf_of = acts_for(record, by)
    done: list[bool] = []

    def change(fresh: MonthlyReturn) -> None:
        done.append(True)
        refuse_stale(fresh, version)
        reopened = open_parts(fresh)
        before = Entry.of(fresh)
        allowed = {name: getattr(entry, name) for name in reopened}
        corrected = Entry(**{**before.__dict__, **allowed})
        changed = any(getattr(before, name) != getattr(corrected, name) for name in _FIGURES)
        if changed and not lesson.strip():
            raise MoveRefused(
                "The figure changed: say what will be done differently next time.",
                state=fresh.state,
                move="answer",
            )
        apply(fresh, corrected)
        _mark_answered(challenge, figure_changed=changed, lesson=lesson, by=by)
        if not fresh.challenges.filter(state=Challenge.State.OPEN).exists():
            fresh.state = MonthlyReturn.State.SUBMITTED

    with transaction.atomic():
        moved = move(record, "answer", by=by, comment=words, on_behalf_of=on_behalf_of, change=change)
        if not done:
            return moved  # the second half of a double click
        _say(challenge, ChallengeMessage.Kind.ANSWER, words, by, on_behalf_of)
        name_author(moved, by)
        keep_answers(moved, answers or {}, by=by)
    return moved


def _mark_answered(challenge: Challenge, *, figure_changed: bool, lesson: str, by: User) -> None:
    challenge.refresh_from_db()
    if challenge.state != Challenge.State.OPEN:
        raise MoveRefused("This challenge was answered already.", state=challenge.state, move="answer")
    challenge.state = Challenge.State.ANSWERED
    challenge.figure_changed = challenge.figure_changed or figure_changed
    challenge.lesson = lesson.strip() or challenge.lesson
    save_as(challenge, by=by, reason="Answered")


def record_lesson(challenge: Challenge, *, lesson: str, by: User) -> None:
    """Write what will be done differently, agreed when closing a challenge that changed a figure."""
    challenge.lesson = lesson
    save_as(challenge, by=by, reason="What will be done differently")


def accept(record: MonthlyReturn, *, by: User, version: int | None = None) -> MonthlyReturn:
    """Accept a submitted return: freeze what it was judged by, close its answered challenges, move later months.

    ``version`` is the one the reviewer read: StaleReturn is raised when the return was changed since. Otherwise the
    errors of ``move``. The second half of a double click changes nothing.
    """
    done: list[bool] = []

    def change(fresh: MonthlyReturn) -> None:
        done.append(True)
        if version is not None:
            refuse_stale(fresh, version)
        freeze(fresh)

    with transaction.atomic():
        hold_year(record)
        moved = move(record, "accept", by=by, change=change)
        if not done:
            return moved
        for challenge in moved.challenges.not_closed():
            challenge.state = Challenge.State.CLOSED
            challenge.closed_by = by
            challenge.closed_at = clock.now()
            save_as(challenge, by=by, reason="Closed when the return was accepted")
            _say(challenge, ChallengeMessage.Kind.CLOSING, "Closed: the return was accepted.", by)
        move_later_months(moved, by=by)
    return moved


def escalate(challenge: Challenge, *, reason: str, by: User) -> Challenge:
    """Send a challenge to the board, from either side, at any time (framework E.1).

    One that is with the board already is left as it is.
    """
    with transaction.atomic():
        record = MonthlyReturn.objects.select_for_update().get(pk=challenge.monthly_return_id)
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        if sentence := MOVES["escalate"].permitted(record, by):
            raise NotPermitted(sentence, state=record.state, move="escalate")
        if challenge.state == Challenge.State.CLOSED:
            raise MoveRefused("This challenge is closed.", state=record.state, move="escalate")
        if challenge.is_with_the_board:
            return challenge
        move(record, "escalate", by=by, comment=reason, on_behalf_of=_side_of(record, by))
        challenge.escalated_at = clock.now()
        challenge.escalated_by = by
        challenge.escalation_reason = reason
        challenge.ruling, challenge.ruled_by, challenge.ruled_at = "", None, None
        save_as(challenge, by=by, reason=reason)
        _say(challenge, ChallengeMessage.Kind.ESCALATION, reason, by, _side_of(record, by))
    return challenge


def _side_of(record: MonthlyReturn, by: User) -> User | None:
    """For whom ``by`` escalates: nobody for the Performance Team, which speaks for itself."""
    return None if may_review(record, by) is None else acts_for(record, by)


def rule_on(challenge: Challenge, *, ruling: str, words: str, by: User) -> MonthlyReturn:
    """Record the board's decision on an escalated challenge.

    *The figure stands* answers the challenge; *the service must correct it* opens it again, and only it. Raises the
    errors of ``move``; a second decision by a colleague is refused naming who decided first.
    """

    def change(fresh: MonthlyReturn) -> None:
        found = Challenge.objects.select_for_update().get(pk=challenge.pk)
        if not found.is_with_the_board:
            raise MoveRefused(_not_waiting(found), state=fresh.state, move="rule")
        stands = ruling == Challenge.Ruling.STANDS
        found.ruling = ruling
        found.ruled_by = by
        found.ruled_at = clock.now()
        found.state = Challenge.State.ANSWERED if stands else Challenge.State.OPEN
        if not stands:
            found.due_on = working_days().add_working_days(clock.today(), ANSWER_WITHIN)
        save_as(found, by=by, reason=words)
        still_open = fresh.challenges.filter(state=Challenge.State.OPEN).exists()
        fresh.state = MonthlyReturn.State.CHALLENGED if still_open else MonthlyReturn.State.SUBMITTED

    with transaction.atomic():
        record = MonthlyReturn.objects.select_for_update().get(pk=challenge.monthly_return_id)
        if _ruled_already(challenge, ruling, by):
            return record
        moved = move(record, "rule", by=by, comment=words, change=change)
        _say(challenge, ChallengeMessage.Kind.RULING, f"{Challenge.Ruling(ruling).label}. {words}", by)
    return moved


def _ruled_already(challenge: Challenge, ruling: str, by: User) -> bool:
    """Whether this very decision was recorded by this person: the second half of a double click."""
    found = Challenge.objects.get(pk=challenge.pk)
    return not found.is_with_the_board and (found.ruling, found.ruled_by_id) == (ruling, by.pk)


def _not_waiting(challenge: Challenge) -> str:
    if challenge.ruled_by is None or challenge.ruled_at is None:
        return "This challenge is not waiting for the board."
    when, what = day(clock.local_day(challenge.ruled_at)), challenge.get_ruling_display().lower()
    return f"{challenge.ruled_by.name} recorded the board's decision on {when}: {what}."


def correct_words(record: MonthlyReturn, *, prompt: str, after: str, by: User, version: int) -> WordCorrection:
    """Correct a typing mistake in one prompt of the commentary; the owner is shown it and can undo it.

    Raises StaleReturn, the errors of ``move``, and MoveRefused for more than a typing mistake.
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
        move(record, "correct_words", by=by, change=change)
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
