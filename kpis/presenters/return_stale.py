"""Both sides of a return that two people changed, in words (issue: a stale tab shows both and loses neither)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hdcperf.ui import day, figure
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry
from kpis.operations.merging import Difference

__all__ = ["StaleRow", "stale_rows"]

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


@dataclass(frozen=True)
class StaleRow:
    """One part that differs: what each person has in it, and which of the two is ticked."""

    part: str
    label: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    keep_theirs: bool


def stale_rows(record: MonthlyReturn, mine: Entry, different: list[Difference]) -> list[StaleRow]:
    theirs = Entry.of(record)
    return [
        StaleRow(
            one.part,
            one.label,
            _words(record, mine, one.fields),
            _words(record, theirs, one.fields),
            one.keep == "theirs",
        )
        for one in different
    ]


def _words(record: MonthlyReturn, entry: Entry, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [_line(record, name, getattr(entry, name)) for name in names]
    return tuple(line for line in found if line) or ("Nothing",)


def _line(record: MonthlyReturn, name: str, value: object) -> str:
    if value in (None, "", False):
        return ""
    words = _value(record, name, value)
    kpi_year = record.kpi_year
    labels = {
        **_NAMES,
        "numerator": kpi_year.numerator_label or "Numerator",
        "denominator": kpi_year.denominator_label or "Denominator",
    }
    return f"{labels[name]}: {words}" if name in labels else words


def _value(record: MonthlyReturn, name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, date):
        return day(value)
    if value is True:
        return "Yes"
    choices = {"forecast_method": MonthlyReturn.Method, "forecast_confidence": MonthlyReturn.Confidence}
    return str(choices[name](value).label) if name in choices else str(value)
