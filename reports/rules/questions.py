"""When a question was asked, when its answer is due, and whether that day has passed. Pure: no ORM."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from hdcperf.periods import working_days

__all__ = ["ANSWER_WITHIN", "ITEMS", "When", "answer_due", "when_asked"]

ITEMS = ("kpi_year", "action_year", "project")
"""The columns of what a question can be about; with none of them it is about the report as a whole."""
ANSWER_WITHIN = 10
"""Working days in which an answer is usually owed."""


class When(StrEnum):
    BEFORE = "before the meeting"
    AT = "at the meeting"
    AFTER = "after the meeting"


def when_asked(asked_on: date, held_on: date) -> When:
    if asked_on == held_on:
        return When.AT
    return When.BEFORE if asked_on < held_on else When.AFTER


def answer_due(given_on: date) -> date:
    """The day an answer is usually due when the question was given to its owner on ``given_on``."""
    return working_days().add_working_days(given_on, ANSWER_WITHIN)
