"""What an import would do to each row, and doing it: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db import transaction

__all__ = ["Change", "NotApplied", "Outcome", "Plan", "Problem", "Status", "apply_plan"]

T = TypeVar("T")


class Status(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Problem:
    """Why a cell, or a whole row when ``column`` is empty, cannot be taken."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """What a row changes: from what (empty when it is new) to what."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Outcome:
    """What the import does with one row of the file."""

    row: int
    title: str
    status: Status
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Outcome:
        changes = tuple(Change(**one) for one in kept["changes"])
        problems = tuple(Problem(**one) for one in kept["problems"])
        return cls(kept["row"], kept["title"], Status(kept["status"]), changes, problems, kept["note"])


@dataclass(frozen=True)
class Plan(Generic[T]):
    """Every row's outcome, and the ``writing`` that an app's own code carries out."""

    outcomes: Sequence[Outcome]
    writing: T

    @property
    def counts(self) -> Counter[Status]:
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status is Status.REFUSED]

    @property
    def changes_something(self) -> bool:
        return any(outcome.status in (Status.NEW, Status.CHANGED) for outcome in self.outcomes)

    @property
    def fingerprint(self) -> str:
        """The same for two plans that say the same about every row."""
        return fingerprint(self.outcomes)


def fingerprint(outcomes: Iterable[Outcome]) -> str:
    said = json.dumps([outcome.as_json() for outcome in outcomes], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


class NotApplied(Exception):
    """Nothing was written; the message is a sentence that says why."""


def apply_plan(make: Callable[[], Plan[T]], write: Callable[[Plan[T]], None], *, seen: str | None = None) -> Plan[T]:
    """Make the plan afresh and write it, in one transaction.

    ``seen`` is the fingerprint of the preview somebody confirmed. Raises NotApplied, writing nothing, when a row is
    refused or the plan is no longer the one that was seen.
    """
    with transaction.atomic():
        plan = make()
        if seen is not None and plan.fingerprint != seen:
            raise NotApplied(
                "Something changed since this preview was made, so nothing was imported. Look through it again."
            )
        if refused := len(plan.refused):
            rows = "1 row is" if refused == 1 else f"{refused:,} rows are"
            raise NotApplied(
                f"{rows} refused, so nothing was imported. Correct the file and send it again: it is all or nothing."
            )
        write(plan)
        return plan
