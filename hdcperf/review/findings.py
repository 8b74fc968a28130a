"""A check's question and the sentence that answered it: kept, so that nobody is asked twice (framework C.2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["Asked", "keep_answers", "unanswered"]


class Asked(Protocol):
    """What a check asks: a code, the field it belongs beside, and a sentence for the person."""

    @property
    def code(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def sentence(self) -> str: ...


A = TypeVar("A", bound=Asked)


def unanswered(record: Any, asked: Iterable[A]) -> list[A]:
    """What nobody has answered yet; an answer stands while the sentence it answered does.

    For many records prefetch ``findings``.
    """
    answered = {(one.code, one.sentence) for one in record.findings.all()}
    return [one for one in asked if (one.code, one.sentence) not in answered]


def keep_answers(record: Any, asked: Iterable[Asked], answers: Mapping[str, str], *, by: User) -> None:
    """Keep a sentence for each of ``asked`` that ``answers`` (words by code) answers."""
    by_code = {one.code: one for one in asked}
    findings = record.findings
    for code, words in answers.items():
        if code not in by_code or not words.strip():
            continue
        finding = findings.filter(code=code).first() or findings.model(code=code, **{findings.field.name: record})
        finding.field = by_code[code].field
        finding.sentence = by_code[code].sentence
        finding.answer = words.strip()
        finding.answered_by = by
        finding.answered_at = clock.now()
        save_as(finding, by=by, reason="Finding answered")
