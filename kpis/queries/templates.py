"""What is read of data quality templates on the pages of the monthly cycle (framework B.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hdcperf.ui import day
from kpis.models import Kpi, KpiYear, MonthlyReturn

__all__ = ["Compared", "compared_with", "template_words", "waivers_over"]


@dataclass(frozen=True)
class Compared:
    """The newest figure of a series the KPI is compared with: whose, for when, from where and how comparable."""

    name: str
    group: str
    period: str
    value: Decimal | None
    source: str
    how_comparable: str


def compared_with(kpi: Kpi) -> list[Compared]:
    """The newest figure of each series, in two queries."""
    found = []
    for series in kpi.comparators.prefetch_related("values"):
        values = list(series.values.all())
        if values:
            last = values[-1]
            found.append(
                Compared(
                    name=series.name,
                    group=series.get_group_display(),
                    period=last.period,
                    value=last.value,
                    source=series.source,
                    how_comparable=series.how_comparable,
                )
            )
    return found


def template_words(kpi_year: KpiYear, today: date) -> str:
    """Whether the year's template is signed off, or who lets the KPI be collected without."""
    if kpi_year.template_signed_on is not None:
        return f"Signed off on {day(kpi_year.template_signed_on)}"
    return kpi_year.template_waiver if kpi_year.is_waived(today) else "Not signed off"


def waivers_over(record: MonthlyReturn) -> list[str]:
    """The waivers in force while the return's round was open: it was collected without a signed template."""
    period = record.period
    if period is None:
        return []
    rows = record.kpi_year.waivers.filter(starts_on__lte=period.locks_on, expires_on__gte=period.opens_on)
    return [row.words for row in rows.order_by("granted_at")]
