"""Two people act on a KPI's target at the same moment, on two connections. Runs on SQLite too (bin/test)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from hdcperf.roles import Role
from hdcperf.workflow import MoveRefused, SomebodyElseDidIt
from kpis.models import MonthlyReturn, TargetSet
from kpis.operations.checking import accept
from kpis.operations.target_setting import approve_target, send_target_back
from kpis.rules.year_to_date import Levels
from tests.factories.kpis import MonthlyReturnFactory
from tests.factories.organisation import holder
from tests.kpis.at_once import at_once, holding
from tests.kpis.target_world import APPROVAL, DECEMBER, OCTOBER, Targets, targets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one(set_today: Callable[[date], None]) -> Targets:
    set_today(date(2026, 11, 5))
    return targets()


def test_of_two_proposals_one_waits_and_the_other_is_told_whose(one: Targets) -> None:
    outcomes = at_once(
        lambda: one.propose(OCTOBER),
        lambda: one.propose(DECEMBER, Levels(Decimal(180)), by=one.team),
        hold=holding(one.kpi_year),
    )
    (refused,) = [found for found in outcomes if isinstance(found, Exception)]
    assert isinstance(refused, MoveRefused)
    waiting = TargetSet.objects.get(state="awaiting")
    assert waiting.set_by is not None
    assert f"{waiting.set_by.name} proposed it" in str(refused)


def test_approving_and_sending_back_leaves_one_of_them(one: Targets) -> None:
    made = one.propose()
    colleague = holder(Role.PERFORMANCE_TEAM)
    outcomes = at_once(
        lambda: approve_target(made, **APPROVAL, by=one.team),
        lambda: send_target_back(made, reason="Too easy.", by=colleague),
        hold=holding(one.kpi_year, made),
    )
    assert sum(isinstance(found, SomebodyElseDidIt) for found in outcomes) == 1, outcomes
    made.refresh_from_db()
    assert (made.state, made.approved_by) in (("approved", "Cabinet"), ("sent_back", ""))
    assert [row.move for row in made.transitions.all()][1:] in (["approve"], ["send_back"])


def test_a_month_accepted_while_its_target_is_approved_is_judged_by_one_of_the_two_and_no_set_governs_it_after(
    one: Targets,
) -> None:
    made = one.propose()
    october = MonthlyReturnFactory(kpi_year=one.kpi_year, submitted=True, value=14)
    outcomes = at_once(
        lambda: approve_target(made, **APPROVAL, by=one.team),
        lambda: accept(october, by=holder(Role.PERFORMANCE_TEAM)),
        hold=holding(one.kpi_year),
    )
    target = MonthlyReturn.objects.get(pk=october.pk).target
    made.refresh_from_db()
    if made.state == "approved":
        assert target == 75
    else:
        assert (target, [type(found) for found in outcomes if isinstance(found, Exception)]) == (70, [MoveRefused])
