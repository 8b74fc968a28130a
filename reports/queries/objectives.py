"""Whose objectives a person sees: their own, and those of the people who named them as manager. Nobody else's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hdcperf.organisation.models import User
from reports.models import Objective

__all__ = ["objectives_seen_by"]


def objectives_seen_by(user: User) -> QuerySet[Objective]:
    """A delegate does not receive them, and no post gives a right to them."""
    rows = Objective.objects.filter(Q(user=user) | Q(manager=user))
    return rows.select_related("user", "manager", "outcome", "action", "kpi")
