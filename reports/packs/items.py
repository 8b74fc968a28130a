"""What a pack says of each KPI, action, project, outcome measure and question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hdcperf.charts import KpiChart
from reports.packs.pieces import (
    NO_FIGURE,
    NO_LEVELS,
    NOT_MOVED,
    Comparison,
    Figure,
    Levels,
    Milestone,
    MovedDate,
    Movement,
    Passage,
    Promise,
    Revised,
    Status,
)

__all__ = [
    "FrozenAction",
    "FrozenIntervention",
    "FrozenKpi",
    "FrozenMeasure",
    "FrozenProject",
    "FrozenQuestion",
    "MeasurePoint",
]


@dataclass(frozen=True)
class FrozenKpi:
    """A KPI as the pack prints it. ``missing`` says why there is no figure members may have; then nothing is judged.

    ``headline`` is "month" or "ytd": which of the two figures the RAG judges. ``period`` is what the month's figure
    is about ("September 2026", "Q2 2026/27"), and ``position`` is there where it is older than the pack.
    """

    code: str
    reference: str
    title: str
    period: str
    service: str
    control: str
    direction: str
    headline: str
    status: Status
    address: str = ""
    definition: str = ""
    why: str = ""
    why_target: str = ""
    target_approved: str = ""
    unit: str = ""
    portfolio: str = ""
    frequency: str = ""
    position: str = ""
    sentence: str = ""
    missing: str = ""
    suppressed: str = ""
    month: Figure = NO_FIGURE
    ytd: Figure = NO_FIGURE
    levels: Levels = NO_LEVELS
    forecast: Figure = NO_FIGURE
    year_levels: Levels = NO_LEVELS
    movement: Movement = NOT_MOVED
    track_record: tuple[str, ...] = ()
    commentary: tuple[Passage, ...] = ()
    recovery: Promise | None = None
    promised_before: tuple[Passage, ...] = ()
    companions: tuple[Passage, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    chart: KpiChart | None = None
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    revisions: tuple[Revised, ...] = ()


@dataclass(frozen=True)
class FrozenAction:
    """An action as the pack prints it; ``status.before`` is its RAG last quarter. ``responsible`` is a post."""

    code: str
    reference: str
    title: str
    wording: str
    control: str
    service: str
    status: Status
    address: str = ""
    portfolio: str = ""
    responsible: str = ""
    success: str = ""
    due: date | None = None
    missing: str = ""
    movement: Movement = NOT_MOVED
    rag_reason: str = ""
    done: str = ""
    impact: str = ""
    achieved: str = ""
    recovery: Promise | None = None
    next_milestone: Milestone | None = None
    moved_dates: tuple[MovedDate, ...] = ()
    driver: str = ""
    marks: tuple[str, ...] = ()
    revisions: tuple[Revised, ...] = ()


@dataclass(frozen=True)
class FrozenProject:
    """A project with the status its board gave, the day it met and its words."""

    code: str
    name: str
    purpose: str
    board: str
    service: str
    status: Status
    address: str = ""
    sponsor: str = ""
    manager: str = ""
    met_on: date | None = None
    board_words: str = ""
    progress: str = ""
    risks: str = ""
    next_steps: str = ""
    recovery: Promise | None = None
    ends_on: date | None = None
    next_milestone: Milestone | None = None
    moved_dates: tuple[MovedDate, ...] = ()
    closed: str = ""
    missing: str = ""


@dataclass(frozen=True)
class MeasurePoint:
    """A published value of an area for a period."""

    area: str
    period: str
    figure: Figure


@dataclass(frozen=True)
class FrozenMeasure:
    """An outcome measure of the district, in the yearly report: no target and no RAG, by design."""

    reference: str
    name: str
    outcome: str
    unit: str
    direction: str
    source: str
    publisher: str
    sentence: str = ""
    definition: str = ""
    licence: str = ""
    source_address: str = ""
    next_published: date | None = None
    values: tuple[MeasurePoint, ...] = ()
    chart: KpiChart | None = None


@dataclass(frozen=True)
class FrozenIntervention:
    """An intervention and how far it has come."""

    code: str
    title: str
    stage: str
    what: str
    progress: str = ""
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True)
class FrozenQuestion:
    """What a panel asked, said or recommended (``kind``), and its answer; a revised one prints the first as well.

    ``owner`` is a post.
    """

    about: str
    asked_on: date
    words: str
    body: str = ""
    owner: str = ""
    due: date | None = None
    state: str = ""
    answer: str = ""
    answered_on: date | None = None
    first_answer: str = ""
    accepted: str = ""
    address: str = ""
    kind: str = "Question"
