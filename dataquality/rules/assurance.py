"""What a statement of assurance must say before it is signed (framework Appendix A). Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from dataquality.rules.measures import Measure
from hdcperf.periods import FinancialYear
from hdcperf.ui import count_of, day

__all__ = ["unexplained_sentence", "year_sentence"]


def year_sentence(year: FinancialYear, today: date) -> str | None:
    """Nobody is sure of a year before it has ended."""
    if today > year.last_day:
        return None
    return f"{year} has not ended: it can be signed from {day(year.next.first_day)}. Save it until then."


def unexplained_sentence(measures: Collection[Measure]) -> str | None:
    """Every figure outside what it should be is explained."""
    if not measures:
        return None
    named = ", ".join(one.label.lower() for one in measures)
    return f"{count_of(len(measures), 'figure is', 'figures are')} to be explained first: {named}."
