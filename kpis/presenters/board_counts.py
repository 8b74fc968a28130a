"""How many KPIs stand how, now and at the year end: overall, and by priority, outcome, portfolio and service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from hdcperf.charts import rag_bar
from hdcperf.periods import Month
from hdcperf.rag import Rag
from hdcperf.ui import Count, Progress, count_of, rag_tag
from kpis.presenters.board import NOT_DUE, NOT_YET
from kpis.queries.board import BoardKpi, BoardMonth

__all__ = ["Breakdown", "Overall", "breakdowns", "completeness", "overall", "progress"]

BAR = 380
"""Width a bar is drawn for: a third of the page, or a telephone's."""
JUDGED = (Rag.GREEN, Rag.AMBER, Rag.RED)
WORDS = (*(rag.label for rag in (*JUDGED, Rag.NO_DATA, Rag.NOT_JUDGED)), NOT_YET, NOT_DUE)


def _now(one: BoardKpi) -> str:
    if one.rag is not None:
        return one.rag.label
    return NOT_YET if one.in_round is not None else NOT_DUE


def _forecast(one: BoardKpi) -> str:
    if one.figure is not None and one.figure.stands:
        return one.figure.forecast_rag.label
    return NOT_YET if one.in_round is not None else NOT_DUE


def _counted(kpis: Iterable[BoardKpi], word: Callable[[BoardKpi], str]) -> dict[str, int]:
    counts = dict.fromkeys(WORDS, 0)
    for one in kpis:
        counts[word(one)] += 1
    return counts


@dataclass(frozen=True)
class Overall:
    """Both counts as bars and as rows of a table: word, now, forecast."""

    now: SafeString
    forecast: SafeString
    rows: tuple[tuple[object, int, int], ...]
    tiles: tuple[Count, ...]


def overall(kpis: list[BoardKpi], month: Month, link: Callable[[str], str]) -> Overall:
    """``link`` gives the address that leaves only the KPIs of one RAG on the page."""
    now, forecast = _counted(kpis, _now), _counted(kpis, _forecast)
    used = [word for word in WORDS if now[word] or forecast[word]]
    return Overall(
        now=rag_bar({word: now[word] for word in used}, title=f"Now, {month}", width=BAR),
        forecast=rag_bar({word: forecast[word] for word in used}, title="Year-end forecast", width=BAR),
        rows=tuple((rag_tag(word), now[word], forecast[word]) for word in used),
        tiles=tuple(Count(now[rag.label], rag_tag(rag), link(rag.value)) for rag in JUDGED),
    )


@dataclass(frozen=True)
class Line:
    """One priority, outcome, portfolio or service: how many KPIs, and how they stand now and at the year end.

    ``heads`` the lines under it, whose numbers it adds up.
    """

    name: str
    total: int
    now: tuple[int, int, int, int]
    forecast: tuple[int, int, int, int]
    heads: bool = False


@dataclass(frozen=True)
class Breakdown:
    """The lines of one way of grouping."""

    heading: str
    caption: str
    table_id: str
    lines: tuple[Line, ...]


Grouping = Callable[[BoardKpi], tuple[object, str]]


def _priority(one: BoardKpi) -> tuple[object, str]:
    outcome = one.kpi_year.outcome
    return (float("inf"), "No priority") if outcome is None else (outcome.priority.number, outcome.priority.name)


def _outcome(one: BoardKpi) -> tuple[object, str]:
    outcome = one.kpi_year.outcome
    return (float("inf"), "No outcome") if outcome is None else (outcome.number, outcome.name)


def _portfolio(one: BoardKpi) -> tuple[object, str]:
    portfolio = one.kpi_year.portfolio
    return ("~", "No portfolio") if portfolio is None else (portfolio.name.casefold(), portfolio.name)


def _service(one: BoardKpi) -> tuple[object, str]:
    service = one.kpi_year.service
    return service.name.casefold(), service.name


def breakdowns(kpis: list[BoardKpi]) -> list[Breakdown]:
    """By the Corporate Plan, each priority over its outcomes; by portfolio; by service."""
    return [
        Breakdown("Priority and outcome", "By priority and outcome", "by-plan", _plan_lines(kpis)),
        Breakdown("Portfolio", "By portfolio", "by-portfolio", _lines(_portfolio, kpis)),
        Breakdown("Service", "By service", "by-service", _lines(_service, kpis)),
    ]


def _plan_lines(kpis: list[BoardKpi]) -> tuple[Line, ...]:
    found: list[Line] = []
    for name, of_priority in _grouped(_priority, kpis):
        found.append(_line(name, of_priority, heads=True))
        found += _lines(_outcome, [one for one in of_priority if one.kpi_year.outcome is not None])
    return tuple(found)


def _grouped(way: Grouping, kpis: list[BoardKpi]) -> list[tuple[str, list[BoardKpi]]]:
    groups: dict[tuple[object, str], list[BoardKpi]] = {}
    for one in kpis:
        groups.setdefault(way(one), []).append(one)
    return [(key[1], groups[key]) for key in sorted(groups, key=lambda key: key[0])]  # type: ignore[arg-type, return-value]


def _lines(way: Grouping, kpis: list[BoardKpi]) -> tuple[Line, ...]:
    return tuple(_line(name, of_group) for name, of_group in _grouped(way, kpis))


def _line(name: str, kpis: list[BoardKpi], *, heads: bool = False) -> Line:
    return Line(name, len(kpis), _four(_counted(kpis, _now)), _four(_counted(kpis, _forecast)), heads)


def _four(counts: dict[str, int]) -> tuple[int, int, int, int]:
    """Green, amber, red, and everything else."""
    green, amber, red = (counts[rag.label] for rag in JUDGED)
    return green, amber, red, sum(counts.values()) - green - amber - red


def progress(board: BoardMonth) -> Progress:
    due = board.due
    return Progress(sum(one.in_round is not None and one.in_round.is_in for one in due), len(due), "returns in")


def completeness(board: BoardMonth) -> str:
    """How much of the month this page rests on."""
    due = board.due
    accepted = sum(one.counts for one in due)
    disputed = sum(one.in_round is not None and one.in_round.escalated for one in due)
    parts = [f"{accepted} accepted"]
    if disputed:
        parts.append(f"{count_of(disputed, 'figure')} in dispute, shown but not counted")
    waiting = len(board.kpis) - len(due)
    if waiting:
        parts.append(f"{count_of(waiting, 'KPI')} with nothing due this month")
    return "; ".join(parts) + "."
