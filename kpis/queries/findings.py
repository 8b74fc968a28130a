"""The checks of one return: what it lacks, what is impossible, and what is still to be answered (framework C.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db.models import QuerySet

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.rag import Direction
from hdcperf.review.findings import unanswered
from kpis.models import KpiYear, MonthlyReturn
from kpis.queries.assessing import KNOWN, Assessment, Figures, as_figure, assess
from kpis.queries.years import YearFacts, load_years
from kpis.rules.checks import Check, ReturnFacts, basic_checks, submission_errors
from kpis.rules.figures import Entry, Frequency, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import MonthFigure

__all__ = [
    "HISTORY_MONTHS",
    "ReturnContext",
    "Typed",
    "checks",
    "load_context",
    "measure_of",
    "outstanding",
    "return_facts",
    "submission_problems",
]

HISTORY_MONTHS = 24
"""How many months before the one measured the checks and the page look back; more would make old KPIs dearer."""


class Typed(Figures, Protocol):
    """A return, or what somebody is typing into it: the figures and the words."""

    @property
    def no_data_reason(self) -> str: ...
    @property
    def no_data_until(self) -> date | None: ...
    @property
    def what_happened(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def being_done(self) -> str: ...
    @property
    def done_by(self) -> date | None: ...
    @property
    def done_owner(self) -> str: ...


@dataclass(frozen=True)
class ReturnContext:
    """A return with its KPI's year and the months before it, read once."""

    record: MonthlyReturn
    facts: YearFacts
    earlier: tuple[MonthlyReturn, ...]
    whole: bool = True
    """Whether every month is here, not only those an outsider to the return may see."""

    @property
    def kpi_year(self) -> KpiYear:
        return self.facts.kpi_year

    @property
    def measured(self) -> Month:
        return self.record.measured

    @property
    def previous(self) -> tuple[MonthFigure, ...]:
        """The earlier months' figures that count: submitted, challenged or accepted."""
        return tuple(as_figure(one.measured, one) for one in self.earlier if one.state in KNOWN)

    def month(self, measured: Month) -> MonthlyReturn | None:
        """The return of an earlier month, or None."""
        return next((one for one in self.earlier if one.measured == measured), None)


def load_context(record: MonthlyReturn, among: QuerySet[MonthlyReturn] | None = None) -> ReturnContext:
    """Read what the page and the checks need of a return, in a fixed number of queries.

    ``among`` are the returns the reader may see, where that is not all of the KPI's: those who work on it see its
    past, whoever worked on it then.
    """
    rows = MonthlyReturn.objects.all() if among is None else among
    first = record.measured - HISTORY_MONTHS
    earlier = (
        rows.filter(kpi=record.kpi_id, month__gte=first.first_day, month__lt=record.month)
        .select_related("kpi_year")
        .order_by("-month")
    )
    facts = load_years([record.kpi_year], among)[record.kpi_year_id]
    return ReturnContext(record, facts, tuple(earlier), among is None)


def measure_of(kpi_year: KpiYear) -> Measure:
    """The facts of a KPI's year that the calculations need."""
    return Measure(
        rule=YtdRule(kpi_year.ytd_rule),
        unit=Unit(kpi_year.unit),
        rate_per=kpi_year.rate_per,
        decimals=kpi_year.decimals,
        unit_label=kpi_year.unit_label,
        frequency=Frequency(kpi_year.frequency),
        minimum=kpi_year.minimum,
        maximum=kpi_year.maximum,
        first_month=kpi_year.year_starts_in,
    )


def forecast_is_needed(context: ReturnContext) -> bool:
    """The year's last month has its outturn instead, and a figure that is only context is not forecast."""
    is_context_only = context.kpi_year.direction == Direction.NONE.value
    return not is_context_only and context.measured != context.facts.expected[-1]


def return_facts(context: ReturnContext, typed: Typed, standing: Assessment) -> ReturnFacts:
    """What the checks read of ``typed``, which stands as ``standing``."""
    kpi_year = context.kpi_year
    return ReturnFacts(
        month=context.measured,
        measure=measure_of(kpi_year),
        direction=Direction(kpi_year.direction),
        entry=Entry(kpi_year.entry),
        value=_plain(typed.value),
        numerator=_plain(typed.numerator),
        denominator=_plain(typed.denominator),
        numerator_label=kpi_year.numerator_label,
        denominator_label=kpi_year.denominator_label,
        no_data=typed.no_data,
        no_data_reason=typed.no_data_reason,
        no_data_until=typed.no_data_until,
        previous=context.previous,
        rag=standing.rag,
        what_happened=typed.what_happened,
        why=typed.why,
        being_done=typed.being_done,
        done_by=typed.done_by,
        done_owner=typed.done_owner,
        forecast=_plain(typed.forecast),
        forecast_needed=forecast_is_needed(context),
        forecast_rag=standing.forecast_rag,
        year_target=standing.year_levels.target,
        year_target_upper=standing.year_levels.target_upper,
        today=clock.today(),
    )


def _plain(figure: Decimal | None) -> Decimal | None:
    """The figure without the noughts its column added, so that checks and sentences see what was typed."""
    return None if figure is None else figure.normalize() + Decimal(0)


def checks(
    context: ReturnContext, typed: Typed, standing: Assessment | None = None
) -> tuple[list[Check], list[Check]]:
    """What stops submission (missing or impossible), and what asks for a sentence."""
    standing = standing or assess(context.facts, context.measured, typed)
    facts = return_facts(context, typed, standing)
    found = basic_checks(facts)
    stops = [*submission_errors(facts), *(one for one in found if one.is_error)]
    return stops, [one for one in found if not one.is_error]


def submission_problems(record: MonthlyReturn) -> list[Check]:
    """What must be put right before ``record`` can be submitted."""
    return checks(load_context(record), record)[0]


def outstanding(record: MonthlyReturn) -> list[Check]:
    """What the checks ask of ``record`` and nobody has answered yet; an answer stands while the sentence does."""
    return unanswered(record, checks(load_context(record), record)[1])
