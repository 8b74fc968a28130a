"""What the buttons of an entry page do: the draft, or the submission, in one go (framework C.2.1).

Drafts save and never block: what keeps a draft from being submitted is handed back, and the draft stays saved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import transaction

from hdcperf.organisation.models import User
from hdcperf.review.checks import Check
from hdcperf.review.recovery import Recovery
from hdcperf.workflow import StaleRecord

__all__ = ["Incomplete", "Saved", "Saving"]

R = TypeVar("R")
E = TypeVar("E")


class Incomplete(Exception):
    """The draft was saved, but cannot be submitted yet: ``problems`` say what is missing or to be answered."""

    def __init__(self, fresh: Any, problems: Sequence[Check]) -> None:
        super().__init__("This is saved as a draft. It cannot be submitted yet.")
        self.fresh = fresh
        self.problems = list(problems)


@dataclass(frozen=True)
class Saved(Generic[R]):
    """The saved record, and what keeps it from being submitted (nothing when it was, or was not to be)."""

    record: R
    problems: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Saving(Generic[R, E]):
    """How an app saves: its draft, its submission, and what is entered on a record now.

    ``draft(record, entry, by, version)`` and ``submit(record, entry, by, version, answers)``; the latter raises
    Incomplete after saving the draft. ``recovery(promise, said, told_with, by)`` keeps what became of a promise.
    """

    draft: Callable[..., R]
    submit: Callable[..., R]
    entry_of: Callable[[R], E]
    recovery: Callable[..., object]

    def save(
        self,
        record: R,
        entry: E,
        *,
        by: User,
        version: int,
        submitting: bool,
        answers: dict[str, str] | None = None,
        recovery: Recovery | None = None,
        promised_in: R | None = None,
    ) -> Saved[R]:
        """Save, or save and submit, with what became of what ``promised_in`` promised; all of it or none.

        Somebody who saved the very same words since is no obstacle. Raises StaleRecord and the errors of ``move``.
        """
        with transaction.atomic():
            saved = self._save_over_the_same(record, entry, by, version, submitting, answers)
            if recovery is not None and recovery.result and promised_in is not None:
                self.recovery(promised_in, recovery, told_with=saved.record, by=by)
        return saved

    def _save_over_the_same(
        self, record: R, entry: E, by: User, version: int, submitting: bool, answers: dict[str, str] | None
    ) -> Saved[R]:
        try:
            return self._save(record, entry, by, version, submitting, answers)
        except StaleRecord as stale:
            if self.entry_of(stale.fresh) != entry:
                raise
            return self._save(record, entry, by, stale.fresh.version, submitting, answers)

    def _save(
        self, record: R, entry: E, by: User, version: int, submitting: bool, answers: dict[str, str] | None
    ) -> Saved[R]:
        if not submitting:
            return Saved(self.draft(record, entry, by=by, version=version))
        try:
            return Saved(self.submit(record, entry, by=by, version=version, answers=answers))
        except Incomplete as incomplete:
            # The draft was saved before this was raised, and stays saved.
            return Saved(incomplete.fresh, tuple(incomplete.problems))

    def is_as_typed(self, record: Any, entry: E, *, by: User, submitting: bool) -> bool:
        """Whether the same person has just submitted these very words: the second half of a double click."""
        fresh = type(record)._base_manager.get(pk=record.pk)
        last = fresh.transitions.order_by("-at", "-pk").first()
        submitted = last is not None and last.move == "submit" and last.by_id == by.pk
        return submitting and submitted and self.entry_of(fresh) == entry
