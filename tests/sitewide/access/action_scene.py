"""The Corporate Plan's part of the scene: an action's update in every state. See ``scene``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from actions.models import ActionUpdate, ChallengeMessage, RecoveryOutcome
from hdcperf.organisation.models import Portfolio, Service, User
from tests.factories.actions import (
    Q1,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    UpdateChallengeFactory,
    UpdateFindingFactory,
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

    telling = update("CPA 11", draft=True)
    challenged = update("CPA 3", challenged=True)
    disputed = update("CPA 4", challenged=True)
    accepted = update("CPA 5", accepted=True)
    records: dict[str, models.Model] = {
        "update_draft": update("CPA 1", draft=True),
        "update_submitted": update("CPA 2", submitted=True),
        "update_challenged": challenged,
        "update_challenge": UpdateChallengeFactory(update=challenged, question="Is CPA 3 between the two sides?"),
        "update_disputed": disputed,
        "update_dispute": UpdateChallengeFactory(
            update=disputed, escalated=True, question="Did CPA 4 make any difference?"
        ),
        "update_accepted": accepted,
        "update_revision": UpdateRevisionFactory(
            update=accepted, proposed_by=people["action officer"], reason="Why CPA 5 would be revised."
        ),
        "update_finding": UpdateFindingFactory(update=accepted, answer="What answered a check of CPA 5."),
        "update_outcome": _outcome(telling, people["action officer"]),
        "update_not_started": update("CPA 6"),
        "update_exception": UpdateLockExceptionFactory(update=update("CPA 7"), reason="Leave for CPA 7 to be late."),
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
    records |= {
        "their_update": ActionUpdateFactory(action_year=theirs, accepted=True, done="What was done: another's."),
        "their_draft": ActionUpdateFactory(
            action_year=ActionYearFactory(code="CPA 10", responsible=people["another action officer"]),
            draft=True,
            done="What was done: a draft of another's.",
        ),
    }
    return records


def _outcome(draft: ActionUpdate, officer: User) -> RecoveryOutcome:
    """What a draft says became of what the quarter before had promised."""
    promise = draft.action.updates.get(quarter=Q1.first_day)
    promise.rag, promise.recovery_by, promise.recovery_owner = "amber", date(2026, 12, 1), "Example manager"
    promise.recovery, promise.rag_reason = "What CPA 11 promised.", "It rained."
    promise.save()
    return RecoveryOutcome.objects.create(
        update=promise,
        told_with=draft,
        result=RecoveryOutcome.Result.PART,
        words="What a draft says became of CPA 11.",
        noted_by=officer,
        noted_at=RAISED_AT,
    )
