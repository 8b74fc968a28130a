"""A permission over the whole council reaches every row, also where a person is named on some KPIs of their own."""

import pytest

from hdcperf.organisation.access import standing
from hdcperf.roles import Role
from kpis.models import MonthlyReturn
from kpis.queries.sight import access, seen_returns
from tests.factories.kpis import MonthlyReturnFactory
from tests.factories.organisation import AppointmentFactory, UserFactory


@pytest.mark.django_db
def test_the_performance_team_works_with_every_return() -> None:
    team = UserFactory()
    AppointmentFactory(user=team, role=Role.PERFORMANCE_TEAM.value)
    record = MonthlyReturnFactory()
    assert MonthlyReturn.objects.working_for(standing(team)).get() == record
    assert seen_returns(access(standing(team), [record.kpi_year])).get() == record


@pytest.mark.django_db
def test_somebody_without_a_post_works_with_none() -> None:
    MonthlyReturnFactory()
    assert not MonthlyReturn.objects.working_for(standing(UserFactory())).exists()
