"""The chart of a KPI's year: figures, target steps, last year, events and breaks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from hdcperf.charts import Break, Event, Forecast, KpiChart, Level, Point
from hdcperf.periods import Month
from hdcperf.ui import day, state_tag
from kpis.models import KpiYear, TargetSet
from kpis.presenters.figures import bare_figure
from kpis.queries.figures import Figure, KpiFigures, Source
from kpis.queries.kpi_page import KpiHistory, Neighbour
from kpis.queries.trends import comparable
from kpis.queries.years import levels_of
from kpis.rules.figures import Frequency, Headline, Unit, YtdRule, format_target
from kpis.rules.sentences import span
from kpis.rules.year_to_date import Levels

__all__ = [
    "chart_level",
    "kpi_chart",
    "period_label",
    "period_word",
    "short_label",
    "shows_ytd",
    "two_ways",
    "unit_words",
]

ON_ONE_SCALE = (YtdRule.LATEST.value, YtdRule.MEAN.value, YtdRule.WEIGHTED.value)
"""Rules whose year-end forecast can be drawn beside the months themselves."""


def two_ways(kpi_year: KpiYear) -> bool:
    """Whether the months and the year to date differ, so that there is something to switch between."""
    return kpi_year.ytd_rule != YtdRule.LATEST.value and kpi_year.frequency != Frequency.YEARLY.value


def shows_ytd(kpi_year: KpiYear, asked: str) -> bool:
    """Which figures the address asks for: ``ytd`` or ``month``, else the headline's."""
    if not two_ways(kpi_year) or asked not in (Headline.YTD.value, Headline.MONTH.value):
        return kpi_year.headline == Headline.YTD.value
    return asked == Headline.YTD.value


def kpi_chart(history: KpiHistory, links: list[Neighbour], ytd: bool, current: Month) -> KpiChart:
    """The year's months as points; ``current`` is the month we are in, not yet over."""
    kpi_year = history.kpi_year
    prefix, suffix = unit_words(kpi_year)
    return KpiChart(
        title=f"{kpi_year.name}, {'year to date' if ytd else 'each ' + period_word(kpi_year)}",
        points=tuple(_point(history, month, ytd, current) for month in history.seen.facts.expected),
        prefix=prefix,
        suffix=suffix,
        decimals=kpi_year.decimals,
        this_label=str(kpi_year.financial_year),
        last_label=str(kpi_year.financial_year.previous),
        events=(*_happened(history), *_target_steps(history)),
        breaks=tuple(_breaks(history, links)),
        forecast=_forecast(history.seen, ytd),
    )


def unit_words(kpi_year: KpiYear) -> tuple[str, str]:
    """What stands before and after a figure on a chart."""
    unit = Unit(kpi_year.unit)
    words = "days" if unit is Unit.DAYS and not kpi_year.unit_label else kpi_year.unit_label
    return "£" if unit is Unit.CURRENCY else "", "%" if unit is Unit.PERCENTAGE else f" {words}" if words else ""


def period_word(kpi_year: KpiYear) -> str:
    """What one point of the KPI's chart is about: a month, a quarter or a year."""
    return {"monthly": "month", "quarterly": "quarter", "yearly": "year"}[kpi_year.frequency]


def period_label(kpi_year: KpiYear, month: Month) -> str:
    """The label of the point whose period holds ``month``."""
    return span(month, kpi_year.frequency)


def short_label(kpi_year: KpiYear, month: Month) -> str:
    """The same under the axis."""
    return f"Q{month.quarter.number}" if kpi_year.frequency == Frequency.QUARTERLY.value else month.name[:3]


def _point(history: KpiHistory, month: Month, ytd: bool, current: Month) -> Point:
    kpi_year = history.kpi_year
    figure = history.seen.by_month.get(month)
    drawn = figure is not None and (figure.stands or "disputed" in figure.marks)
    value = _value(figure, ytd) if figure is not None and drawn else None
    is_headline = ytd == (kpi_year.headline == Headline.YTD.value)
    return Point(
        label=period_label(kpi_year, month),
        short=short_label(kpi_year, month),
        value=value,
        rag=figure.rag.label if figure is not None and value is not None and is_headline else "",
        marks="".join(name[0] for name in ("revised", "provisional", "disputed") if figure and name in figure.marks)
        if value is not None
        else "",
        level=chart_level(_levels(history.seen, month, figure if drawn else None, ytd)),
        last_year=_last_year(history, month, ytd),
        missing=_missing(history, month, figure, current, ytd),
    )


def _value(figure: Figure, ytd: bool) -> Decimal | None:
    if not figure.has_figure:
        return None
    return figure.ytd_figure if ytd else figure.month_figure


