"""Who may make which move of a year's set, in which state: every triple, against a table in words.

Written from the framework (*Annual Refresh*, *Corporate Plan Creation*) and not from the code: the Performance Team
takes the set through; nobody else moves it; bodies decide in meetings and never by clicking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from actions.models import PlanDecision, PlanYear
from actions.operations.deciding import advance, record_decision
from actions.plan_workflow import (
    BODIES,
    PLAN_MOVES,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    StaleRecord,
    refusal,
)
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review.decisions import Decided
from hdcperf.roles import Role
from tests.factories.actions import ActionYearFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.plan import PlanDecisionFactory, plan_year_in

pytestmark = pytest.mark.django_db

TODAY = date(2027, 2, 25)
STATES = [one.value for one in PlanYear.State]
PEOPLE = [
    *(role.value for role in Role),
    "delegate of the team",
    "former team member",
    "superuser",
    "nobody",
]
MOVERS = {"performance_team", "delegate of the team"}
RECORDERS = MOVERS | {"democratic_services"}

# Where each move leads from each state; nowhere from the others.
LEADS: dict[str, dict[str, str]] = {
    "to_leadership": {"drawing_up": "leadership"},
    "to_portfolio_holders": {"leadership": "portfolio"},
    "to_scrutiny": {"portfolio": "scrutiny"},
    "to_cabinet": {"scrutiny": "cabinet"},
    "to_council": {"cabinet": "council"},
    "approved": {"council": "approved"},
    "adopt": {"approved": "adopted"},
    "send_back": dict.fromkeys(
        ["leadership", "portfolio", "scrutiny", "cabinet", "council", "approved"], "drawing_up"
    ),
}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def person(name: str) -> User:
    if name == "delegate of the team":
        user: User = DelegationFactory(user=holder(Role.PERFORMANCE_TEAM)).delegate
        return user
    if name == "former team member":
        return holder(Role.PERFORMANCE_TEAM, ends_on=date(2027, 2, 24))
    if name == "superuser":
        return UserFactory(is_superuser=True, is_staff=True)
    return UserFactory() if name == "nobody" else holder(Role(name))


def ready_set(state: str) -> PlanYear:
    """A set in ``state`` with one action, and everything decided that its stage needs."""
    made = plan_year_in(state)
    row = ActionYearFactory(plan_year=made, year=2027)
    body = PlanDecision.Body.COUNCIL if state == "approved" else BODIES.get(state, "")
    if body:
        portfolio = row.portfolio if body == PlanDecision.Body.PORTFOLIO else None
        PlanDecisionFactory(plan_year=made, body=body, portfolio=portfolio, takes_effect_on=TODAY)
    return made


def test_the_table_names_every_move_and_state() -> None:
    assert set(LEADS) == set(PLAN_MOVES)
    assert {state for leads in LEADS.values() for pair in leads.items() for state in pair} == set(STATES)
    assert len(PEOPLE) == len(set(PEOPLE))


@pytest.mark.parametrize("state", STATES)
def test_the_set_is_moved_by_the_performance_team_and_nobody_else(state: str) -> None:
    made = ready_set(state)
    wrong = []
    for name in PEOPLE:
        by = person(name)
        for move, leads in LEADS.items():
            expected = "not theirs" if name not in MOVERS else leads.get(state, "wrong state")
            said = refusal(made, PLAN_MOVES[move], by)
            found = tried(made, move, by)
            if found != expected or (said is None) != (found == leads.get(state)):
                wrong.append(f"{move} by {name}: expected {expected}, got {found}; the button says {said}")
    assert wrong == []


def tried(made: PlanYear, move: str, by: User) -> str:
    """What became of the move; everything is undone."""
    try:
        with transaction.atomic():
            moved = advance(made, move, by=by, version=made.version, comment="Because it is so.")
            row = moved.transitions.last()
            assert row is not None
            assert (row.move, row.from_state, row.to_state, row.by) == (move, made.state, moved.state, by)
            transaction.set_rollback(True)
        return moved.state
    except NotPermitted:
        return "not theirs"
    except SomebodyElseDidIt:
        return "wrong state"


@pytest.mark.parametrize("state", STATES)
def test_decisions_are_recorded_by_the_team_and_democratic_services_while_the_body_has_the_set(state: str) -> None:
    made = ready_set(state)
    portfolio = Portfolio.objects.first() if state == "portfolio" else None
    decided = Decided("agreed", TODAY, "41", "That it be agreed.", TODAY)
    wrong = []
    for name in PEOPLE:
        can = name in RECORDERS and (state in BODIES or state == "approved")
        try:
            with transaction.atomic():
                decision = record_decision(made, decided, by=person(name), portfolio=portfolio)
                assert decision.body == BODIES.get(state, "council")
                transaction.set_rollback(True)
            found: Any = True
        except NotPermitted:
            found = False if name not in RECORDERS else "refused"
        except MoveRefused:
            found = False if name in RECORDERS else "the wrong refusal"
        if found is not can:
            wrong.append(f"{name}: {found}")
    assert wrong == []


# What a stage needs before the set goes on

SEND_ON = {
    "leadership": "to_portfolio_holders",
    "scrutiny": "to_cabinet",
    "cabinet": "to_council",
    "council": "approved",
}


@pytest.mark.parametrize("state", SEND_ON)
def test_nothing_goes_on_before_its_body_has_decided(state: str) -> None:
    made = plan_year_in(state)
    team = holder(Role.PERFORMANCE_TEAM)
    move = PLAN_MOVES[SEND_ON[state]]
    assert (refusal(made, move, team) or "").startswith("Record first what was decided")
    PlanDecisionFactory(plan_year=made, kind="not_agreed")
    assert "did not agree: send the set back" in (refusal(made, move, team) or "")
    PlanDecisionFactory(plan_year=made, kind="commented")
    said = refusal(made, move, team)
    assert said == (None if state in ("leadership", "scrutiny") else said)
    assert (said is None) == (state in ("leadership", "scrutiny"))


def test_cabinets_decision_waits_for_its_call_in(set_today: Callable[[date], None]) -> None:
    made = plan_year_in("cabinet")
    team = holder(Role.PERFORMANCE_TEAM)
    PlanDecisionFactory(plan_year=made, takes_effect_on=date(2027, 3, 4))
    said = refusal(made, PLAN_MOVES["to_council"], team)
    assert said == "The decision of cabinet takes effect on 4 March 2027."
    set_today(date(2027, 3, 4))
    assert refusal(made, PLAN_MOVES["to_council"], holder(Role.PERFORMANCE_TEAM)) is None


def test_the_set_becomes_the_plan_only_when_councils_decision_is_in_effect(set_today: Callable[[date], None]) -> None:
    made = plan_year_in("approved")
    ActionYearFactory(plan_year=made, year=2027)
    team = holder(Role.PERFORMANCE_TEAM)
    adopt = PLAN_MOVES["adopt"]
    assert "Record first the date" in (refusal(made, adopt, team) or "")
    PlanDecisionFactory(plan_year=made)
    assert "Record first the date" in (refusal(made, adopt, team) or "")
    PlanDecisionFactory(plan_year=made, takes_effect_on=date(2027, 4, 1))
    assert "takes effect on 1 April 2027" in (refusal(made, adopt, team) or "")
    set_today(date(2027, 4, 1))
    assert refusal(made, adopt, holder(Role.PERFORMANCE_TEAM)) is None


def test_every_portfolio_holder_is_heard_once_each() -> None:
    made = plan_year_in("portfolio")
    one, other = (ActionYearFactory(plan_year=made, year=2027) for _ in range(2))
    team = holder(Role.PERFORMANCE_TEAM)
    move = PLAN_MOVES["to_scrutiny"]
    PlanDecisionFactory(plan_year=made, body="portfolio", portfolio=one.portfolio)
    assert refusal(made, move, team) == f"Record first what these portfolio holders said: {other.portfolio.name}."
    PlanDecisionFactory(plan_year=made, body="portfolio", portfolio=other.portfolio, kind="not_agreed")
    assert f"for {other.portfolio.name} did not agree" in (refusal(made, move, team) or "")
    PlanDecisionFactory(plan_year=made, body="portfolio", portfolio=other.portfolio, kind="commented")
    assert refusal(made, move, team) is None


def test_what_was_decided_before_the_set_came_back_does_not_count(set_today: Callable[[date], None]) -> None:
    made = plan_year_in("leadership")
    ActionYearFactory(plan_year=made, year=2027)
    PlanDecisionFactory(plan_year=made)
    team = holder(Role.PERFORMANCE_TEAM)
    advance(made, "send_back", by=team, version=made.version, comment="Too many.")
    set_today(date(2027, 2, 26))
    made.refresh_from_db()
    team = holder(Role.PERFORMANCE_TEAM)
    advance(made, "to_leadership", by=team, version=made.version)
    made.refresh_from_db()
    assert "Record first" in (refusal(made, PLAN_MOVES["to_portfolio_holders"], team) or "")


def test_sending_back_says_why() -> None:
    made = plan_year_in("scrutiny")
    team = holder(Role.PERFORMANCE_TEAM)
    with pytest.raises(MoveRefused, match="Say why it goes back"):
        advance(made, "send_back", by=team, version=made.version, comment="  ")


def test_a_set_that_changed_since_it_was_seen_is_not_sent() -> None:
    made = plan_year_in("drawing_up")
    ActionYearFactory(plan_year=made, year=2027)
    with pytest.raises(StaleRecord):
        advance(made, "to_leadership", by=holder(Role.PERFORMANCE_TEAM), version=made.version - 1)
    made.refresh_from_db()
    assert (made.state, made.transitions.count()) == ("drawing_up", 0)


def test_two_who_send_the_set_at_once_are_told_who_was_first() -> None:
    made = plan_year_in("drawing_up")
    ActionYearFactory(plan_year=made, year=2027)
    first, second = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)
    advance(made, "to_leadership", by=first, version=made.version)
    with pytest.raises(SomebodyElseDidIt, match=first.name):
        advance(made, "to_leadership", by=second, version=made.version)
    again = advance(made, "to_leadership", by=first, version=made.version)  # a double click
    assert again.transitions.count() == 1
