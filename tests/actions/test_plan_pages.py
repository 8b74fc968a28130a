"""The pages of the refresh: what is typed wrongly, old pages, forged ones, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, ActionYear, PlanDecision, PlanYear
from actions.operations.answering import answer
from actions.operations.proposing import propose_new
from actions.operations.the_set import ProposalRefused
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.seeing import TODAY
from tests.actions.test_refresh import facts_of
from tests.factories.actions import ActionYearFactory, MilestoneFactory, PlanYearFactory
from tests.factories.organisation import holder
from tests.factories.plan import plan_year_in
from tests.kpis.at_once import at_once, holding
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

SET = "/actions/plan/2027-28/"


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def drawn_up() -> PlanYear:
    PlanYearFactory(year=2026)
    return plan_year_in("drawing_up")


@pytest.fixture
def team(drawn_up: PlanYear) -> Client:
    return signed_in(holder(Role.PERFORMANCE_TEAM))


@pytest.fixture
def row(drawn_up: PlanYear) -> ActionYear:
    made: ActionYear = ActionYearFactory(
        code="CPA1", action__reference="warm", due_on=date(2028, 3, 31), mtfs_line="Homes"
    )
    return made


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


def typed(row: ActionYear, **changed: Any) -> dict[str, Any]:
    """A new action as somebody would type it."""
    return {
        "version": "0",
        "code": "CPA9",
        "title": "Help for carers",
        "wording": "Open a drop-in in each town.",
        "control": "do",
        "outcome": row.outcome_id,
        "service": row.service_id,
        "portfolio": row.portfolio_id,
        "responsible": row.responsible_id,
        "success": "Carers get a break.",
        "mtfs_line": "Communities",
        "milestones": "",
        **day("starts_on", date(2027, 4, 1)),
        **day("due_on", date(2028, 3, 31)),
        **changed,
    }


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"title": ""}, "title", "Enter the title"),
        ({"title": "A\x00B"}, "title", "contains a character that cannot be kept"),
        ({"wording": "x" * 100_000}, "wording", "must be 1,000 characters or fewer. It is 100,000."),
        ({"code": "plan"}, "code", "reads as a part of an address"),
        ({"code": "CPA/9"}, "code", "letters, numbers, spaces"),
        (day("due_on", date(2027, 3, 1)), "due_on", "The due date is before the start date, 1 April 2027."),
        ({"due_on_year": ""}, "due_on", "must include a year"),
        ({"milestones": "soon, Consult"}, "milestones", "Line 1: “soon” is not a date"),
        ({"milestones": "1 May 2028, Review"}, "milestones", "after the action’s own end on 31 March 2028"),
        ({"milestones": "1 May 2026, Begin"}, "milestones", "before the action starts"),
        ({"milestones": "x" * 100_000}, "milestones", "must be 8,000 characters or fewer"),
        ({"control": "wish"}, "control", "Select an answer to “Do, Enable or Influence?” from the list"),
        ({"service": "999999"}, "service", "from the list"),
        ({"outcome": "1 OR 1=1"}, "outcome", "from the list"),
        ({"mtfs_line": ""}, "mtfs_line", "Enter the line of the Medium-Term"),
    ],
)
def test_what_is_typed_wrongly_is_answered_beside_its_box(
    team: Client, row: ActionYear, bad: dict[str, str], field: str, sentence: str
) -> None:
    page = team.post(f"{SET}new/", typed(row, **bad))
    assert page.status_code == 200
    form = page.context["form"]
    assert sentence in " ".join(form.errors[field])
    assert form["success"].value() == "Carers get a break."  # what was typed stays
    assert Action.objects.count() == 1


def test_a_code_used_twice_names_the_action_that_has_it(team: Client, row: ActionYear) -> None:
    assert team.post(f"{SET}new/", typed(row)).status_code == 302
    page = team.post(f"{SET}new/", typed(row, code="cpa 9", title="Another"))
    assert page.context["form"].errors["code"] == ["CPA9 is the code of “Help for carers” in 2027/28."]


def test_a_part_of_another_years_action_is_not_offered_nor_taken(team: Client, row: ActionYear) -> None:
    page = team.post(f"{SET}new/", typed(row, parent=row.pk))
    assert "from the list" in " ".join(page.context["form"].errors["parent"])
    assert not ActionYear.objects.filter(plan_year__year=2027).exists()


def test_an_action_due_before_the_year_is_not_carried_forward_from_its_page(team: Client, row: ActionYear) -> None:
    row.due_on = date(2027, 3, 31)
    row.save()
    page = team.post(f"{SET}actions/warm/", {"version": 0, "proposal": "carry", "code": "CPA1"})
    assert "before 2027/28 starts. Amend it" in " ".join(page.context["form"].errors["proposal"])
    assert "Needs a new date" in text_of(team, SET)


def test_an_answer_over_a_colleagues_says_whose_and_keeps_both(
    team: Client, row: ActionYear, drawn_up: PlanYear
) -> None:
    colleague = holder(Role.PERFORMANCE_TEAM, user__name="Cass Colleague")
    made = answer(drawn_up, row.action, "drop", by=colleague, version=0, reason="No money.")
    mine = {"version": 0, "proposal": "complete", "achieved": "All are warm."}
    page = team.post(f"{SET}actions/warm/", mine)
    assert page.status_code == 200
    assert "Cass Colleague saved this while you were writing" in page.content.decode()
    assert page.context["form"]["achieved"].value() == "All are warm."
    made.refresh_from_db()
    assert made.proposal == "drop"
    again = {**mine, "version": page.context["form"]["version"].value()}
    assert team.post(f"{SET}actions/warm/", again).status_code == 302
    made.refresh_from_db()
    assert (made.proposal, made.proposal_reason) == ("complete", "All are warm.")


def test_the_amendment_begins_from_what_the_action_is(team: Client, row: ActionYear) -> None:
    MilestoneFactory(action=row.action, name="Consult", due_on=date(2027, 6, 30))
    MilestoneFactory(action=row.action, name="Begun", due_on=date(2026, 6, 30), reached_on=date(2026, 6, 1))
    form = team.get(f"{SET}actions/warm/amend/").context["form"]
    assert form["milestones"].value() == "30 June 2027, Consult"
    assert (form["code"].value(), form["wording"].value()) == ("CPA1", row.wording)


def test_a_set_that_changed_since_it_was_seen_is_not_sent_by_an_old_page(
    team: Client, row: ActionYear, drawn_up: PlanYear
) -> None:
    assert team.post(f"{SET}carry/", {"action": row.action_id}).status_code == 302
    page = team.post(SET, {"move": "to_leadership", "version": drawn_up.version}, follow=True).content.decode()
    assert "The set was changed after you opened the page" in page
    drawn_up.refresh_from_db()
    assert drawn_up.state == "drawing_up"


@pytest.mark.parametrize(
    "forged", [{"move": "burn"}, {}, {"move": "adopt"}, {"move": "to_leadership", "version": "x"}]
)
def test_a_forged_move_changes_nothing(team: Client, drawn_up: PlanYear, forged: dict[str, str]) -> None:
    assert team.post(SET, forged).status_code in (302, 404)
    drawn_up.refresh_from_db()
    assert (drawn_up.state, drawn_up.version) == ("drawing_up", 1)


@pytest.mark.parametrize("ticked", [[], ["x"], ["99999999999999"], ["0"]])
def test_forged_ticks_carry_nothing_forward(team: Client, row: ActionYear, ticked: list[str]) -> None:
    assert team.post(f"{SET}carry/", {"action": ticked}).status_code == 302
    assert not ActionYear.objects.filter(plan_year__year=2027).exists()


def test_sending_back_without_a_reason_keeps_the_set_where_it_is(team: Client, drawn_up: PlanYear) -> None:
    drawn_up.state = "scrutiny"
    drawn_up.save()
    page = team.post(SET, {"move": "send_back", "version": 1, "comment": ""})
    assert "Say why it goes back" in page.content.decode()
    drawn_up.refresh_from_db()
    assert drawn_up.state == "scrutiny"


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        (day("met_on", date(2026, 11, 6)), "met_on", "The meeting has not been held yet"),
        (day("takes_effect_on", date(2026, 11, 1)), "takes_effect_on", "before the meeting that made it"),
        ({"minute": ""}, "minute", "Enter the minute number"),
        ({"wording": "A\x00"}, "wording", "cannot be kept"),
        ({"kind": ""}, "kind", "Select what was decided"),
    ],
)
def test_a_decision_typed_wrongly_is_not_recorded(
    team: Client, drawn_up: PlanYear, bad: dict[str, str], field: str, sentence: str
) -> None:
    drawn_up.state = "scrutiny"
    drawn_up.save()
    sent = {"kind": "commented", "minute": "7", "wording": "Fewer.", **day("met_on", TODAY), **bad}
    page = team.post(f"{SET}decision/", sent)
    assert sentence in " ".join(page.context["form"].errors[field])
    assert not PlanDecision.objects.exists()


def test_a_double_click_records_one_decision(team: Client, drawn_up: PlanYear) -> None:
    drawn_up.state = "scrutiny"
    drawn_up.save()
    sent = {"kind": "commented", "minute": "7", "wording": "Fewer.", **day("met_on", TODAY)}
    for _ in range(2):
        assert team.post(f"{SET}decision/", sent).status_code == 302
    assert PlanDecision.objects.count() == 1


def test_a_first_set_has_nothing_to_be_compared_with(team: Client) -> None:
    ActionYearFactory(code="CPA1", title="The first")
    page = text_of(team, "/actions/plan/2026-27/changes/")
    assert "There is no set of the year before to compare it with." in page
    assert "CPA1 The first" in page


@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_code_at_once_leave_it_with_one_of_them() -> None:
    PlanYearFactory(year=2026)
    drawn_up = plan_year_in("drawing_up")
    source = ActionYearFactory(due_on=date(2028, 3, 31))
    people: list[User] = [holder(Role.PERFORMANCE_TEAM) for _ in range(2)]
    outcomes = at_once(
        *(
            lambda by=by, number=number: propose_new(
                drawn_up, facts_of(source, code="CPA50", title=f"Title {number}"), by=by
            )
            for number, by in enumerate(people)
        ),
        hold=holding(drawn_up),
    )
    refused = [one for one in outcomes if isinstance(one, ProposalRefused)]
    assert len(refused) == 1
    assert "CPA50 is the code of" in str(refused[0])
    assert ActionYear.objects.filter(plan_year=drawn_up).count() == 1
