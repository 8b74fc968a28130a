"""Which plain rule comes nearest to the years to date a file gives for a KPI."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kpis.importing.draft import Located
from kpis.rules.figures import Unit, YtdRule
from kpis.rules.year_to_date import MonthFigure, year_to_date

__all__ = ["nearest_rule"]

FEWEST = 3
"""Months that can tell the rules apart (not the first of a year) needed to say anything."""


def nearest_rule(rows: Iterable[Located], unit: Unit | str, first_month: int) -> YtdRule | None:
    """The rule (months add up, mean, latest) with the smallest error over the file; None when it gives too little.

    The last month alone and a running total look the same, and are taken to be the latest.
    """
    published = {row.month: row for row in rows if row.month is not None and row.mapped["actual"] is not None}
    figures = [MonthFigure(month, row.mapped["actual"]) for month, row in published.items()]
    told = {
        month: row.mapped["ytd_actual"] for month, row in published.items() if row.mapped["ytd_actual"] is not None
    }
    rules = [YtdRule.MEAN, YtdRule.LATEST]
    if Unit(unit) is not Unit.PERCENTAGE:
        rules.insert(0, YtdRule.ADDS_UP)
    errors: dict[YtdRule, Decimal] = {}
    for rule in rules:
        worked_out = year_to_date(rule, figures, first_month=first_month)
        compared = [
            _error(found.value, told[month])
            for month, found in worked_out.items()
            if month in told and found.is_complete and found.counted > 1 and found.value is not None
        ]
        if len(compared) < FEWEST:
            return None
        errors[rule] = sum(compared, Decimal(0))
    return min(rules, key=lambda rule: errors[rule])


def _error(worked_out: Decimal, published: Decimal) -> Decimal:
    """The difference as a share of the larger figure: 0 when both are the same, at most 2."""
    largest = max(abs(worked_out), abs(published))
    return abs(worked_out - published) / largest if largest else Decimal(0)
