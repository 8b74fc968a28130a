"""What the tests of targets share: a KPI with a target and six months judged, who proposes and who records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client

from hdcperf.organisation.models import User
from hdcperf.periods import Month, months_between
from hdcperf.roles import Role
from kpis.models import KpiYear, TargetSet
from kpis.operations.target_setting import Proposal, propose_target
from kpis.queries.targets import target_ground
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder
from tests.kpis.seeing import signed_in

OCTOBER, DECEMBER = Month(2026, 10), Month(2026, 12)
NUMBERS = {"target": "150", "intervention": "132"}


@dataclass
class Targets:
    """A KPI's year, its service manager and somebody of the Performance Team."""

    kpi_year: KpiYear
    manager: User
    team: User

    @property
    def page(self) -> str:
        return f"/kpis/2026-27/{self.kpi_year.code}/targets/"

    @property
    def form(self) -> str:
        return f"{self.page}new/"

    def post(self, step: str = "propose", by: User | None = None, **typed: Any) -> HttpResponse:
        """Send the form of a new target from October, flat, but for what is ``typed`` (None: not sent)."""
        data = {"start": "2026-10", "wanted": "yes", "profile": "flat", "reason": "The service grew.", **NUMBERS}
        sent = {name: value for name, value in {**data, **typed, "step": step}.items() if value is not None}
        return signed_in(by or self.manager).post(self.form, sent)

    def propose(self, start: Month = OCTOBER, year: Levels | None = None, by: User | None = None) -> TargetSet:
        levels = year or Levels(Decimal(150), Decimal(132))
        months = target_ground(self.kpi_year).spread(start, levels, Profile.FLAT)
        proposal = Proposal(start, levels, Profile.FLAT, "The service grew.", months)
        return propose_target(self.kpi_year, proposal, by=by or self.manager)

    def months(self) -> dict[Month, Levels]:
        """What each month is held to now."""
        facts = target_ground(self.kpi_year).facts
        return {month: facts.month_levels(month) for month in facts.expected}

    def client(self, user: User) -> Client:
        return signed_in(user)


def targets(*, judged: int = 6, last_year: list[int] | None = None, **facts: Any) -> Targets:
    """A KPI held to 120 a year (108) from April, with ``judged`` months accepted, and last year's where given."""
    levels = {name: facts.pop(name) for name in ("target", "intervention", "target_upper") if name in facts}
    kpi_year = KpiYearFactory(**facts)
    TargetSetFactory(kpi_year=kpi_year, **{"target": 120, "intervention": 108, **levels})
    for month in months_between(Month(2026, 4), Month(2027, 3))[:judged]:
        MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, accepted=True)
    if last_year is not None:
        before = KpiYearFactory(
            kpi=kpi_year.kpi,
            year=2025,
            **{name: getattr(kpi_year, name) for name in ("ytd_rule", "headline", "unit")},
        )
        for month, value in zip(months_between(Month(2025, 4), Month(2026, 3)), last_year, strict=True):
            MonthlyReturnFactory(kpi_year=before, month=month.first_day, value=value, imported_month=True)
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service)
    return Targets(kpi_year, manager, holder(Role.PERFORMANCE_TEAM))


APPROVAL = {"approved_by": "Cabinet", "approved_on": date(2026, 11, 3)}
APPROVAL_TYPED = {
    "decide": "approve",
    "approved_body": "cabinet",
    "approved_by": "Cabinet",
    "approved_on_day": "3",
    "approved_on_month": "11",
    "approved_on_year": "2026",
}
