"""Collection rounds: what opening one would make, how far each has come, and the locks that are lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hdcperf.periods import Month
from kpis.models import KpiPerson, KpiYear, LockException, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.operations.periods import still_missing

__all__ = ["Opening", "active_exceptions", "opening", "outturns"]

State = MonthlyReturn.State


@dataclass(frozen=True)
class Opening:
    """The returns that opening a month would create, and the KPIs that lack something for it."""

    to_create: list[tuple[KpiYear, Month]]
    without_target: list[KpiYear]
    without_people: list[KpiYear]
    not_set_up: list[KpiYear]


def opening(month: Month) -> Opening:
    """Look before opening ``month``; nothing is written."""
    wanted = still_missing(month)
    years = {one.pk: one for one, _ in wanted}
    targeted = set(
        MonthlyTarget.objects.filter(
            target_set__kpi_year__in=years,
            target_set__state=TargetSet.State.APPROVED,
            month__in={measured.first_day for _, measured in wanted},
            target__isnull=False,
        ).values_list("target_set__kpi_year", flat=True)
    )
    peopled = set(KpiPerson.objects.filter(kpi_year__in=years).values_list("kpi_year", flat=True))
    return Opening(
        to_create=wanted,
        without_target=[one for pk, one in years.items() if pk not in targeted and one.direction != "none"],
        without_people=[one for pk, one in years.items() if pk not in peopled],
        not_set_up=_not_set_up(month),
    )


def _not_set_up(month: Month) -> list[KpiYear]:
    """KPIs of last year that have not ended and have no facts for the year of ``month``."""
    year = month.financial_year.start_year
    this_year = KpiYear.objects.filter(year=year).values("kpi")
    return list(
        KpiYear.objects.filter(Q(kpi__ended_after__isnull=True) | Q(kpi__ended_after__gte=month.first_day))
        .filter(year=year - 1, months_in_arrears=0)
        .exclude(kpi__in=this_year)
        .order_by("code_key")
    )


def active_exceptions(today: date) -> QuerySet[LockException]:
    """The locks that are lifted today, those that end first at the top."""
    return (
        LockException.objects.filter(expires_on__gte=today)
        .exclude(monthly_return__state=State.ACCEPTED)
        .select_related("monthly_return__kpi_year__service", "granted_by")
        .order_by("expires_on", "pk")
    )


def outturns(month: Month) -> list[MonthlyReturn]:
    """In April's round, March's outturns that are not final yet; otherwise none."""
    if month.number_in_year != 1:
        return []
    found = MonthlyReturn.objects.filter(month=month.previous.first_day, outturn=MonthlyReturn.Outturn.PROVISIONAL)
    return list(found.select_related("kpi_year__service").order_by("kpi_year__code_key"))
