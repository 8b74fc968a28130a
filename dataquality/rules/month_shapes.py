"""A year's months in the averaged shape of the two years before, with its arithmetic (framework C.1.2). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from hdcperf.periods import FinancialYear, Month

__all__ = ["MonthFigures", "MonthShare", "ShapeRefused", "averaged", "gap_sentences"]

_WIDE = Context(prec=60)


class ShapeRefused(ValueError):
    """The two years have no shape to average; the message is a sentence that says why."""


@dataclass(frozen=True)
class MonthFigures:
    """A month of the year being set, and its own figures one and two years before; None where there is none."""

    month: Month
    latest: Decimal | None
    before: Decimal | None


@dataclass(frozen=True)
class MonthShare:
    """A month's share of each year, and their average, by which it is weighted.

    A share is of what the months with a figure in both years came to, as a fraction; a month with a figure in one
    year alone is weighed by that year's.
    """

    figures: MonthFigures
    latest: Decimal | None
    before: Decimal | None
    weight: Decimal


def averaged(rows: Sequence[MonthFigures], latest: FinancialYear, before: FinancialYear) -> list[MonthShare]:
    """Each month's weight, for ``monthly_levels``: the mean of its shares of the two years, which count alike.

    Raises ShapeRefused when a month has no figure in either year, no month has one in both, a figure is negative, or
    a year came to nought over the months that both have.
    """
    empty = [number for number, row in enumerate(rows) if row.latest is None and row.before is None]
    if empty:
        raise ShapeRefused(f"Neither {before} nor {latest} has a figure for {_listed(rows, empty)}.")
    both = [row for row in rows if row.latest is not None and row.before is not None]
    if not both:
        raise ShapeRefused(f"No month has a figure in both {before} and {latest}.")
    latest_whole = _whole([row.latest for row in rows], [row.latest for row in both], latest)
    before_whole = _whole([row.before for row in rows], [row.before for row in both], before)
    return [_share(row, latest_whole, before_whole) for row in rows]


def _whole(figures: Sequence[Decimal | None], shared: Sequence[Decimal | None], year: FinancialYear) -> Decimal:
    """What the months both years have came to in one of them."""
    if any(figure is not None and figure < 0 for figure in figures):
        raise ShapeRefused(f"A figure of {year} is below nought, so the year has no shape to follow.")
    whole = sum((figure for figure in shared if figure is not None), Decimal(0))
    if whole == 0:
        raise ShapeRefused(f"{year} came to nought, so it has no shape to follow.")
    return whole


def _share(row: MonthFigures, latest_whole: Decimal, before_whole: Decimal) -> MonthShare:
    latest = None if row.latest is None else _WIDE.divide(row.latest, latest_whole)
    before = None if row.before is None else _WIDE.divide(row.before, before_whole)
    known = [share for share in (latest, before) if share is not None]
    return MonthShare(row, latest, before, _WIDE.divide(sum(known, Decimal(0)), Decimal(len(known))))


def gap_sentences(rows: Sequence[MonthFigures], latest: FinancialYear, before: FinancialYear) -> list[str]:
    """Which months follow one year alone, and why."""
    found = []
    for name, there, missing in (("latest", before, latest), ("before", latest, before)):
        months = [number for number, row in enumerate(rows) if getattr(row, name) is None]
        if months:
            verb = "follows" if len(months) == 1 else "follow"
            found.append(f"{_listed(rows, months)} {verb} {there} alone, for {missing} has no figure there.")
    return found


def _listed(rows: Sequence[MonthFigures], numbers: Sequence[int]) -> str:
    """The months in words, those that follow each other as *October to March*."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = [part for run in runs for part in _run([rows[number].month.name for number in run])]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _run(names: list[str]) -> list[str]:
    return [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
