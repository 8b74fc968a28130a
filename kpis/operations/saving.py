"""What the return page's buttons do: the draft or the submission with the recovery action's outcome, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hdcperf.organisation.models import User
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry, Incomplete, StaleRecord, record_recovery, save_draft, submit
from kpis.rules.checks import Check

__all__ = ["Recovery", "Saved", "is_as_typed", "save_return"]


@dataclass(frozen=True)
class Recovery:
    """Whether last time's recovery action was done, and what came of it; empty when it was not said."""

    result: str = ""
    words: str = ""

    @classmethod
    def of(cls, cleaned: Mapping[str, Any]) -> Recovery:
        return cls(cleaned.get("recovery_result", ""), cleaned.get("recovery_words", ""))


@dataclass(frozen=True)
class Saved:
    """The saved return, and what keeps it from being submitted (nothing when it was, or was not to be)."""

    record: MonthlyReturn
    problems: tuple[Check, ...] = ()


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
) -> Saved:
    """Save, or save and submit; all of it or none of it.

    A draft that cannot be submitted is saved, and its problems are handed back. Somebody who saved the very same
    words since is no obstacle. Raises StaleRecord and the errors of ``move``.
    """
    try:
        return _save(record, entry, by, version, submitting, answers, recovery, promised_in)
    except StaleRecord as stale:
        if Entry.of(stale.fresh) != entry:
            raise
        return _save(record, entry, by, stale.fresh.version, submitting, answers, recovery, promised_in)


def _save(
    record: MonthlyReturn,
    entry: Entry,
    by: User,
    version: int,
    submitting: bool,
    answers: dict[str, str] | None,
    recovery: Recovery | None,
    promised_in: MonthlyReturn | None,
) -> Saved:
    with transaction.atomic():
        saved = _submit_or_draft(record, entry, by, version, submitting, answers)
        if recovery is not None and recovery.result and promised_in is not None:
            record_recovery(promised_in, told_with=record, result=recovery.result, words=recovery.words, by=by)
    return saved


def _submit_or_draft(
    record: MonthlyReturn,
    entry: Entry,
    by: User,
    version: int,
    submitting: bool,
    answers: dict[str, str] | None,
) -> Saved:
    if not submitting:
        return Saved(save_draft(record, entry, by=by, version=version))
    try:
        return Saved(submit(record, entry, by=by, version=version, answers=answers))
    except Incomplete as incomplete:
        # The draft was saved before this was raised, and stays saved.
        return Saved(incomplete.fresh, tuple(incomplete.problems))


def is_as_typed(record: MonthlyReturn, entry: Entry, *, by: User, submitting: bool) -> bool:
    """Whether the same person has just submitted these very words: the second half of a double click."""
    fresh = MonthlyReturn.objects.get(pk=record.pk)
    last = fresh.transitions.order_by("-at", "-pk").first()
    submitted = last is not None and last.move == "submit" and last.by_id == by.pk
    return submitting and submitted and Entry.of(fresh) == entry
