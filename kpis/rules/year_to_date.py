"""How months make the year to date, for figures and for the targets they are judged by (framework C.1.2, C.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache

from hdcperf.periods import APRIL, FinancialYear, Month
from hdcperf.rag import Direction, Rag, judge
from kpis.rules.figures import (
    CALCULATION,
    Entry,
    Frequency,
    NothingToMeasure,
    Unit,
    YtdRule,
    factor,
    month_value,
)

__all__ = [
    "Levels",
    "MonthFigure",
    "YearToDate",
    "expected_months",
    "levels_recounted",
    "levels_to_date",
    "rule_refusal",
    "target_to_date",
    "year_to_date",
]


@dataclass(frozen=True)
class MonthFigure:
    """What was reported for a month: the figure itself, or its two parts. All None when there is no figure."""

    month: Month
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def figure(self, unit: Unit | str, rate_per: int | None = None) -> Decimal | NothingToMeasure | None:
        """The month's figure in the measure's unit, unrounded; a nought denominator is nothing to measure."""
        entry = Entry.PARTS if self.denominator is not None else Entry.VALUE
        return month_value(entry, self.value, self.numerator, self.denominator, unit, rate_per)


@dataclass(frozen=True)
class YearToDate:
    """A month's place in its year.

    ``value`` is the year to date in the measure's unit, None until there is a figure; after a missing month it is
    the year so far without it. ``own`` is the month's own figure: for a running total, what the month added, which is
    None when the month before is missing. ``missing`` names the months due so far that have none, ``idle`` those in
    which there was nothing to measure.
    """

    month: Month
    value: Decimal | None
    own: Decimal | None
    counted: int
    missing: tuple[Month, ...] = ()
    idle: tuple[Month, ...] = ()
    nothing_to_measure: bool = False

    @property
    def left_out(self) -> tuple[Month, ...]:
        """The months that add nothing to it, and whose targets it is not held to."""
        return (*self.missing, *self.idle)

    @property
    def is_complete(self) -> bool:
        """Every month due so far has its figure, or had nothing to measure."""
        return not self.missing


def rule_refusal(rule: YtdRule | str, unit: Unit | str, entry: Entry | str) -> str:
    """Why this year-to-date rule cannot be used, as a sentence; empty when it can."""
    if YtdRule(rule) is YtdRule.ADDS_UP and Unit(unit) is Unit.PERCENTAGE:
        return "A percentage cannot add up over the year: choose latest, mean or weighted."
    if YtdRule(rule) is YtdRule.WEIGHTED and Entry(entry) is Entry.VALUE:
        return "Weighting needs the numerator and denominator to be entered."
    return ""


@lru_cache(maxsize=256)
def expected_months(year: FinancialYear, frequency: Frequency | str = Frequency.MONTHLY) -> tuple[Month, ...]:
    """The months of ``year`` that have a figure: each one, a quarter's last, or the year's last."""
    months = year.months
    return tuple(months[number - 1] for number in Frequency(frequency).months)


def year_to_date(
    rule: YtdRule | str,
    figures: Iterable[MonthFigure],
    unit: Unit | str = Unit.NUMBER,
    rate_per: int | None = None,
    *,
    first_month: int = APRIL,
    frequency: Frequency | str = Frequency.MONTHLY,
    due: Collection[Month] | None = None,
) -> dict[Month, YearToDate]:
    """The year to date at each month reported or due, up to the last with a figure given; years start afresh.

    ``due`` are the months that should have a figure; without it, every month of the frequency from the start of the
    year. Raises ValueError for a percentage that adds up, and for two figures for one month.
    """
    rule = YtdRule(rule)
    if rule is YtdRule.ADDS_UP and Unit(unit) is Unit.PERCENTAGE:
        raise ValueError(rule_refusal(rule, unit, Entry.VALUE))
    given = _by_month(figures)
    result: dict[Month, YearToDate] = {}
    for year in sorted({month.year_from(first_month) for month in given}):
        reported = sorted(month for month in given if month in year)
        should = due if due is not None else expected_months(year, frequency)
        months = sorted({month for month in should if month in year and month <= reported[-1]} | set(reported))
        so_far: list[MonthFigure] = []
        for month in months:
            so_far.append(given.get(month, MonthFigure(month)))
            result[month] = _at(rule, so_far, unit, rate_per)
    return result


def _by_month(figures: Iterable[MonthFigure]) -> dict[Month, MonthFigure]:
    given: dict[Month, MonthFigure] = {}
    for figure in figures:
        if figure.month in given:
            raise ValueError(f"There are two figures for {figure.month}.")
        given[figure.month] = figure
    return given


def _at(rule: YtdRule, so_far: Sequence[MonthFigure], unit: Unit | str, rate_per: int | None) -> YearToDate:
    """The year to date at the last of the months so far."""
    values = [figure.figure(unit, rate_per) for figure in so_far]
    known = [value for value in values if isinstance(value, Decimal)]
    last = values[-1]
    return YearToDate(
        month=so_far[-1].month,
        value=_weighted(so_far, factor(unit, rate_per)) if rule is YtdRule.WEIGHTED else _plain(rule, known),
        own=_own(rule, values),
        counted=len(known),
        missing=tuple(figure.month for figure, value in zip(so_far, values, strict=True) if value is None),
        idle=tuple(
            figure.month for figure, value in zip(so_far, values, strict=True) if isinstance(value, NothingToMeasure)
        ),
        nothing_to_measure=isinstance(last, NothingToMeasure),
    )


def _plain(rule: YtdRule, known: Sequence[Decimal]) -> Decimal | None:
    if not known:
        return None
    if rule is YtdRule.ADDS_UP:
        return CALCULATION.plus(sum(known, Decimal(0)))
    if rule is YtdRule.MEAN:
        return CALCULATION.divide(sum(known, Decimal(0)), Decimal(len(known)))
    return known[-1]


def _weighted(so_far: Sequence[MonthFigure], multiplied_by: Decimal) -> Decimal | None:
    """All the numerators over all the denominators: a big month counts for more than a small one.

    None when a month has a figure without its parts (imported history), because its weight is not known.
    """
    if any(figure.denominator is None and figure.value is not None for figure in so_far):
        return None
    parts = [
        (figure.numerator, figure.denominator)
        for figure in so_far
        if figure.numerator is not None and figure.denominator is not None
    ]
    whole = sum((denominator for _, denominator in parts), Decimal(0))
    if whole == 0:
        return None
    return CALCULATION.divide(sum((numerator for numerator, _ in parts), Decimal(0)) * multiplied_by, whole)


def _own(rule: YtdRule, values: Sequence[Decimal | NothingToMeasure | None]) -> Decimal | None:
    last = values[-1]
    if not isinstance(last, Decimal):
        return None
    if rule is not YtdRule.RUNNING_TOTAL or len(values) == 1:
        return last
    before = values[-2]
    return CALCULATION.subtract(last, before) if isinstance(before, Decimal) else None


def target_to_date(
    rule: YtdRule | str,
    targets: Mapping[Month, Decimal | None],
    *,
    first_month: int = APRIL,
    counted: Collection[Month] | None = None,
    at: Month | None = None,
) -> dict[Month, Decimal | None]:
    """The target for the year to date at each month given, from the months' own targets (or levels, or edges).

    What adds up is summed and a mean is averaged; a running total, latest or weighted figure is held to its month's
    own target. A sum or mean with a month without a target is None: there is nothing to compare with. ``counted``
    leaves out months that have no figure, so that like is compared with like; ``at`` asks for one month alone.
    """
    rule = YtdRule(rule)
    result: dict[Month, Decimal | None] = {}
    for month in sorted(targets) if at is None else (at,):
        if rule not in (YtdRule.ADDS_UP, YtdRule.MEAN):
            result[month] = targets[month]
            continue
        year = month.year_from(first_month)
        so_far = [
            targets[one] for one in targets if one in year and one <= month and (counted is None or one in counted)
        ]
        known = [target for target in so_far if target is not None]
        result[month] = _plain(rule, known) if len(known) == len(so_far) else None
    return result


@dataclass(frozen=True)
class Levels:
    """What a figure is judged by: the target and the intervention level; a range has two edges of each."""

    target: Decimal | None = None
    intervention: Decimal | None = None
    target_upper: Decimal | None = None
    intervention_upper: Decimal | None = None

    def judge(self, actual: Decimal | None, direction: Direction) -> Rag:
        """The RAG of ``actual`` against these levels (framework C.1.2)."""
        return judge(actual, self.target, self.intervention, direction, self.target_upper, self.intervention_upper)


def levels_to_date(
    rule: YtdRule | str,
    levels: Mapping[Month, Levels],
    *,
    first_month: int = APRIL,
    counted: Collection[Month] | None = None,
    at: Month | None = None,
) -> dict[Month, Levels]:
    """The levels the year to date is judged by at each month, from the months' own: see ``target_to_date``."""
    edges = {
        edge.name: target_to_date(
            rule,
            {month: getattr(level, edge.name) for month, level in levels.items()},
            first_month=first_month,
            counted=counted,
            at=at,
        )
        for edge in fields(Levels)
    }
    wanted = levels if at is None else (at,)
    return {month: Levels(**{name: by_month[month] for name, by_month in edges.items()}) for month in wanted}


