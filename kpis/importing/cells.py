"""The cells of real spreadsheets, read exactly or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from hdcperf.control import Control
from hdcperf.periods import FinancialYear, Month, month_named
from hdcperf.rag import Direction, LabelledEnum
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule, parse_figure

__all__ = ["NO_FIGURE", "WORDS", "choice", "code", "figure", "month", "start_year", "text", "whole"]

NO_FIGURE = frozenset({"n/a", "na", "#n/a", "-", "–", "—", ".", "..", ":", "nil return", "no data", "not available"})
"""What people write where there is no figure."""

WORDS: dict[str, dict[str, str]] = {
    "direction": {
        "u": Direction.HIGHER,
        "up": Direction.HIGHER,
        "high": Direction.HIGHER,
        "higher": Direction.HIGHER,
        "increase": Direction.HIGHER,
        "bigger is better": Direction.HIGHER,
        "aim to maximise": Direction.HIGHER,
        "d": Direction.LOWER,
        "down": Direction.LOWER,
        "low": Direction.LOWER,
        "lower": Direction.LOWER,
        "decrease": Direction.LOWER,
        "smaller is better": Direction.LOWER,
        "aim to minimise": Direction.LOWER,
        "range": Direction.RANGE,
        "plan is best": Direction.RANGE,
        "n": Direction.NONE,
        "neutral": Direction.NONE,
        "context": Direction.NONE,
        "none": Direction.NONE,
    },
    "unit": {
        "%": Unit.PERCENTAGE,
        "percent": Unit.PERCENTAGE,
        "per cent": Unit.PERCENTAGE,
        "£": Unit.CURRENCY,
        "gbp": Unit.CURRENCY,
        "money": Unit.CURRENCY,
        "-": Unit.NUMBER,
        "#": Unit.NUMBER,
        "no.": Unit.NUMBER,
        "count": Unit.NUMBER,
        "day": Unit.DAYS,
        "working days": Unit.DAYS,
    },
    "ytd_rule": {
        "sum": YtdRule.ADDS_UP,
        "total": YtdRule.ADDS_UP,
        "cumulative": YtdRule.RUNNING_TOTAL,
        "average": YtdRule.MEAN,
        "last": YtdRule.LATEST,
        "snapshot": YtdRule.LATEST,
    },
    "frequency": {
        "m": Frequency.MONTHLY,
        "q": Frequency.QUARTERLY,
        "a": Frequency.YEARLY,
        "annual": Frequency.YEARLY,
    },
    "headline": {"year to date": Headline.YTD, "month": Headline.MONTH},
    "entry": {"parts": Entry.PARTS, "numerator and denominator": Entry.PARTS},
    "control": {},
}
"""How people write the choices of a register, by field; a mapping can add its own."""

_CHOICES: dict[str, type[LabelledEnum]] = {
    "direction": Direction,
    "unit": Unit,
    "ytd_rule": YtdRule,
    "frequency": Frequency,
    "headline": Headline,
    "entry": Entry,
    "control": Control,
}


def choice(name: str, extra: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A reader of one of a register's choices: its stored word, its label, or any way people write it."""
    kinds = _CHOICES[name]
    known = {kind.value.casefold(): kind.value for kind in kinds}
    known |= {kind.label.casefold(): kind.value for kind in kinds}
    known |= {written.casefold(): str(kind.value) for written, kind in WORDS[name].items()}  # type: ignore[attr-defined]
    known |= {written.casefold(): value for written, value in (extra or {}).items()}

    def read(cell: str) -> str:
        found = known.get(" ".join(cell.split()).casefold())
        if found is None:
            labels = "; ".join(kind.label for kind in kinds)
            raise ValueError(f"“{cell[:40]}” is not one of: {labels}.")
        return found

    return read


def text(limit: int) -> Callable[[str], str]:
    """A reader of words that are refused, never cut, when they are too long to keep."""

    def read(cell: str) -> str:
        cleaned = cell.replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in cleaned:
            raise ValueError("The cell holds a character that cannot be kept.")
        if len(cleaned) > limit:
            raise ValueError(f"The words must be {limit:,} characters or fewer. They are {len(cleaned):,}.")
        return cleaned

    return read


