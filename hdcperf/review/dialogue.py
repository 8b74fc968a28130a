"""The dialogue of a challenge, the same for every sign-off (framework E.1: open dialogue, then the board).

An app says once, in a ``Dialogue``, where its challenges are kept and which table of moves they follow; asking,
answering, escalating, ruling and closing are then the same code for a monthly return and an action's update.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import Q

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import working_days
from hdcperf.review.models import AbstractChallenge, AbstractMessage
from hdcperf.ui import day
from hdcperf.workflow import Move, MoveRefused, NotPermitted, perform

__all__ = ["ANSWER_WITHIN", "ESCALATES_AFTER", "Dialogue"]

ANSWER_WITHIN = 3
"""Working days a stakeholder has to answer a challenge."""

ESCALATES_AFTER = 3
"""Working days: a challenge older than this at the lock goes to the board by itself."""

R = TypeVar("R", bound=models.Model)
_Open, _Answered, _Closed = AbstractChallenge.State
_Kind = AbstractMessage.Kind


@dataclass(frozen=True)
class Dialogue(Generic[R]):
    """Where an app keeps its challenges, and who speaks in them.

    ``link`` names the challenge's foreign key to its record; ``noun`` is what the record is called, and ``judged``
    what a correction of it must not change without a lesson. The record's states *submitted* and *challenged* are the
    ones a challenge moves it between.
    """

    records: type[R]
    challenges: type[Any]
    messages: type[Any]
    link: str
    noun: str
    moves: Mapping[str, Move]
    judged: str = "figure"

    # Reading

    def of(self, record: R) -> models.QuerySet[Any]:
        """The challenges of ``record`` that are not closed."""
        found: models.QuerySet[Any] = self.challenges.objects.filter(**{self.link: record.pk})
        return found.exclude(state=_Closed)

    def is_open(self, record: R) -> bool:
        return self.of(record).filter(state=_Open).exists()

    def held(self, challenge: AbstractChallenge) -> R:
        """The challenge's record, fresh and locked until the transaction ends."""
        pk = getattr(challenge, f"{self.link}_id")
        found: R = self.records._base_manager.select_for_update().get(pk=pk)
        return found

    # Moves

    def ask(self, record: R, *, about: str, reason: str, question: str, by: User) -> Any:
        """Ask the stakeholder about one part of a submitted record, or again about a part already answered.

        Asking the very same again (a double click) is harmless. Raises the errors of ``perform``.
        """
        with transaction.atomic():
            fresh: Any = self.records._base_manager.select_for_update().get(pk=record.pk)
            challenge = self.of(fresh).filter(about=about).first()
            if challenge is not None and challenge.state == _Open:
                if (challenge.question, _last_asked_by(challenge)) == (question, by.pk):
                    return challenge
                sentence = f"There is already an open challenge about this part of the {self.noun}."
                raise MoveRefused(sentence, state=fresh.state, move="challenge")
            moved = perform(fresh, self.moves["challenge"], by=by, comment=question)
            if challenge is None:
                challenge = self.challenges(about=about, raised_by=by, raised_at=clock.now(), **{self.link: moved})
            challenge.reason = reason
            challenge.question = question
            challenge.state = _Open
            challenge.due_on = _answer_by()
            save_as(challenge, by=by, reason=question)
            self._say(challenge, _Kind.QUESTION, question, by, _who(moved))
        return challenge

    def answer(
        self, challenge: Any, *, words: str, by: User, lesson: str, correct: Callable[[R], bool]
    ) -> tuple[R, bool]:
        """Answer one challenge; with the last of them the record is submitted again.

        ``correct`` puts the correction onto the locked record, and says whether it changes what is judged: that needs
        ``lesson``, what will be done differently. Returns the fresh record, and whether anything was done (the second
        half of a double click does nothing). Raises what ``correct`` raises and the errors of ``perform``.
        """
        record: R = getattr(challenge, self.link)
        done: list[bool] = []

        def change(fresh: R) -> None:
            done.append(True)
            changed = correct(fresh)
            if changed and not lesson.strip():
                sentence = f"The {self.judged} changed: say what will be done differently next time."
                raise MoveRefused(sentence, state=_state(fresh), move="answer")
            self._mark_answered(challenge, figure_changed=changed, lesson=lesson, by=by)
            self._settle(fresh)

        with transaction.atomic():
            moved = perform(record, self.moves["answer"], by=by, comment=words, change=change)
            if done:
                self._say(challenge, _Kind.ANSWER, words, by, _who(moved))
        return moved, bool(done)

    def close_all(self, record: R, *, by: User) -> None:
        """Close what was answered, because the record is accepted."""
        for challenge in self.of(record):
            challenge.state = _Closed
            challenge.closed_by = by
            challenge.closed_at = clock.now()
            save_as(challenge, by=by, reason=f"Closed when the {self.noun} was accepted")
            self._say(challenge, _Kind.CLOSING, f"Closed: the {self.noun} was accepted.", by, _who(record))

    def escalate(self, challenge: Any, *, reason: str, by: User) -> Any:
        """Send a challenge to the board, from either side, at any time (framework E.1).

        One that is with the board already is left as it is.
        """
        with transaction.atomic():
            record = self.held(challenge)
            challenge = self.challenges.objects.select_for_update().get(pk=challenge.pk)
            if sentence := self.moves["escalate"].permitted(record, by):
                raise NotPermitted(sentence, state=_state(record), move="escalate")
            if challenge.state == _Closed:
                raise MoveRefused("This challenge is closed.", state=_state(record), move="escalate")
            if challenge.is_with_the_board:
                return challenge
            moved = perform(record, self.moves["escalate"], by=by, comment=reason)
            challenge.escalated_at = clock.now()
            challenge.escalated_by = by
            challenge.escalation_reason = reason
            challenge.ruling, challenge.ruled_by, challenge.ruled_at = "", None, None
            save_as(challenge, by=by, reason=reason)
            self._say(challenge, _Kind.ESCALATION, reason, by, _who(moved))
        return challenge

    def rule(self, challenge: Any, *, ruling: str, words: str, by: User) -> R:
        """Record the board's decision on an escalated challenge.

        *Stands* answers the challenge; *correct* opens it again, and only it. Raises the errors of ``perform``; a
        second decision by a colleague is refused naming who decided first.
        """

        def change(fresh: R) -> None:
            found = self.challenges.objects.select_for_update().get(pk=challenge.pk)
            if not found.is_with_the_board:
                raise MoveRefused(_not_waiting(found), state=_state(fresh), move="rule")
            stands = ruling == AbstractChallenge.Ruling.STANDS
            found.ruling = ruling
            found.ruled_by = by
            found.ruled_at = clock.now()
            found.state = _Answered if stands else _Open
            if not stands:
                found.due_on = _answer_by()
            save_as(found, by=by, reason=words)
            self._settle(fresh)

        with transaction.atomic():
            record = self.held(challenge)
            found = self.challenges.objects.get(pk=challenge.pk)
            if not found.is_with_the_board and (found.ruling, found.ruled_by_id) == (ruling, by.pk):
                return record  # the second half of a double click
            moved = perform(record, self.moves["rule"], by=by, comment=words, change=change)
            label = self.challenges.Ruling(ruling).label
            self._say(challenge, _Kind.RULING, f"{label}. {words}", by, _who(moved))
        return moved

    def escalate_at_lock(self, period: ReportingPeriod) -> int:
        """Send to the board each challenge of ``period`` that is too old at its lock; return how many went."""
        waiting = Q(escalated_at__isnull=True, **{f"{self.link}__period": period})
        old = self.challenges.objects.filter(waiting).exclude(state=_Closed)
        count = 0
        for challenge in old:
            raised = clock.local_day(challenge.raised_at)
            if working_days().add_working_days(raised, ESCALATES_AFTER) >= period.locks_on:
                continue
            # The record first, as every other move does: somebody may be accepting it at this moment.
            self.held(challenge)
            found = old.select_for_update(of=("self",)).filter(pk=challenge.pk).first()
            if found is None:
                continue
            reason = f"{period} locked while this challenge was more than {ESCALATES_AFTER} working days old."
            found.escalated_at = clock.now()
            found.escalation_reason = reason
            save_as(found, by=None, reason=reason)
            self._say(found, _Kind.ESCALATION, reason, None, "At the lock")
            count += 1
        return count

    # Parts

    def _settle(self, record: Any) -> None:
        """A record with an open challenge is challenged, and without one submitted."""
        record.state = "challenged" if self.is_open(record) else "submitted"

    def _mark_answered(self, challenge: Any, *, figure_changed: bool, lesson: str, by: User) -> None:
        challenge.refresh_from_db()
        if challenge.state != _Open:
            raise MoveRefused("This challenge was answered already.", state=challenge.state, move="answer")
        challenge.state = _Answered
        challenge.figure_changed = challenge.figure_changed or figure_changed
        challenge.lesson = lesson.strip() or challenge.lesson
        save_as(challenge, by=by, reason="Answered")

    def _say(self, challenge: Any, kind: str, words: str, by: User | None, who: str) -> None:
        self.messages.objects.create(challenge=challenge, kind=kind, words=words, by=by, by_name=who, at=clock.now())


def _who(record: Any) -> str:
    """Who made the move just made, and for whom: the dialogue names them as the record does."""
    who: str = record.transitions.order_by("-at", "-pk").first().who
    return who


def _answer_by() -> Any:
    return working_days().add_working_days(clock.today(), ANSWER_WITHIN)


def _state(record: Any) -> str:
    state: str = record.state
    return state


def _last_asked_by(challenge: Any) -> int | None:
    asked = challenge.messages.filter(kind=_Kind.QUESTION).last()
    return asked.by_id if asked is not None else None


def _not_waiting(challenge: AbstractChallenge) -> str:
    if challenge.ruled_by is None or challenge.ruled_at is None:
        return "This challenge is not waiting for the board."
    when, what = day(clock.local_day(challenge.ruled_at)), challenge.get_ruling_display().lower()
    return f"{challenge.ruled_by.name} recorded the board's decision on {when}: {what}."
