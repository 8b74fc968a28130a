"""A frozen pack as plain tables: what its workbook and its CSV have, a row for an item and a row for a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hdcperf.charts.series import MARK_WORDS
from reports.packs.frozen import FrozenPack, OutcomePart, PriorityPart
from reports.packs.items import FrozenAction, FrozenKpi, FrozenProject
from reports.packs.pieces import Colour, Figure, Levels, Promise

__all__ = ["ITEM_HEADS", "Cell", "Sheet", "items", "sheets"]

Cell = str | Decimal | date | int | None


@dataclass(frozen=True)
class Sheet:
    """A table under its name, which a workbook prints on a tab: at most 31 characters."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


ITEM_HEADS = (
    "Kind",
    "Code",
    "Reference",
    "Title",
    "Priority",
    "Outcome",
    "Service",
    "Portfolio",
    "Control",
    "Period",
    "Direction",
    "Unit",
    "RAG now",
    "RAG forecast",
    "RAG last quarter",
    "Movement",
    "Judged figure",
    "Month or quarter",
    "Year to date",
    "Target",
    "Intervention level",
    "Year-end forecast",
    "Year's target",
    "As printed",
    "Missing because",
    "Commentary",
    "Being done",
    "By",
    "By whom",
    "In context",
)


def items(pack: FrozenPack) -> Iterator[tuple[Cell, ...]]:
    """A row for each KPI, action and project, in the order the pack prints them."""
    for priority in pack.priorities:
        for outcome in priority.outcomes:
            yield from (_kpi(one, priority, outcome) for one in outcome.kpis)
            yield from (_action(one, priority, outcome) for one in outcome.actions)
    for priority in pack.priorities:
        for outcome in priority.outcomes:
            yield from (_project(one, priority, outcome) for one in outcome.projects)


def sheets(pack: FrozenPack) -> tuple[Sheet, ...]:
    """Every tab of the workbook; one that would be empty is left out."""
    found = (
        Sheet("About", ("What", "Is"), tuple(_about(pack))),
        Sheet("Items", ITEM_HEADS, tuple(items(pack))),
        Sheet("KPI months", _MONTH_HEADS, tuple(_months(pack))),
        Sheet("Outcome measures", ("Measure", "Area", "Period", "Figure", "As printed", "Source"), _measures(pack)),
        Sheet("Questions", _QUESTION_HEADS, _questions(pack)),
        Sheet("Revised figures", ("Code", "Title", "Of", "Was", "Is", "Kind", "Why", "On"), _revised(pack)),
        Sheet("Checks", ("Check", "Outcome", "Reason"), _checks(pack)),
        Sheet("Key", ("Of", "Word", "Meaning"), tuple((one.of, one.word, one.meaning) for one in pack.key)),
    )
    return tuple(one for one in found if one.rows)


def _about(pack: FrozenPack) -> Iterator[tuple[Cell, ...]]:
    yield from (
        ("Title", pack.title),
        ("Council", pack.council),
        ("For", pack.body),
        ("Period", pack.period),
        ("Version", pack.version),
        ("Frozen on", pack.frozen_on),
    )
    if pack.meeting_on:
        yield ("Meeting", pack.meeting_on)
    for name, words in (
        ("Notice", pack.notice),
        ("Exempt", pack.exempt_notice),
        ("Corrected", pack.correction_reason),
    ):
        if words:
            yield (name, words)


def _word(colour: Colour | None) -> str:
    return colour.word if colour else ""


def _promised(promise: Promise | None) -> tuple[Cell, ...]:
    return (promise.what, promise.by, promise.owner) if promise else ("", None, "")


def _between(lower: Decimal | None, upper: Decimal | None) -> Cell:
    """A range has two edges and no one number."""
    return lower if upper is None else f"{lower} to {upper}"


def _number(figure: Figure) -> Cell:
    return figure.value


