"""What the monthly cycle needs of the data quality template, pushed down by whoever keeps the templates."""

from __future__ import annotations

from datetime import date

from hdcperf.history import save_as
from hdcperf.organisation.models import User
from kpis.models import KpiYear

__all__ = ["template_signed", "template_waived"]


def template_signed(kpi_year: KpiYear, *, signed_on: date | None, by: User) -> None:
    """Say that the KPI year's template is signed off, or (None) that it no longer is."""
    kpi_year.template_signed_on = signed_on
    save_as(
        kpi_year, by=by, reason="Data quality template signed off" if signed_on else "Template to be signed again"
    )


def template_waived(kpi_year: KpiYear, *, until: date | None, words: str, by: User) -> None:
    """Let the KPI be collected until a day without a signed template; ``words`` name who allowed it, and why."""
    kpi_year.template_waived_until = until
    kpi_year.template_waiver = words if until else ""
    save_as(kpi_year, by=by, reason=words or "Waiver ended")
