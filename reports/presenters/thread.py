"""The golden thread and the evidence for a framework, ready for their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdcperf.ui import Link, Tag, count_of, rag_tag
from reports.queries.frameworks import Evidence
from reports.queries.thread import Knot, OutcomeThread, PriorityThread

__all__ = ["EvidenceRow", "KnotRow", "OutcomeRow", "PriorityRow", "evidence_rows", "summary", "thread_rows"]


@dataclass(frozen=True)
class KnotRow:
    link: Link
    detail: str
    tag: Tag | None


@dataclass(frozen=True)
class OutcomeRow:
    anchor: str
    name: str
    actions: tuple[KnotRow, ...]
    projects: tuple[KnotRow, ...]
    kpis: tuple[KnotRow, ...]


@dataclass(frozen=True)
class PriorityRow:
    anchor: str
    title: str
    counts: str
    outcomes: tuple[OutcomeRow, ...]


def thread_rows(thread: Iterable[PriorityThread]) -> list[PriorityRow]:
    return [
        PriorityRow(
            anchor=f"priority-{one.number}",
            title=one.name,
            counts=_counts(one.outcomes),
            outcomes=tuple(_outcome(outcome) for outcome in one.outcomes),
        )
        for one in thread
    ]


def _counts(outcomes: list[OutcomeThread]) -> str:
    actions, measures = (sum(len(getattr(one, kind)) for one in outcomes) for kind in ("actions", "kpis"))
    projects = sum(len(one.projects) for one in outcomes)
    also = f"{count_of(projects, 'project')}, " if projects else ""
    return f"{count_of(len(outcomes), 'outcome')}, {count_of(actions, 'action')}, {also}{count_of(measures, 'KPI')}"


def _outcome(one: OutcomeThread) -> OutcomeRow:
    return OutcomeRow(
        anchor=f"outcome-{one.outcome.number}",
        name=one.outcome.name,
        actions=_knots(one.actions),
        projects=_knots(one.projects),
        kpis=_knots(one.kpis),
    )


def _knots(knots: Iterable[Knot]) -> tuple[KnotRow, ...]:
    return tuple(
        KnotRow(
            link=Link(f"{one.code} {one.name}", one.href),
            detail=_detail(one),
            tag=_tag(one),
        )
        for one in knots
    )


def _detail(one: Knot) -> str:
    part_of = f"part of {one.part_of}" if one.part_of else ""
    serves = f"serves {one.serves}" if one.serves else ""
    return ", ".join(part for part in (one.control, one.service, part_of, serves) if part)


def _tag(one: Knot) -> Tag | None:
    if one.colour is None:
        return None
    return rag_tag(one.colour)


@dataclass(frozen=True)
class EvidenceRow:
    anchor: str
    title: str
    description: str
    actions: tuple[KnotRow, ...]
    kpis: tuple[KnotRow, ...]
    is_missing: bool


def evidence_rows(found: Iterable[Evidence]) -> list[EvidenceRow]:
    return [
        EvidenceRow(
            anchor=f"theme-{one.theme.number}",
            title=str(one.theme),
            description=one.theme.description,
            actions=_knots(one.actions),
            kpis=_knots(one.kpis),
            is_missing=one.is_missing,
        )
        for one in found
    ]


def summary(found: list[Evidence], noun: str) -> str:
    """How many themes have evidence, and which have none, in a sentence."""
    missing = [one.theme.name for one in found if one.is_missing]
    if not missing:
        return f"There is evidence for each of the {count_of(len(found), noun)}."
    have = len(found) - len(missing)
    return f"There is evidence for {have} of the {count_of(len(found), noun)}; none for {len(missing)}."
