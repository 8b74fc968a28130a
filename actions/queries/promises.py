"""What amber and red updates promised, and nobody has said yet whether it was done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import Truncator

from actions.models import ActionUpdate, ActionYear
from actions.queries.contexts import HANDED_IN
from hdcperf.organisation.access import Standing
from hdcperf.ui.home_tasks import Task

__all__ = ["promise_tasks"]

SHOWN_BEFORE = timedelta(days=28)
"""How long before its date a promise is among its officer's tasks."""
LONGEST = 120
"""Characters of a promise in a list of tasks."""


def promise_tasks(who: Standing) -> Iterator[Task]:
    """The promises due soon or past their date, of whoever is responsible for the action now; three queries."""
    promises = list(_open_promises(who))
    asked = _updates_that_ask(who, [one.action_id for one in promises])
    for one in promises:
        asking = asked.get(one.action_id)
        assert one.recovery_by is not None
        responsible = vars(one)["responsible_now"]
        yield Task(
            title=f"Do what was promised in {one.span} for {one.action_year.name}",
            href=reverse("action-update", args=[asking.span, asking.action_year.code])
            if asking is not None
            else f"{reverse('action', args=[one.span.year, one.action_year.code])}#recovery",
            due=one.recovery_by,
            hint=Truncator(f"{one.recovery} ({one.recovery_owner})").chars(LONGEST)
            + (f" The {asking.span} update asks whether it was done." if asking is not None else ""),
            late=one.recovery_by < who.today,
            acting_for=who.acting_for(responsible),
        )


def _open_promises(who: Standing) -> QuerySet[ActionUpdate]:
    """The newest update of each action, where it promised something and no outcome has been told."""
    later = ActionUpdate.objects.filter(
        action=OuterRef("action"), quarter__gt=OuterRef("quarter"), state__in=HANDED_IN
    )
    newest = ActionYear.objects.adopted().filter(action=OuterRef("action")).order_by("-plan_year__year")
    rows: QuerySet[ActionUpdate] = (
        ActionUpdate.objects.filter(
            state__in=HANDED_IN,
            recovery_by__lte=who.today + SHOWN_BEFORE,
            recovery_outcome__isnull=True,
            action__ended_on__isnull=True,
        )
        .exclude(recovery="")
        .annotate(responsible_now=Subquery(newest.values("responsible")[:1]))
        .filter(~Exists(later), responsible_now__in=who.people)
        .select_related("action_year__plan_year")
        .order_by("recovery_by", "pk")
    )
    return rows


def _updates_that_ask(who: Standing, actions: Collection[int]) -> dict[int, ActionUpdate]:
    """The update that is to be entered now for each action, which asks what became of the last promise."""
    if not actions:
        return {}
    rows = (
        ActionUpdate.objects.owed()
        .filter(action__in=actions, period__opens_on__lte=who.today)
        .select_related("action_year")
        .order_by("quarter")
    )
    return {one.action_id: one for one in rows}
