"""Answering the open challenges of a record in one go, with the correction they reopened (framework C.2.2, E.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from hdcperf.review.models import AbstractChallenge

__all__ = ["Answers", "Unanswered", "answer_all"]


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


def answer_all(
    record: Any,
    answers: Answers,
    *,
    version: int,
    first: Collection[str],
    lesson_needed: str,
    answer: Callable[[Any, str, int, str], Any],
) -> Any:
    """Answer every open challenge that has words, those about the parts named ``first`` before the others, since the
    lesson belongs to one of them; return the record as it is then.

    ``lesson_needed`` is the sentence that asks for the lesson where there is none and the correction needs it.
    ``answer(challenge, words, version, lesson)`` answers one. Raises Unanswered when none has words or the lesson is
    missing. All are answered or none.
    """
    is_open = record.challenges.filter(state=AbstractChallenge.State.OPEN)
    challenges = sorted(is_open, key=lambda one: (one.about not in first, one.pk))
    spoken = [one for one in challenges if answers.words.get(one.pk, "").strip()]
    if not spoken:
        raise Unanswered(f"words_{challenges[0].pk}", "Write your answer.")
    if lesson_needed and not answers.lesson.strip():
        raise Unanswered("lesson", lesson_needed)
    with transaction.atomic():
        for challenge in spoken:
            lesson = answers.lesson if challenge is spoken[0] else ""
            record = answer(challenge, answers.words[challenge.pk], version, lesson)
            version = record.version
    return record