def _levels(levels: Levels) -> tuple[Cell, Cell]:
    return (
        _between(levels.target, levels.target_upper),
        _between(levels.intervention, levels.intervention_upper),
    )


def _kpi(kpi: FrozenKpi, priority: PriorityPart, outcome: OutcomePart) -> tuple[Cell, ...]:
    judged = kpi.ytd if kpi.headline == "ytd" else kpi.month
    return (
        *("KPI", kpi.code, kpi.reference, kpi.title, priority.name, outcome.name),
        *(kpi.service, kpi.portfolio, kpi.control, kpi.period, kpi.direction, kpi.unit),
        *(_word(kpi.status.now), _word(kpi.status.forecast), _word(kpi.status.before), kpi.movement.words),
        *("Year to date" if kpi.headline == "ytd" else "Month or quarter", _number(kpi.month), _number(kpi.ytd)),
        *_levels(kpi.levels),
        *(_number(kpi.forecast), _levels(kpi.year_levels)[0], judged.words, kpi.missing or kpi.suppressed),
        "\n\n".join(f"{one.heading}: {one.words}" if one.heading else one.words for one in kpi.commentary),
        *_promised(kpi.recovery),
        "; ".join(f"{one.heading}: {one.words}" for one in kpi.companions),
    )


def _action(action: FrozenAction, priority: PriorityPart, outcome: OutcomePart) -> tuple[Cell, ...]:
    words = (action.rag_reason, action.done, action.impact, action.achieved)
    return (
        *("Action", action.code, action.reference, action.title, priority.name, outcome.name),
        *(action.service, action.portfolio, action.control, "", "", ""),
        *(_word(action.status.now), "", _word(action.status.before), action.movement.words),
        *("", None, None, None, None, None, None, "", action.missing),
        "\n\n".join(one for one in words if one),
        *_promised(action.recovery),
        "",
    )


def _project(project: FrozenProject, priority: PriorityPart, outcome: OutcomePart) -> tuple[Cell, ...]:
    words = (project.board_words, project.progress, project.risks, project.next_steps, project.closed)
    return (
        *("Project", project.code, "", project.name, priority.name, outcome.name),
        *(project.service, "", "", "", "", ""),
        *(_word(project.status.now), "", _word(project.status.before), ""),
        *("", None, None, None, None, None, None, "", project.missing),
        "\n\n".join(one for one in words if one),
        *_promised(project.recovery),
        "",
    )


_MONTH_HEADS = ("Code", "Title", "Month", "Figure", "Last year", "Target", "Intervention level", "RAG", "Marks")


def _months(pack: FrozenPack) -> Iterator[tuple[Cell, ...]]:
    for kpi in pack.kpis:
        for point in kpi.chart.points if kpi.chart else ():
            level = point.level
            yield (
                *(kpi.code, kpi.title, point.label, point.value, point.last_year),
                _between(level.target, level.target_upper) if level else None,
                _between(level.intervention, level.intervention_upper) if level and level.intervention else None,
                point.rag if point.value is not None else point.missing,
                ", ".join(MARK_WORDS[letter] for letter in point.marks),
            )


def _measures(pack: FrozenPack) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (one.name, row.area, row.period, row.figure.value, row.figure.words, f"{one.source}, {one.publisher}")
        for one in pack.measures
        for row in one.values
    )


_QUESTION_HEADS = ("About", "Asked", "Question", "Owner", "Due", "State", "Answer", "Answered", "First answer")


def _questions(pack: FrozenPack) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (q.about, q.asked_on, q.words, q.owner, q.due, q.state, q.answer, q.answered_on, q.first_answer)
        for q in pack.questions
    )


def _revised(pack: FrozenPack) -> tuple[tuple[Cell, ...], ...]:
    return tuple((r.code, r.title, r.of, r.old, r.new, r.kind, r.reason, r.on) for r in pack.revised)


def _checks(pack: FrozenPack) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (one.words, "Met" if one.is_met else "Waived" if one.waived else "Not met", one.waived) for one in pack.checks
    )
