"""Which return a person does next."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from kpis.models import LockException, MonthlyReturn

__all__ = ["next_due", "waiting_for"]

State = MonthlyReturn.State


def waiting_for(user: User) -> QuerySet[MonthlyReturn]:
    """The returns of the KPIs the person, or somebody they cover, is named on that can be entered now: the most
    urgent first."""
    today = clock.today()
    lifted = LockException.objects.filter(monthly_return=OuterRef("pk"), expires_on__gte=today)
    rows: QuerySet[MonthlyReturn] = (
        MonthlyReturn.objects.for_people(standing(user).people)
        .filter(state__in=(State.NOT_STARTED, State.DRAFT), period__opens_on__lte=today)
        .filter(Q(period__locks_on__gte=today) | Exists(lifted))
        .select_related("kpi_year", "period")
        .order_by(F("period__due_on").asc(), "month", "kpi_year__code_key")
    )
    return rows


def next_due(user: User) -> MonthlyReturn | None:
    """The most urgent return that is still to be submitted, or None."""
    return waiting_for(user).first()