def _levels(seen: KpiFigures, month: Month, figure: Figure | None, ytd: bool) -> Levels:
    """What the point is held to: as frozen where it was judged, else the target that governs the month."""
    kpi_year = seen.kpi_year
    if figure is not None and figure.headline_is_ytd == ytd:
        return figure.judged_by
    if ytd:
        return seen.facts.ytd_levels(month)
    # A running total's monthly targets are totals too, so its single months have none.
    return Levels() if kpi_year.ytd_rule == YtdRule.RUNNING_TOTAL.value else seen.facts.month_levels(month)


def chart_level(levels: Levels) -> Level | None:
    """The target and intervention level of a point; None where there is no target."""
    if levels.target is None:
        return None
    return Level(levels.target, levels.intervention, levels.target_upper, levels.intervention_upper)


def _last_year(history: KpiHistory, month: Month, ytd: bool) -> Decimal | None:
    before = history.before
    if before is None or not comparable(before.kpi_year, history.kpi_year):
        return None
    figure = before.by_month.get(month - 12)
    return _value(figure, ytd) if figure is not None and figure.stands else None


def _missing(history: KpiHistory, month: Month, figure: Figure | None, current: Month, ytd: bool) -> str:
    """What the table says where nothing is drawn."""
    kpi_year = history.kpi_year
    if figure is not None and figure.source is Source.WORKING:
        state = state_tag(figure.state).text
        return f"{bare_figure(kpi_year, _value(figure, ytd))} ({state.lower()})" if figure.has_figure else state
    if figure is not None:
        return "Nothing to measure" if figure.nothing_to_measure else "No data"
    if month + kpi_year.months_in_arrears >= current:
        return "Not yet due"
    return "Not accepted yet" if history.sees_more_than_issued else "Not issued"


def _happened(history: KpiHistory) -> Iterator[Event]:
    for one in history.events:
        yield Event(period_label(history.kpi_year, Month.from_date(one.month)), one.sentence)


def _target_steps(history: KpiHistory) -> Iterator[Event]:
    """Where a later target began to govern: who approved it, so that the step explains itself."""
    facts = history.seen.facts
    for before, after in pairwise(dict.fromkeys(facts.governing(month) for month in facts.expected)):
        if after is None or before is None:
            continue
        first = next(month for month in facts.expected if facts.governing(month) == after)
        yield Event(
            period_label(history.kpi_year, first),
            f"The target for the year changed from {_year_target(history, before)} to "
            f"{_year_target(history, after)} ({after.approved_by}, {day(after.approved_on)})",
        )


def _year_target(history: KpiHistory, one: TargetSet) -> str:
    levels = levels_of(one)
    if levels.target is None:
        return "none"
    kpi_year = history.kpi_year
    return format_target(levels.target, levels.target_upper, kpi_year.unit, kpi_year.decimals)


def _forecast(seen: KpiFigures, ytd: bool) -> Forecast | None:
    """The newest year-end forecast, where it is on the scale of the points and the year is not over."""
    latest = seen.latest()
    if latest is None or latest.forecast is None or latest.ends_the_year:
        return None
    if not ytd and seen.kpi_year.ytd_rule not in ON_ONE_SCALE:
        return None
    return Forecast(latest.forecast, latest.forecast_rag.label)


def _breaks(history: KpiHistory, links: list[Neighbour]) -> Iterator[Break]:
    """Where figures stop being comparable: a changed definition, or one measure ending and another beginning."""
    kpi_year = history.kpi_year
    first = history.seen.facts.expected[0]
    before = history.before.kpi_year if history.before is not None else None
    if before is not None and not comparable(before, kpi_year):
        yield Break(period_label(kpi_year, first), "It is measured differently from the year before")
    elif before is not None and before.definition.strip() != kpi_year.definition.strip():
        yield Break(period_label(kpi_year, first), "The definition changed from the year before")
    for one in links:
        if one.kind == "predecessor":
            yield from _after_the_end(kpi_year, one, f"It replaced {one.kpi_year.code} {one.kpi_year.name}")
        elif one.kind == "successor" and kpi_year.kpi.ended_after is not None:
            month = Month.from_date(kpi_year.kpi.ended_after).next
            yield Break(period_label(kpi_year, month), f"{one.kpi_year.code} {one.kpi_year.name} replaced it")


def _after_the_end(kpi_year: KpiYear, one: Neighbour, words: str) -> Iterator[Break]:
    ended = kpi_year.kpi.predecessor.ended_after if kpi_year.kpi.predecessor is not None else None
    if ended is not None:
        yield Break(period_label(kpi_year, Month.from_date(ended).next), words)
