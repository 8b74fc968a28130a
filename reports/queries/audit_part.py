"""What meetings and the questions of panels tell the audit list of their tables."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q

from hdcperf.review.audit import Moves, Part, Source, nothing
from reports.models import PanelQuestion, PanelQuestionTransition
from reports.question_workflow import QUESTION_MOVES

__all__ = ["PART"]

_ABOUT = {"kpis": "kpi_year__kpi", "actions": "action_year__action", "projects": "project"}
"""The way from a panel's question to what it is about."""


def _of(kind: str) -> Callable[[Source, Collection[int]], Q]:
    def of_subjects(source: Source, found: Collection[int]) -> Q:
        rows = source.model if source.is_history else source.rows
        if rows is PanelQuestion:
            return Q(**{f"{_ABOUT[kind]}__in": found})
        if rows is PanelQuestionTransition:
            return Q(**{f"question__{_ABOUT[kind]}__in": found})
        return nothing()

    return of_subjects


def _told_openly(source: Source) -> Q:
    """All but why the Performance Team sent an answer back before it was released."""
    return Q() if source.is_history or source.rows is not PanelQuestionTransition else ~Q(move="return")


PART = Part(
    app="reports",
    moves=(
        Moves(
            "question-move",
            "Move of a panel's question",
            PanelQuestionTransition,
            "question",
            QUESTION_MOVES,
            ("meeting",),
        ),
    ),
    needed={PanelQuestion: ("meeting",)},
    accepted_only=_told_openly,
    of_subjects={kind: _of(kind) for kind in _ABOUT},
)
