"""The pages of the Corporate Plan in the navigation bar: each for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing, works_on_updates: bool) -> list[Link]:
    """Actions, the plan, projects and outcomes for everybody; updates and quarters for those who work on them."""
    found = [Link("Actions", reverse("action-list"))]
    if works_on_updates:
        found.append(Link("Updates", reverse("quarter", args=[Month.from_date(who.today).quarter.previous])))
    if who.may(Permission.MANAGE_PERIODS):
        found.append(Link("Quarters", reverse("quarters")))
    found.append(Link("Plan", reverse("plan")))
    found.append(Link("Projects", reverse("project-list")))
    found.append(Link("Outcomes", reverse("outcome-measures")))
    return found
