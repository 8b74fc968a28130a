"""How a return would stand, in words: asked of the server while somebody types, and printed on every return page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hdcperf.rag import Direction, Rag
from hdcperf.ui import Pair, Tag, day, figure, promise, rag_tag
from kpis.models import KpiYear
from kpis.operations.entering import Entry
from kpis.queries.assessing import Assessment
from kpis.queries.findings import ReturnContext, forecast_is_needed, return_facts
from kpis.rules.checks import Check, ReturnFacts, basic_checks
from kpis.rules.figures import format_target
from kpis.rules.forecasts import Suggestion, suggestions
from kpis.rules.needed import Reach, what_it_would_take
from kpis.rules.year_to_date import Levels

__all__ = [
    "Fact",
    "FiguresPanel",
    "ForecastPanel",
    "SuggestionRow",
    "figures_panel",
    "forecast_panel",
    "levels_words",
    "published_words",
]

FIGURE_PARTS = frozenset({"value", "numerator", "denominator", "no_data", "forecast"})


@dataclass(frozen=True)
class Fact:
    """A figure with its name, and the tag it carries, if any."""

    name: str
    value: str
    tag: Tag | None = None
    note: str = ""


@dataclass(frozen=True)
class FiguresPanel:
    """This month, the year to date, the target and the RAG: before anything is submitted."""

    heading: str
    pair: Pair
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    said: str


@dataclass(frozen=True)
class SuggestionRow:
    """A forecast that can be taken over: ``plain`` goes into the box."""

    method: str
    label: str
    sentence: str
    plain: str
    tag: Tag


@dataclass(frozen=True)
class ForecastPanel:
    """What the forecast implies, what it would take from here, and three forecasts to start from."""

    label: str
    tag: Tag
    target: str
    takes: str
    is_stretch: bool
    suggestions: tuple[SuggestionRow, ...]


def levels_words(kpi_year: KpiYear, levels: Levels, awaiting: bool = False) -> str:
    """``85%``, ``4 to 6 days``, *No target*; with the intervention level where there is one."""
    if levels.target is None:
        return "Awaiting approval" if awaiting else "No target"
    words = _range(kpi_year, levels.target, levels.target_upper)
    if levels.intervention is not None:
        words += f" (intervention level {_range(kpi_year, levels.intervention, levels.intervention_upper)})"
    return words


def _range(kpi_year: KpiYear, lower: Decimal, upper: Decimal | None) -> str:
    # The unit's words stand beside the figure already; a target needs only its number and sign.
    return format_target(lower, upper, kpi_year.unit, kpi_year.decimals)


def figures_panel(context: ReturnContext, typed: Entry, found: Assessment, *, is_typed: bool = True) -> FiguresPanel:
    """How ``typed`` would stand, or when it is only read (not ``is_typed``) stands; ``found`` is its assessment."""
    kpi_year = context.kpi_year
    rag, forecast = rag_tag(found.rag), rag_tag(found.forecast_rag)
    is_last = context.measured == context.facts.expected[-1]
    return FiguresPanel(
        heading="How this would stand" if is_typed else "How it stands",
        pair=Pair(rag, forecast, "Outturn" if is_last else "Year-end forecast"),
        facts=_panel_facts(context, found),
        notes=tuple(_notes(context, typed, found, is_typed)),
        checks=tuple(_figure_checks(return_facts(context, typed, found))) if is_typed else (),
        said=_said(context, found, kpi_year),
    )


def _month_words(kpi_year: KpiYear, found: Assessment) -> str:
    if found.nothing_to_measure:
        return "Nothing to measure"
    return kpi_year.figure(found.month_figure) or ("No data" if found.no_data else "Not entered yet")


def _panel_facts(context: ReturnContext, found: Assessment) -> tuple[Fact, ...]:
    kpi_year = context.kpi_year
    ytd = kpi_year.figure(found.ytd_figure) or "No figure yet"
    judged = "The RAG is judged on this."
    return (
        Fact("This month", _month_words(kpi_year, found), note="" if found.headline_is_ytd else judged),
        Fact("Year to date", ytd, note=judged if found.headline_is_ytd else ""),
        Fact(
            "Target to date" if found.headline_is_ytd else "Target this month",
            levels_words(kpi_year, found.judged_by, found.awaiting_target),
        ),
    )


def _notes(context: ReturnContext, typed: Entry, found: Assessment, is_typed: bool) -> list[str]:
    notes = []
    if found.awaiting_target:
        notes.append("The target is awaiting approval, so nothing is judged until it is approved.")
    elif found.rag is Rag.NOT_JUDGED:
        neither = context.kpi_year.direction == Direction.NONE.value
        notes.append(
            "This figure is for context and is not judged." if neither else "There is no target, so it is not judged."
        )
    missing = [month for month in found.missing if month != found.measured]
    if missing:
        names = ", ".join(str(month) for month in missing)
        there = "submitted" if context.whole else "accepted"
        notes.append(f"The year to date leaves out months not yet {there}: {names}.")
    if is_typed and found.rag.is_off_target and not (typed.being_done and typed.done_by and typed.done_owner):
        notes.append(f"Because it is {found.rag.label.lower()}, say what is being done, by when and who will do it.")
    return notes


def _figure_checks(facts: ReturnFacts) -> list[Check]:
    return [check for check in basic_checks(facts) if check.field in FIGURE_PARTS]


def _said(context: ReturnContext, found: Assessment, kpi_year: KpiYear) -> str:
    """One sentence for a screen reader: what changed on the panel."""
    month = f"This month {_month_words(kpi_year, found)}"
    ytd = f"year to date {kpi_year.figure(found.ytd_figure) or 'no figure'}"
    forecast = f"; forecast {found.forecast_rag.label}" if forecast_is_needed(context) else ""
    return f"{month}, {ytd}: {found.rag.label}{forecast}."


def forecast_panel(context: ReturnContext, typed: Entry, found: Assessment) -> ForecastPanel:
    """What the forecast typed implies, and what to start from where none is typed."""
    kpi_year = context.kpi_year
    facts = return_facts(context, typed, found)
    in_year = facts.in_year
    years = kpi_year.financial_year
    last_year = [one for one in facts.before if one.month in years.previous]
    targets = {month: context.facts.month_levels(month).target for month in context.facts.expected}
    levels = found.year_levels
    takes = what_it_would_take(
        facts.measure,
        in_year,
        levels.target,
        facts.direction,
        levels.target_upper,
        [one for one in facts.before if one.month not in years],
    )
    return ForecastPanel(
        label="Year-end forecast",
        tag=rag_tag(found.forecast_rag),
        target=levels_words(kpi_year, levels, found.awaiting_target),
        takes=takes.sentence,
        is_stretch=takes.reach in (Reach.STRETCH, Reach.OUT_OF_REACH),
        suggestions=tuple(
            _suggestion(kpi_year, levels, one) for one in suggestions(facts.measure, in_year, last_year, targets)
        ),
    )


def _suggestion(kpi_year: KpiYear, levels: Levels, one: Suggestion) -> SuggestionRow:
    return SuggestionRow(
        method=one.method.value,
        label=one.method.label,
        sentence=one.sentence,
        plain=figure(one.value, kpi_year.decimals),
        tag=rag_tag(levels.judge(one.value, Direction(kpi_year.direction))),
    )


def published_words(typed: Entry) -> tuple[str, ...]:
    """The commentary as it will appear: one paragraph a prompt, the last with its date and owner."""
    words = [typed.what_happened, typed.why]
    if typed.no_data:
        due = f" It is expected by {day(typed.no_data_until)}." if typed.no_data_until else ""
        words.insert(0, f"There is no figure. {typed.no_data_reason}{due}".strip())
    if typed.being_done or typed.done_by or typed.done_owner:
        words.append(promise(typed.being_done or "Being done", typed.done_by, typed.done_owner))
    return tuple(part for part in words if part)
