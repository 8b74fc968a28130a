"""What the return page's buttons do: the draft or the submission with the recovery action's outcome, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hdcperf.organisation.models import User
from hdcperf.review.saving import Saved, Saving
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry, record_recovery, save_draft, submit

__all__ = ["SAVING", "Recovery", "save_return"]

SAVING: Saving[MonthlyReturn, Entry] = Saving(draft=save_draft, submit=submit, entry_of=Entry.of)


@dataclass(frozen=True)
class Recovery:
    """Whether last time's recovery action was done, and what came of it; empty when it was not said."""

    result: str = ""
    words: str = ""

    @classmethod
    def of(cls, cleaned: Mapping[str, Any]) -> Recovery:
        return cls(cleaned.get("recovery_result", ""), cleaned.get("recovery_words", ""))


def save_return(
    record: MonthlyReturn,
    entry: Entry,
    *,
    by: User,
    version: int,
    submitting: bool,
    answers: dict[str, str] | None = None,
    recovery: Recovery | None = None,
    promised_in: MonthlyReturn | None = None,
) -> Saved[MonthlyReturn]:
    """Save as ``SAVING`` does, with what became of the recovery action of ``promised_in``; all of it or none.

    Raises StaleRecord and the errors of ``move``.
    """
    with transaction.atomic():
        saved = SAVING.save(record, entry, by=by, version=version, submitting=submitting, answers=answers)
        if recovery is not None and recovery.result and promised_in is not None:
            record_recovery(promised_in, told_with=record, result=recovery.result, words=recovery.words, by=by)
    return saved
