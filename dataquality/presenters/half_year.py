"""The half-year review in rows: every KPI stretched or left, because; and one KPI's target with its decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from dataquality.forms.half_year import STANDINGS
from dataquality.models import TargetReview
from dataquality.queries.half_year import ReviewLine
from hdcperf.rag import Direction
from hdcperf.ui import Count, Link, SummaryRow, Tag, day, rag_tag
from kpis.presenters.standing import levels_words
from kpis.queries.years import levels_of
from kpis.rules.figures import format_target

__all__ = ["ReviewRow", "item_facts", "review_counts", "review_facts", "review_rows", "standing_tag"]

_COLOURS = {
    "open": "yellow",
    "left": "grey",
    "proposed": "blue",
    "back": "outline",
    "stretched": "teal",
    "changed": "purple",
}


def standing_tag(line: ReviewLine) -> Tag:
    return Tag(dict(STANDINGS)[line.standing], _COLOURS[line.standing])


@dataclass(frozen=True)
class ReviewRow:
    """One KPI: its target, how the year is forecast to end, and whether its target is stretched or left, because."""

    link: Link
    service: str
    target: str
    forecast: str
    rag: Tag | None
    beaten: bool
    standing: Tag
    change: str
    reason: str
    why: str
    authority: str


def review_rows(found: Iterable[ReviewLine]) -> list[ReviewRow]:
    return [_row(line) for line in found]


def _row(line: ReviewLine) -> ReviewRow:
    item, kpi_year = line.item, line.kpi_year
    made = line.past.forecast
    forecast = ""
    rag = None
    if made is not None and made.forecast is not None:
        forecast = format_target(made.forecast, None, kpi_year.unit, kpi_year.decimals)
        rag = rag_tag(line.past.levels.judge(made.forecast, Direction(kpi_year.direction)))
    return ReviewRow(
        link=Link(f"{kpi_year.code} {kpi_year.name}", item_href(line)),
        service=kpi_year.service.name,
        target=levels_words(kpi_year, line.past.levels),
        forecast=forecast,
        rag=rag,
        beaten=line.is_beaten,
        standing=standing_tag(line),
        change=change_words(line),
        reason=item.get_reason_display() if item.reason else "",
        why=item.why,
        authority=item.authority,
    )


def item_href(line: ReviewLine, name: str = "half-year-item") -> str:
    return reverse(name, args=[line.kpi_year.financial_year, line.kpi_year.code])


def change_words(line: ReviewLine) -> str:
    """To what, and from which month; empty where nothing changes."""
    made = line.change
    if made is None:
        return ""
    return f"{levels_words(line.kpi_year, levels_of(made))} from {made.start}"


def review_counts(found: Iterable[ReviewLine], href: Callable[[str, str | None], str]) -> list[Count]:
    """How many stand how; ``href`` gives the address with one filter set."""
    rows = list(found)
    at = [one.standing for one in rows]
    tiles = [
        (len(rows), "KPIs reviewed", href("standing", None)),
        *((at.count(value), label, href("standing", value)) for value, label in STANDINGS),
        (sum(one.is_beaten for one in rows), "Forecast to beat their target", href("beaten", "yes")),
    ]
    return [Count(number, label, address if number else "") for number, label, address in tiles]


def review_facts(record: TargetReview) -> list[SummaryRow]:
    return [SummaryRow("Opens on", day(record.opens_on)), SummaryRow("Last day to answer", day(record.closes_on))]


def item_facts(line: ReviewLine) -> list[SummaryRow]:
    """The target, how the year goes, and the answer with who gave it."""
    item, row = line.item, _row(line)
    decided = f"{item.decided_by_name}, {day(item.decided_on)}" if item.decided_on is not None else ""
    rows: list[tuple[str, object]] = [
        ("Target for the year", row.target),
        ("Forecast for the year end", row.forecast or "None yet"),
        ("The forecast would be", row.rag or ""),
        ("Answer", row.standing),
        ("Changed to", row.change),
        ("Reason", row.reason),
        ("In words", row.why),
        ("Allowed by", row.authority),
        ("Recorded by", decided),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]
