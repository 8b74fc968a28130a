"""A target changed on its KPI's own page while the half-year review is open answers that review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from dataquality.models import TargetReviewItem
from dataquality.operations.half_year import leave, open_review
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from kpis.models import KpiYear
from kpis.operations.target_setting import Proposal, approve_target, propose_target
from kpis.queries.targets import target_ground
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _item() -> tuple[TargetReviewItem, User, User]:
    kpi_year = KpiYearFactory(latest=True)
    TargetSetFactory(kpi_year=kpi_year, target=100)
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 9, 1), value=110, accepted=True)
    team = holder(Role.PERFORMANCE_TEAM)
    review = open_review(FinancialYear(2026), date(2026, 10, 1), date(2026, 11, 30), by=team)
    return review.items.get(kpi_year=kpi_year), holder(Role.SERVICE_MANAGER, service=kpi_year.service), team


def _raised(kpi_year: KpiYear, manager: User, team: User) -> None:
    start = target_ground(kpi_year).starts[0]
    proposal = Proposal(start, Levels(Decimal(120)), Profile.FLAT, "The summer passed it.")
    made = propose_target(kpi_year, proposal, by=manager)
    approve_target(made, approved_by="Cabinet, minute 58", approved_on=TODAY, approved_body="cabinet", by=team)


def test_it_is_marked_as_stretched_with_its_reason_and_authority() -> None:
    item, manager, team = _item()
    leave(item, "early", "Too early to tell.", by=manager, version=item.version)
    _raised(item.kpi_year, manager, team)
    fresh = TargetReviewItem.objects.get(pk=item.pk)
    assert (fresh.verdict, fresh.reason, fresh.why) == ("stretched", "beaten", "The summer passed it.")
    assert fresh.authority == "Cabinet, minute 58, 2 November 2026"
    assert (fresh.decided_by_name, fresh.decided_on) == (team.name, TODAY)
    assert fresh.target_set is not None
    assert fresh.target_set.approved_body == "cabinet"


def test_a_review_that_is_closed_stays_as_it_was(set_today: Callable[[date], None]) -> None:
    item, manager, team = _item()
    set_today(date(2026, 12, 1))
    _raised(item.kpi_year, manager, team)
    assert TargetReviewItem.objects.get(pk=item.pk).verdict == ""
