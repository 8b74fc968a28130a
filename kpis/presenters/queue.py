"""The round's list, ready for the page: rows, tiles for each state, progress, and a service's own tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.ui import (
    Count,
    Link,
    Movement,
    Progress,
    Tag,
    TaskRow,
    count_of,
    day,
    mark_tag,
    rag_tag,
    short_day,
    state_tag,
)
from kpis.forms.review import STATES, in_state
from kpis.models import KpiYear, MonthlyReturn
from kpis.presenters.figures import movement_piece
from kpis.queries.duties import who_enters
from kpis.queries.queue import RoundRow, is_in
from kpis.rules.facts import upper_first
from kpis.rules.sentences import position_as_at

__all__ = [
    "QueueRow",
    "dates_words",
    "figure_words",
    "left_words",
    "month_links",
    "queue_rows",
    "state_counts",
    "task_rows",
    "totals",
]

State = MonthlyReturn.State
_TO_DO = (State.CHALLENGED, State.DRAFT, State.NOT_STARTED)


@dataclass(frozen=True)
class QueueRow:
    """One return as the list prints it."""

    code: str
    name: str
    href: str
    hint: str
    service: str
    state: Tag
    marks: tuple[Tag, ...]
    figure: str
    now: Tag | None
    forecast: Tag | None
    forecast_is: str
    movement: Movement | None
    flagged: str
    sent: str


def queue_rows(rows: Iterable[RoundRow], *, reviews: bool, keep: str = "") -> list[QueueRow]:
    """Each row for the page; ``keep`` is the filter in the address, carried to the review page."""
    return [_row(row, reviews, keep) for row in rows]


def _row(row: RoundRow, reviews: bool, keep: str) -> QueueRow:
    record, kpi_year = row.record, row.kpi_year
    shows = is_in(record)
    page = "return-review" if reviews and shows else "return"
    return QueueRow(
        code=kpi_year.code,
        name=kpi_year.name,
        href=reverse(page, args=[record.measured, kpi_year.code]) + (keep if page == "return-review" else ""),
        hint=upper_first(position_as_at(record.measured)) if kpi_year.months_in_arrears else "",
        service=kpi_year.service.name,
        state=state_tag(record.state),
        marks=tuple(mark_tag(name) for name in row.marks),
        figure=figure_words(row) if shows else "",
        now=rag_tag(row.rag) if shows else None,
        forecast=rag_tag(row.forecast_rag) if shows else None,
        forecast_is="Outturn" if shows and _is_last(kpi_year, record) else "",
        movement=movement_piece(kpi_year, row.previous, row.compared, row.levels) if shows else None,
        flagged=f"{row.findings} flagged, and explained" if row.findings else "",
        sent=f"{row.sent.who}, {short_day(row.sent.at)}" if row.sent else "",
    )


def figure_words(row: RoundRow) -> str:
    """The headline figure with its unit, or why there is none."""
    if row.record.no_data:
        return "No data"
    if row.record.nothing_to_measure:
        return "Nothing to measure"
    return row.kpi_year.figure(row.headline) or "No figure"


def _is_last(kpi_year: KpiYear, record: MonthlyReturn) -> bool:
    return record.measured == kpi_year.months[-1]


def state_counts(rows: list[RoundRow], address: dict[str, str], chosen: str) -> list[Count]:
    """A tile for each state, with the address that shows it: ``address`` gives one by the state's name."""
    found = []
    for name, label in STATES.items():
        number = sum(in_state(row, name) for row in rows)
        found.append(Count(number, label, address[name], current=chosen == name))
    return found


def totals(rows: list[RoundRow]) -> Progress:
    """How many of the round are in."""
    return Progress(sum(is_in(row.record) for row in rows), len(rows), "returns in")


def dates_words(period: ReportingPeriod, today: date) -> str:
    """When the round opens, falls due and locks, in a sentence."""
    if today < period.opens_on:
        return f"Opens on {day(period.opens_on)}, due on {day(period.due_on)}, locks after {day(period.locks_on)}."
    verb = "Was due" if today > period.due_on else "Due"
    if period.is_locked(today):
        return f"{verb} on {day(period.due_on)}. It locked after {day(period.locks_on)}."
    return f"{verb} on {day(period.due_on)}. It locks after {day(period.locks_on)}."


def task_rows(rows: Iterable[RoundRow], *, enters: bool) -> list[TaskRow]:
    """What a service still has to do in the round: challenges first, then drafts, then what is not started.

    Those who only answer for the service (not ``enters``) are told whom to ask.
    """
    waiting = [row for row in rows if row.record.state in _TO_DO and not row.with_board]
    waiting.sort(key=lambda row: (_TO_DO.index(State(row.record.state)), row.kpi_year.code_key))
    asked = {} if enters else who_enters(row.record.kpi_year_id for row in waiting)
    return [_task(row, enters, asked.get(row.record.kpi_year_id, "")) for row in waiting]


def _task(row: RoundRow, enters: bool, entered_by: str) -> TaskRow:
    record, kpi_year = row.record, row.kpi_year
    verb = {State.CHALLENGED: "Answer a challenge about", State.DRAFT: "Finish"}.get(State(record.state), "Start")
    assert record.period is not None
    late = clock.today() > record.period.due_on
    return TaskRow(
        title=f"{verb} {kpi_year.code} {kpi_year.name}" if enters else f"{kpi_year.code} {kpi_year.name}",
        href=reverse("return", args=[record.measured, kpi_year.code]),
        status=state_tag(record.state),
        hint=f"{kpi_year.service.name}: {entered_by}" if entered_by else kpi_year.service.name,
        due=f"{'Was due' if late else 'By'} {day(record.period.due_on)}" if record.state != State.CHALLENGED else "",
        marks=tuple(mark_tag(name) for name in row.marks if name in ("locked", "lock lifted")),
    )


def left_words(rows: list[RoundRow], mine: list[RoundRow]) -> str:
    """What is left to check, in a sentence."""
    waiting = sum(row.waits_for_the_team for row in rows)
    if not waiting:
        return "Nothing is waiting to be checked."
    own = waiting - len(mine)
    rest = f" ({own} you cannot accept: a colleague must)" if own else ""
    return f"{count_of(waiting, 'return')} to check{rest}."


def month_links(month_rounds: Iterable[ReportingPeriod], current: ReportingPeriod) -> list[Link]:
    """The rounds beside this one, newest first."""
    return [
        Link(str(one), reverse("returns", args=[one.month]), current=one.pk == current.pk) for one in month_rounds
    ]