def code(cell: str) -> str:
    """A KPI's code as addresses can hold it."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,19}", cell):
        raise ValueError(
            f"“{cell[:30]}” is not a code: use at most 20 letters, digits, spaces, points and hyphens, such as PI 10."
        )
    return cell


def figure(cell: str) -> Decimal | None:
    """A figure, or None for what people write where there is none."""
    if cell.casefold() in NO_FIGURE:
        return None
    return parse_figure(cell)


def whole(largest: int) -> Callable[[str], int]:
    """A reader of whole numbers from 0 to ``largest``."""

    def read(cell: str) -> int:
        value = parse_figure(cell)
        if value != value.to_integral_value() or not 0 <= value <= largest:
            raise ValueError(f"“{cell[:30]}” is not a whole number from 0 to {largest:,}.")
        return int(value)

    return read


def start_year(cell: str) -> int:
    """The year a financial year starts in: ``2025/26``, ``2025-26``, ``2025/2026`` or ``2025``."""
    if found := re.fullmatch(r"([0-9]{4})[/-]([0-9]{2}|[0-9]{4})", cell):
        if (int(found[1]) + 1) % 100 != int(found[2]) % 100:
            raise ValueError(f"“{cell}” is not a year: {found[1]} is followed by {int(found[1]) + 1}.")
        return FinancialYear(int(found[1])).start_year
    if re.fullmatch(r"[0-9]{4}", cell):
        return FinancialYear(int(cell)).start_year
    raise ValueError(f"“{cell[:30]}” is not a year: write it like 2025/26 or 2025.")


EXCEL_DAY_0 = date(1899, 12, 30)
"""Excel counts days from here (as if 1900 had been a leap year), and keeps only the count."""
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.][0-9]{1,2})?(?:[ T].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_NAMED = re.compile(r"(?:[0-9]{1,2}[- /])?([A-Za-z]{3,9})\.?[- /'’]*([0-9]{4}|[0-9]{2})")


def month(cell: str) -> Month | int:
    """A month as people write it: ``Apr-25``, ``April 2025``, ``2025-04``, ``01/04/2025``; or only its number.

    A bare ``4`` or ``April`` gives 4: the year stands in a column of its own. Dates are day first, as in Britain. A
    number of five digits is a date as Excel keeps it: 45748 is 1 April 2025.
    """
    if re.fullmatch(r"[0-9]{5}", cell):
        return Month.from_date(EXCEL_DAY_0 + timedelta(days=int(cell)))
    if found := _YEAR_FIRST.fullmatch(cell):
        return _made(cell, found[1], int(found[2]))
    if found := _DAY_FIRST.fullmatch(cell):
        return _checked_day(cell, int(found[1]), int(found[2]), found[3])
    if found := _MONTH_FIRST.fullmatch(cell):
        return _made(cell, found[2], int(found[1]))
    if found := _NAMED.fullmatch(cell):
        return _made(cell, found[2], _named(found[1], cell))
    if re.fullmatch(r"[0-9]{1,2}", cell) and 1 <= int(cell) <= 12:
        return int(cell)
    return _named(cell, cell)


def _named(name: str, cell: str) -> int:
    if (number := month_named(name)) is not None:
        return number
    raise ValueError(f"“{cell[:30]}” is not a month: write it like April 2025, Apr-25 or 2025-04.")


def _checked_day(cell: str, day: int, number: int, year: str) -> Month:
    made = _made(cell, year, number)
    try:
        date(made.year, made.month, day)
    except ValueError as problem:
        raise ValueError(f"“{cell}” is not a date: write the day first, like 01/04/2025.") from problem
    return made


def _made(cell: str, year: str, number: int) -> Month:
    if not 1 <= number <= 12:
        raise ValueError(f"“{cell[:30]}” is not a month: there is no month {number}.")
    return Month(int(year) if len(year) == 4 else 2000 + int(year), number)
