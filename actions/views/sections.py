"""The pages about actions, side by side under their heading."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.ui import Link

__all__ = ["sections"]


def sections(who: Standing, path: str) -> tuple[Link, ...]:
    """The list, the portfolios' quarter, the projects and the plan, with the one that holds ``path`` marked."""
    found = (
        ("Actions", reverse("action-list")),
        ("By portfolio", reverse("portfolios")),
        ("Projects", reverse("project-list")),
        ("Corporate Plan", reverse("plan")),
    )
    return tuple(Link(text, href, current=href == path) for text, href in found)
