"""The round's list, ready for the page: rows, tiles for each state, progress, and a service's own tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.review.queue import is_in
from hdcperf.review.queue_page import Owed, task_rows
from hdcperf.ui import Link, Movement, Tag, TaskRow, mark_tag, rag_tag, short_day, state_tag
from kpis.models import KpiYear, MonthlyReturn
from kpis.presenters.figures import movement_piece
from kpis.queries.duties import who_enters
from kpis.queries.queue import RoundRow
from kpis.rules.facts import upper_first
from kpis.rules.sentences import position_as_at

__all__ = ["QueueRow", "figure_words", "month_links", "owed_by_service", "queue_rows", "review_link"]


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


def owed_by_service(rows: Iterable[RoundRow], *, enters: bool) -> list[TaskRow]:
    """What a service still has to do in the round; those who only answer for it (not ``enters``) see whom to ask."""
    asked = {} if enters else who_enters(row.record.kpi_year_id for row in rows)
    return task_rows(
        rows,
        lambda row: Owed(
            f"{row.kpi_year.code} {row.kpi_year.name}",
            reverse("return", args=[row.record.measured, row.kpi_year.code]),
            enters,
            asked.get(row.record.kpi_year_id, ""),
        ),
    )


def review_link(text: str, row: RoundRow, keep: str) -> Link:
    """The link to a row's review page."""
    address = reverse("return-review", args=[row.record.measured, row.kpi_year.code]) + keep
    return Link(text, address, hint=f"return to check: {row.kpi_year.code} {row.kpi_year.name}")


def month_links(month_rounds: Iterable[ReportingPeriod], current: ReportingPeriod | None) -> list[Link]:
    """The rounds beside this one, newest first."""
    return [
        Link(str(one), reverse("returns", args=[one.month]), current=current is not None and one.pk == current.pk)
        for one in month_rounds
    ]
