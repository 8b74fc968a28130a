"""A KPI's next year begins as this year's."""

from __future__ import annotations

import pytest

from dataquality.operations.next_years import COPIED, begin_next_year
from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.factories.setting import SettingRoundFactory, proposal_in

pytestmark = pytest.mark.django_db

ITS_OWN = {
    *("id", "kpi_id", "year", "code", "code_key", "is_live"),
    *("template_signed_on", "template_waived_until", "template_waiver"),  # it is signed anew for each year
}


def test_a_kpi_that_is_kept_takes_everything_but_its_code_and_its_template_with_it() -> None:
    beside = KpiYearFactory(code="PI 2", name="Backlog")
    now = KpiYearFactory(code="PI 1", latest=True, suppress_below=5, companion=beside.kpi, why="It matters.")
    KpiPerson.objects.create(kpi_year=now, user=holder(Role.OFFICER), duty=KpiPerson.Duty.COLLECTS)
    made = begin_next_year(
        proposal_in("draft", SettingRoundFactory(), now, verdict=""), holder(Role.PERFORMANCE_TEAM)
    )
    assert {name: getattr(made, name) for name in COPIED} == {name: getattr(now, name) for name in COPIED}
    assert (made.companion, made.suppress_below, made.is_live) == (beside.kpi, 5, False)
    assert list(made.people.values_list("user", "duty")) == list(now.people.values_list("user", "duty"))


def test_a_new_fact_of_a_kpis_year_is_taken_along_or_is_the_years_own() -> None:
    facts = {field.attname for field in KpiYear._meta.concrete_fields}
    assert facts - ITS_OWN == set(COPIED)
