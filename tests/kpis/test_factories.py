"""The factories make rows that the database takes."""

import pytest

from kpis.models import MonthlyReturn, MonthlyTarget
from tests.factories.kpis import (
    ChallengeFactory,
    FindingFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in MonthlyReturn.State if state != "not_started"])
@pytest.mark.parametrize("percentage", [False, True])
def test_a_return_is_made_in_each_state_with_the_moves_that_lead_there(state: str, percentage: bool) -> None:
    made = MonthlyReturnFactory(kpi_year=KpiYearFactory(percentage=percentage), **{state: True})
    assert made.state == state
    assert made.transitions.last().to_state == state
    assert bool(made.rag) == (state == "accepted")


def test_an_accepted_return_is_judged_by_its_target() -> None:
    kpi_year = KpiYearFactory()
    TargetSetFactory(kpi_year=kpi_year, target=120, intervention=96)
    assert MonthlyTarget.objects.filter(target_set__kpi_year=kpi_year).count() == 12
    assert MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, value=70).rag == "green"
    assert MonthlyReturnFactory(kpi_year=KpiYearFactory(), no_data=True, accepted=True).rag == "not_judged"


def test_every_other_row_is_taken_too() -> None:
    for made in (ChallengeFactory, FindingFactory, KpiPersonFactory, LockExceptionFactory, RevisionFactory):
        assert made().pk
    assert MonthlyReturnFactory(imported_month=True).imported
    assert MonthlyReturnFactory().state == "not_started"
    assert TargetSetFactory(kpi_year=KpiYearFactory(band=True), target=4, target_upper=6, awaiting=True).pk
