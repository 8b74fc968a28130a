"""Revisions a person may see."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from hdcperf.organisation.access import Standing
from kpis.models import MonthlyReturn, Revision

__all__ = ["visible_revisions"]


def visible_revisions(who: Standing) -> QuerySet[Revision]:
    """Revisions of the returns ``who`` works with (the service's and the team's), those waiting first."""
    working = MonthlyReturn.objects.all().working_for(who)
    waiting = Case(When(state=Revision.State.PROPOSED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        Revision.objects.filter(monthly_return__in=working.values("pk"))
        .select_related("monthly_return__kpi_year__service", "monthly_return__kpi", "proposed_by")
        .order_by(waiting, "-proposed_at", "-pk")
    )
