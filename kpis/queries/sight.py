"""Whose figures a person may see, decided here alone.

Working returns are the service's and the Performance Team's; accepted figures those of the board, the corporate
leadership team, audit and governance, and a portfolio holder's own; a disputed figure is seen, marked, by the board
and the leadership; anybody else sees a figure exactly as it was issued (framework C.2, E.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from kpis.models import Challenge, IssuedFigure, KpiPerson, KpiYear, MonthlyReturn

__all__ = ["Access", "access", "issued_rows", "reads_board", "seen_beside", "seen_returns"]


def reads_board(who: Standing) -> bool:
    """Whether the board's page of a month holds anything for them."""
    return who.may(Permission.SEE_ACCEPTED) or who.may(Permission.SEE_DISPUTED)


@dataclass(frozen=True)
class Access:
    """The KPI years, by id, whose figures are seen on each ground; ``panel`` is whether more than the public's."""

    working: frozenset[int]
    accepted: frozenset[int]
    disputed: frozenset[int]
    issued: frozenset[int]
    panel: bool

    def sees_more_than_issued(self, kpi_year_id: int) -> bool:
        return kpi_year_id in self.working or kpi_year_id in self.accepted


def access(who: Standing, kpi_years: Iterable[KpiYear]) -> Access:
    """Sort ``kpi_years`` (with their service) by what ``who`` may see of them, in one query."""
    years = {one.pk: one for one in kpi_years}
    named = frozenset(
        KpiPerson.objects.filter(user__in=who.people, kpi_year__in=years).values_list("kpi_year_id", flat=True)
    )

    def held(permission: Permission) -> frozenset[int]:
        return frozenset(pk for pk, one in years.items() if who.may(permission, one.scope))

    working = named | held(Permission.SEE_WORKING_RETURNS)
    accepted = held(Permission.SEE_ACCEPTED)
    return Access(
        working=working,
        accepted=accepted,
        disputed=held(Permission.SEE_DISPUTED),
        issued=frozenset(years) - working - accepted,
        panel=who.may(Permission.SEE_ISSUED),
    )


def seen_returns(allowed: Access) -> QuerySet[MonthlyReturn]:
    """The returns themselves that may be seen: the one condition every reader of unissued figures goes through."""
    with_board = Challenge.objects.with_the_board().filter(monthly_return=OuterRef("pk"))
    rows: QuerySet[MonthlyReturn] = MonthlyReturn.objects.annotate(with_board=Exists(with_board)).filter(
        Q(kpi_year__in=allowed.working)
        | Q(kpi_year__in=allowed.accepted, state=MonthlyReturn.State.ACCEPTED)
        | Q(kpi_year__in=allowed.disputed, with_board=True)
    )
    return rows


def seen_beside(who: Standing, record: MonthlyReturn) -> QuerySet[MonthlyReturn]:
    """The return itself and its KPI's accepted months that ``who`` may see: what it is read beside from outside."""
    rows = seen_returns(access(who, KpiYear.objects.filter(kpi=record.kpi_id).select_related("service")))
    return rows.filter(Q(state=MonthlyReturn.State.ACCEPTED) | Q(pk=record.pk), kpi=record.kpi_id)


def issued_rows(allowed: Access, first: Month) -> QuerySet[IssuedFigure]:
    """The issued figures that may be seen of ``first`` and later months, oldest issue first.

    Nothing is issued before the month it measures: with that said, the database leaves older years' packs alone.
    """
    rows: QuerySet[IssuedFigure] = IssuedFigure.objects.filter(
        monthly_return__kpi_year__in=allowed.issued,
        monthly_return__month__gte=first.first_day,
        issued_on__gte=first.first_day,
    )
    if not allowed.panel:
        rows = rows.filter(audience=IssuedFigure.Audience.PUBLIC)
    return rows.order_by("issued_on", "pk")
