"""What there is to read of the Corporate Plan's actions: the newest quarters, or what was issued of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse

from actions.models import ActionUpdate, IssuedUpdate
from actions.queries.plan_tasks import plan_reading
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Reading

__all__ = ["reading_for"]

SHOWN_FOR = timedelta(days=400)
QUARTERS = 2


def reading_for(who: Standing) -> list[Reading]:
    """The newest quarters by portfolio, as accepted or as issued, and the set of actions in the making."""
    return [*_quarters(who), *_issued(who), *plan_reading(who)]


def _quarters(who: Standing) -> Iterator[Reading]:
    reach = who.reach(Permission.SEE_ACCEPTED)
    if not reach:
        return
    mine = Q(action_updates__excused="")
    if not reach.council:
        mine &= reach.rows("action_updates__action_year__")
    accepted = mine & Q(action_updates__state=ActionUpdate.State.ACCEPTED)
    rounds = (
        ReportingPeriod.objects.filter(kind=ReportingPeriod.QUARTER, opens_on__lte=who.today)
        .annotate(due=Count("action_updates", filter=mine), accepted=Count("action_updates", filter=accepted))
        .filter(due__gt=0)
        .order_by("-starts_on")
    )
    for one in rounds[:QUARTERS]:
        noted = vars(one)
        yield Reading(
            f"{one.span}: how the actions stand",
            reverse("quarter-portfolios", args=[one.span]),
            f"{noted['accepted']} of {count_of(noted['due'], 'update')} accepted",
        )


def _issued(who: Standing) -> Iterator[Reading]:
    """For those who see no more than what is issued: the others have the quarter as it was accepted."""
    if who.may(Permission.SEE_ACCEPTED):
        return
    rows = IssuedUpdate.objects.filter(issued_on__gte=who.today - SHOWN_FOR)
    if not who.may(Permission.SEE_ISSUED):
        rows = rows.filter(audience=IssuedUpdate.Audience.PUBLIC)
    quarters = (
        rows.order_by()
        .values("update__quarter")
        .annotate(issued=Max("issued_on"), how_many=Count("update_id", distinct=True))
        .order_by("-update__quarter")
    )
    for one in quarters[:QUARTERS]:
        quarter = Month.from_date(one["update__quarter"]).quarter
        yield Reading(
            f"{quarter}: how the actions stood",
            reverse("quarter-portfolios", args=[quarter]),
            f"{count_of(one['how_many'], 'update')}, issued on {day(one['issued'])}",
        )
