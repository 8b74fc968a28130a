"""Which KPIs a round collects, and which month each measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hdcperf.periods import Month
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.periods import open_period
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture(autouse=True)
def _in_time(set_today: Callable[[date], None]) -> None:
    set_today(date(2027, 7, 1))


class TestWhatIsDue:
    def due(self, month: Month) -> list[tuple[str, str, str]]:
        opened, _ = open_period(month)
        rows = MonthlyReturn.objects.filter(period=opened).order_by("kpi_year__code_key", "month")
        return [(one.kpi_year.code, str(one.measured), one.outturn) for one in rows]

    def kpi(self, code: str, **facts: Any) -> KpiYear:
        made: KpiYear = KpiYearFactory(code=code, **facts)
        return made

    def test_monthly_quarterly_and_yearly_figures_come_when_they_are_due(self) -> None:
        self.kpi("PI 1")
        self.kpi("PI 2", frequency="quarterly")
        self.kpi("PI 3", frequency="yearly")
        assert [code for code, *_ in self.due(Month(2026, 8))] == ["PI 1"]
        assert [code for code, *_ in self.due(Month(2026, 9))] == ["PI 1", "PI 2"]
        assert [code for code, *_ in self.due(Month(2027, 3))] == ["PI 1", "PI 2", "PI 3"]

    def test_a_figure_in_arrears_measures_an_earlier_month(self) -> None:
        self.kpi("PI 1", months_in_arrears=2)
        assert self.due(OCTOBER) == [("PI 1", "August 2026", "")]

    def test_the_last_months_of_a_year_are_collected_in_the_next_when_in_arrears(self) -> None:
        self.kpi("PI 1", months_in_arrears=2)
        assert self.due(Month(2027, 5)) == [("PI 1", "March 2027", "provisional")]
        assert self.due(Month(2027, 6)) == []

    def test_a_kpi_that_ended_is_collected_up_to_its_last_month(self) -> None:
        self.kpi("PI 1", kpi__ended_after=date(2026, 10, 1))
        assert self.due(OCTOBER) == [("PI 1", "October 2026", "")]
        assert self.due(NOVEMBER) == []

    def test_march_is_the_old_years_outturn_and_april_the_new_years_first_month(self) -> None:
        old = self.kpi("PI 1")
        self.kpi("PI 9", kpi=old.kpi, year=2027)
        assert self.due(Month(2027, 3)) == [("PI 1", "March 2027", "provisional")]
        assert self.due(Month(2027, 4)) == [("PI 9", "April 2027", "")]

    def test_a_year_that_starts_in_january_has_no_provisional_outturn(self) -> None:
        self.kpi("PI 1", year_starts_in=1)
        assert self.due(Month(2026, 12)) == [("PI 1", "December 2026", "")]
        assert self.due(Month(2026, 3)) == [("PI 1", "March 2026", "")]

    def test_an_imported_month_is_not_collected_again(self) -> None:
        kpi_year = self.kpi("PI 1")
        MonthlyReturnFactory(kpi_year=kpi_year, imported_month=True)
        assert self.due(OCTOBER) == []
