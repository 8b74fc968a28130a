"""The two readings of a quarter's actions, side by side under their heading."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.ui import Link

__all__ = ["sections"]


def sections(path: str) -> tuple[Link, ...]:
    """The list and the portfolios' quarter, with the one that holds ``path`` marked."""
    found = (("All actions", reverse("action-list")), ("By portfolio", reverse("portfolios")))
    return tuple(Link(text, href, current=href == path) for text, href in found)
