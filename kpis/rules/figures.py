"""What a figure is, how a month's is worked out from its parts, how it is printed (framework B.2, C.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from hdcperf.figures import print_figure, round_half_up
from hdcperf.rag import MAX_DIGITS, LabelledEnum
from kpis.rules.typed import MAX_PLACES, MAX_WHOLE_DIGITS, FigureError, parse_figure

__all__ = [
    "CALCULATION",
    "MAX_PLACES",
    "MAX_WHOLE_DIGITS",
    "NOTHING_TO_MEASURE",
    "Entry",
    "FigureError",
    "Frequency",
    "Headline",
    "NothingToMeasure",
    "Unit",
    "YtdRule",
    "factor",
    "format_figure",
    "format_target",
    "month_value",
    "parse_figure",
]

CALCULATION = Context(prec=MAX_DIGITS, rounding=ROUND_HALF_UP)
"""Quotients are worked out to 15 significant digits, and judged as they come."""


class Unit(LabelledEnum):
    """What is counted. Percentages are held as 0 to 100."""

    NUMBER = "number", "Number"
    PERCENTAGE = "percentage", "Percentage"
    CURRENCY = "currency", "Pounds"
    DAYS = "days", "Days"
    RATE = "rate", "Rate per so many"
    RATIO = "ratio", "Ratio"


class YtdRule(LabelledEnum):
    """How months make the year to date."""

    ADDS_UP = "adds_up", "Months add up"
    RUNNING_TOTAL = "running_total", "A running total is entered"
    LATEST = "latest", "The latest month stands for the year"
    MEAN = "mean", "The mean of the months"
    WEIGHTED = "weighted", "Weighted by the denominator"


class Entry(LabelledEnum):
    """What the stakeholder types."""

    VALUE = "value", "The figure itself"
    PARTS = "parts", "A numerator and a denominator"


class Headline(LabelledEnum):
    """Which figure RAG judges."""

    MONTH = "month", "The month"
    YTD = "ytd", "The year to date"

    @classmethod
    def default(cls, rule: YtdRule) -> Headline:
        """The year to date for those that add up, run or are weighted; the month for the rest."""
        summed = (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL, YtdRule.WEIGHTED)
        return cls.YTD if rule in summed else cls.MONTH


class Frequency(LabelledEnum):
    """How often there is a figure. A quarter's or a year's is stored under its last month."""

    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    YEARLY = "yearly", "Once a year"

    @property
    def months(self) -> tuple[int, ...]:
        """The months of the financial year (1 April to 12 March) that have a figure."""
        step = {"monthly": 1, "quarterly": 3, "yearly": 12}[self.value]
        return tuple(range(step, 13, step))


@dataclass(frozen=True)
class NothingToMeasure:
    """There was nothing to measure this month (a denominator of nought): not 0, and not missing."""

    def __str__(self) -> str:
        return "Nothing to measure"


NOTHING_TO_MEASURE = NothingToMeasure()


def format_figure(value: Decimal, unit: Unit | str, decimals: int, unit_label: str = "") -> str:
    """A figure as people read it: ``£1,234``, ``12.3%``, ``4.2 days``, ``39.8 per 100,000 collections``.

    Rounded half up to ``decimals`` places for showing only. A negative figure has a real minus sign before
    the pound sign (``−£1,234``); one that rounds to nought has none. ``unit_label`` follows the number, in
    place of *days*.
    """
    unit, label = Unit(unit), unit_label.strip()
    if not label and unit is Unit.DAYS:
        label = "day" if abs(round_half_up(value, decimals)) == 1 else "days"
    prefix = "£" if unit is Unit.CURRENCY else ""
    suffix = "%" if unit is Unit.PERCENTAGE else ""
    return print_figure(value, decimals, prefix, f"{suffix} {label}".rstrip())


def format_target(
    target: Decimal, target_upper: Decimal | None, unit: Unit | str, decimals: int, unit_label: str = ""
) -> str:
    """A target as people read it; a range as ``4 to 6 days``."""
    if target_upper is None:
        return format_figure(target, unit, decimals, unit_label)
    lower = format_figure(target, Unit.NUMBER if Unit(unit) is Unit.DAYS else unit, decimals)
    return f"{lower} to {format_figure(target_upper, unit, decimals, unit_label)}"


def factor(unit: Unit | str, rate_per: int | None = None) -> Decimal:
    """What numerator over denominator is multiplied by: 100 for a percentage, N for a rate per N, else 1."""
    if Unit(unit) is Unit.PERCENTAGE:
        return Decimal(100)
    if Unit(unit) is Unit.RATE:
        if rate_per is None or rate_per <= 0:
            raise ValueError("A rate needs to say per how many.")
        return Decimal(rate_per)
    return Decimal(1)


def month_value(
    entry: Entry | str,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    unit: Unit | str,
    rate_per: int | None = None,
) -> Decimal | NothingToMeasure | None:
    """The month's figure in the measure's unit: what was entered, or worked out from its parts, unrounded.

    None while it is missing or half entered. A denominator of nought is *nothing to measure*, never 0.
    """
    if Entry(entry) is Entry.VALUE:
        return value
    if denominator is None:
        return None
    if denominator == 0:
        return NOTHING_TO_MEASURE
    if numerator is None:
        return None
    return CALCULATION.divide(numerator * factor(unit, rate_per), denominator)
