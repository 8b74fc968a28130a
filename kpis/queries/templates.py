"""What is read of data quality templates and reviews on the pages of the monthly cycle (framework B.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.ui import count_of, day, lower_first
from kpis.models import Kpi, KpiYear, MonthlyReturn

__all__ = [
    "Compared",
    "LastReview",
    "compared_with",
    "last_reviewed",
    "template_words",
    "waived_in",
    "waiver_words",
    "waivers_over",
]


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


@dataclass(frozen=True)
class LastReview:
    """The last data quality review of a KPI that is finished: its id, and ``Last reviewed 5 May 2026: good``."""

    pk: int
    words: str


def last_reviewed(kpi_year: KpiYear) -> LastReview | None:
    """The KPI's last finished review, of whichever year, with how many of its actions are open; in two queries."""
    reviews = kpi_year.quality_reviews.model.objects
    rows = reviews.filter(kpi_year__kpi=kpi_year.kpi_id, reported_on__isnull=False).prefetch_related("actions")
    last = rows.order_by("-reported_on", "-pk").first()
    if last is None:
        return None
    left = sum(not one.is_closed for one in last.actions.all())
    rest = f"; {count_of(left, 'action')} open" if left else ""
    words = f"Last reviewed {day(last.reported_on)}: {lower_first(last.get_rating_display())}{rest}"
    return LastReview(last.pk, words)


def waived_in(period: ReportingPeriod) -> QuerySet[KpiYear]:
    """The KPI years with a waiver in force while the round was open: collected without a signed template."""
    rows: QuerySet[KpiYear] = KpiYear.objects.filter(
        waivers__starts_on__lte=period.locks_on, waivers__expires_on__gte=period.opens_on
    )
    return rows


def waivers_over(record: MonthlyReturn) -> list[str]:
    """The waivers in force while the return's round was open, in words."""
    period = record.period
    return [] if period is None else waiver_words([record.kpi_year_id], period).get(record.kpi_year_id, [])


def waiver_words(kpi_years: Iterable[int], period: ReportingPeriod) -> dict[int, list[str]]:
    """The waivers in force while the round was open, in words, by the KPI year's id; two queries."""
    rows = waived_in(period).filter(pk__in=list(kpi_years)).distinct().prefetch_related("waivers")
    return {
        one.pk: [
            row.words
            for row in sorted(one.waivers.all(), key=lambda row: row.granted_at)
            if row.starts_on <= period.locks_on and row.expires_on >= period.opens_on
        ]
        for one in rows
    }
