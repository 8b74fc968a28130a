"""Figures on data quality: of how many, how many do; and which of them have to be explained (framework B.1). Pure.

Every figure is a share of things that can be listed: the KPIs, months or people it counts are its denominator, those
that count are its numerator, and the list behind it is those same things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

__all__ = ["Counted", "Measure", "Share", "grouped", "parts", "share_of"]


class Measure(StrEnum):
    """The figures kept on data quality, in the order they are printed."""

    SIGNED = "templates-signed"
    ON_TIME = "on-time"
    FIRST_TIME = "first-time"
    REVISED = "revised"
    MISSING = "missing-months"
    NEVER = "never-entered"
    STAND_INS = "stand-ins"

    @property
    def label(self) -> str:
        return _FACTS[self].label

    @property
    def means(self) -> str:
        """What is counted, and of what, in a sentence."""
        return _FACTS[self].means

    @property
    def noun(self) -> tuple[str, str]:
        """What one thing it counts is called, and several."""
        return _FACTS[self].noun

    @property
    def more_is_better(self) -> bool:
        return _FACTS[self].more_is_better

    @property
    def by_month(self) -> bool:
        """Whether it is about months, so that it can be followed through a year."""
        return _FACTS[self].by_month

    @property
    def limit(self) -> Decimal:
        """The percentage it should reach, or stay within: otherwise the service explains it in its statement."""
        return _FACTS[self].limit

    @property
    def limit_words(self) -> str:
        """The limit in words, for example *at least 95%*."""
        if self.limit in (0, 100):
            return "all" if self.limit else "none"
        return f"at least {self.limit:f}%" if self.more_is_better else f"at most {self.limit:f}%"

    @property
    def opposite(self) -> str:
        """What those are called that are not as they should be: the list that is worth reading."""
        return _FACTS[self].opposite


@dataclass(frozen=True)
class _Facts:
    label: str
    means: str
    noun: tuple[str, str]
    more_is_better: bool
    by_month: bool
    limit: Decimal
    opposite: str


_RETURNS = ("return", "returns")

_FACTS: dict[Measure, _Facts] = {
    Measure.SIGNED: _Facts(
        "Templates signed off",
        "KPIs of the year whose data quality template is signed off, of all the year’s KPIs. By month: those whose "
        "template had been signed off by the end of the month.",
        ("KPI", "KPIs"),
        True,
        True,
        Decimal(100),
        "Not signed off",
    ),
    Measure.ON_TIME: _Facts(
        "Returns on time",
        "Returns first sent to the Performance Team by their due date, of all that have fallen due.",
        _RETURNS,
        True,
        True,
        Decimal(95),
        "Late, or still waited for",
    ),
    Measure.FIRST_TIME: _Facts(
        "Accepted first time",
        "Returns accepted without a challenge, of all that were collected and accepted.",
        _RETURNS,
        True,
        True,
        Decimal(90),
        "Challenged first",
    ),
    Measure.REVISED: _Facts(
        "Revised after acceptance",
        "Accepted figures that a revision has changed since, of all accepted figures.",
        ("accepted figure", "accepted figures"),
        False,
        True,
        Decimal(5),
        "Revised",
    ),
    Measure.MISSING: _Facts(
        "Missing months",
        "Months that have fallen due and have no figure: no return was opened, none was sent, or it says that there "
        "is no data; of all months that have fallen due.",
        ("month", "months"),
        False,
        True,
        Decimal(0),
        "Missing",
    ),
    Measure.NEVER: _Facts(
        "Owners who have never entered a figure",
        "People named to collect a KPI of the year who have never entered a return of any KPI, of all who are named.",
        ("owner", "owners"),
        False,
        False,
        Decimal(0),
        "Never entered a figure",
    ),
    Measure.STAND_INS: _Facts(
        "Stand-ins without confirmed access",
        "People named to stand in for a KPI of the year who have not confirmed in its newest template that they can "
        "get into the systems, or can no longer sign in; of all who are named, counted once for each KPI.",
        ("stand-in", "stand-ins"),
        False,
        False,
        Decimal(0),
        "Without confirmed access",
    ),
}


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    counted: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """0 to 100, one decimal; None of nothing. All is only said of all, and none only of none."""
        if not self.of:
            return None
        exact = Decimal(100 * self.counted) / self.of
        rounding = ROUND_DOWN if exact > 99 else ROUND_HALF_UP
        rounded = exact.quantize(Decimal("0.1"), rounding)
        return max(rounded, Decimal("0.1")) if self.counted else rounded

    def is_within(self, measure: Measure) -> bool:
        """Whether it is as it should be; of nothing it is."""
        if not self.of:
            return True
        exact = Decimal(100 * self.counted) / self.of
        return exact >= measure.limit if measure.more_is_better else exact <= measure.limit


class Counted(Protocol):
    """One thing a figure is made of: ``counts`` when it is in the numerator; the same ``key`` is counted once."""

    @property
    def key(self) -> object: ...

    @property
    def counts(self) -> bool: ...


C = TypeVar("C", bound=Counted)
G = TypeVar("G")


def share_of(items: Iterable[Counted]) -> Share:
    """How many of the items count, each key once."""
    found = {item.key: item.counts for item in items}
    return Share(sum(found.values()), len(found))


def parts(items: Iterable[C], by: Callable[[C], G]) -> dict[G, list[C]]:
    """The items of each group they fall into, in the order they come."""
    found: dict[G, list[C]] = {}
    for item in items:
        found.setdefault(by(item), []).append(item)
    return found


def grouped(items: Iterable[C], by: Callable[[C], G]) -> dict[G, Share]:
    """The share of each group the items fall into."""
    return {group: share_of(rows) for group, rows in parts(items, by).items()}
