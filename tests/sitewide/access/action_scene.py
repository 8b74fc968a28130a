"""The Corporate Plan's part of the scene: an action's update in every state. See ``scene``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from actions.models import ActionUpdate, ChallengeMessage
from hdcperf.organisation.models import Portfolio, Service, User
from tests.factories.actions import (
    Q1,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    UpdateChallengeFactory,
    UpdateLockExceptionFactory,
    UpdateRevisionFactory,
    round_of_quarter,
)
from tests.factories.kpis import RAISED_AT

__all__ = ["actions_of"]


def actions_of(people: Mapping[str, User], service: Service, portfolio: Portfolio) -> dict[str, models.Model]:
    """Actions of ``service`` and ``portfolio`` for which the *action officer* answers, and one of another service."""
    period = round_of_quarter()  # still open on the scene's day
    period.due_on, period.locks_on = date(2026, 11, 12), date(2026, 11, 19)
    period.save()
    ours: dict[str, Any] = {"service": service, "portfolio": portfolio, "responsible": people["action officer"]}

    def update(code: str, **facts: Any) -> ActionUpdate:
        action_year = ActionYearFactory(code=code, **ours)
        MilestoneFactory(action=action_year.action, name=f"Milestone of {code}", due_on=date(2027, 1, 15))
        ActionUpdateFactory(action_year=action_year, span=Q1, accepted=True)
        if facts:
            facts |= {"done": f"What was done: {code} in the quarter.", "impact": f"Impact: {code} made 12 differ."}
            facts["internal_note"] = f"Note beside {code}."
        record: ActionUpdate = ActionUpdateFactory(action_year=action_year, **facts)
        return record

    challenged = update("CPA 3", challenged=True)
    disputed = update("CPA 4", challenged=True)
    accepted = update("CPA 5", accepted=True)
    records: dict[str, models.Model] = {
        "update_draft": update("CPA 1", draft=True),
        "update_submitted": update("CPA 2", submitted=True),
        "update_challenged": challenged,
        "update_challenge": UpdateChallengeFactory(update=challenged),
        "update_disputed": disputed,
        "update_dispute": UpdateChallengeFactory(update=disputed, escalated=True),
        "update_accepted": accepted,
        "update_revision": UpdateRevisionFactory(update=accepted, proposed_by=people["action officer"]),
        "update_not_started": update("CPA 6"),
        "update_exception": UpdateLockExceptionFactory(update=update("CPA 7")),
        "update_to_revise": update("CPA 8", accepted=True),
    }
    for name in ("update_challenge", "update_dispute"):
        challenge: Any = records[name]
        ChallengeMessage.objects.create(
            challenge=challenge,
            kind=ChallengeMessage.Kind.QUESTION,
            words=challenge.question,
            by=challenge.raised_by,
            by_name="Example",
            at=RAISED_AT,
        )
    theirs = ActionYearFactory(code="CPA 9", responsible=people["another action officer"])
    ActionUpdateFactory(action_year=theirs, accepted=True)
    return records
