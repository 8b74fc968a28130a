"""What there is to read: the month for the board and the leadership, issued figures for members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Reading
from kpis.models import IssuedFigure, MonthlyReturn

__all__ = ["reading_for"]

SHOWN_FOR = timedelta(days=400)
PACKS = 4


def reading_for(who: Standing, today: date) -> list[Reading]:
    """The newest months on the board page, for those who see them, and the newest issued packs."""
    return [*_months(who, today), *_packs(who, today)]


def _months(who: Standing, today: date) -> Iterator[Reading]:
    reach = who.reach(Permission.SEE_ACCEPTED)
    if not reach:
        return
    since = (Month.from_date(today) - 2).first_day
    mine = reach.rows("returns__kpi_year__") if not reach.council else Q()
    periods = (
        ReportingPeriod.objects.months()
        .opened()
        .filter(starts_on__gte=since, opens_on__lte=today)
        .annotate(
            due=Count("returns", filter=mine),
            accepted=Count("returns", filter=mine & Q(returns__state=MonthlyReturn.State.ACCEPTED)),
        )
        .order_by("-starts_on")
    )
    for period in periods:
        noted = vars(period)
        if noted["due"]:
            yield Reading(
                f"{period}: how the KPIs stand",
                reverse("board", args=[period.month]),
                f"{noted['accepted']} of {count_of(noted['due'], 'figure')} accepted",
            )


def _packs(who: Standing, today: date) -> Iterator[Reading]:
    """Packs for those who see no more than what is issued: the others have the month's own page."""
    if who.may(Permission.SEE_ACCEPTED):
        return
    rows = IssuedFigure.objects.filter(issued_on__gte=today - SHOWN_FOR)
    if not who.may(Permission.SEE_ISSUED):
        rows = rows.filter(audience=IssuedFigure.Audience.PUBLIC)
    packs = (
        rows.order_by()
        .values("pack")
        .annotate(issued=Max("issued_on"), how_many=Count("monthly_return_id", distinct=True))
        .order_by("-issued")
    )
    for pack in packs[:PACKS]:
        yield Reading(
            pack["pack"],
            reverse("kpi-list"),
            f"{count_of(pack['how_many'], 'figure')}, issued on {day(pack['issued'])}",
        )
