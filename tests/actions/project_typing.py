"""What is typed into the forms of projects, as their pages would send it."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.models import Project
from tests.factories.organisation import OutcomeFactory, PortfolioFactory, ServiceFactory, UserFactory

__all__ = ["dated", "facts_of", "new_project"]


def dated(name: str, on: date) -> dict[str, str]:
    """A date in its three boxes."""
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def new_project(**more: Any) -> dict[str, Any]:
    """The form that registers a project of 2026/27 and the year after."""
    return {
        "code": "PR 1",
        "name": "Riverside works",
        "purpose": "Keep the riverside open all year.",
        "outcome": OutcomeFactory().pk,
        "service": ServiceFactory().pk,
        "portfolio": PortfolioFactory().pk,
        "sponsor": UserFactory().pk,
        "manager": UserFactory().pk,
        "board": "Riverside Board",
        "serves": "",
        "milestones": "18 December 2026, Designs agreed\n30 September 2027, Works begin",
        **dated("starts_on", date(2026, 4, 1)),
        **dated("ends_on", date(2028, 3, 31)),
        **more,
    }


def facts_of(project: Project, **more: Any) -> dict[str, Any]:
    """The form that changes what ``project`` says."""
    return {
        "code": project.code,
        "name": project.name,
        "purpose": project.purpose,
        "outcome": project.outcome_id,
        "service": project.service_id,
        "portfolio": project.portfolio_id,
        "sponsor": project.sponsor_id,
        "manager": project.manager_id,
        "board": project.board,
        "serves": "",
        "milestones": "",
        "version": project.version,
        "reason": "It is known by it.",
        **more,
    }
