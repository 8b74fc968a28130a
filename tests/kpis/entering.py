"""What the tests of the return page share: a KPI with its targets and year so far, its people, and a posted form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.periods import Month, months_between
from hdcperf.roles import Role
from kpis.models import KpiYear, MonthlyReturn
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder

TODAY = date(2026, 11, 5)
OCTOBER = Month(2026, 10)


@dataclass
class Collected:
    """October's return of one KPI, what went before, and who enters and who checks."""

    record: MonthlyReturn
    user: User
    reviewer: User

    @property
    def kpi_year(self) -> KpiYear:
        return self.record.kpi_year

    @property
    def url(self) -> str:
        return reverse("return", args=[self.record.measured, self.kpi_year.code])

    @property
    def preview_url(self) -> str:
        return reverse("return-preview", args=[self.record.measured, self.kpi_year.code])

    def now(self) -> MonthlyReturn:
        return MonthlyReturn.objects.get(pk=self.record.pk)

    def client(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.user)
        return client

    def post(self, move: str, user: User | None = None, **typed: Any) -> HttpResponse:
        """Press a button with the whole form as the page would send it."""
        data = {"version": self.now().version, **FULL, **typed, "move": move}
        return self.client(user).post(self.url, {key: value for key, value in data.items() if value is not None})


FULL = {
    "value": "11",
    "what_happened": "Eleven examples were counted at the depot.",
    "why": "The second crew came back from training.",
    "forecast": "130",
    "forecast_method": "judgement",
    "forecast_confidence": "likely",
}
"""Ten a month is the target (120 for the year), nine the intervention level: eleven is green."""

AMBER = {
    "value": "4",
    "being_done": "A third crew starts.",
    "done_by_day": "30",
    "done_by_month": "11",
    "done_by_year": "2026",
    "done_owner": "Depot manager",
    "forecast": "110",
}


def collected(months: int = 6, **facts: Any) -> Collected:
    """October's return, not started, with ``months`` accepted before it at ten each (84 of 100 where in parts)."""
    levels = {name: facts.pop(name) for name in ("target", "intervention", "awaiting") if name in facts}
    state = {name: facts.pop(name) for name in ("draft", "submitted", "challenged", "accepted") if name in facts}
    kpi_year = KpiYearFactory(**facts)
    TargetSetFactory(kpi_year=kpi_year, **{"target": Decimal(120), "intervention": Decimal(108), **levels})
    user = KpiPersonFactory(kpi_year=kpi_year).user
    reviewer = holder(Role.PERFORMANCE_TEAM)
    for month in months_between(OCTOBER - months, OCTOBER - 1):
        MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, accepted=True)
    record = MonthlyReturnFactory(kpi_year=kpi_year, **state)
    return Collected(record, user, reviewer)
