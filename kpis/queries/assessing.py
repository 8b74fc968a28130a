"""How a return stands: month, year to date, the target it is judged by, and both RAGs (framework E.1).

An accepted return is read from what was frozen on it; any other is worked out from what is entered so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from kpis.models import MonthlyReturn
from kpis.queries.years import YearFacts, levels_of, year_levels_of
from kpis.rules.figures import Headline, YtdRule
from kpis.rules.year_to_date import Levels, MonthFigure, YearToDate, year_to_date

__all__ = ["ACCEPTED", "KNOWN", "Assessment", "Figures", "as_figure", "assess", "figures_before"]

State = MonthlyReturn.State
KNOWN = frozenset({State.SUBMITTED.value, State.CHALLENGED.value, State.ACCEPTED.value})
"""The states whose figures count towards a year to date while a return is being entered."""
ACCEPTED = frozenset({State.ACCEPTED.value})
"""The states whose figures count towards a year to date that is frozen."""


class Figures(Protocol):
    """What is entered for a month: a return, or what somebody is typing."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def no_data(self) -> bool: ...
    @property
    def forecast(self) -> Decimal | None: ...


@dataclass(frozen=True)
class Assessment:
    """A return as it stands. Figures in the KPI's unit, unrounded; percentages 0 to 100.

    ``missing`` names the months so far without a figure, ``left_out`` those and the ones with nothing to measure.
    """

    measured: Month
    month_figure: Decimal | None
    has_figure: bool
    nothing_to_measure: bool
    no_data: bool
    ytd_figure: Decimal | None
    missing: tuple[Month, ...]
    left_out: tuple[Month, ...]
    headline_is_ytd: bool
    month_levels: Levels
    ytd_levels: Levels
    judged_by: Levels
    rag: Rag
    year_levels: Levels
    forecast: Decimal | None
    forecast_rag: Rag
    ends_the_year: bool = False
    awaiting_target: bool = False

    @property
    def headline(self) -> Decimal | None:
        """The figure the KPI's RAG is about: the month's, or the year to date."""
        return self.ytd_figure if self.headline_is_ytd else self.month_figure

    @property
    def judged_figure(self) -> Decimal | None:
        """The headline, or None when the month itself has no figure, whatever earlier months add up to."""
        return self.headline if self.has_figure else None


def as_figure(measured: Month, entered: Figures) -> MonthFigure:
    """What is entered for a month, as the rules take it."""
    return MonthFigure(measured, entered.value, entered.numerator, entered.denominator)


def figures_before(facts: YearFacts, measured: Month, counting: frozenset[str] = KNOWN) -> list[MonthFigure]:
    """The figures of the year's months before ``measured`` whose returns are in the states counted."""
    return [
        as_figure(month, record)
        for month, record in sorted(facts.returns.items())
        if month < measured and record.state in counting
    ]


def assess(
    facts: YearFacts, measured: Month, typed: Figures | None = None, *, counting: frozenset[str] = KNOWN
) -> Assessment:
    """Work out how ``measured`` stands, with ``typed`` (else its return) as that month's figures.

    ``counting`` says in which states an earlier month's return counts towards the year to date.
    """
    record = facts.returns.get(measured)
    if typed is None and record is not None and record.is_accepted:
        return _frozen(facts, record)
    return _worked_out(facts, measured, typed or record, counting)


def _to_date(facts: YearFacts, measured: Month, figures: Figures | None, counting: frozenset[str]) -> YearToDate:
    kpi_year = facts.kpi_year
    entered = [*figures_before(facts, measured, counting)]
    entered.append(as_figure(measured, figures) if figures is not None else MonthFigure(measured))
    made = year_to_date(
        YtdRule(kpi_year.ytd_rule),
        entered,
        kpi_year.unit,
        kpi_year.rate_per,
        first_month=kpi_year.year_starts_in,
        due=facts.expected,
    )
    return made[measured]


def _worked_out(facts: YearFacts, measured: Month, figures: Figures | None, counting: frozenset[str]) -> Assessment:
    kpi_year, direction = facts.kpi_year, Direction(facts.kpi_year.direction)
    found = _to_date(facts, measured, figures, counting)
    is_ytd = kpi_year.headline == Headline.YTD.value
    month_levels, ytd_levels = facts.month_levels(measured), facts.ytd_levels(measured, found.left_out)
    judged_by = ytd_levels if is_ytd else month_levels
    # A month without a figure has no RAG, whatever the earlier months of the year add up to.
    has_figure = (
        figures is not None
        and as_figure(measured, figures).figure(kpi_year.unit, kpi_year.rate_per) is not None
        and not found.nothing_to_measure
    )
    headline = (found.value if is_ytd else found.own) if has_figure else None
    is_last = measured == facts.expected[-1]
    forecast = found.value if is_last else (figures.forecast if figures is not None else None)
    year_levels = facts.year_levels(measured)
    return Assessment(
        measured=measured,
        month_figure=found.own,
        has_figure=has_figure,
        nothing_to_measure=found.nothing_to_measure,
        no_data=figures is not None and figures.no_data,
        ytd_figure=found.value,
        missing=found.missing,
        left_out=found.left_out,
        headline_is_ytd=is_ytd,
        month_levels=month_levels,
        ytd_levels=ytd_levels,
        judged_by=judged_by,
        rag=judged_by.judge(headline, direction),
        year_levels=year_levels,
        forecast=forecast,
        forecast_rag=year_levels.judge(forecast, direction),
        ends_the_year=is_last,
        awaiting_target=facts.is_awaiting_approval(measured),
    )


def _frozen(facts: YearFacts, record: MonthlyReturn) -> Assessment:
    measured = record.measured
    return Assessment(
        measured=measured,
        month_figure=record.month_figure,
        has_figure=not record.no_data and not record.nothing_to_measure,
        nothing_to_measure=record.nothing_to_measure,
        no_data=record.no_data,
        ytd_figure=record.ytd_figure,
        missing=(),
        left_out=(),
        headline_is_ytd=facts.kpi_year.headline == Headline.YTD.value,
        month_levels=facts.month_levels(measured),
        ytd_levels=facts.ytd_levels(measured),
        judged_by=levels_of(record),
        rag=Rag(record.rag),
        year_levels=year_levels_of(record),
        forecast=record.forecast,
        forecast_rag=Rag(record.forecast_rag or Rag.NO_DATA),
        ends_the_year=measured == facts.expected[-1],
    )
