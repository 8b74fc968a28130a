"""What the address of a pack may hold: a month, a quarter or a year, and an audience."""

from __future__ import annotations

import re

from django.urls import register_converter

from hdcperf.converters import FinancialYearConverter, MonthConverter, QuarterConverter
from hdcperf.periods import FinancialYear, Month, Quarter
from reports.packs.sections import Audience

__all__ = ["AudienceConverter", "FileKindConverter", "SpanConverter"]


class SpanConverter:
    """``2026-10``, ``2026-27-Q2`` or ``2026-27``. What could be either (2011-12) is a month: no pack is so old."""

    regex = r"[0-9]{4}-[0-9]{2}(?:-Q[1-4])?"

    def to_python(self, value: str) -> Month | Quarter | FinancialYear:
        if "Q" in value:
            return QuarterConverter().to_python(value)
        if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
            return MonthConverter().to_python(value)
        return FinancialYearConverter().to_python(value)

    def to_url(self, value: Month | Quarter | FinancialYear | str) -> str:
        return value if isinstance(value, str) else value.slug


class FileKindConverter:
    """``pdf``, ``xlsx`` or ``csv``."""

    regex = "pdf|xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AudienceConverter:
    """``scrutiny``, ``cabinet``, …"""

    regex = "|".join(one.value for one in Audience)

    def to_python(self, value: str) -> Audience:
        return Audience(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(SpanConverter, "span")
register_converter(AudienceConverter, "audience")
register_converter(FileKindConverter, "file_kind")
