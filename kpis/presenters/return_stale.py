"""Both sides of a return that two people changed, in words (issue: a stale tab shows both and loses neither)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from hdcperf.review import merging
from hdcperf.review.merging import Difference, StaleRow
from hdcperf.ui import day, figure
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry

__all__ = ["stale_rows"]

_NAMES = {
    "value": "Figure",
    "no_data": "No figure",
    "no_data_reason": "Why there is no figure",
    "no_data_until": "Expected by",
    "done_by": "By",
    "done_owner": "Owner",
    "forecast_method": "How it was made",
    "forecast_confidence": "How sure",
    "forecast_note": "What it rests on",
}


def stale_rows(record: MonthlyReturn, mine: Entry, theirs: Entry, different: list[Difference]) -> list[StaleRow]:
    return merging.stale_rows(different, mine, theirs, lambda entry, name: _lines(record, name, getattr(entry, name)))


def _lines(record: MonthlyReturn, name: str, value: object) -> Iterator[str]:
    if value in (None, "", False):
        return
    kpi_year = record.kpi_year
    labels = {
        **_NAMES,
        "numerator": kpi_year.numerator_label or "Numerator",
        "denominator": kpi_year.denominator_label or "Denominator",
    }
    words = _value(record, name, value)
    yield f"{labels[name]}: {words}" if name in labels else words


def _value(record: MonthlyReturn, name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, date):
        return day(value)
    if value is True:
        return "Yes"
    choices = {"forecast_method": MonthlyReturn.Method, "forecast_confidence": MonthlyReturn.Confidence}
    return str(choices[name](value).label) if name in choices else str(value)
