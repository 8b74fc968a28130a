"""Each time a record was handed in, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hdcperf.review.merging import Difference, Parts, differences

__all__ = ["EARLIER_CHALLENGES", "Resubmission", "resubmission", "submissions"]

EARLIER_CHALLENGES = 3
"""Challenges about other months or quarters that are read beside a record."""

E = TypeVar("E")


@dataclass(frozen=True)
class Resubmission(Generic[E]):
    """What was handed in before, and the parts that are different now."""

    before: E
    first: Any
    different: list[Difference]


def submissions(record: Any) -> list[Any]:
    """The transitions by which ``record`` reached the Performance Team, oldest first."""
    return [one for one in record.transitions.all() if one.move in ("submit", "answer")]


def resubmission(record: Any, parts: Parts, now: E, entry_at: Callable[[Any], E]) -> Resubmission[E] | None:
    """What changed since the submission before the last; None when it was handed in once.

    ``now`` is what is entered; ``entry_at`` gives what was entered when a row of the history was written.
    """
    sent = submissions(record)
    if len(sent) < 2:
        return None
    earlier = sent[-2]
    row = record.history.filter(history_date__lte=earlier.at).order_by("-history_date", "-history_id").first()
    if row is None:
        return None
    before = entry_at(row)
    return Resubmission(before, earlier, differences(parts, before, now, None))
