"""What is shown before the boxes: targets, last month, the same month last year, the chart, what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hdcperf.charts import Event, KpiChart, Point
from hdcperf.charts.present import ChartView, present
from hdcperf.periods import Month, months_between
from hdcperf.rag import Direction, Rag
from hdcperf.ui import by_whom, rag_tag
from kpis.models import Challenge, CommentaryExample, KpiEvent, KpiYear, MonthlyReturn
from kpis.operations.entering import Entry
from kpis.presenters.kpi_chart import chart_level, period_label, period_word, short_label, unit_words
from kpis.presenters.standing import Fact, levels_words, published_words
from kpis.queries.assessing import KNOWN, as_figure
from kpis.queries.findings import ReturnContext
from kpis.queries.templates import waivers_over
from kpis.queries.years import NO_LEVELS, YearFacts, load_years
from kpis.rules.figures import Frequency, NothingToMeasure, format_figure

__all__ = ["Background", "Example", "LastTime", "background"]

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class LastTime:
    """The last return before this one: its words, and the recovery action it promised."""

    record: MonthlyReturn
    month: str
    words: tuple[str, ...]
    promised: str
    promise_due: str
    outcome: str


@dataclass(frozen=True)
class Example:
    """An accepted commentary shown as a good one."""

    heading: str
    words: tuple[str, ...]
    why_good: str


@dataclass(frozen=True)
class Background:
    """Everything that is read before typing."""

    facts: tuple[Fact, ...]
    chart: ChartView
    last_time: LastTime | None
    lesson: str
    lesson_from: str
    examples: tuple[Example, ...]
    waivers: tuple[str, ...] = ()


def background(context: ReturnContext) -> Background:
    """Gather it in a fixed number of queries. Lessons and examples are for those who work on the return."""
    seen = tuple(one for one in context.earlier if one.state in KNOWN)
    others = {one.kpi_year_id: one.kpi_year for one in seen if one.kpi_year_id != context.kpi_year.pk}
    years = load_years(others.values())
    years[context.kpi_year.pk] = context.facts
    last = seen[0] if seen else None
    lesson = _lesson(context) if context.whole else None
    return Background(
        facts=tuple(_facts(context, seen, last)),
        chart=present(_chart(context, seen, years), "chart-months", hide_table=True),
        last_time=_last_time(last, whole=context.whole) if last is not None else None,
        lesson=lesson.lesson if lesson else "",
        lesson_from=str(lesson.monthly_return.measured) if lesson else "",
        examples=_examples(context) if context.whole else (),
        waivers=tuple(waivers_over(context.record)),
    )


def _facts(context: ReturnContext, seen: Iterable[MonthlyReturn], last: MonthlyReturn | None) -> Iterable[Fact]:
    kpi_year, measured, facts = context.kpi_year, context.measured, context.facts
    awaiting = facts.is_awaiting_approval(measured)
    yield Fact(f"Target for {measured}", levels_words(kpi_year, facts.month_levels(measured), awaiting))
    yield Fact("Target for the year", levels_words(kpi_year, facts.year_levels(measured), awaiting))
    year_ago = next((one for one in seen if one.measured == measured - 12), None)
    yield Fact(f"{measured - 12}", _figure_words(year_ago) if year_ago else "No figure")
    if last is None:
        return
    yield Fact(f"{last.measured}", _figure_words(last), rag_tag(last.rag) if last.is_accepted else None)
    if last.forecast is not None and last.kpi_year_id == kpi_year.pk:
        tag = rag_tag(last.forecast_rag) if last.is_accepted else None
        yield Fact(f"Forecast made in {last.measured.name}", _short(last, last.forecast), tag)


def _figure(record: MonthlyReturn) -> Decimal | NothingToMeasure | None:
    return as_figure(record.measured, record).figure(record.kpi_year.unit, record.kpi_year.rate_per)


def _figure_words(record: MonthlyReturn) -> str:
    figure = _figure(record)
    if isinstance(figure, NothingToMeasure):
        return "Nothing to measure"
    return _short(record, figure)


def _short(record: MonthlyReturn, figure: Decimal | None) -> str:
    """A figure without a long unit: the strip is about one measure, named above it."""
    if figure is None:
        return "No data"
    return format_figure(figure, record.kpi_year.unit, record.kpi_year.decimals)


def _chart(context: ReturnContext, seen: Iterable[MonthlyReturn], years: dict[int, YearFacts]) -> KpiChart:
    """The twelve months before this one, and this one when it has a figure that may be seen."""
    kpi_year, measured = context.kpi_year, context.measured
    by_month = {one.measured: one for one in seen}
    if context.whole or context.record.is_accepted:
        by_month[measured] = context.record
    numbers = Frequency(kpi_year.frequency).months
    months = [
        one
        for one in months_between(measured - MONTHS_SHOWN, measured)
        if (one.month - kpi_year.year_starts_in) % 12 + 1 in numbers
    ]
    prefix, suffix = unit_words(kpi_year)
    return KpiChart(
        title=f"{kpi_year.name}, each {period_word(kpi_year)}",
        points=tuple(_point(month, by_month, years, context) for month in months),
        prefix=prefix,
        suffix=suffix,
        decimals=kpi_year.decimals,
        this_label="Figure",
        last_label="A year before",
        events=tuple(_events(kpi_year, months)),
    )


def _point(
    month: Month, by_month: dict[Month, MonthlyReturn], years: dict[int, YearFacts], context: ReturnContext
) -> Point:
    record, year_ago = by_month.get(month), by_month.get(month - 12)
    figure = _figure(record) if record else None
    value = figure if isinstance(figure, Decimal) else None
    facts = next((one for one in years.values() if month in one.kpi_year.financial_year), None)
    levels = facts.month_levels(month) if facts else NO_LEVELS
    before = _figure(year_ago) if year_ago else None
    missing = "Nothing to measure" if isinstance(figure, NothingToMeasure) else "No data"
    if record is None and not context.whole:
        missing = "Not accepted"
    rag = levels.judge(value, Direction(context.kpi_year.direction)) if value is not None else Rag.NO_DATA
    return Point(
        label=period_label(context.kpi_year, month),
        short=short_label(context.kpi_year, month),
        value=value,
        rag=rag.label,
        level=chart_level(levels),
        last_year=before if isinstance(before, Decimal) else None,
        missing="This month" if month == context.measured and record is context.record else missing,
    )


def _events(kpi_year: KpiYear, months: list[Month]) -> Iterable[Event]:
    """What happened in the periods that end with ``months``: a quarter's chart shows its three months' events."""
    if not months:
        return
    first = months[0] - (12 // len(Frequency(kpi_year.frequency).months) - 1)
    found = KpiEvent.objects.filter(
        touches__kpi=kpi_year.kpi_id, month__range=(first.first_day, months[-1].first_day)
    ).order_by("month", "pk")
    for one in found:
        yield Event(period_label(kpi_year, Month.from_date(one.month)), one.sentence)


def _last_time(record: MonthlyReturn, *, whole: bool) -> LastTime:
    outcome = getattr(record, "recovery_outcome", None)
    if outcome is not None and not whole and outcome.is_a_draft:
        outcome = None
    return LastTime(
        record=record,
        month=str(record.measured),
        words=published_words(Entry.of(record)),
        promised=record.being_done,
        promise_due=by_whom(record.done_by, record.done_owner),
        outcome=str(outcome or ""),
    )


def _lesson(context: ReturnContext) -> Challenge | None:
    """What was agreed to be done differently when a challenge last changed this KPI's figure."""
    found: Challenge | None = (
        Challenge.objects.filter(
            monthly_return__kpi=context.record.kpi_id,
            monthly_return__month__lt=context.record.month,
            state=Challenge.State.CLOSED,
        )
        .exclude(lesson="")
        .select_related("monthly_return")
        .order_by("-closed_at")
        .first()
    )
    return found


def _examples(context: ReturnContext) -> tuple[Example, ...]:
    """The newest accepted commentaries chosen as good ones, this KPI's own left out."""
    chosen = (
        CommentaryExample.objects.exclude(monthly_return__kpi=context.record.kpi_id)
        .filter(monthly_return__state=MonthlyReturn.State.ACCEPTED)
        .select_related("monthly_return__kpi_year")
        .order_by("-pk")[:2]
    )
    return tuple(
        Example(
            heading=f"{one.monthly_return.kpi_year.name}, {one.monthly_return.measured}",
            words=published_words(Entry.of(one.monthly_return)),
            why_good=one.why_good,
        )
        for one in chosen
    )
