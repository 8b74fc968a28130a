"""What the navigation offers of messages."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.outbox.queries import sees_everybodys
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    """The messages of everybody for those who see them; one's own are in one's mail."""
    return [Link("Messages", reverse("outbox"))] if sees_everybodys(who) else []
