"""The kinds of KPI the benchmark's council has, and the figures, targets and judgement of a year of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from random import Random

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction
from kpis.models import MonthlyReturn
from kpis.operations.freezing import as_stored, put_levels, put_year_levels
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule
from kpis.rules.year_to_date import Levels, MonthFigure, year_to_date

__all__ = ["KINDS", "Kind", "Measured"]

PARTS_COUNTED = 200


@dataclass(frozen=True)
class Kind:
    """One way to measure. The levels are a month's."""

    unit: Unit
    rule: YtdRule
    direction: Direction
    levels: Levels
    decimals: int = 0
    entry: Entry = Entry.VALUE

    @property
    def headline(self) -> Headline:
        return Headline.default(self.rule)

    def levels_after(self, months: int) -> Levels:
        """The levels of what adds up, after so many months; the month's own for every other kind."""
        if self.rule not in (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL):
            return self.levels
        edges = asdict(self.levels).items()
        return Levels(**{name: None if level is None else level * months for name, level in edges})

    def target_of_month(self, months: int) -> Levels:
        """What the monthly target row of the year's so-manieth month holds: to date only for a running total."""
        return self.levels_after(months) if self.rule is YtdRule.RUNNING_TOTAL else self.levels

    def judged_by(self, months: int) -> Levels:
        return self.levels_after(months) if self.headline is Headline.YTD else self.levels


def _levels(*numbers: int) -> Levels:
    return Levels(*map(Decimal, numbers))


KINDS = (
    Kind(Unit.NUMBER, YtdRule.ADDS_UP, Direction.HIGHER, _levels(400, 380)),
    Kind(Unit.PERCENTAGE, YtdRule.WEIGHTED, Direction.HIGHER, _levels(85, 80), 1, Entry.PARTS),
    Kind(Unit.DAYS, YtdRule.MEAN, Direction.LOWER, _levels(20, 22), 1),
    Kind(Unit.CURRENCY, YtdRule.RUNNING_TOTAL, Direction.HIGHER, _levels(10_000, 9_500)),
    Kind(Unit.NUMBER, YtdRule.LATEST, Direction.RANGE, _levels(40, 36, 44, 48)),
    Kind(Unit.NUMBER, YtdRule.LATEST, Direction.NONE, Levels()),
)


@dataclass(frozen=True)
class Measured:
    """One KPI's figures in one year; the same KPI and year always give the same."""

    number: int
    year: FinancialYear

    @property
    def kind(self) -> Kind:
        return KINDS[self.number % len(KINDS)]

    @property
    def frequency(self) -> Frequency:
        return Frequency.QUARTERLY if self.number % 10 == 9 else Frequency.MONTHLY

    @property
    def arrears(self) -> int:
        return 1 if self.number % 12 == 5 else 0

    @property
    def months(self) -> list[Month]:
        """The months of the year that have a figure."""
        months = self.year.months
        return [months[number - 1] for number in self.frequency.months]

    def returns(self, until: Month) -> Iterator[MonthlyReturn]:
        """The year's returns up to ``until``, with figures and the judgement each would be accepted with."""
        months = [month for month in self.months if month <= until]
        figures = list(self._figures(months))
        in_a_year = len(self.frequency.months)
        to_date = year_to_date(self.kind.rule, figures, self.kind.unit, frequency=self.frequency)
        for place, figure in enumerate(figures, start=1):
            found = to_date[figure.month]
            record = MonthlyReturn(month=figure.month.first_day)
            record.month_figure, record.ytd_figure = as_stored(found.own), as_stored(found.value)
            record.value, record.numerator, record.denominator = figure.value, figure.numerator, figure.denominator
            self._judge(record, place, self.kind.levels_after(in_a_year))
            yield record

    def _figures(self, months: list[Month]) -> Iterator[MonthFigure]:
        chance = Random(self.number * 10_000 + self.year.start_year)
        total = Decimal(0)
        for month in months:
            usual = self.kind.levels.target or Decimal(60)
            value = (usual * chance.randint(90, 112) / 100).quantize(Decimal(1))
            total += value
            if self.kind.entry is Entry.PARTS:
                part = Decimal(chance.randint(150, 190))
                yield MonthFigure(month, numerator=part, denominator=Decimal(PARTS_COUNTED))
            elif self.kind.rule is YtdRule.RUNNING_TOTAL:
                yield MonthFigure(month, total)
            else:
                yield MonthFigure(month, value)

    def _judge(self, record: MonthlyReturn, place: int, year_levels: Levels) -> None:
        kind, judged_by = self.kind, self.kind.judged_by(place)
        headline = record.ytd_figure if kind.headline is Headline.YTD else record.month_figure
        put_levels(record, judged_by)
        record.rag = judged_by.judge(headline, kind.direction).value
        record.forecast = year_levels.target
        put_year_levels(record, year_levels)
        record.forecast_rag = year_levels.judge(record.forecast, kind.direction).value
