"""Light figures for sparklines and movements: month, figure and RAG of those that count, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.rag import Rag
from kpis.models import KpiYear, MonthlyReturn
from kpis.queries.sight import access, issued_rows, seen_returns
from kpis.rules.figures import Headline, YtdRule

__all__ = ["Past", "comparable", "compares_months", "trends", "with_year_before"]


@dataclass(frozen=True)
class Past:
    """A month's figure reduced to what a trend and a movement need."""

    figure: Decimal | None
    rag: Rag


def compares_months(kpi_year: KpiYear) -> bool:
    """Whether trend and movement compare the months themselves: a sum to date only ever grows."""
    grows = kpi_year.ytd_rule in (YtdRule.ADDS_UP.value, YtdRule.RUNNING_TOTAL.value)
    return grows or kpi_year.headline == Headline.MONTH.value


def trends(who: Standing, kpi_years: Collection[KpiYear], first: Month, last: Month) -> dict[int, dict[Month, Past]]:
    """The figures that count from ``first`` to ``last`` by KPI and month: light, for sparklines and movements.

    ``kpi_years`` are those of every financial year asked for: what may be seen can differ from year to year.
    """
    years = {one.pk: one for one in kpi_years}
    allowed = access(who, kpi_years)
    columns = ("month_figure", "ytd_figure", "rag")
    between = {"month__gte": first.first_day, "month__lte": last.first_day}
    rows = list(
        seen_returns(allowed)
        .filter(state=MonthlyReturn.State.ACCEPTED, **between)
        .order_by()
        .values_list("kpi_year_id", "month", *columns)
    )
    if allowed.issued:
        issued = issued_rows(allowed, first).filter(
            **{f"monthly_return__{key}": value for key, value in between.items()}
        )
        rows += issued.values_list("monthly_return__kpi_year_id", "monthly_return__month", *columns)
    found: dict[int, dict[Month, Past]] = {}
    for year_id, measured, month_figure, ytd_figure, rag in rows:
        figure = month_figure if compares_months(years[year_id]) else ytd_figure
        past = Past(figure, Rag(rag or Rag.NO_DATA))
        found.setdefault(years[year_id].kpi_id, {})[Month.from_date(measured)] = past
    return found


def comparable(earlier: KpiYear, later: KpiYear) -> bool:
    """Whether two years of a KPI are measured alike, so that their figures can stand on one line."""
    return all(
        getattr(earlier, name) == getattr(later, name) for name in ("unit", "rate_per", "ytd_rule", "headline")
    )


def with_year_before(kpi_years: Collection[KpiYear]) -> list[KpiYear]:
    """``kpi_years`` (all of one financial year) and the same KPIs' comparable years before, in one query."""
    by_kpi = {one.kpi_id: one for one in kpi_years}
    if not by_kpi:
        return []
    year = next(iter(by_kpi.values())).year - 1
    before = KpiYear.objects.filter(kpi__in=by_kpi, year=year).select_related("service")
    return [*kpi_years, *(one for one in before if comparable(one, by_kpi[one.kpi_id]))]
