"""Financial years, quarters, months and England's working days. Pure: no ORM, and never the real today.

Everything here is frozen, ordered and hashable, prints as people write it (``2026/27``, ``Q2 2026/27``,
``October 2026``) and has a slug for addresses (``2026-27``, ``2026-27-Q2``, ``2026-10``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import overload

from govuk_bank_holidays.bank_holidays import BankHolidays

__all__ = [
    "APRIL",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MONTH_NAMES",
    "EnglandWorkingDays",
    "FinancialYear",
    "Month",
    "Quarter",
    "RoundDates",
    "month_named",
    "months_between",
    "opening_dates",
    "round_dates",
    "working_days",
]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years a period may fall in: a slip such as 0202 or 20206 is refused, and dates never overflow."""

APRIL = 4

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, order=True)
class FinancialYear:
    """A year of twelve months, from April unless told otherwise (some files' years start in January)."""

    start_year: int
    first_month: int = APRIL

    def __post_init__(self) -> None:
        _check_year(self.start_year)
        _check_month_number(self.first_month)

    def __str__(self) -> str:
        if self.first_month == 1:
            return str(self.start_year)
        return f"{self.start_year}/{(self.start_year + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        return str(self).replace("/", "-")

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """``2026/27`` or ``2026-27``, and nothing else. Raises ValueError with a sentence."""
        found = re.fullmatch(r"([0-9]{4})[/-]([0-9]{2})", text)
        if not found:
            raise ValueError(f"“{_shown(text)}” is not a financial year: write it like 2026/27.")
        year = cls(int(found[1]))
        if f"{(year.start_year + 1) % 100:02d}" != found[2]:
            raise ValueError(f"“{text}” is not a financial year: {found[1]} is followed by {str(year)[-2:]}.")
        return year

    @classmethod
    def from_date(cls, day: date, first_month: int = APRIL) -> FinancialYear:
        """The year the day falls in."""
        return cls(day.year if day.month >= first_month else day.year - 1, first_month)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its twelve months in order."""
        return _months_of(self)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return tuple(Quarter(self, number) for number in (1, 2, 3, 4))

    @property
    def first_day(self) -> date:
        return date(self.start_year, self.first_month, 1)

    @property
    def last_day(self) -> date:
        return self.months[-1].last_day

    @property
    def next(self) -> FinancialYear:
        return FinancialYear(self.start_year + 1, self.first_month)

    @property
    def previous(self) -> FinancialYear:
        return FinancialYear(self.start_year - 1, self.first_month)

    def __contains__(self, month: Month) -> bool:
        return 0 <= 12 * (month.year - self.start_year) + month.month - self.first_month < 12


@lru_cache(maxsize=256)
def _months_of(year: FinancialYear) -> tuple[Month, ...]:
    first = Month(year.start_year, year.first_month)
    return tuple(first + n for n in range(12))


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a financial year: ``Q2 2026/27`` is July to September 2026."""

    year: FinancialYear
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError("A quarter is Q1, Q2, Q3 or Q4.")

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"

    @property
    def slug(self) -> str:
        return f"{self.year.slug}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """``Q2 2026/27`` or ``2026-27-Q2``, and nothing else. Raises ValueError with a sentence."""
        found = re.fullmatch(r"(?:Q([1-4]) ([0-9]{4}/[0-9]{2}))|(?:([0-9]{4}-[0-9]{2})-Q([1-4]))", text)
        if not found:
            raise ValueError(f"“{_shown(text)}” is not a quarter: write it like Q2 2026/27.")
        return cls(FinancialYear.parse(found[2] or found[3]), int(found[1] or found[4]))

    @property
    def months(self) -> tuple[Month, Month, Month]:
        first = self.first_month
        return first, first + 1, first + 2

    @property
    def first_month(self) -> Month:
        return Month(self.year.start_year, self.year.first_month) + 3 * (self.number - 1)

    @property
    def last_month(self) -> Month:
        """The month a quarterly figure is stored under."""
        return self.first_month + 2

    @property
    def first_day(self) -> date:
        return self.first_month.first_day

    @property
    def last_day(self) -> date:
        return self.last_month.last_day

    @property
    def next(self) -> Quarter:
        return self + 1

    @property
    def previous(self) -> Quarter:
        return self - 1

    def __add__(self, quarters: int) -> Quarter:
        moved = self.number - 1 + quarters
        return Quarter(FinancialYear(self.year.start_year + moved // 4, self.year.first_month), moved % 4 + 1)

    def __sub__(self, quarters: int) -> Quarter:
        return self + -quarters

    def __contains__(self, month: Month) -> bool:
        return month in self.months


@dataclass(frozen=True, order=True)
class Month:
    """A month of a calendar year. Adding a number moves that many months; subtracting a month counts them."""

    year: int
    month: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        _check_month_number(self.month)

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def name(self) -> str:
        return MONTH_NAMES[self.month - 1]

    @property
    def short(self) -> str:
        """``Oct 2026``, for axes and narrow tables."""
        return f"{self.name[:3]} {self.year}"

    @property
    def slug(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2026-10`` or ``October 2026``, and nothing else. Raises ValueError with a sentence."""
        if found := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text):
            return cls(int(found[1]), int(found[2]))
        found = re.fullmatch(r"([A-Z][a-z]{2,8}) ([0-9]{4})", text)
        if found and found[1] in MONTH_NAMES:
            return cls(int(found[2]), MONTH_NAMES.index(found[1]) + 1)
        raise ValueError(f"“{_shown(text)}” is not a month: write it like 2026-10 or October 2026.")

    @classmethod
    def from_date(cls, day: date) -> Month:
        return _month(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def next(self) -> Month:
        return self + 1

    @property
    def previous(self) -> Month:
        return self - 1

    @property
    def financial_year(self) -> FinancialYear:
        """The council's year, from April."""
        return self.year_from(APRIL)

    def year_from(self, first_month: int) -> FinancialYear:
        """The year of twelve months it falls in, when years start in ``first_month`` (1 to 12)."""
        return FinancialYear.from_date(self.first_day, first_month)

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.financial_year, (self.month - APRIL) % 12 // 3 + 1)

    @property
    def number_in_year(self) -> int:
        """1 for April, 12 for March."""
        return (self.month - APRIL) % 12 + 1

    def __add__(self, months: int) -> Month:
        moved = self.year * 12 + self.month - 1 + months
        return _month(moved // 12, moved % 12 + 1)

    @overload
    def __sub__(self, other: int) -> Month: ...

    @overload
    def __sub__(self, other: Month) -> int: ...

    def __sub__(self, other: int | Month) -> Month | int:
        if isinstance(other, Month):
            return (self.year - other.year) * 12 + self.month - other.month
        return self + -other


def month_named(word: str) -> int | None:
    """1 to 12 for a month's name, or the first letters of it, three at the least; None for anything else."""
    short = word.casefold().rstrip(".")
    if len(short) < 3:
        return None
    return next((number for number, name in enumerate(MONTH_NAMES, 1) if name.casefold().startswith(short)), None)


@lru_cache(maxsize=4096)
def _month(year: int, month: int) -> Month:
    """The month, made once: a page of many rows asks for the same few thousands of times."""
    return Month(year, month)


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from ``first`` to ``last``, both included; nothing when ``last`` is earlier."""
    return tuple(first + n for n in range(last - first + 1))


class EnglandWorkingDays:
    """Working days in England: not Saturday, Sunday or a bank holiday (the package's own dates)."""

    def __init__(self) -> None:
        holidays = BankHolidays(use_cached_holidays=True)
        known = holidays.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
        self._holidays = frozenset(holiday["date"] for holiday in known)

    @property
    def known_until(self) -> date:
        """The end of the last year whose bank holidays are known; after it only weekends are left out."""
        return date(max(self._holidays).year, 12, 31)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays

    def add_working_days(self, day: date, days: int) -> date:
        """The day that many working days after ``day`` (before it when negative); 0 is the day itself."""
        step = timedelta(days=1 if days > 0 else -1)
        left = abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def nth_working_day(self, month: Month, number: int) -> date:
        """The month's first, second, … working day, counting on into the next month if it has fewer."""
        if number < 1:
            raise ValueError("Working days are counted from 1.")
        return self.add_working_days(month.first_day - timedelta(days=1), number)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


@lru_cache(maxsize=1)
def working_days() -> EnglandWorkingDays:
    """England's working days, read once."""
    return EnglandWorkingDays()


@dataclass(frozen=True)
class RoundDates:
    """The days a collection round opens, falls due and locks (the last day a return can be changed)."""

    opens_on: date
    due_on: date
    locks_on: date


def round_dates(month: Month, opens: int = 1, due: int = 9, locks: int = 14) -> RoundDates:
    """When ``month`` is collected: working days of the month that follows it (framework E.1)."""
    if not 1 <= opens <= due <= locks:
        raise ValueError("A round opens, then falls due, then locks.")
    calendar = working_days()
    following = month.next
    return RoundDates(
        calendar.nth_working_day(following, opens),
        calendar.nth_working_day(following, due),
        calendar.nth_working_day(following, locks),
    )


def opening_dates(month: Month, today: date) -> RoundDates:
    """The usual dates, or the same working days counted from ``today`` for a month opened too late for them."""
    usual = round_dates(month)
    if usual.due_on >= today:
        return usual
    calendar = working_days()
    before = calendar.working_days_between(usual.opens_on, usual.due_on)
    after = calendar.working_days_between(usual.due_on, usual.locks_on)
    due = calendar.add_working_days(today, before)
    return RoundDates(today, due, calendar.add_working_days(due, after))


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.")


def _check_month_number(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError("The month must be from 1 to 12.")


def _shown(text: str) -> str:
    """What was typed, short and printable, for a sentence."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text[:31])
    return printable[:30] + "…" if len(text) > 30 else printable
