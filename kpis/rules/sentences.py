"""How a KPI stands, in a plain sentence (framework C.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hdcperf.periods import Month
from hdcperf.rag import Direction, Movement, Rag
from kpis.rules.figures import Frequency, Headline, NothingToMeasure, format_figure, format_target
from kpis.rules.forecasts import Measure
from kpis.rules.typed import MAX_PLACES
from kpis.rules.year_to_date import Levels

__all__ = ["Standing", "position_as_at", "span", "standing_sentence"]


@dataclass(frozen=True)
class Standing:
    """How a KPI stands at a month: its headline figure, what it is judged by, and its forecast.

    ``value`` is the figure RAG judges (the month's or the year to date's, as ``headline`` says). ``name`` begins the
    sentence; a plural one takes *were*. ``months_in_arrears`` makes it *position as at*.
    """

    name: str
    month: Month
    measure: Measure
    direction: Direction
    value: Decimal | NothingToMeasure | None
    levels: Levels
    rag: Rag
    headline: Headline = Headline.MONTH
    forecast_rag: Rag | None = None
    forecast: Decimal | None = None
    is_plural: bool = False
    months_in_arrears: int = 0
    no_data_reason: str = ""
    movement: Movement = Movement.NONE


def standing_sentence(stands: Standing) -> str:
    """One plain sentence on how the KPI stands, then one on anything that would mislead without it."""
    headline = _headline(stands)
    forecast = _forecast(stands)
    sentence = f"{headline}; {forecast}" if forecast else headline
    return f"{sentence}."


def _headline(stands: Standing) -> str:
    when = _when(stands)
    have, were = ("have", "were") if stands.is_plural else ("has", "was")
    if stands.value is None:
        reason = stands.no_data_reason.strip().rstrip(".")
        because = f": {reason}" if reason else ""
        return f"{stands.name} {have} no figure {_for(when)}{because}"
    if isinstance(stands.value, NothingToMeasure):
        return f"{stands.name} had nothing to measure {when}"
    figure = f"{stands.name} {were} {_figure(stands, stands.value)} {when}"
    if stands.direction is Direction.NONE:
        return f"{figure}. This is shown for context and is not judged"
    if stands.levels.target is None:
        return f"{figure}. There is no target, so it is not judged"
    return f"{figure}, {_against_target(stands, stands.value)}{_moved(stands)}"


def _figure(stands: Standing, value: Decimal) -> str:
    """The figure rounded for showing, with more decimals where rounding would put it on an edge it is not on."""
    measure = stands.measure
    edges = [edge for edge in vars(stands.levels).values() if edge is not None and edge != value]
    for decimals in range(measure.decimals, MAX_PLACES):
        shown = format_figure(value, measure.unit, decimals)
        if all(shown != format_figure(edge, measure.unit, decimals) for edge in edges):
            return format_figure(value, measure.unit, decimals, measure.unit_label)
    return format_figure(value, measure.unit, MAX_PLACES, measure.unit_label)


def _moved(stands: Standing) -> str:
    """How it moved, with *though* where that goes against its colour."""
    if stands.movement not in (Movement.BETTER, Movement.WORSE):
        return ""
    against = stands.rag.is_off_target == (stands.movement is Movement.BETTER)
    return f", {'though' if against else 'and'} {stands.movement.label.lower()} than last time"


def _against_target(stands: Standing, value: Decimal) -> str:
    """How the figure lies to its target and intervention level, and so its colour."""
    so = f"so it is {stands.rag.label.lower()}"
    target = f"the target of {_shown(stands, stands.levels.target, stands.levels.target_upper)}"
    if stands.direction is Direction.RANGE:
        target = f"the target range of {_shown(stands, stands.levels.target, stands.levels.target_upper)}"
    if stands.rag is Rag.GREEN:
        return f"{_met(stands, value)} {target}, {so}"
    missed = f"outside {target}" if stands.direction is Direction.RANGE else f"worse than {target}"
    level = stands.levels.intervention
    if level is None:
        return f"{missed}, with no intervention level, {so}"
    shown = _shown(stands, level, stands.levels.intervention_upper)
    if stands.direction is Direction.RANGE:
        within = "within" if stands.rag is Rag.AMBER else "outside"
        return f"{missed} {'but' if stands.rag is Rag.AMBER else 'and'} {within} the limits of {shown}, {so}"
    if stands.rag is Rag.AMBER:
        side = "on" if value == level else "not past"
        return f"{missed} but {side} the intervention level of {shown}, {so}"
    return f"{missed} and past the intervention level of {shown}, {so}"


def _met(stands: Standing, value: Decimal) -> str:
    if stands.direction is Direction.RANGE:
        return "within"
    return "on" if value == stands.levels.target else "better than"


def _shown(stands: Standing, lower: Decimal | None, upper: Decimal | None) -> str:
    assert lower is not None
    # The unit's words stand beside the figure already; the target needs only its number and sign.
    return format_target(lower, upper, stands.measure.unit, stands.measure.decimals)


def _forecast(stands: Standing) -> str:
    if stands.forecast_rag is None:
        return ""
    if stands.forecast is None or stands.forecast_rag is Rag.NO_DATA:
        return "there is no year-end forecast"
    shown = stands.measure.show(stands.forecast)
    if stands.forecast_rag is Rag.NOT_JUDGED:
        return f"the year-end forecast is {shown}"
    return f"the year-end forecast is {stands.forecast_rag.label.lower()} ({shown})"


def _when(stands: Standing) -> str:
    if stands.months_in_arrears:
        return f"({position_as_at(stands.month)})"
    if stands.headline is Headline.YTD:
        return f"for the year to {stands.month}"
    return f"in {span(stands.month, stands.measure.frequency)}"


def _for(when: str) -> str:
    """``in October 2026`` after *no figure*: ``for October 2026``."""
    return f"for {when.removeprefix('in ')}" if when.startswith("in ") else when


def position_as_at(month: Month) -> str:
    """How a figure collected in arrears is headed: ``position as at August 2026``."""
    return f"position as at {month}"


def span(month: Month, frequency: Frequency | str) -> str:
    """The period a figure stored under ``month`` is about: the month, its quarter or its year."""
    if Frequency(frequency) is Frequency.QUARTERLY:
        return str(month.quarter)
    if Frequency(frequency) is Frequency.YEARLY:
        return str(month.financial_year)
    return str(month)
