"""Which windows there are, and which year's comes next."""

from __future__ import annotations

from dataquality.models import SettingRound, TargetReview
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear, Month
from kpis.models import KpiYear

__all__ = ["next_to_open", "review_to_open", "reviews_shown", "rounds_shown"]


def rounds_shown() -> list[SettingRound]:
    """Every window, newest first."""
    return list(SettingRound.objects.order_by("-year"))


def next_to_open(who: Standing) -> FinancialYear | None:
    """The year after the one we are in, while it has no window and this one has KPIs."""
    year = Month.from_date(who.today).financial_year.next
    if SettingRound.objects.filter(year=year.start_year).exists():
        return None
    return year if KpiYear.objects.filter(year=year.start_year - 1, is_live=True).exists() else None


def reviews_shown() -> list[TargetReview]:
    """Every half-year review, newest first."""
    return list(TargetReview.objects.order_by("-year"))


def review_to_open(who: Standing) -> FinancialYear | None:
    """The year we are in, from its sixth month on, while its targets have no half-year review."""
    month = Month.from_date(who.today)
    year = month.financial_year
    if month.number_in_year < 6 or TargetReview.objects.filter(year=year.start_year).exists():
        return None
    return year if KpiYear.objects.filter(year=year.start_year, is_live=True).exists() else None
