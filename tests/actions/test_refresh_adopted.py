"""A year's set once bodies have seen it: what stands in its way, and what its adoption does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from actions.models import DateChange, Milestone, PlanYear
from actions.operations.adopting import make_it_the_plan
from actions.operations.answering import answer, take_out
from actions.operations.proposing import amend, propose_new
from actions.plan_workflow import MoveRefused, NotPermitted
from actions.queries.readiness import problems
from actions.rules.proposals import DatedStep
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from tests.actions.refreshing import facts_of, going_on
from tests.factories.actions import MilestoneFactory, PlanYearFactory
from tests.factories.organisation import holder
from tests.factories.plan import PlanDecisionFactory, plan_year_in

pytestmark = pytest.mark.django_db
NEXT = FinancialYear(2027)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def this_year() -> PlanYear:
    made: PlanYear = PlanYearFactory(year=2026)
    return made


@pytest.fixture
def next_year(this_year: PlanYear) -> PlanYear:
    return plan_year_in("drawing_up")


# Once it is with the bodies


def test_what_a_body_saw_stays_as_it_saw_it_save_what_a_body_decided(next_year: PlanYear, team: User) -> None:
    row = going_on()
    made = answer(next_year, row.action, "carry", by=team, version=0)
    PlanYear.objects.get(pk=next_year.pk)
    next_year.state = "cabinet"
    next_year.save()
    with pytest.raises(NotPermitted):
        take_out(made, by=holder(Role.SERVICE_MANAGER, service=row.service), version=made.version)
    with pytest.raises(MoveRefused, match="only what a body decided is changed now"):
        take_out(made, by=team, version=made.version)
    elsewhere = PlanDecisionFactory(plan_year=PlanYearFactory(year=2026))
    with pytest.raises(MoveRefused):
        answer(next_year, row.action, "drop", by=team, version=1, reason="Struck out.", decision=elsewhere)
    decision = PlanDecisionFactory(plan_year=next_year, minute="41")
    ended = answer(next_year, row.action, "drop", by=team, version=1, reason="Struck out.", decision=decision)
    kept = ended.history.first()
    assert kept is not None
    assert "minute 41" in kept.history_change_reason


def test_an_adopted_set_is_not_changed_by_proposals(this_year: PlanYear, team: User) -> None:
    row = going_on()
    with pytest.raises(MoveRefused, match="is the plan now"):
        propose_new(this_year, facts_of(row, code="CPA77"), by=team)


# What stands in the way


def test_none_is_forgotten_and_nothing_contradicts_itself(next_year: PlanYear, team: User) -> None:
    assert list(problems(next_year)) == ["The set has no actions yet."]
    forgotten = going_on(code="CPA1", title="Forgotten")
    going_on(action__ended_on=date(2026, 9, 1), action__ended_how="dropped", action__ended_why="No money.")
    whole = going_on(code="CPA2", title="Whole")
    part = going_on(code="CPA3", title="Part", parent=whole)
    answer(next_year, part.action, "carry", by=team, version=0)
    answer(next_year, whole.action, "drop", by=team, version=0, reason="No money.")
    late = going_on(code="CPA4", title="Late")
    MilestoneFactory(action=late.action, due_on=date(2028, 4, 1))
    answer(next_year, late.action, "carry", by=team, version=0)
    assert list(problems(next_year)) == [
        f"Say what becomes of: {forgotten.name}.",
        "Parts of an action that is not in 2027/28: CPA3 Part. Let each stand alone, or end it too.",
        "A milestone is due after the action’s end: CPA4 Late.",
    ]


# Adoption


def test_adoption_moves_dates_begins_and_ends_milestones_and_ends_actions(next_year: PlanYear, team: User) -> None:
    amended, carried, done, dropped = (going_on() for _ in range(4))
    moved = MilestoneFactory(action=amended.action, name="Consult", due_on=date(2027, 6, 30))
    gone = MilestoneFactory(action=amended.action, name="Decide", due_on=date(2027, 7, 31))
    kept = MilestoneFactory(action=carried.action, name="Open", due_on=date(2027, 8, 31))
    steps = (DatedStep(date(2027, 9, 30), "Consult"), DatedStep(date(2027, 10, 31), "Publish"))
    facts = facts_of(amended, due_on=date(2029, 3, 31), milestones=steps)
    amend(next_year, amended.action, facts, reason="The grant came late.", by=team, version=0)
    answer(next_year, carried.action, "carry", by=team, version=0)
    answer(next_year, done.action, "complete", by=team, version=0, reason="All are open.")
    answer(next_year, dropped.action, "drop", by=team, version=0, reason="No money.")
    with transaction.atomic():
        make_it_the_plan(PlanYear.objects.get(pk=next_year.pk), by=team)
    for one in (moved, gone, kept, done.action, dropped.action):
        one.refresh_from_db()
    changes = {(str(one.milestone or "due"), one.old_on, one.new_on, one.reason) for one in DateChange.objects.all()}
    assert changes == {
        ("due", date(2028, 3, 31), date(2029, 3, 31), "The grant came late."),
        ("Consult", date(2027, 6, 30), date(2027, 9, 30), "The grant came late."),
    }
    assert (moved.due_on, gone.left_out_on, kept.left_out_on) == (date(2027, 9, 30), date(2026, 11, 5), None)
    assert Milestone.objects.get(name="Publish").due_on == date(2027, 10, 31)
    assert (done.action.ended_how, done.action.ended_on) == ("completed", date(2027, 3, 31))
    assert (dropped.action.ended_how, dropped.action.ended_why) == ("dropped", "No money.")


def test_an_action_carried_forward_follows_this_years_plan_until_adoption(next_year: PlanYear, team: User) -> None:
    row = going_on()
    made = answer(next_year, row.action, "carry", by=team, version=0, code="CPA900")
    row.due_on, row.wording = date(2028, 6, 30), "Corrected meanwhile."
    row.save()
    with transaction.atomic():
        make_it_the_plan(PlanYear.objects.get(pk=next_year.pk), by=team)
    made.refresh_from_db()
    assert (made.due_on, made.wording, made.code) == (date(2028, 6, 30), "Corrected meanwhile.", "CPA900")
    assert not DateChange.objects.exists()


def test_a_milestone_that_slipped_after_it_was_proposed_unchanged_stays_slipped(
    next_year: PlanYear, team: User
) -> None:
    row = going_on()
    step = MilestoneFactory(action=row.action, name="Consult", due_on=date(2027, 6, 30))
    facts = facts_of(row, wording="Other words.", milestones=(DatedStep(date(2027, 6, 30), "Consult"),))
    amend(next_year, row.action, facts, reason="Clearer.", by=team, version=0)
    step.due_on = date(2027, 8, 31)
    step.save()
    with transaction.atomic():
        make_it_the_plan(PlanYear.objects.get(pk=next_year.pk), by=team)
    step.refresh_from_db()
    assert (step.due_on, step.left_out_on) == (date(2027, 8, 31), None)
