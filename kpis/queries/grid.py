"""A person's returns of one round with their years, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.rag import Direction
from hdcperf.roles import Permission
from kpis.models import KpiYear, LockException, MonthlyReturn
from kpis.queries.templates import waiver_words
from kpis.queries.years import YearFacts, load_years

__all__ = ["GridFacts", "grid_returns"]

State = MonthlyReturn.State


@dataclass
class GridFacts:
    """The returns, their KPI years by id, and what is open."""

    records: list[MonthlyReturn] = field(default_factory=list)
    years: dict[int, YearFacts] = field(default_factory=dict)
    period: ReportingPeriod | None = None
    today: date = date.min
    lifted: frozenset[int] = frozenset()
    waivers: Mapping[int, list[str]] = field(default_factory=dict)

    def is_open(self, record: MonthlyReturn) -> bool:
        """Whether the row can be typed in: not handed in, not locked, and not a month without a figure."""
        if record.state not in (State.NOT_STARTED, State.DRAFT) or record.no_data or self.period is None:
            return False
        in_time = self.period.opens_on <= self.today and not self.period.is_locked(self.today)
        return in_time or (record.pk in self.lifted and self.period.opens_on <= self.today)

    def needs_forecast(self, record: MonthlyReturn) -> bool:
        """As on the return's own page: not for a year's last month, nor for a figure that is only context."""
        years = self.years[record.kpi_year_id]
        return record.kpi_year.direction != Direction.NONE.value and record.measured != years.expected[-1]


def grid_returns(month: Month, who: Standing, today: date) -> GridFacts:
    """The returns collected in the round of ``month`` that ``who`` enters by name or for their service.

    The Performance Team may enter for anybody, but has only its own KPIs here: the whole council's would be no grid.
    """
    period = ReportingPeriod.objects.collecting(month)
    if period is None:
        return GridFacts()
    reach = who.reach(Permission.ENTER_RETURNS)
    mine = Q(kpi_year__in=KpiYear.objects.filter(people__user__in=who.people).values("pk"))
    if reach and not reach.council:
        mine |= reach.rows("kpi_year__")
    records = list(
        MonthlyReturn.objects.filter(mine, period=period)
        .select_related("kpi_year__service", "kpi")
        .order_by("kpi_year__code_key", "month")
    )
    years = load_years({one.kpi_year_id: one.kpi_year for one in records}.values())
    for record in records:
        record.period = period
    lifted = LockException.objects.filter(monthly_return__in=records, expires_on__gte=today)
    waivers = waiver_words(years, period)
    return GridFacts(
        records, years, period, today, frozenset(lifted.values_list("monthly_return_id", flat=True)), waivers
    )
