"""Next year's set proposed from this one: who may, what is kept, what is refused, what two people may do at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from actions.models import Action, ActionYear, PlanYear
from actions.operations.answering import answer, carry_forward, take_out
from actions.operations.plan_years import renumber, start_refresh
from actions.operations.proposing import amend, propose_new
from actions.plan_workflow import MoveRefused, NotPermitted, StaleRecord
from actions.queries.readiness import problems
from actions.rules.proposals import DatedStep
from hdcperf.codes import code_key
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from tests.actions.refreshing import facts_of, going_on, refused
from tests.factories.actions import ActionYearFactory, CorporatePlanFactory, MilestoneFactory, PlanYearFactory
from tests.factories.organisation import holder
from tests.factories.plan import plan_year_in

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


# Beginning


def test_the_team_begins_the_set_once(this_year: PlanYear, team: User) -> None:
    made = start_refresh(NEXT, by=team)
    assert (made.state, made.plan, made.actions.count()) == ("drawing_up", this_year.plan, 0)
    assert start_refresh(NEXT, by=team) == made
    with pytest.raises(NotPermitted):
        start_refresh(NEXT, by=holder(Role.SERVICE_MANAGER))


def test_no_set_without_a_plan_that_covers_it_nor_while_another_is_drawn_up(next_year: PlanYear, team: User) -> None:
    with pytest.raises(MoveRefused, match="No Corporate Plan covers 2040/41"):
        start_refresh(FinancialYear(2040), by=team)
    CorporatePlanFactory(title="Example plan of the new council", first_year=2028, last_year=2031)
    with pytest.raises(MoveRefused, match="2027/28 is not adopted yet"):
        start_refresh(FinancialYear(2028), by=team)


# Answering for this year's actions


def test_an_action_is_carried_forward_as_it_is_and_keeps_its_identity(next_year: PlanYear, team: User) -> None:
    row = going_on(code="CPA7")
    made = answer(next_year, row.action, "carry", by=team, version=0, code="CPA2")
    assert (made.action, made.code, made.proposal, made.proposal_reason) == (row.action, "CPA2", "carry", "")
    assert (made.wording, made.responsible, made.due_on) == (row.wording, row.responsible, row.due_on)
    assert ActionYear.objects.get(pk=row.pk).code == "CPA7"


def test_one_that_is_due_before_the_year_is_not_carried_forward_as_it_is(next_year: PlanYear, team: User) -> None:
    row = ActionYearFactory(due_on=date(2027, 3, 31))
    found = refused(lambda: answer(next_year, row.action, "carry", by=team, version=0))
    assert "due on 31 March 2027, before 2027/28 starts. Amend it" in found["proposal"]


@pytest.mark.parametrize(("proposal", "field"), [("complete", "achieved"), ("drop", "dropped_why")])
def test_ending_an_action_says_why(next_year: PlanYear, team: User, proposal: str, field: str) -> None:
    row = going_on()
    assert field in refused(lambda: answer(next_year, row.action, proposal, by=team, version=0, reason=" "))
    made = answer(next_year, row.action, proposal, by=team, version=0, reason="The grant ended.")
    assert (made.is_in_the_set, made.proposal_reason) == (False, "The grant ended.")
    assert row.action.ended_on is None  # nothing touches the action until the set is adopted


def test_services_propose_in_their_own_scope_only(next_year: PlanYear) -> None:
    row = going_on()
    for role, scope in (
        (Role.SERVICE_MANAGER, {"service": row.service}),
        (Role.HEAD_OF_SERVICE, {"service": row.service}),
        (Role.DIRECTOR, {"directorate": row.service.directorate}),
    ):
        made = answer(next_year, row.action, "carry", by=holder(role, **scope), version=0)
        take_out(made, by=holder(Role.PERFORMANCE_TEAM), version=made.version)
    for role in (Role.SERVICE_MANAGER, Role.DIRECTOR, Role.OFFICER, Role.PORTFOLIO_HOLDER, Role.SCRUTINY):
        with pytest.raises(NotPermitted):
            answer(next_year, row.action, "carry", by=holder(role), version=0)


def test_a_service_cannot_propose_an_action_into_another_service(next_year: PlanYear) -> None:
    row, elsewhere = going_on(), going_on()
    manager = holder(Role.SERVICE_MANAGER, service=row.service)
    with pytest.raises(NotPermitted):
        amend(
            next_year,
            row.action,
            facts_of(row, service=elsewhere.service),
            reason="It moves.",
            by=manager,
            version=0,
        )
    with pytest.raises(NotPermitted):
        propose_new(next_year, facts_of(row, code="CPA99", service=elsewhere.service), by=manager)


def test_the_ticked_ones_are_carried_forward_all_or_none(next_year: PlanYear, team: User) -> None:
    rows = [going_on() for _ in range(3)]
    due = ActionYearFactory(due_on=date(2027, 3, 31))
    ids = [row.action_id for row in rows]
    found = refused(lambda: carry_forward(next_year, [*ids, due.action_id], by=team))
    assert due.name in found[""]
    assert len(carry_forward(next_year, ids, by=team)) == 3
    assert carry_forward(next_year, ids, by=team) == []  # a double click


# Amending, and new ones


def test_an_amendment_says_why_and_keeps_the_identity_of_milestones(next_year: PlanYear, team: User) -> None:
    row = going_on()
    kept = MilestoneFactory(action=row.action, name="Consult", due_on=date(2027, 6, 30))
    MilestoneFactory(action=row.action, name="Decide", due_on=date(2027, 7, 31))
    steps = (DatedStep(date(2027, 9, 30), "consult"), DatedStep(date(2027, 10, 31), "Publish"))
    facts = facts_of(row, wording="Bring two examples.", milestones=steps)
    assert "proposal_reason" in refused(lambda: amend(next_year, row.action, facts, reason="", by=team, version=0))
    made = amend(next_year, row.action, facts, reason="One was not enough.", by=team, version=0)
    proposed = {one.name: (one.milestone, one.was_on, one.due_on) for one in made.proposed_milestones.all()}
    assert proposed == {
        "Consult": (kept, date(2027, 6, 30), date(2027, 9, 30)),
        "Publish": (None, None, date(2027, 10, 31)),
    }
    kept.refresh_from_db()
    assert (kept.due_on, row.action.milestones.count()) == (date(2027, 6, 30), 2)


def test_a_new_action_is_proposed_once_however_often_it_is_clicked(next_year: PlanYear, team: User) -> None:
    facts = facts_of(going_on(), code="CPA50", title="Warm homes", milestones=(DatedStep(date(2027, 9, 1), "Begin"),))
    made = propose_new(next_year, facts, by=team)
    assert propose_new(next_year, facts, by=team) == made
    assert (made.proposal, made.action.reference, made.proposed_milestones.count()) == ("new", "warm-homes", 1)
    other = propose_new(next_year, replace(facts, code="CPA51"), by=team)
    assert other.action.reference == "warm-homes-2"


def test_a_reference_is_never_given_again(next_year: PlanYear, team: User) -> None:
    facts = facts_of(going_on(), code="CPA50", title="Warm homes")
    made = propose_new(next_year, facts, by=team)
    take_out(made, by=team, version=made.version)
    assert not Action.objects.filter(reference="warm-homes").exists()
    assert propose_new(next_year, facts, by=team).action.reference == "warm-homes-2"


def test_what_cannot_be_is_answered_beside_its_field(next_year: PlanYear, team: User) -> None:
    there = propose_new(next_year, facts_of(going_on(), code="CPA 1", title="Warm homes"), by=team)
    source = going_on()
    facts = facts_of(source, code="cpa1", due_on=date(2027, 3, 1), starts_on=date(2027, 2, 1))
    found = refused(lambda: propose_new(next_year, facts, by=team))
    assert found["code"] == f"CPA 1 is the code of “{there.title}” in 2027/28."
    assert found["due_on"] == "The due date is before 2027/28 starts."
    ends_first = replace(facts, code="CPA9", starts_on=date(2028, 1, 1), due_on=date(2027, 12, 1))
    assert "before the start date" in refused(lambda: propose_new(next_year, ends_first, by=team))["due_on"]
    late = replace(facts_of(source), code="CPA9", milestones=(DatedStep(date(2030, 1, 1), "Review"),))
    assert "after the action’s own end" in refused(lambda: propose_new(next_year, late, by=team))["milestones"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionYearFactory(plan_year=next_year, year=2027, code="cpa 1")


def test_a_milestone_reached_keeps_its_name(next_year: PlanYear, team: User) -> None:
    row = going_on()
    MilestoneFactory(action=row.action, name="Consult", reached_on=date(2026, 9, 1))
    facts = facts_of(row, milestones=(DatedStep(date(2027, 9, 1), "consult"),))
    found = refused(lambda: amend(next_year, row.action, facts, reason="Again.", by=team, version=0))
    assert "already had a milestone “consult”" in found["milestones"]


def test_parts_belong_to_a_whole_of_the_same_year_and_go_one_level_deep(next_year: PlanYear, team: User) -> None:
    row = going_on()
    whole = propose_new(next_year, facts_of(row, code="CPA50", title="Whole"), by=team)
    part = propose_new(next_year, facts_of(row, code="CPA51", title="Part", parent=whole), by=team)

    def parent(action: Action, row_: ActionYear, of: ActionYear) -> str:
        return refused(
            lambda: amend(next_year, action, facts_of(row_, parent=of), reason="", by=team, version=row_.version)
        )["parent"]

    assert "a part of itself" in parent(part.action, part, part)
    assert "another action of 2027/28" in parent(part.action, part, row)
    assert "has parts of its own" in parent(
        whole.action, whole, propose_new(next_year, facts_of(row, code="CPA52", title="Other"), by=team)
    )
    third = propose_new(next_year, facts_of(row, code="CPA53", title="Third"), by=team)
    assert "is itself a part" in parent(third.action, third, part)


def test_parts_carried_forward_before_their_whole_belong_to_it_all_the_same(next_year: PlanYear, team: User) -> None:
    whole = going_on(code="CPA2")
    part = going_on(code="CPA1", parent=whole)
    carry_forward(next_year, [part.action_id], by=team)
    assert ActionYear.objects.get(plan_year=next_year, action=part.action).parent is None
    made = answer(next_year, whole.action, "carry", by=team, version=0)
    assert ActionYear.objects.get(plan_year=next_year, action=part.action).parent == made


# Two people, and an old page


def test_an_old_page_overwrites_nothing(next_year: PlanYear, team: User) -> None:
    row = going_on()
    made = answer(next_year, row.action, "drop", by=team, version=0, reason="No money.")
    other = holder(Role.PERFORMANCE_TEAM)
    with pytest.raises(StaleRecord):
        answer(next_year, row.action, "carry", by=other, version=0)
    with pytest.raises(StaleRecord):
        amend(next_year, row.action, facts_of(row), reason="Mine.", by=other, version=0)
    with pytest.raises(StaleRecord):
        take_out(made, by=other, version=made.version + 1)
    made.refresh_from_db()
    assert (made.proposal, made.version) == ("drop", 1)


def test_taking_out_opens_the_question_again_and_leaves_its_history(next_year: PlanYear, team: User) -> None:
    row = going_on()
    made = answer(next_year, row.action, "carry", by=team, version=0)
    take_out(made, by=team, version=made.version)
    take_out(made, by=team, version=made.version)  # a double click
    assert any("Say what becomes of" in one for one in problems(next_year))
    assert ActionYear.history.filter(id=made.pk, history_type="-", history_user=team).exists()


# Codes


def test_two_actions_swap_their_codes(next_year: PlanYear, team: User) -> None:
    one, two = going_on(code="CPA1"), going_on(code="CPA2")
    first = answer(next_year, one.action, "carry", by=team, version=0)
    second = answer(next_year, two.action, "carry", by=team, version=0)
    next_year.refresh_from_db()
    assert renumber(next_year, {first.pk: "CPA2", second.pk: "CPA1"}, by=team, version=next_year.version) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(row.code, row.code_key) for row in (first, second)] == [
        ("CPA2", code_key("cpa2")),
        ("CPA1", code_key("cpa1")),
    ]
    kept = first.history.first()
    assert kept is not None
    assert kept.code_key == code_key("CPA2")
    assert kept.history_change_reason == "Renumbered from CPA1 to CPA2"


def test_a_code_given_to_two_is_refused_whole(next_year: PlanYear, team: User) -> None:
    rows = [answer(next_year, going_on().action, "carry", by=team, version=0) for _ in range(3)]
    next_year.refresh_from_db()
    codes = {rows[0].pk: "CPA 90", rows[1].pk: "cpa90", rows[2].pk: "no/slash"}
    found = refused(lambda: renumber(next_year, codes, by=team, version=next_year.version))
    assert set(found) == {str(rows[1].pk), str(rows[2].pk)}
    with pytest.raises(StaleRecord):
        renumber(next_year, {rows[0].pk: "CPA90"}, by=team, version=next_year.version - 1)
    with pytest.raises(NotPermitted):
        renumber(next_year, {}, by=holder(Role.HEAD_OF_SERVICE), version=next_year.version)


def test_the_code_of_a_dropped_action_is_free_again(next_year: PlanYear, team: User) -> None:
    gone = going_on(code="CPA1")
    answer(next_year, gone.action, "drop", by=team, version=0, reason="No money.")
    made = propose_new(next_year, facts_of(going_on(), code="CPA1"), by=team)
    assert made.code == "CPA1"
