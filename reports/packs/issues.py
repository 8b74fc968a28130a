"""What a frozen pack will push down to KPIs, actions and projects when it is issued: as it was when it was frozen.

Figures revised between freezing and issuing are issued as they were frozen. Each column is named as the column it
goes into.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.packs.codec import from_json, to_json

__all__ = ["FigureIssue", "FrozenIssues", "ReportIssue", "UpdateIssue", "issues_text", "read_issues"]


@dataclass(frozen=True)
class FigureIssue:
    """One month of a KPI; ``monthly_return_id`` is the return's."""

    monthly_return_id: int
    month_figure: Decimal | None
    ytd_figure: Decimal | None
    target: Decimal | None
    target_upper: Decimal | None
    intervention: Decimal | None
    intervention_upper: Decimal | None
    rag: str
    forecast: Decimal | None
    year_target: Decimal | None
    year_target_upper: Decimal | None
    year_intervention: Decimal | None
    year_intervention_upper: Decimal | None
    forecast_rag: str
    commentary: str
    being_done: str = ""
    done_by: date | None = None
    done_owner: str = ""


@dataclass(frozen=True)
class UpdateIssue:
    """One quarter of an action."""

    update_id: int
    done: str
    rag: str
    rag_reason: str
    impact: str
    recovery: str
    recovery_by: date | None
    recovery_owner: str
    achieved: str
    rag_before: str
    due_on: date | None
    next_milestone: str
    next_milestone_on: date | None


@dataclass(frozen=True)
class ReportIssue:
    """One quarter of a project."""

    report_id: int
    status: str
    board: str
    met_on: date | None
    board_words: str
    progress: str
    risks: str
    next_steps: str
    recovery: str
    recovery_by: date | None
    recovery_owner: str
    status_before: str
    ends_on: date | None
    next_milestone: str
    next_milestone_on: date | None


@dataclass(frozen=True)
class FrozenIssues:
    figures: tuple[FigureIssue, ...] = ()
    updates: tuple[UpdateIssue, ...] = ()
    reports: tuple[ReportIssue, ...] = ()


def issues_text(issues: FrozenIssues) -> str:
    """The text that is stored."""
    return to_json(issues)


def read_issues(text: str) -> FrozenIssues:
    return from_json(FrozenIssues, text)
