"""A KPI as a pack prints it (framework C.2.3, *Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from dataquality.models import Comparator
from hdcperf.charts import KpiChart, describe
from hdcperf.control import Control
from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag, movement
from hdcperf.ui import day
from kpis.models import KpiYear
from kpis.presenters.figures import bare_figure, stands
from kpis.presenters.kpi import recoveries, track_record
from kpis.presenters.kpi_chart import kpi_chart
from kpis.queries.board import BoardKpi
from kpis.queries.figures import Figure as Seen
from kpis.queries.kpi_page import KpiHistory
from kpis.queries.trends import comparable, compares_months
from kpis.rules.figures import Entry, Frequency, Headline, Unit, format_figure, format_target
from kpis.rules.sentences import position_as_at, span
from kpis.rules.year_to_date import Levels as JudgedBy
from reports.gathering.reading import NOT_HANDED_IN, KpiRead, Sources
from reports.packs.items import FrozenKpi
from reports.packs.pieces import (
    Colour,
    Comparison,
    Figure,
    Levels,
    Movement,
    Passage,
    Promise,
    Revised,
    Status,
)

__all__ = ["beside_companion", "breaks_of", "colour_of", "kpi_of", "missing_because"]

PROMISES_SHOWN = 2
"""Promises of earlier months printed beside an amber or a red: did the last remedies work?"""


def colour_of(rag: Rag) -> Colour:
    return Colour(rag.value, rag.label)


def kpi_of(read: KpiRead, sources: Sources) -> FrozenKpi:
    """The KPI as it stands at the end of the period; without an accepted figure it says why, and is not judged."""
    board, history = read.board, read.past.history
    kpi_year = history.kpi_year
    figure = _figure(read)
    chart = _chart(read, sources)
    common = FrozenKpi(
        code=kpi_year.code,
        reference=kpi_year.kpi.reference,
        title=kpi_year.name,
        period=span(board.measured, kpi_year.frequency),
        service=kpi_year.service.name,
        control=Control(kpi_year.control).word,
        direction=Direction(kpi_year.direction).label,
        headline=kpi_year.headline,
        status=Status(colour_of(Rag.NO_DATA)),
        address=reverse("kpi", args=[kpi_year.financial_year, kpi_year.code]),
        definition=kpi_year.definition,
        why=kpi_year.why,
        why_target=_target_reason(history, board.measured)[0],
        target_approved=_target_reason(history, board.measured)[1],
        unit=_unit_words(kpi_year),
        portfolio=kpi_year.portfolio.name if kpi_year.portfolio else "",
        frequency=Frequency(kpi_year.frequency).label,
        position=_position(board, sources),
        comparisons=tuple(_comparisons(kpi_year, sources.comparators.get(kpi_year.kpi_id, []))),
        chart=chart,
        notes=tuple(f"{event.label}: {event.sentence}" for event in chart.events) if chart is not None else (),
        revisions=tuple(_revisions(history)),
    )
    if figure is None:
        because = missing_because(board, sources)
        return replace(
            common,
            missing=because,
            sentence=f"{kpi_year.name} has no accepted figure for {common.period}. {because}.",
            month=Figure(None, "No accepted figure"),
            ytd=Figure(None, "No accepted figure"),
            forecast=Figure(None, "None"),
        )
    return _with_figure(common, history, figure, sources)


def _figure(read: KpiRead) -> Seen | None:
    figure = read.past.history.seen.by_month.get(read.board.measured)
    return figure if figure is not None and figure.stands else None


def missing_because(board: BoardKpi, sources: Sources) -> str:
    """Why there is no figure the pack may hold, and whose turn it is."""
    stage = board.in_round
    if stage is None:
        return "None is due for this period"
    if stage.state in NOT_HANDED_IN:
        return f"Not handed in yet by {board.kpi_year.service.name}"
    if stage.escalated and not sources.audience.is_public:
        return "In dispute before the board"
    return "Not accepted yet: it is being checked"


def _with_figure(common: FrozenKpi, history: KpiHistory, figure: Seen, sources: Sources) -> FrozenKpi:
    kpi_year = history.kpi_year
    before = _before(history, figure.month - sources.step)
    record = history.seen.facts.returns.get(figure.month)
    ends = figure.ends_the_year
    return replace(
        common,
        status=Status(
            colour_of(figure.rag),
            None if ends else colour_of(figure.forecast_rag),
            colour_of(before.rag) if before is not None else None,
        ),
        sentence=stands(kpi_year, figure),
        month=_month(kpi_year, figure),
        ytd=Figure(figure.ytd_figure, kpi_year.figure(figure.ytd_figure) or "No figure"),
        levels=levels_of(kpi_year, figure.judged_by),
        forecast=Figure(None if ends else figure.forecast, _forecast_words(kpi_year, figure)),
        year_levels=levels_of(kpi_year, history.seen.facts.year_levels(figure.month)),
        movement=_movement(kpi_year, before, figure),
        track_record=tuple(track_record(history.seen.by_month)),
        commentary=tuple(_commentary(figure)),
        recovery=_recovery(figure, sources, kpi_year),
        promised_before=tuple(_promised(history, figure, sources)),
        companions=tuple(_companions(kpi_year, record)),
        marks=figure.marks,
    )


def _month(kpi_year: KpiYear, figure: Seen) -> Figure:
    if figure.nothing_to_measure:
        return Figure(None, "Nothing to measure")
    if figure.no_data:
        return Figure(None, "No data")
    return Figure(figure.month_figure, kpi_year.figure(figure.month_figure) or "No figure")


def _forecast_words(kpi_year: KpiYear, figure: Seen) -> str:
    if figure.ends_the_year:
        return "The year is over"
    return kpi_year.figure(figure.forecast) or "None"


def levels_of(kpi_year: KpiYear, judged: JudgedBy) -> Levels:
    """A target and intervention level, as numbers and as they are printed."""

    def words(lower: Decimal | None, upper: Decimal | None) -> str:
        return "" if lower is None else format_target(lower, upper, kpi_year.unit, kpi_year.decimals)

    return Levels(
        target=judged.target,
        intervention=judged.intervention,
        target_upper=judged.target_upper,
        intervention_upper=judged.intervention_upper,
        target_words=words(judged.target, judged.target_upper) or "No target",
        intervention_words=words(judged.intervention, judged.intervention_upper),
    )


def _before(history: KpiHistory, month: Month) -> Seen | None:
    """The figure of the period compared with, in this year or a comparable last one."""
    found = history.seen.by_month.get(month)
    if found is None and history.before is not None and comparable(history.before.kpi_year, history.kpi_year):
        found = history.before.by_month.get(month)
    return found if found is not None and found.stands else None


def _movement(kpi_year: KpiYear, before: Seen | None, now: Seen) -> Movement:
    """Better or worse than the period before; where a year to date only grows, the months are compared."""
    if before is None:
        return Movement()
    months = compares_months(kpi_year)
    old = before.month_figure if months else before.ytd_figure
    new = now.month_figure if months else now.ytd_figure
    band = now.judged_by if kpi_year.direction == Direction.RANGE.value else JudgedBy()
    moved = movement(old, new, Direction(kpi_year.direction), band.target, band.target_upper)
    if old is None or new is None:
        return Movement()
    since = span(before.month, kpi_year.frequency)
    if old == new:
        return Movement(moved.value, f"No change since {since}")
    way = f"{'up' if new > old else 'down'} {_by(kpi_year, abs(new - old))} since {since}"
    word = moved.label if moved.value in ("better", "worse", "same") else ""
    return Movement(moved.value, f"{word}: {way}" if word else f"{way[:1].upper()}{way[1:]}")


def _by(kpi_year: KpiYear, size: Decimal) -> str:
    if size < Decimal(5).scaleb(-kpi_year.decimals - 1):
        return "slightly"
    if Unit(kpi_year.unit) is Unit.PERCENTAGE:
        return f"{format_figure(size, Unit.NUMBER, kpi_year.decimals)} points"
    return format_figure(size, kpi_year.unit, kpi_year.decimals)


def _commentary(figure: Seen) -> Iterator[Passage]:
    words = figure.commentary
    for heading, said in (
        ("Why there is no figure", figure.no_data_reason),
        ("What happened", words.what_happened),
        ("Why", words.why),
    ):
        if said.strip():
            yield Passage(heading, said)
    if words.being_done.strip() and not figure.rag.is_off_target:
        yield Passage("What is being done", words.being_done)


def _recovery(figure: Seen, sources: Sources, kpi_year: KpiYear) -> Promise | None:
    words = figure.commentary
    if not figure.rag.is_off_target or not (words.being_done or words.done_by or words.done_owner):
        return None
    owner = sources.posts.in_place_of(words.done_owner, f"An officer of {kpi_year.service.name}")
    return Promise(words.being_done, words.done_by, owner)


def _promised(history: KpiHistory, figure: Seen, sources: Sources) -> Iterator[Passage]:
    """What earlier ambers and reds promised, and whether it was done."""
    if not figure.rag.is_off_target:
        return
    earlier = [one for one in recoveries(history, sources.today) if one.month != str(figure.month)]
    for one in earlier[:PROMISES_SHOWN]:
        by = f" (by {one.due})" if one.due else ""
        came = f" {one.words}" if one.words else ""
        yield Passage(one.month, f"{one.promised.rstrip('.')}{by}: {one.result.lower()}.{came}")


def _companions(kpi_year: KpiYear, record: object) -> Iterator[Passage]:
    """The parts a percentage or a rate is worked out from: how many out of how many."""
    if kpi_year.entry != Entry.PARTS.value or record is None:
        return
    for label, value in (
        (kpi_year.numerator_label, getattr(record, "numerator", None)),
        (kpi_year.denominator_label, getattr(record, "denominator", None)),
    ):
        if value is not None:
            yield Passage(label, format_figure(value, Unit.NUMBER, 0 if value == value.to_integral_value() else 2))


def beside_companion(kpi: FrozenKpi, companion: FrozenKpi | None) -> FrozenKpi:
    """The KPI with what the pack prints of the one that gives it context: its judged figure, and of when it is."""
    if companion is None:
        return kpi
    judged = companion.ytd if companion.headline == Headline.YTD.value else companion.month
    said = f"{judged.words or 'No figure'}, {companion.period}"
    if companion.headline == Headline.YTD.value and judged.value is not None:
        said = f"{judged.words} for the year to {companion.period}"
    beside = Passage(f"Beside it, {companion.code} {companion.title}", said)
    return replace(kpi, companions=(*kpi.companions, beside))


def _comparisons(kpi_year: KpiYear, rows: list[Comparator]) -> Iterator[Comparison]:
    """The newest value of each series, with its source and how comparable it is."""
    for row in rows:
        newest = next(reversed(row.values.all()), None)
        if newest is None or newest.value is None:
            continue
        is_cost = row.group == Comparator.Group.UNIT_COST
        words = format_figure(newest.value, Unit.CURRENCY, 2) if is_cost else kpi_year.figure(newest.value)
        yield Comparison(
            row.name,
            row.get_group_display(),
            newest.period,
            Figure(newest.value, words),
            row.source,
            row.how_comparable,
        )


def _target_reason(history: KpiHistory, month: Month) -> tuple[str, str]:
    """Why the target is what it is, and who approved it."""
    governing = history.seen.facts.governing(month)
    if governing is None:
        return "", ""
    approved = governing.approved_by
    if governing.approved_on is not None and str(governing.approved_on.year) not in approved:
        approved = f"{approved}, {day(governing.approved_on)}"
    return governing.reason, approved


def _unit_words(kpi_year: KpiYear) -> str:
    label = Unit(kpi_year.unit).label
    return f"{label}, {kpi_year.unit_label}" if kpi_year.unit_label else label


def _position(board: BoardKpi, sources: Sources) -> str:
    return position_as_at(board.measured) if board.measured < sources.last_month else ""


def _chart(read: KpiRead, sources: Sources) -> KpiChart | None:
    """This year and last, with its text alternative; None where no month of either has a figure."""
    history = read.past.history
    ytd = history.kpi_year.headline == Headline.YTD.value
    made = kpi_chart(history, read.past.links, ytd, sources.last_month.next)
    if all(point.value is None and point.last_year is None for point in made.points):
        return None
    return replace(made, alt=describe(made))


def breaks_of(kpis: tuple[FrozenKpi, ...]) -> Iterator[Passage]:
    """Where a series breaks, for every KPI that has one."""
    for kpi in kpis:
        if kpi.chart is not None:
            for one in kpi.chart.breaks:
                yield Passage(f"{kpi.code} {kpi.title}", f"From {one.label}: {one.sentence}.")


def _revisions(history: KpiHistory) -> Iterator[Revised]:
    """The accepted revisions of the year's figures, newest first."""
    kpi_year = history.kpi_year
    for row in history.revisions:
        made = [one for one in row.transitions.all() if one.move == "accept"]
        yield Revised(
            code=kpi_year.code,
            title=kpi_year.name,
            of=str(Month.from_date(row.monthly_return.month)),
            old=bare_figure(kpi_year, row.old_figure),
            new=bare_figure(kpi_year, row.new_figure),
            old_colour=colour_of(Rag(row.old_rag)),
            new_colour=colour_of(Rag(row.new_rag)) if row.new_rag else None,
            kind=row.get_kind_display(),
            reason=row.reason,
            on=timezone.localdate(made[-1].at) if made else None,
        )
