"""KPIs with months behind them, for the tests of the pages that show figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hdcperf.organisation.models import User
from kpis.models import IssuedFigure, KpiYear, MonthlyReturn
from tests.factories.kpis import MonthlyReturnFactory, TargetSetFactory

TODAY = date(2026, 11, 5)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as found:
        text_of(client, address)
    return len(found)


def with_months(kpi_year: KpiYear, months: range = range(4, 10), value: int = 10) -> list[MonthlyReturn]:
    """A target and an accepted return for each month of ``months`` in 2026."""
    if not kpi_year.target_sets.exists():
        TargetSetFactory(kpi_year=kpi_year, target=120, intervention=144 if kpi_year.direction == "lower" else 96)
    return [
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(kpi_year.year, month, 1), accepted=True, value=value)
        for month in months
    ]


def issued(record: MonthlyReturn, value: int, day: date = date(2026, 10, 20), **facts: Any) -> IssuedFigure:
    """The return's figure as a pack printed it."""
    row: IssuedFigure = IssuedFigure.objects.create(
        **{
            "monthly_return": record,
            "audience": IssuedFigure.Audience.PANEL,
            "pack": f"Example pack of {day}",
            "issued_on": day,
            "month_figure": Decimal(value),
            "ytd_figure": Decimal(value),
            "rag": "green",
            "forecast_rag": "amber",
            "commentary": "As the pack printed it.",
            **facts,
        }
    )
    return row
