"""How a return stands: month, year to date, the target it is judged by, and both RAGs (framework E.1).

An accepted return is read from what was frozen on it; any other is worked out from what is entered so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag, judge
from kpis.models import KpiYear, MonthlyReturn
from kpis.queries.years import Levels, YearFacts, levels_of, load_years
from kpis.rules.figures import Headline, NothingToMeasure, YtdRule, month_value
from kpis.rules.year_to_date import MonthFigure, year_to_date

__all__ = ["KNOWN", "Assessment", "Figures", "assess", "assess_many", "month_figure_of"]

State = MonthlyReturn.State
KNOWN = frozenset({State.SUBMITTED.value, State.CHALLENGED.value, State.ACCEPTED.value})
"""The states whose figures count towards a year to date while a return is being entered."""
ACCEPTED = frozenset({State.ACCEPTED.value})
"""The states whose figures count towards a year to date that is frozen."""


class Figures(Protocol):
    """What is entered for a month: a return, or what somebody is typing."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    no_data: bool
    forecast: Decimal | None


@dataclass(frozen=True)
class Assessment:
    """A return as it stands. Figures in the KPI's unit, unrounded; percentages 0 to 100."""

    measured: Month
    month_figure: Decimal | None
    nothing_to_measure: bool
    no_data: bool
    ytd_figure: Decimal | None
    missing: tuple[Month, ...]
    headline_is_ytd: bool
    month_levels: Levels
    ytd_levels: Levels
    judged_by: Levels
    rag: Rag
    year_levels: Levels
    forecast: Decimal | None
    forecast_rag: Rag
    awaiting_target: bool = False

    @property
    def headline(self) -> Decimal | None:
        """The figure the RAG judges."""
        return self.ytd_figure if self.headline_is_ytd else self.month_figure


def _judge(actual: Decimal | None, levels: Levels, direction: str) -> Rag:
    return judge(
        actual,
        levels.target,
        levels.intervention,
        Direction(direction),
        levels.target_upper,
        levels.intervention_upper,
    )


def _month_figure(kpi_year: KpiYear, measured: Month, figures: Figures) -> MonthFigure:
    return MonthFigure(
        month=measured,
        value=month_value(
            kpi_year.entry,
            figures.value,
            figures.numerator,
            figures.denominator,
            kpi_year.unit,
            kpi_year.rate_per,
        ),
        numerator=figures.numerator,
        denominator=figures.denominator,
    )


def month_figure_of(kpi_year: KpiYear, figures: Figures) -> Decimal | None:
    """The month's own figure (for a running total, what was entered), or None."""
    found = month_value(
        kpi_year.entry, figures.value, figures.numerator, figures.denominator, kpi_year.unit, kpi_year.rate_per
    )
    return None if isinstance(found, NothingToMeasure) else found


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


def _worked_out(
    facts: YearFacts, measured: Month, figures: Figures | None, counting: frozenset[str]
) -> Assessment:
    kpi_year = facts.kpi_year
    entered = [
        _month_figure(kpi_year, month, record)
        for month, record in sorted(facts.returns.items())
        if month < measured and record.state in counting
    ]
    if figures is not None:
        entered.append(_month_figure(kpi_year, measured, figures))
    result = year_to_date(
        YtdRule(kpi_year.ytd_rule),
        entered,
        unit=kpi_year.unit,
        rate_per=kpi_year.rate_per,
        frequency=kpi_year.frequency,
        up_to=measured,
    )[measured]
    is_ytd = kpi_year.headline == Headline.YTD.value
    month_levels, ytd_levels = facts.month_levels(measured), facts.ytd_levels(measured)
    judged_by = ytd_levels if is_ytd else month_levels
    year_levels = facts.year_levels(measured)
    no_data = figures is not None and figures.no_data
    # A month without a figure has no RAG, whatever the earlier months of the year add up to.
    headline = (result.to_date if is_ytd else result.month) if result.month is not None else None
    is_last = measured == kpi_year.financial_year.months[-1]
    forecast = result.to_date if is_last else (figures.forecast if figures is not None else None)
    return Assessment(
        measured=measured,
        month_figure=result.month,
        nothing_to_measure=figures is not None and figures.denominator == 0,
        no_data=no_data,
        ytd_figure=result.to_date,
        missing=result.missing,
        headline_is_ytd=is_ytd,
        month_levels=month_levels,
        ytd_levels=ytd_levels,
        judged_by=judged_by,
        rag=_judge(headline, judged_by, kpi_year.direction),
        year_levels=year_levels,
        forecast=forecast,
        forecast_rag=_judge(forecast, year_levels, kpi_year.direction),
        awaiting_target=facts.is_awaiting_approval(measured),
    )


def _frozen(facts: YearFacts, record: MonthlyReturn) -> Assessment:
    measured = record.measured
    return Assessment(
        measured=measured,
        month_figure=record.month_figure,
        nothing_to_measure=record.nothing_to_measure,
        no_data=record.no_data,
        ytd_figure=record.ytd_figure,
        missing=(),
        headline_is_ytd=facts.kpi_year.headline == Headline.YTD.value,
        month_levels=facts.month_levels(measured),
        ytd_levels=facts.ytd_levels(measured),
        judged_by=levels_of(record),
        rag=Rag(record.rag),
        year_levels=facts.year_levels(measured),
        forecast=record.forecast,
        forecast_rag=Rag(record.forecast_rag or Rag.NO_DATA),
    )


def assess_many(records: list[MonthlyReturn]) -> dict[int, Assessment]:
    """How each of ``records`` stands, by its id, in a fixed number of queries. Select ``kpi_year`` with them."""
    facts = load_years({record.kpi_year_id: record.kpi_year for record in records}.values())
    return {record.pk: assess(facts[record.kpi_year_id], record.measured) for record in records}
