"""The board's page of a month: a row for each KPI, and what is missing, disputed or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from hdcperf.rag import Rag
from hdcperf.ui import Link, Movement, Tag, mark_tag, promise, rag_tag
from kpis.models import KpiYear
from kpis.presenters.figures import (
    figure_words,
    mark_tags,
    movement_piece,
    stands,
    trend_line,
    when_words,
)
from kpis.presenters.kpi import track_record
from kpis.queries.board import BoardKpi
from kpis.queries.figures import Figure
from kpis.queries.trends import compares_months
from kpis.rules.figures import format_target
from kpis.rules.year_to_date import Levels

__all__ = [
    "BoardRow",
    "Missing",
    "Shift",
    "UnderChallenge",
    "board_rows",
    "in_board_order",
    "missing",
    "shifts",
    "under_challenge",
]

NOT_YET = "Not accepted yet"
NOT_DUE = "Not due"


@dataclass(frozen=True)
class BoardRow:
    """One KPI on the page."""

    code: str
    name: str
    href: str
    service: str
    trend: SafeString
    figure: str
    when: str
    target: str
    now: Tag
    forecast: Tag | None
    movement: Movement
    marks: tuple[Tag, ...]
    sentence: str
    notes: tuple[str, ...]


def in_board_order(kpis: list[BoardKpi], sort: str) -> list[BoardKpi]:
    """Worst first unless another order is asked for; within it by code."""

    def rank(one: BoardKpi) -> int:
        if one.rag is not None:
            return one.rag.rank
        return Rag.AMBER.rank if one.disputed else len(Rag)

    keys = {
        "rag": lambda one: (rank(one), one.kpi_year.code_key),
        "code": lambda one: one.kpi_year.code_key,
        "service": lambda one: (one.kpi_year.service.name.casefold(), one.kpi_year.code_key),
    }
    return sorted(kpis, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))


def address(kpi_year: KpiYear) -> str:
    return reverse("kpi", args=[kpi_year.financial_year, kpi_year.code])


def board_rows(kpis: list[BoardKpi], doing: Mapping[int, dict[str, Any]]) -> list[BoardRow]:
    return [_row(one, doing) for one in kpis]


def _row(one: BoardKpi, doing: Mapping[int, dict[str, Any]]) -> BoardRow:
    kpi_year, figure = one.kpi_year, one.figure
    before = one.before.figure if one.before is not None else None
    return BoardRow(
        code=kpi_year.code,
        name=kpi_year.name,
        href=address(kpi_year),
        service=kpi_year.service.name,
        trend=trend_line(kpi_year, one.past, one.measured, one.rag),
        figure=figure_words(kpi_year, figure) if figure is not None else "",
        when=when_words(kpi_year, one.measured) if figure is not None else "",
        target=_target(kpi_year, figure.judged_by) if figure is not None else "",
        now=_now(one),
        forecast=rag_tag(figure.forecast_rag) if figure is not None and figure.stands else None,
        movement=movement_piece(kpi_year, before, _compared(one), _levels(one)),
        marks=_marks(one),
        sentence=_sentence(one),
        notes=tuple(_notes(one, doing)),
    )


_MARKS = frozenset(mark_tag(name).text for name in ("disputed", "revised", "provisional", "imported"))


def _marks(one: BoardKpi) -> tuple[Tag, ...]:
    """What is said beside its RAG, but not what stands in its place already."""
    now = _now(one)
    return tuple(tag for tag in mark_tags(one.figure) if tag.text in _MARKS and tag != now) if one.figure else ()


def _target(kpi_year: KpiYear, levels: Levels) -> str:
    """The target it was judged by, without its unit, which stands beside the figure."""
    if levels.target is None:
        return "No target"
    return format_target(levels.target, levels.target_upper, kpi_year.unit, kpi_year.decimals)


def _now(one: BoardKpi) -> Tag:
    if one.rag is not None:
        return rag_tag(one.rag)
    if one.disputed:
        return mark_tag("disputed")
    return rag_tag(NOT_YET if one.in_round is not None else NOT_DUE)


def _compared(one: BoardKpi) -> Any:
    if one.figure is None or not one.figure.stands:
        return None
    return one.figure.month_figure if compares_months(one.kpi_year) else one.figure.ytd_figure


def _levels(one: BoardKpi) -> Levels:
    return one.figure.judged_by if one.figure is not None else Levels()


def _sentence(one: BoardKpi) -> str:
    """How it stands, without its name, which heads the row; or what it last was while this month's is not in."""
    if one.figure is not None and one.figure.stands:
        return stands(one.kpi_year, one.figure, name="It")
    if one.figure is not None:
        return "The board is asked to decide. This figure is not counted until then."
    latest = _latest(one)
    if latest is None:
        return "It has no accepted figure yet."
    when = when_words(one.kpi_year, latest.month)
    return f"Last accepted figure: {figure_words(one.kpi_year, latest)} ({when}), {latest.rag.label.lower()}."


