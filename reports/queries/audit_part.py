"""What packs, meetings and the questions of panels tell the audit list of their tables."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q

from hdcperf.review.audit import Moves, Part, Source, nothing
from reports import models as tables
from reports.models import Pack, PanelQuestion, PanelQuestionTransition
from reports.pack_workflow import PACK_MOVES
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


_PACK = {Pack: "", **dict.fromkeys((tables.PackTransition, tables.PackText, tables.PackWaiver), "pack__")}
"""The way from a pack's rows to the pack."""


def _told_openly(source: Source) -> Q:
    """All but drafts of packs, and why the Performance Team sent an answer back before it was released."""
    path = _PACK.get(source.model if source.is_history else source.rows)
    if path is not None:
        return Q(**{f"{path}state__in": [Pack.State.ISSUED.value, Pack.State.PUBLISHED.value]})
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
        Moves("pack-move", "Move of a pack", tables.PackTransition, "pack", PACK_MOVES),
    ),
    dialogue=frozenset({tables.PackAnnex}),
    needed={
        PanelQuestion: ("meeting",),
        **dict.fromkeys((tables.PackText, tables.PackWaiver, tables.PackAnnex), ("pack",)),
    },
    accepted_only=_told_openly,
    of_subjects={kind: _of(kind) for kind in _ABOUT},
)
