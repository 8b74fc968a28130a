"""Words of a return that the Performance Team corrected, as its page shows them to their owner (framework E.1)."""

from __future__ import annotations

from dataclasses import dataclass

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.ui import day
from kpis.models import MonthlyReturn, WordCorrection
from kpis.workflow import MOVES, refusal

__all__ = ["CorrectionCard", "corrections"]

WORDS_FOR = {"what_happened": "What happened", "why": "Why", "being_done": "What is being done"}


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
