"""What the figures on data quality count, for whom, and the lists behind them (framework B.1, Appendix A)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from dataquality.queries.measures import NO_DATA, NOT_OPENED, NOT_SENT, Item, counted_items, of_measure
from dataquality.rules.measures import Measure, Share, share_of
from hdcperf.organisation.access import standing
from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear, ReturnAuthor
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
)
from tests.factories.organisation import UserFactory, holder
from tests.factories.templates import template_in

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 20))  # both rounds have fallen due; the factories' returns were sent on 5 November


@pytest.fixture
def council() -> dict[str, KpiYear]:
    """Missed bins (late, revised, challenged), litter in the same service (no template), and calls in another."""
    bins = KpiYearFactory(name="Missed bins")
    litter = KpiYearFactory(name="Litter", service=bins.service, template_signed_on=None)
    calls = KpiYearFactory(name="Calls", decimals=1)
    late = MonthlyReturnFactory(kpi_year=bins, month=SEPTEMBER, accepted=True)
    RevisionFactory(monthly_return=late, state="accepted")
    disputed = MonthlyReturnFactory(kpi_year=bins, month=OCTOBER, accepted=True)
    ChallengeFactory(monthly_return=disputed)
    MonthlyReturnFactory(kpi_year=calls, month=SEPTEMBER, submitted=True, no_data=True)
    MonthlyReturnFactory(kpi_year=calls, month=OCTOBER)
    MonthlyReturnFactory(kpi_year=calls, month=date(2026, 4, 1), imported_month=True)
    owner = KpiPersonFactory(kpi_year=bins).user
    ReturnAuthor.objects.create(monthly_return=late, user=owner)
    for one in (litter, calls):
        KpiPersonFactory(kpi_year=one, user=UserFactory(name="Nell Never"))
    KpiPersonFactory(kpi_year=litter, user=UserFactory(name="Stan Dyn"), duty=KpiPerson.Duty.STANDS_IN)
    template_in("signed", kpi_year=bins)  # its stand-in has confirmed
    return {"bins": bins, "litter": litter, "calls": calls}


def shares(items: list[Item]) -> dict[Measure, Share]:
    return {one: share_of(of_measure(items, one)) for one in Measure}


def test_each_figure_counts_what_it_says_over_the_council_and_over_one_service(council: dict[str, KpiYear]) -> None:
    team = standing(holder(Role.PERFORMANCE_TEAM))
    everything = counted_items(team, [2026])
    assert shares(everything) == {
        Measure.SIGNED: Share(2, 3),
        Measure.ON_TIME: Share(1, 4),  # bins in October; September came on 5 November, both of calls are out
        Measure.FIRST_TIME: Share(1, 2),
        Measure.REVISED: Share(1, 3),  # an imported figure is an accepted one
        Measure.MISSING: Share(4, 7),
        Measure.NEVER: Share(2, 3),
        Measure.STAND_INS: Share(1, 2),
    }
    missing = [item for item in of_measure(everything, Measure.MISSING) if item.counts]
    assert sorted((item.kpi_year.name, str(item.month), item.why) for item in missing) == [
        ("Calls", "October 2026", NOT_SENT),
        ("Calls", "September 2026", NO_DATA),
        ("Litter", "October 2026", NOT_OPENED),
        ("Litter", "September 2026", NOT_OPENED),
    ]
    of_one = counted_items(team, [2026], council["calls"].service_id)
    assert {item.kpi_year.name for item in of_one} == {"Calls"}
    theirs = counted_items(standing(holder(Role.SERVICE_MANAGER, service=council["bins"].service)), [2026])
    assert {item.kpi_year.name for item in theirs} == {"Missed bins", "Litter"}
    assert shares(theirs)[Measure.MISSING] == Share(2, 4)


def test_what_is_not_due_yet_counts_for_nothing(set_today: Callable[[date], None], council: Any) -> None:
    set_today(date(2026, 11, 6))  # October falls due on the 12th
    found = shares(counted_items(standing(holder(Role.PERFORMANCE_TEAM)), [2026]))
    assert found[Measure.ON_TIME] == Share(1, 3)
    assert found[Measure.MISSING] == Share(2, 5)


def test_each_figure_leads_to_the_list_behind_it_and_all_stand_in_the_file(council: dict[str, KpiYear]) -> None:
    client = Client()
    client.force_login(holder(Role.PERFORMANCE_TEAM))
    page = client.get("/dataquality/measures/").content.decode()
    assert "2 of 3 KPIs" in page
    assert "4 of 7 months" in page
    assert "To be explained" in page
    missing = client.get("/dataquality/measures/missing-months/?month=2026-09").content.decode()
    assert "2 of 3 months (66.7%)" in missing
    assert NOT_OPENED in missing
    assert NOT_SENT not in missing
    late = client.get("/dataquality/measures/on-time/").content.decode()
    assert "Due 13 October 2026, sent on 5 November 2026" in late
    everything = client.get("/dataquality/measures/stand-ins/?show=all").content.decode()
    assert "Stan Dyn" in everything
    assert client.get("/dataquality/measures/on-time/?service=x&month=2026-13&show=q").status_code == 200
    answer = client.get("/dataquality/measures.csv")
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0] == ["Measure", "Year", "Month", "Service", "Counted", "Of", "Percentage"]
    assert ["Missing months", "2026/27", "", "All", "4", "7", "57.1"] in rows
    assert ["Missing months", "2026/27", "September 2026", council["calls"].service.name, "1", "1", "100.0"] in rows
