"""Whether what was promised with an amber or a red was done: asked with the next record, kept with the promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.models import AbstractRecoveryOutcome

__all__ = ["Recovery", "result_of", "starting", "tell"]

T = TypeVar("T", bound=AbstractRecoveryOutcome)


@dataclass(frozen=True)
class Recovery:
    """What is said of a promise: whether it was done, and what came of it; empty when nothing is said."""

    result: str = ""
    words: str = ""

    @classmethod
    def of(cls, cleaned: Mapping[str, Any]) -> Recovery:
        """As it was typed into an ``EntryForm``."""
        return cls(cleaned.get("recovery_result", ""), cleaned.get("recovery_words", ""))


def tell(outcome: T, said: Recovery, *, told_with: Any, by: User) -> T:
    """Keep ``said`` as the outcome, new or told before; the same said again changes nothing."""
    if outcome.pk and (outcome.result, outcome.words) == (said.result, said.words) and outcome.told_with == told_with:
        return outcome
    outcome.told_with = told_with
    outcome.result, outcome.words = said.result, said.words
    outcome.noted_by, outcome.noted_at = by, clock.now()
    save_as(outcome, by=by, reason="Recovery action followed up")
    return outcome


def starting(outcome: AbstractRecoveryOutcome | None) -> dict[str, str]:
    """The first values of the form's two boxes."""
    return {} if outcome is None else {"recovery_result": outcome.result, "recovery_words": outcome.words}


def result_of(outcome: AbstractRecoveryOutcome | None, by: date | None, today: date) -> str:
    """Whether a promise to be kept ``by`` a date was, in two or three words."""
    if outcome is not None:
        return str(outcome.get_result_display())
    return "Not due yet" if by is not None and by >= today else "Not said yet"
