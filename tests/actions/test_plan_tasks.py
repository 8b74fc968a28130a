"""My tasks about the yearly refresh and about what was promised: for whom, by when, and when they go away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import ActionUpdate, ActionYear, PlanDecision, PlanYear
from actions.operations.entering import record_recovery
from actions.queries.home_tasks import tasks
from actions.queries.reading import reading_for
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.recovery import Recovery
from hdcperf.roles import Role
from tests.actions.seeing import Q1, Q2, TODAY, issued
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory, PlanYearFactory, round_of_quarter
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.plan import PlanDecisionFactory, plan_year_in

pytestmark = pytest.mark.django_db
SetToday = Callable[[date], None]
State = PlanYear.State
LAST_DAY = date(2027, 3, 31)
"""The day before the year the refresh is for."""


@pytest.fixture(autouse=True)
def _november(set_today: SetToday) -> None:
    set_today(TODAY)
    round_of_quarter(Q2)


def found(user: User) -> dict[str, Any]:
    return {one.title: one for one in tasks(standing(user))}


def in_the_next_set(row: ActionYear, plan_year: PlanYear) -> ActionYear:
    made: ActionYear = ActionYearFactory(
        plan_year=plan_year, action=row.action, service=row.service, portfolio=row.portfolio, due_on=date(2028, 3, 31)
    )
    return made


# The refresh


def test_the_team_is_asked_to_begin_next_years_set_from_october_on(set_today: SetToday) -> None:
    PlanYearFactory(year=2026)
    team, other = holder(Role.PERFORMANCE_TEAM), holder(Role.SERVICE_MANAGER)
    one = found(team)["Begin the actions for 2027/28"]
    assert (one.due, one.late) == (LAST_DAY, False)
    assert "Begin the actions for 2027/28" not in found(other)
    set_today(date(2026, 9, 30))
    assert "Begin the actions for 2027/28" not in found(team)


def test_a_year_the_corporate_plan_does_not_cover_is_not_asked_for(set_today: SetToday) -> None:
    PlanYearFactory(year=2027)
    set_today(date(2027, 11, 5))
    assert not any(title.startswith("Begin") for title in found(holder(Role.PERFORMANCE_TEAM)))


def test_each_service_says_what_becomes_of_its_own_actions_until_it_has() -> None:
    ours, theirs = ActionYearFactory(title="Warm homes"), ActionYearFactory(title="Clean rivers")
    plan_year = plan_year_in(State.DRAWING_UP)
    manager = holder(Role.SERVICE_MANAGER, service=ours.service)
    one = found(manager)["Say what becomes of 1 action in 2027/28"]
    assert (one.due, one.hint) == (LAST_DAY, ours.name)
    assert theirs.title not in one.hint
    in_the_next_set(ours, plan_year)
    assert not any("2027/28" in title for title in found(manager))
    assert "Clean rivers" in found(holder(Role.PERFORMANCE_TEAM))["Draw up the actions for 2027/28"].hint


def test_a_set_with_nothing_left_to_say_is_the_teams_to_send_on() -> None:
    row = ActionYearFactory()
    in_the_next_set(row, plan_year_in(State.DRAWING_UP))
    one = found(holder(Role.PERFORMANCE_TEAM))["Send to senior leadership: the actions for 2027/28"]
    assert (one.href, one.due) == ("/actions/plan/2027-28/", LAST_DAY)


@pytest.mark.parametrize(
    ("state", "body", "then"),
    [
        (State.LEADERSHIP, "senior leadership team", "Send to portfolio holders"),
        (State.SCRUTINY, "overview and scrutiny", "Send to cabinet"),
        (State.COUNCIL, "council", "Mark as approved by council"),
    ],
)
def test_a_decision_is_recorded_by_either_and_the_set_sent_on_by_the_team(state: str, body: str, then: str) -> None:
    row = ActionYearFactory()
    plan_year = plan_year_in(state)
    in_the_next_set(row, plan_year)
    team, clerk = holder(Role.PERFORMANCE_TEAM), holder(Role.DEMOCRATIC_SERVICES)
    title = f"Record what was decided about the actions for 2027/28: {body}"
    for person in (team, clerk):
        assert found(person)[title].due == LAST_DAY
    assert not any("2027/28" in one for one in found(holder(Role.SERVICE_MANAGER, service=row.service)))
    PlanDecisionFactory(plan_year=plan_year)
    assert f"{then}: the actions for 2027/28" in found(team)
    assert not any("2027/28" in one for one in found(clerk))


def test_the_portfolio_holders_still_to_be_heard_are_named() -> None:
    plan_year = plan_year_in(State.PORTFOLIO)
    row = in_the_next_set(ActionYearFactory(), plan_year)
    (one,) = (one for title, one in found(holder(Role.DEMOCRATIC_SERVICES)).items() if title.startswith("Record"))
    assert row.portfolio.name in one.hint


def test_what_was_not_agreed_is_the_teams_to_send_back() -> None:
    plan_year = plan_year_in(State.LEADERSHIP)
    PlanDecisionFactory(plan_year=plan_year, kind=PlanDecision.Kind.NOT_AGREED)
    one = found(holder(Role.PERFORMANCE_TEAM))["Send back the actions for 2027/28"]
    assert "did not agree" in one.hint
    assert not any("2027/28" in title for title in found(holder(Role.DEMOCRATIC_SERVICES)))


def test_a_decision_yet_to_take_effect_asks_nothing_until_its_day(set_today: SetToday) -> None:
    row = ActionYearFactory()
    plan_year = plan_year_in(State.APPROVED)
    in_the_next_set(row, plan_year)
    PlanDecisionFactory(plan_year=plan_year, takes_effect_on=date(2027, 4, 1))
    team = holder(Role.PERFORMANCE_TEAM)
    assert not any("2027/28" in title for title in found(team))
    set_today(date(2027, 4, 1))
    assert found(team)["Make it the plan for the year: the actions for 2027/28"].late


# What was promised


def promised(by: date = TODAY + timedelta(days=10), **facts: Any) -> ActionUpdate:
    made: ActionUpdate = ActionUpdateFactory(
        **{"span": Q1, "accepted": True, "rag": "amber", "recovery_by": by, **facts}
    )
    return made


def test_a_promise_is_its_officers_task_from_four_weeks_before_its_date_and_overdue_after_it() -> None:
    soon, past = promised(), promised(TODAY - timedelta(days=1))
    far = promised(TODAY + timedelta(days=29))
    title = f"Do what was promised in Q1 2026/27 for {soon.action_year.name}"
    one = found(soon.action_year.responsible)[title]
    assert (one.due, one.late) == (TODAY + timedelta(days=10), False)
    assert one.hint == "A second team starts. (Example manager)"
    (late,) = found(past.action_year.responsible).values()
    assert late.late
    assert found(far.action_year.responsible) == {}


def test_a_promise_goes_to_whoever_is_responsible_now_and_to_their_delegate() -> None:
    promise = promised(TODAY, action_year=ActionYearFactory(year=2025))
    now = ActionYearFactory(action=promise.action, responsible=UserFactory())
    assert found(promise.action_year.responsible) == {}
    assert len(found(now.responsible)) == 1
    (covered,) = found(DelegationFactory(user=now.responsible).delegate).values()
    assert covered.acting_for == f"Covering for {now.responsible.name}"


def test_a_promise_leads_to_the_update_that_asks_of_it() -> None:
    promise = promised(TODAY)
    update = ActionUpdateFactory(action_year=promise.action_year)
    mine = found(promise.action_year.responsible)
    one = mine[f"Do what was promised in Q1 2026/27 for {promise.action_year.name}"]
    assert one.href == f"/actions/2026-27-Q2/{update.action_year.code.replace(' ', '%20')}/"
    assert "The Q2 2026/27 update asks whether it was done." in one.hint


def test_a_promise_ends_when_its_outcome_is_told_or_a_later_update_handed_in_or_the_action_ends() -> None:
    told, later, ended = (promised(TODAY) for _ in range(3))
    update = ActionUpdateFactory(action_year=told.action_year, submitted=True)
    record_recovery(told, Recovery("done", "It started."), told_with=update, by=told.action_year.responsible)
    ActionUpdateFactory(action_year=later.action_year, submitted=True)
    ended.action.ended_on, ended.action.ended_how, ended.action.ended_why = TODAY, "dropped", "No money."
    ended.action.save()
    for promise in (told, later, ended):
        assert found(promise.action_year.responsible) == {}


def test_tasks_cost_the_same_for_one_promise_and_for_many() -> None:
    officer = UserFactory()

    def cost() -> int:
        promised(TODAY, action_year=ActionYearFactory(responsible=officer))
        with CaptureQueriesContext(connection) as asked:
            assert found(officer)
        return len(asked)

    first = cost()
    assert [cost() for _ in range(3)] == [first] * 3


# What there is to read


def titles(user: User) -> dict[str, str]:
    return {one.title: one.hint for one in reading_for(standing(user))}


def test_whoever_sees_accepted_updates_is_led_to_the_newest_quarters_by_portfolio() -> None:
    mine, other = ActionUpdateFactory(accepted=True), ActionUpdateFactory()
    member = holder(Role.PORTFOLIO_HOLDER, portfolio=mine.action_year.portfolio)
    assert titles(member) == {"Q2 2026/27: how the actions stand": "1 of 1 update accepted"}
    director = holder(Role.DIRECTOR)
    assert titles(director)["Q2 2026/27: how the actions stand"] == "1 of 2 updates accepted"
    assert titles(other.action_year.responsible) == {}


def test_a_member_is_led_to_what_was_issued_and_to_nothing_else() -> None:
    member = holder(Role.SCRUTINY)
    update = ActionUpdateFactory(span=Q1, accepted=True)
    assert titles(member) == {}
    issued(update)
    assert titles(member) == {"Q1 2026/27: how the actions stood": "1 update, issued on 3 September 2026"}
    assert titles(UserFactory()) == {}


def test_a_set_in_the_making_is_read_by_those_who_may_see_it() -> None:
    plan_year_in(State.SCRUTINY)
    title = "What changes in the actions for 2027/28"
    assert titles(holder(Role.PORTFOLIO_HOLDER)) == {title: "With scrutiny"}
    assert title not in titles(holder(Role.SCRUTINY))