def levels_recounted(
    rule: YtdRule | str, kept: Levels, counted: int, gained: Sequence[Levels], lost: Sequence[Levels]
) -> Levels:
    """``kept``, the levels of a year to date of ``counted`` months, when months are gained or lost.

    A sum or mean takes in (or gives up) the months' own levels; any other rule is held to its month's own, whatever
    counts. No other month's level is looked at: it may have changed since.
    """
    if YtdRule(rule) not in (YtdRule.ADDS_UP, YtdRule.MEAN):
        return kept
    months = counted + len(gained) - len(lost)
    if months < 1 or not (gained or lost):
        return kept

    def edge(name: str) -> Decimal | None:
        # Of no months the kept level is not a sum, and so is not part of it.
        before = getattr(kept, name) if counted else Decimal(0)
        more, less = [getattr(one, name) for one in gained], [getattr(one, name) for one in lost]
        if before is None or None in more or None in less:
            return None
        mean = YtdRule(rule) is YtdRule.MEAN
        whole = before * (counted if mean else 1) + sum(more, Decimal(0)) - sum(less, Decimal(0))
        return CALCULATION.divide(whole, Decimal(months)) if mean else CALCULATION.plus(whole)

    return Levels(**{one.name: edge(one.name) for one in fields(Levels)})
