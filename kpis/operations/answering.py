"""Answering the open challenges of a return in one go, with the correction they reopened (framework C.2.2, E.1)."""

from __future__ import annotations

from hdcperf.organisation.models import User
from hdcperf.review.answering import Answers, answer_all
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import FIGURES, answer_challenge
from kpis.operations.entering import Entry

__all__ = ["answer"]


LESSON_NEEDED = "The figure changed: say what will be done differently next time."


def figure_changes(record: MonthlyReturn, entry: Entry) -> bool:
    """Whether the correction changes the figure, and so needs what will be done differently."""
    before = Entry.of(record)
    return any(getattr(before, name) != getattr(entry, name) for name in FIGURES)


def answer(record: MonthlyReturn, entry: Entry, answers: Answers, *, by: User, version: int) -> MonthlyReturn:
    """Answer every open challenge that has words, the figure's first, since a changed figure belongs to it.

    Raises Unanswered when none has words, or a figure changed without its lesson; otherwise as
    ``answer_challenge``. All are answered or none.
    """

    def one(challenge: Challenge, words: str, version: int, lesson: str) -> MonthlyReturn:
        return answer_challenge(
            challenge, words=words, by=by, entry=entry, version=version, lesson=lesson, answers=answers.findings
        )

    fresh: MonthlyReturn = answer_all(
        record,
        answers,
        version=version,
        first=(Challenge.About.WHOLE, Challenge.About.VALUE),
        lesson_needed=LESSON_NEEDED if figure_changes(record, entry) else "",
        answer=one,
    )
    return fresh
