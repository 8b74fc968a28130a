"""Answering the open challenges of a return in one go, with the correction they reopened (framework C.2.2, E.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from hdcperf.organisation.models import User
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import answer_challenge
from kpis.operations.entering import Entry

__all__ = ["Answers", "Unanswered", "answer_all"]

_FIRST = (Challenge.About.WHOLE, Challenge.About.VALUE)


@dataclass(frozen=True)
class Answers:
    """The words for each challenge by its id, what will be done differently, and the answers to findings by code."""

    words: Mapping[int, str]
    lesson: str = ""
    findings: dict[str, str] = field(default_factory=dict)


class Unanswered(Exception):
    """An answer lacks something: ``field`` is the box it belongs in."""

    def __init__(self, box: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = box


def figure_changes(record: MonthlyReturn, entry: Entry) -> bool:
    """Whether the correction changes the figure, and so needs what will be done differently."""
    before = Entry.of(record)
    names = ("value", "numerator", "denominator", "no_data")
    return any(getattr(before, name) != getattr(entry, name) for name in names)


def answer_all(record: MonthlyReturn, entry: Entry, answers: Answers, *, by: User, version: int) -> MonthlyReturn:
    """Answer every open challenge that has words, the figure's first, since a changed figure belongs to it.

    Raises Unanswered when none has words, or a figure changed without its lesson; otherwise as
    ``answer_challenge``. All are answered or none.
    """
    is_open = record.challenges.filter(state=Challenge.State.OPEN)
    challenges = sorted(is_open, key=lambda one: (one.about not in _FIRST, one.pk))
    spoken = [one for one in challenges if answers.words.get(one.pk, "").strip()]
    if not spoken:
        raise Unanswered(f"words_{challenges[0].pk}", "Write your answer.")
    if figure_changes(record, entry) and not answers.lesson.strip():
        raise Unanswered("lesson", "The figure changed: say what will be done differently next time.")
    with transaction.atomic():
        for challenge in spoken:
            record = answer_challenge(
                challenge,
                words=answers.words[challenge.pk],
                by=by,
                entry=entry,
                version=version,
                lesson=answers.lesson if challenge is spoken[0] else "",
                answers=answers.findings,
            )
            version = record.version
    return record
