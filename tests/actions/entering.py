"""What the tests of an update's page share: an action with two milestones, its last update, and a posted form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from actions.models import ActionUpdate, ActionYear, Milestone
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.factories.actions import Q1, ActionUpdateFactory, ActionYearFactory, MilestoneFactory
from tests.factories.organisation import holder

TODAY = date(2026, 10, 8)
"""The round of Q2 is open: it is due on 13 October and locks after 20 October."""


@dataclass
class Updated:
    """Q2's update of one action, what went before, and who enters and who checks."""

    record: ActionUpdate
    user: User
    reviewer: User
    opening: Milestone
    tender: Milestone

    @property
    def action_year(self) -> ActionYear:
        return self.record.action_year

    def address(self, name: str) -> str:
        return reverse(name, args=[self.record.span, self.action_year.code])

    @property
    def url(self) -> str:
        return self.address("action-update")

    def now(self) -> ActionUpdate:
        return ActionUpdate.objects.get(pk=self.record.pk)

    def client(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.user)
        return client

    def typed(self, **typed: Any) -> dict[str, Any]:
        """The whole form as the page would send it."""
        data = {**FULL, **self.milestones(), **typed}
        return {key: value for key, value in data.items() if value is not None}

    def milestones(self) -> dict[str, str]:
        return {
            f"milestone_{self.tender.pk}": "reached",
            **dated(f"milestone_{self.tender.pk}_reached", date(2026, 9, 20)),
            f"milestone_{self.opening.pk}": "due",
            "new_1": "",
        }

    def post(self, move: str, user: User | None = None, **typed: Any) -> HttpResponse:
        """Press a button with the whole form."""
        data = {"version": self.now().version, **self.typed(**typed), "move": move}
        return self.client(user).post(self.url, data)


def dated(name: str, day: date | None) -> dict[str, str]:
    """The three boxes of a date."""
    parts = ("day", "month", "year")
    return {f"{name}_{part}": "" if day is None else str(getattr(day, part)) for part in parts}


FULL: dict[str, Any] = {
    "done": "The tender was let to a local builder, who starts on the site in November.",
    "rag": "green",
    "impact": "Three clubs have signed up for 120 hours a week.",
}
RECOVERY: dict[str, Any] = {
    "rag": "amber",
    "rag_reason": "The ground was too wet to survey in September.",
    "recovery": "A second survey crew starts.",
    **dated("recovery_by", date(2026, 12, 1)),
    "recovery_owner": "Estates manager",
}


def updated(*, last: str = "green", **facts: Any) -> Updated:
    """Q2's update, not started, after an accepted Q1; ``last`` is Q1's colour (empty: there is none)."""
    state = {name: facts.pop(name) for name in ("draft", "submitted", "challenged", "accepted") if name in facts}
    action_year = ActionYearFactory(**facts)
    tender = MilestoneFactory(action=action_year.action, name="The tender is let", due_on=date(2026, 9, 25))
    opening = MilestoneFactory(action=action_year.action, name="The hub opens", due_on=date(2026, 12, 18))
    if last:
        ActionUpdateFactory(
            action_year=action_year,
            span=Q1,
            accepted=True,
            rag=last,
            done="The site was bought from the county for the new hub.",
            impact="A home for 4 clubs is certain.",
        )
    record = ActionUpdateFactory(action_year=action_year, **state)
    return Updated(record, action_year.responsible, holder(Role.PERFORMANCE_TEAM), opening, tender)
