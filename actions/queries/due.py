"""Which update a person does next."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from actions.models import ActionUpdate, LockException
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User

__all__ = ["next_due", "waiting_for"]


def waiting_for(user: User) -> QuerySet[ActionUpdate]:
    """The updates of the actions the person, or somebody they cover, is responsible for that can be entered now: the
    most urgent first."""
    today = clock.today()
    lifted = LockException.objects.filter(update=OuterRef("pk"), expires_on__gte=today)
    rows: QuerySet[ActionUpdate] = (
        ActionUpdate.objects.owed()
        .filter(action_year__responsible__in=standing(user).people, period__opens_on__lte=today)
        .filter(Q(period__locks_on__gte=today) | Exists(lifted))
        .select_related("action_year", "period")
        .order_by("period__due_on", "quarter", "action_year__code_key")
    )
    return rows


def next_due(user: User) -> ActionUpdate | None:
    """The most urgent update that is still to be submitted, or None."""
    return waiting_for(user).first()