def _latest(one: BoardKpi) -> Figure | None:
    months = [month for month, figure in one.year.items() if figure.stands and month <= one.measured]
    return one.year[max(months)] if months else None


def _notes(one: BoardKpi, doing: Mapping[int, dict[str, Any]]) -> list[str]:
    """What is being done about an amber or red, and what the year's forecasts have been worth."""
    notes = []
    promised = doing.get(one.figure.record_id) if one.figure is not None else None
    if promised and promised["being_done"]:
        notes.append(f"Being done: {promise(promised['being_done'], promised['done_by'], promised['done_owner'])}")
    if one.counts:
        notes += track_record({month: figure for month, figure in one.year.items() if month <= one.measured})
    return notes


@dataclass(frozen=True)
class Shift:
    """A KPI whose RAG changed since its last figure."""

    code: str
    name: str
    href: str
    before: Tag
    now: Tag
    movement: Movement


def shifts(kpis: list[BoardKpi]) -> tuple[list[Shift], dict[str, int]]:
    """Those whose RAG changed, worst now first; and how many got better, worse or stayed, in words' order."""
    changed = []
    counts = {"better": 0, "worse": 0, "same": 0}
    for one in in_board_order(kpis, "rag"):
        before, now, kpi_year = one.before, one.rag, one.kpi_year
        if before is None or now is None:
            continue
        piece = movement_piece(kpi_year, before.figure, _compared(one), _levels(one))
        if piece.word in counts:
            counts[piece.word] += 1
        if before.rag is not now:
            tags = (rag_tag(before.rag), rag_tag(now))
            changed.append(Shift(kpi_year.code, kpi_year.name, address(kpi_year), *tags, piece))
    return changed, counts


@dataclass(frozen=True)
class Missing:
    """A return that is not accepted yet: whose it is and how far it has got."""

    code: str
    name: str
    href: str
    service: str
    where: str
    tags: tuple[Tag, ...]


_WHERE = {
    "not_started": "Not yet with the Performance Team",
    "draft": "Not yet with the Performance Team",
    "submitted": "Being checked",
    "challenged": "The Performance Team has asked the service a question",
}


def missing(kpis: list[BoardKpi], today: date) -> list[Missing]:
    """The returns due that are not accepted, those still to come in first."""
    found = []
    waiting = [one for one in kpis if one.in_round is not None and one.in_round.state in _WHERE and not one.counts]
    for one in sorted(waiting, key=lambda each: (each.in_round.is_in, each.kpi_year.code_key)):  # type: ignore[union-attr]
        state = one.in_round
        assert state is not None
        late = not state.is_in and state.due_on is not None and today > state.due_on
        where = "With the board" if state.escalated else _WHERE[state.state]
        tags = (mark_tag("late"),) if late else ()
        kpi_year = one.kpi_year
        found.append(Missing(kpi_year.code, kpi_year.name, address(kpi_year), kpi_year.service.name, where, tags))
    return found


@dataclass(frozen=True)
class UnderChallenge:
    """A return under challenge. The figure and the dialogue are only for those who may see a disputed figure."""

    code: str
    name: str
    service: str
    figure: str
    tags: tuple[Tag, ...]
    dialogue: Link | None


def under_challenge(kpis: list[BoardKpi]) -> list[UnderChallenge]:
    return [
        _challenged(one) for one in kpis if one.in_round is not None and one.in_round.challenged and not one.counts
    ]


def _challenged(one: BoardKpi) -> UnderChallenge:
    kpi_year, state = one.kpi_year, one.in_round
    assert state is not None
    dialogue = None
    if one.disputed:
        dialogue = Link(
            "Read the dialogue", reverse("ruling", args=[one.measured, kpi_year.code]), hint=f"about {kpi_year.code}"
        )
    tags = (mark_tag("disputed"), mark_tag("escalated")) if state.escalated else (Tag("Under challenge", "magenta"),)
    return UnderChallenge(
        code=kpi_year.code,
        name=kpi_year.name,
        service=kpi_year.service.name,
        figure=figure_words(kpi_year, one.figure) if one.figure is not None else "",
        tags=tags,
        dialogue=dialogue,
    )
