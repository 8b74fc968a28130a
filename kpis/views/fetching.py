"""Fetching a return in scope: what a person may not see does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest

from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Permission
from kpis.models import KpiYear, MonthlyReturn
from kpis.queries.assessing import KNOWN
from kpis.queries.findings import ReturnContext, load_context
from kpis.queries.sight import access, seen_beside, seen_returns

__all__ = ["Found", "find_return", "signed_in"]


@dataclass
class Found:
    """A return, who asks for it, and whether they see it as a working return or only as accepted or disputed."""

    record: MonthlyReturn
    user: User
    who: Standing
    working: bool

    @cached_property
    def context(self) -> ReturnContext:
        """Its year and the months before it, read once: all of them for those who work on it."""
        return load_context(self.record, None if self.working else seen_beside(self.who, self.record))

    @property
    def reads_disputes(self) -> bool:
        """Whether they read what was put to the board, then and now."""
        return self.working or self.who.may(Permission.SEE_DISPUTED, self.record.scope)

    @property
    def last_time(self) -> MonthlyReturn | None:
        """The return before this one that was handed in."""
        return next((one for one in self.context.earlier if one.state in KNOWN), None)

    def as_now(self, record: MonthlyReturn) -> Found:
        """The same, with the record fresh from a move."""
        record.kpi_year, record.kpi = self.record.kpi_year, self.record.kpi
        return Found(record, self.user, self.who, self.working)


def find_return(request: HttpRequest, month: Month, code: str) -> Found:
    """The return of the KPI that had this code when ``month`` was measured. Raises Http404 out of scope.

    Whoever sees a figure only because it was issued sees it on the KPI's page, as it was issued.
    """
    user = signed_in(request)
    who = standing(user)
    rows = KpiYear.objects.filter(year__in=(month.year, month.year - 1), code_key=code_key(code))
    years = rows.select_related("kpi", "service__directorate", "portfolio")
    kpi_year = next((one for one in years if month in one.financial_year), None)
    if kpi_year is None:
        raise Http404("There is no KPI with this code in this year.")
    allowed = access(who, [kpi_year])
    record = (
        seen_returns(allowed)
        .filter(kpi_year=kpi_year, month=month.first_day)
        .select_related("period")
        .prefetch_related("transitions", "challenges", "revisions__proposed_by")
        .first()
    )
    if record is None:
        raise Http404("There is no return for this month that you can see.")
    record.kpi_year, record.kpi = kpi_year, kpi_year.kpi
    return Found(record, user, who, kpi_year.pk in allowed.working)
