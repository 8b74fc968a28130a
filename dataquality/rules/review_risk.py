"""Which KPIs to review first, and why, in words (framework B.1: reviews are undertaken with services). No ORM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hdcperf.ui.words import count_of, day

__all__ = ["LOOKS_BACK", "Reason", "Risk", "RiskFacts", "risks_of", "weight_of"]

LOOKS_BACK = 365
"""Days of revisions, late returns and challenges that count."""
LONG_AGO = 730
"""Days after which a review says little about today."""
OFTEN = 2
"""How many times in a year is often."""
MOST = 6
"""No one reason weighs more, however often it happened: a KPI with several is looked at first."""


class Reason(StrEnum):
    """Why a KPI should be reviewed; those of a list can be filtered by it."""

    NEVER = "never"
    LONG_AGO = "long_ago"
    WEAK = "weak"
    REVISED = "revised"
    LATE = "late"
    CHALLENGED = "challenged"
    HIGH_PROFILE = "high_profile"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Reason.NEVER: "Never reviewed",
    Reason.LONG_AGO: "Reviewed long ago",
    Reason.WEAK: "Found weak last time",
    Reason.REVISED: "Often revised",
    Reason.LATE: "Often late",
    Reason.CHALLENGED: "Often challenged",
    Reason.HIGH_PROFILE: "High profile",
}


@dataclass(frozen=True)
class RiskFacts:
    """What is known of a KPI: its last finished review, and how often in the last year what happened.

    ``revisions`` were accepted; ``late`` months came in after their day or still wait; ``escalated`` are the
    challenges that went to the board. ``profile`` says why members look at it, in words.
    """

    reviewed_on: date | None = None
    rating: str = ""
    revisions: int = 0
    late: int = 0
    challenges: int = 0
    escalated: int = 0
    profile: tuple[str, ...] = ()


@dataclass(frozen=True)
class Risk:
    """One reason with how much it weighs, and a sentence."""

    reason: Reason
    weight: int
    words: str


def risks_of(facts: RiskFacts, today: date) -> tuple[Risk, ...]:
    """Every reason to review the KPI, the heaviest first."""
    found = [*_of_last_review(facts, today), *_of_the_year(facts)]
    if facts.profile:
        found.append(Risk(Reason.HIGH_PROFILE, 2, f"High profile: {', '.join(facts.profile)}."))
    return tuple(sorted(found, key=lambda one: -one.weight))


def weight_of(risks: tuple[Risk, ...]) -> int:
    """How much a KPI's reasons weigh together; the heaviest KPI is looked at first."""
    return sum(one.weight for one in risks)


def _of_last_review(facts: RiskFacts, today: date) -> Iterator[Risk]:
    if facts.reviewed_on is None:
        yield Risk(Reason.NEVER, 3, "It has never been reviewed.")
        return
    if (today - facts.reviewed_on).days > LONG_AGO:
        yield Risk(Reason.LONG_AGO, 2, f"It was last reviewed on {day(facts.reviewed_on)}.")
    if facts.rating == "weak":
        yield Risk(Reason.WEAK, 3, f"The review of {day(facts.reviewed_on)} found it weak.")


def _of_the_year(facts: RiskFacts) -> Iterator[Risk]:
    if facts.revisions >= OFTEN:
        words = f"It was revised {_times(facts.revisions)} in a year."
        yield Risk(Reason.REVISED, min(1 + facts.revisions, MOST), words)
    if facts.late >= OFTEN:
        yield Risk(
            Reason.LATE, min(facts.late, MOST), f"{count_of(facts.late, 'month was', 'months were')} late in a year."
        )
    if facts.challenges >= OFTEN or facts.escalated:
        words = f"It was challenged {_times(facts.challenges)} in a year"
        if facts.escalated:
            words += f", {facts.escalated} of them before the board" if facts.challenges > 1 else ", before the board"
        yield Risk(Reason.CHALLENGED, min(facts.challenges + facts.escalated, MOST), f"{words}.")


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
