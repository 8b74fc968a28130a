"""What an address may hold: months, quarters, years and codes, and nothing that could reach the database oddly."""

from __future__ import annotations

from django.urls import register_converter

from hdcperf.periods import FIRST_YEAR, LAST_YEAR, FinancialYear, Month, Quarter

CODE = r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,19}"
"""What a code may be made of, so that it can stand in an address."""


SPARE = 2
"""Years at either end of those a period may fall in that no address names: pages look at the years beside theirs."""


def _addressed(year: int) -> None:
    if not FIRST_YEAR + SPARE <= year <= LAST_YEAR - SPARE:
        raise ValueError("No page is about that year.")


class MonthConverter:
    """``2026-10``."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Month:
        month = Month.parse(value)
        _addressed(month.year)
        return month

    def to_url(self, value: Month | str) -> str:
        return value if isinstance(value, str) else value.slug


class QuarterConverter:
    """``2026-27-Q2``."""

    regex = r"[0-9]{4}-[0-9]{2}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        quarter = Quarter.parse(value)
        _addressed(quarter.year.start_year)
        return quarter

    def to_url(self, value: Quarter | str) -> str:
        return value if isinstance(value, str) else value.slug


class FinancialYearConverter:
    """``2026-27``, from April: a year of the Corporate Plan."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> FinancialYear:
        year = FinancialYear.parse(value)
        _addressed(year.start_year)
        return year

    def to_url(self, value: FinancialYear | str) -> str:
        return value if isinstance(value, str) else value.slug


class YearConverter:
    """``2026-27``; ``2026`` for figures whose year is the calendar's."""

    regex = r"[0-9]{4}(?:-[0-9]{2})?"

    def to_python(self, value: str) -> FinancialYear:
        year = FinancialYear(int(value), first_month=1) if len(value) == 4 else FinancialYear.parse(value)
        _addressed(year.start_year)
        return year

    def to_url(self, value: FinancialYear | str) -> str:
        return value if isinstance(value, str) else value.slug


class CodeConverter:
    """A KPI's or an action's code as people write it: ``PI 10``, ``pi10``, ``KPI-10``, ``CPA64``."""

    regex = CODE

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MonthConverter, "month")
register_converter(QuarterConverter, "quarter")
register_converter(FinancialYearConverter, "financial_year")
register_converter(YearConverter, "year")
register_converter(CodeConverter, "code")
