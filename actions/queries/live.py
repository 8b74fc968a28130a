"""Which actions and projects are live in a quarter, and so owe it an update."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from actions.models import ActionUpdate, ActionYear, Project
from actions.rules.colours import ActionRag
from hdcperf.periods import Quarter

__all__ = ["live_actions", "live_projects"]


def live_actions(quarter: Quarter) -> QuerySet[ActionYear]:
    """The actions of the plan in force in ``quarter`` that lasted to its end and were not completed before it."""
    completed = ActionUpdate.objects.filter(
        action=OuterRef("action"),
        quarter__lt=quarter.first_day,
        state=ActionUpdate.State.ACCEPTED,
        rag=ActionRag.COMPLETED.value,
    )
    going_on = Q(action__ended_on__isnull=True) | Q(action__ended_on__gte=quarter.last_day)
    rows: QuerySet[ActionYear] = (
        ActionYear.objects.adopted()
        .filter(going_on, plan_year__year=quarter.first_month.financial_year.start_year)
        .exclude(Exists(completed))
    )
    return rows.select_related("action", "service").order_by("code_key")


def live_projects(quarter: Quarter) -> QuerySet[Project]:
    """The projects that had started by the end of ``quarter`` and were not closed before it.

    One closed during the quarter owes it a last report, which says how it ended.
    """
    not_closed = Q(closed_on__isnull=True) | Q(closed_on__gte=quarter.first_day)
    rows: QuerySet[Project] = Project.objects.filter(not_closed, starts_on__lte=quarter.last_day)
    return rows.select_related("service").order_by("code_key")
