"""The periods outcome measures are published for: a year, a financial year, or several rolled together."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

__all__ = ["PublishedPeriod", "parse_period"]

_YEAR = r"(?P<first>(?:19|20|21)\d\d)"
_FINANCIAL = re.compile(_YEAR + r"/(?P<ends>\d\d)(?:\s*-\s*(?P<last>\d\d(?:\d\d)?)/(?P<last_ends>\d\d))?")
_CALENDAR = re.compile(_YEAR + r"(?:\s*-\s*(?P<last>\d\d(?:\d\d)?))?")
LONGEST = 10
"""Years that can be rolled together: more is a slip of typing."""


@dataclass(frozen=True)
class PublishedPeriod:
    """A period as published, and the first and last day it covers."""

    words: str
    start: date
    end: date


def parse_period(text: str) -> PublishedPeriod:
    """``2021``, ``2021/22``, ``2018 - 20`` or ``2018/19 - 22/23``. Raises ValueError with a sentence."""
    words = " ".join(text.replace("\N{EN DASH}", "-").split())
    if found := _FINANCIAL.fullmatch(words):
        return _financial(words, found)
    if found := _CALENDAR.fullmatch(words):
        first = int(found["first"])
        last = _last(first, found["last"])
        _check(words, first, last)
        return PublishedPeriod(words, date(first, 1, 1), date(last, 12, 31))
    raise ValueError(f"“{text[:40]}” is not a period: write it as 2021, 2021/22, 2018 - 20 or 2018/19 - 22/23.")


def _financial(words: str, found: re.Match[str]) -> PublishedPeriod:
    first = int(found["first"])
    last = _last(first, found["last"])
    for year, ends in ((first, found["ends"]), (last, found["last_ends"] or found["ends"])):
        if (found["last"] is not None or year == first) and int(ends) != (year + 1) % 100:
            raise ValueError(f"“{words}” is not a financial year: {year} is followed by {(year + 1) % 100:02d}.")
    _check(words, first, last)
    end = date(last + 1, 3, calendar.monthrange(last + 1, 3)[1])
    return PublishedPeriod(words, date(first, 4, 1), end)


def _last(first: int, text: str | None) -> int:
    """The last year, written whole or by its last two digits."""
    if text is None:
        return first
    if len(text) == 4:
        return int(text)
    last = first // 100 * 100 + int(text)
    return last if last >= first else last + 100


def _check(words: str, first: int, last: int) -> None:
    if not first <= last < first + LONGEST:
        raise ValueError(f"“{words}” covers more than {LONGEST} years, or ends before it starts.")
