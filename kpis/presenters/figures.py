"""A figure in words and pieces: what every page that shows figures prints of one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.safestring import SafeString

from hdcperf.charts import sparkline
from hdcperf.periods import Month, months_between
from hdcperf.rag import Direction, Rag, movement
from hdcperf.rag import Movement as Moved
from hdcperf.ui import Movement, Pair, Tag, mark_tag, rag_tag, state_tag
from kpis.models import KpiYear
from kpis.queries.figures import Figure, Source
from kpis.queries.findings import measure_of
from kpis.queries.trends import Past, compares_months
from kpis.rules.facts import upper_first
from kpis.rules.figures import NOTHING_TO_MEASURE, Headline, Unit, format_figure
from kpis.rules.sentences import Standing, position_as_at, span, standing_sentence
from kpis.rules.year_to_date import Levels

__all__ = [
    "NO_FIGURES",
    "bare_figure",
    "figure_words",
    "mark_tags",
    "measure_of",
    "moved",
    "movement_piece",
    "pair",
    "stands",
    "trend_line",
    "when_words",
]

NO_FIGURES = "No figures you can see"
TREND_MONTHS = 12


def figure_words(kpi_year: KpiYear, figure: Figure) -> str:
    """The headline figure with its unit, or why there is none."""
    if figure.nothing_to_measure:
        return "Nothing to measure"
    if figure.no_data:
        return "No data"
    return kpi_year.figure(figure.headline) or "No figure"


def bare_figure(kpi_year: KpiYear, value: Decimal | None) -> str:
    """A figure for a narrow column: without the words of its unit, which stand beside the figure itself."""
    return "No figure" if value is None else format_figure(value, kpi_year.unit, kpi_year.decimals)


def when_words(kpi_year: KpiYear, month: Month) -> str:
    """What period the headline is about: *October 2026*, *Year to October 2026*, *Position as at August 2026*."""
    if kpi_year.months_in_arrears:
        return upper_first(position_as_at(month))
    if kpi_year.headline == Headline.YTD.value:
        return f"Year to {month}"
    return span(month, kpi_year.frequency)


def pair(figure: Figure) -> Pair:
    """Now and the year-end forecast side by side; March has its outturn instead."""
    words = "Outturn" if figure.ends_the_year else "Year-end forecast"
    return Pair(rag_tag(figure.rag), rag_tag(figure.forecast_rag), words)


def mark_tags(figure: Figure) -> tuple[Tag, ...]:
    """Revised, disputed, provisional, imported; and the state of what is not accepted."""
    state = (state_tag(figure.state),) if figure.source is Source.WORKING else ()
    return (*state, *(mark_tag(mark) for mark in figure.marks))


def moved(kpi_year: KpiYear, previous: Decimal | None, current: Decimal | None, levels: Levels) -> Moved:
    """Better or worse than last time; a range is compared by its distance from the target band."""
    return movement(previous, current, Direction(kpi_year.direction), levels.target, levels.target_upper)


def movement_piece(
    kpi_year: KpiYear, previous: Decimal | None, current: Decimal | None, levels: Levels, *, detail: bool = True
) -> Movement:
    """The movement in words, with how far and the way the number went."""
    word = moved(kpi_year, previous, current, _band(kpi_year, levels))
    if previous is None or current is None:
        return Movement(word.value)
    change = current - previous
    arrow = "up" if change > 0 else "down" if change < 0 else ""
    words = f"{arrow} {_by(kpi_year, change)}{_since(kpi_year)}" if detail and arrow else ""
    return Movement(word.value, words, arrow)  # type: ignore[arg-type]


def _since(kpi_year: KpiYear) -> str:
    """Beside a sum to date, the months are compared: it has to be said, since the sum itself only grows."""
    return " month on month" if compares_months(kpi_year) and kpi_year.headline == Headline.YTD.value else ""


def _band(kpi_year: KpiYear, levels: Levels) -> Levels:
    """Only a range is compared with its target; the month's is not known where the year to date is judged."""
    return levels if kpi_year.direction == Direction.RANGE.value else Levels()


def _by(kpi_year: KpiYear, change: Decimal) -> str:
    size = abs(change)
    if size < Decimal(5).scaleb(-kpi_year.decimals - 1):
        return "slightly"
    if Unit(kpi_year.unit) is Unit.PERCENTAGE:
        return f"{format_figure(size, Unit.NUMBER, kpi_year.decimals)} points"
    return format_figure(size, kpi_year.unit, kpi_year.decimals)


def stands(kpi_year: KpiYear, figure: Figure, *, previous: Decimal | None = None, name: str = "") -> str:
    """The plain sentence on how the KPI stands at ``figure``, compared with ``previous`` where it is given.

    ``name`` begins it in place of the KPI's own.
    """
    judged = figure.judged_by
    value = NOTHING_TO_MEASURE if figure.nothing_to_measure else figure.headline if figure.has_figure else None
    return standing_sentence(
        Standing(
            name=name or kpi_year.name,
            month=figure.month,
            measure=measure_of(kpi_year),
            direction=Direction(kpi_year.direction),
            value=value,
            levels=judged,
            rag=figure.rag,
            headline=Headline(kpi_year.headline),
            forecast_rag=None if figure.ends_the_year else figure.forecast_rag,
            forecast=figure.forecast,
            months_in_arrears=kpi_year.months_in_arrears,
            no_data_reason=figure.no_data_reason,
            movement=moved(kpi_year, previous, _compared(kpi_year, figure), _band(kpi_year, judged)),
        )
    )


def _compared(kpi_year: KpiYear, figure: Figure) -> Decimal | None:
    """The figure a movement compares: the month's where the year to date only grows."""
    return figure.month_figure if compares_months(kpi_year) else figure.ytd_figure


def trend_line(kpi_year: KpiYear, past: Mapping[Month, Past], last: Month, rag: Rag | None = None) -> SafeString:
    """Twelve months to ``last`` as a line small enough for a table."""
    months = months_between(last - (TREND_MONTHS - 1), last)
    due = [month for month in months if month in past or kpi_year.frequency == "monthly"]
    values = [past[month].figure if month in past else None for month in due]
    known = [value for value in values if value is not None]
    if not known:
        return sparkline((), title="No figures yet")
    words = f"{len(known)} figures, from {kpi_year.figure(known[0])} to {kpi_year.figure(known[-1])}"
    return sparkline(values, rag.label if rag is not None else "", title=words)
