"""What the checks on a return read, and what they say (framework C.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from hdcperf.review.checks import Check, ask, error
from kpis.rules.figures import Entry, NothingToMeasure, Unit, format_figure, month_value
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import MonthFigure

__all__ = ["Check", "ReturnFacts", "ask", "error", "exact", "figure_field", "lower_first", "plain", "upper_first"]


@dataclass(frozen=True)
class ReturnFacts:
    """Everything the checks read. Figures in the measure's unit; ``previous`` are earlier months' entries.

    ``rag`` is what the return would be judged, and ``forecast_rag`` what its forecast would be. Labels are those
    of the two parts, for the sentences; ``forecast_needed`` is False for March, which has its outturn instead.
    """

    month: Month
    measure: Measure
    direction: Direction
    entry: Entry = Entry.VALUE
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    numerator_label: str = ""
    denominator_label: str = ""
    no_data: bool = False
    no_data_reason: str = ""
    no_data_until: date | None = None
    previous: tuple[MonthFigure, ...] = ()
    rag: Rag = Rag.NOT_JUDGED
    what_happened: str = ""
    why: str = ""
    being_done: str = ""
    done_by: date | None = None
    done_owner: str = ""
    forecast: Decimal | None = None
    forecast_needed: bool = True
    forecast_rag: Rag = Rag.NOT_JUDGED
    year_target: Decimal | None = None
    year_target_upper: Decimal | None = None
    today: date | None = None

    def __post_init__(self) -> None:
        # The database hands over plain words.
        for name, words in (("direction", Direction), ("entry", Entry), ("rag", Rag), ("forecast_rag", Rag)):
            object.__setattr__(self, name, words(getattr(self, name)))

    @property
    def figure(self) -> Decimal | NothingToMeasure | None:
        """The month's figure as entered, or worked out from its parts."""
        return month_value(
            self.entry,
            self.value,
            self.numerator,
            self.denominator,
            self.measure.unit,
            self.measure.rate_per,
        )

    @property
    def entered(self) -> MonthFigure:
        if self.entry is Entry.PARTS:
            return MonthFigure(self.month, None, self.numerator, self.denominator)
        return MonthFigure(self.month, self.value)

    @property
    def before(self) -> list[MonthFigure]:
        """Earlier months, oldest first, with or without a figure."""
        return sorted((one for one in self.previous if one.month < self.month), key=lambda one: one.month)

    @property
    def earlier(self) -> list[tuple[Month, Decimal]]:
        """Earlier months that have a figure, oldest first."""
        found = ((one.month, one.figure(self.measure.unit, self.measure.rate_per)) for one in self.before)
        return [(month, figure) for month, figure in found if isinstance(figure, Decimal)]

    @property
    def in_year(self) -> list[MonthFigure]:
        """This year's months, this one with them."""
        year = self.month.year_from(self.measure.first_month)
        return [*(one for one in self.before if one.month in year), self.entered]


def figure_field(facts: ReturnFacts) -> str:
    return "value" if facts.entry is Entry.VALUE else "numerator"


def plain(value: Decimal) -> str:
    """A count with thousands separators and only the decimals it has."""
    return format_figure(value, Unit.NUMBER, _places(value))


def exact(measure: Measure, value: Decimal) -> str:
    """The figure with as many decimals as were typed, so that the sentence shows what is wrong with it."""
    return format_figure(value, measure.unit, max(measure.decimals, min(_places(value), 6)), measure.unit_label)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]
