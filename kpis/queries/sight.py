"""Whose figures a person may see: on the grounds of ``hdcperf.review.sight`` (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.review.sight import Access, access_to
from hdcperf.roles import Permission
from kpis.models import Challenge, IssuedFigure, KpiPerson, KpiYear, MonthlyReturn

__all__ = ["Access", "access", "issued_rows", "issued_to", "reads_board", "seen_beside", "seen_returns"]


def reads_board(who: Standing) -> bool:
    """Whether the board's page of a month holds anything for them."""
    return who.may(Permission.SEE_ACCEPTED) or who.may(Permission.SEE_DISPUTED)


def access(who: Standing, kpi_years: Iterable[KpiYear]) -> Access:
    """Sort ``kpi_years`` (with their service) by what ``who`` may see of them, in one query."""
    years = list(kpi_years)
    named = KpiPerson.objects.filter(user__in=who.people, kpi_year__in=[one.pk for one in years])
    return access_to(who, years, frozenset(named.values_list("kpi_year_id", flat=True)))


def seen_returns(allowed: Access) -> QuerySet[MonthlyReturn]:
    """The returns themselves that may be seen: the one condition every reader of unissued figures goes through."""
    with_board = Challenge.objects.with_the_board().filter(monthly_return=OuterRef("pk"))
    rows: QuerySet[MonthlyReturn] = MonthlyReturn.objects.annotate(with_board=Exists(with_board))
    return rows.filter(allowed.seen("kpi_year"))


def seen_beside(who: Standing, record: MonthlyReturn) -> QuerySet[MonthlyReturn]:
    """The return itself and its KPI's accepted months that ``who`` may see: what it is read beside from outside."""
    rows = seen_returns(access(who, KpiYear.objects.filter(kpi=record.kpi_id).select_related("service")))
    return rows.filter(Q(state=MonthlyReturn.State.ACCEPTED) | Q(pk=record.pk), kpi=record.kpi_id)


def issued_rows(allowed: Access, first: Month) -> QuerySet[IssuedFigure]:
    """The issued figures that may be seen of ``first`` and later months, oldest issue first.

    Nothing is issued before the month it measures: with that said, the database leaves older years' packs alone.
    """
    return (
        issued_to(allowed.panel)
        .filter(
            monthly_return__kpi_year__in=allowed.issued,
            monthly_return__month__gte=first.first_day,
            issued_on__gte=first.first_day,
        )
        .order_by("issued_on", "pk")
    )


def issued_to(panel: bool) -> QuerySet[IssuedFigure]:
    """What was issued to the panel and published, or published alone."""
    rows: QuerySet[IssuedFigure] = IssuedFigure.objects.all()
    return rows if panel else rows.filter(audience=IssuedFigure.Audience.PUBLIC)
