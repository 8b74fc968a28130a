"""What is asked in the scene about *PI 1*, for the panel's meeting of 1 December: every state that has buttons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kpis.models import KpiYear
from reports.models import CalendarFeed
from reports.operations.calendar import token_hash
from tests.factories.meetings import MeetingFactory, question_in

__all__ = ["FEED", "add_questions"]

FEED = "a-token-of-the-scene"


def add_questions(scene: Any, kpi: KpiYear) -> None:
    """Add the rows to ``scene``, after its KPIs."""
    owner, team = scene.people["KPI holder"], scene.people["performance_team"]
    meeting = MeetingFactory(held_on=date(2026, 12, 1))

    def asked(state: str, **facts: Any) -> Any:
        return question_in(state, owner=owner, meeting=meeting, kpi_year=kpi, **facts)

    scene.records |= {
        "panel_meeting": meeting,
        "question_asked": asked("asked"),
        "question_comment": asked("asked", kind="comment"),
        "question_assigned": asked("assigned"),
        "question_answered": asked("answered", words="An answer that the panel has not seen."),
        "question_released": asked("released", words="An answer that the panel has seen."),
    }
    CalendarFeed.objects.create(user=team, token_hash=token_hash(FEED), made_at=timezone.now() - timedelta(days=1))
