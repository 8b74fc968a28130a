"""Who may make which move of a panel's question, in which state: every triple, against a table in words.

Written from the issue and not from the code: the team gives it an owner and releases the answer, the owner answers,
democratic services says what the panel made of it. Then what an answer, a release and a refusal leave behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiYear
from reports.models import Answer, PanelQuestion
from reports.operations.questions import (
    Asked,
    answer,
    ask,
    assign,
    conclude,
    note,
    release,
    reopen,
    return_answer,
)
from reports.question_workflow import QUESTION_MOVES, MoveRefused, NotPermitted, move_question
from tests.factories.actions import ActionYearFactory
from tests.factories.kpis import KpiYearFactory
from tests.factories.meetings import DUE, MeetingFactory, PanelQuestionFactory, question_in
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)

MOVES = rows_of("""
move     | who       | asked      | assigned   | answered   | released   | accepted   | noted      | withdrawn
assign   | team      | yes        | yes        | state      | state      | state      | state      | state
assign   | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
note     | team      | own        | state      | state      | state      | state      | state      | state
note     | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
answer   | answerers | state *    | yes        | state      | state      | state      | state *    | state *
answer   | rest      | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
return   | team      | state      | state      | yes        | state      | state      | state      | state
return   | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
release  | team      | state      | state      | yes        | state      | state      | state      | state
release  | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
accept   | keeper    | state      | state      | state      | yes        | state      | state      | state
accept   | not keeper | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
decline  | keeper    | state      | state      | state      | yes        | state      | state      | state
decline  | not keeper | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
reopen   | team      | state      | state      | state      | yes        | yes        | state      | state
reopen   | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
withdraw | askers    | yes        | yes        | state      | state      | state      | state      | state
withdraw | not askers | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
""")
NOT_YET = dict.fromkeys(("owner", "owner's delegate"), "not theirs")
"""A question that was given to nobody has no owner."""
STATES = ("asked", "assigned", "answered", "released", "accepted", "noted", "withdrawn")


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """A question about a KPI in each state, and everybody who might move it."""

    def __init__(self) -> None:
        kpi: KpiYear = KpiYearFactory(latest=True)
        self.people: dict[str, User] = {
            role.value: holder(role)
            for role in (
                *(Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES, Role.SCRUTINY, Role.BOARD, Role.COUNCILLOR),
                *(Role.GOVERNANCE, Role.EXECUTIVE_LEADER, Role.MONITORING_OFFICER),
            )
        }
        self.people |= {
            "service_manager": holder(Role.SERVICE_MANAGER, service=kpi.service),
            "head_of_service": holder(Role.HEAD_OF_SERVICE, service=kpi.service),
            "director": holder(Role.DIRECTOR, directorate=kpi.service.directorate),
            "another service_manager": holder(Role.SERVICE_MANAGER),
            "owner": UserFactory(),
            "asker": holder(Role.SCRUTINY),
        }
        self.people["owner's delegate"] = DelegationFactory(user=self.people["owner"]).delegate
        self.people["superuser"] = User.objects.create_superuser("root@council.example", "Root", "demo")
        facts: dict[str, Any] = {"kpi_year": kpi, "asked_by": self.people["asker"]}
        # Answered by a colleague who is not tried: to repeat one's own move is harmless.
        facts |= {"owner": self.people["owner"], "answers": holder(Role.SERVICE_MANAGER, service=kpi.service)}
        self.records = {
            state: question_in(state, **facts, **({"kind": "comment"} if state == "noted" else {}))
            for state in STATES
        }
        groups = {
            "team": ["performance_team"],
            "answerers": ["owner", "owner's delegate", "service_manager", "head_of_service"],
            "keeper": ["democratic_services"],
            "askers": ["asker", "democratic_services"],
        }
        others = {"team": "not team", "answerers": "rest", "keeper": "not keeper", "askers": "not askers"}
        self.groups = groups | {
            word: [name for name in self.people if name not in groups[group]] for group, word in others.items()
        }


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), override_settings(TODAY=TODAY), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def _act(record: PanelQuestion, name: str, *, by: User, comment: str) -> PanelQuestion:
    def change(fresh: PanelQuestion) -> None:
        fresh.owner, fresh.owner_post, fresh.due_on = by, "Officer", DUE

    return move_question(record, name, by=by, comment=comment, change=change if name == "assign" else None)


@pytest.mark.parametrize("row", MOVES, ids=str)
def test_every_move_by_everybody_in_every_state_is_as_the_table_says(world: World, row: Row) -> None:
    tried = Tried(QUESTION_MOVES, _act, world.people, world.records, but=NOT_YET)
    assert tried.disagreements(row, world.groups) == []


def test_only_the_panel_asks_and_only_those_who_record_ask_for_a_member() -> None:
    meeting, member = MeetingFactory(), holder(Role.SCRUTINY)
    asked = Asked("question", meeting, None, "Why is it late?", TODAY)
    mine = ask(asked, by=member)
    assert (mine.asked_by, mine.asked_by_post, mine.state) == (member, "Scrutiny panel member", "asked")
    assert ask(asked, by=member) == mine, "a second click asks nothing new"
    # A member cannot ask in another member's name.
    assert (
        ask(Asked("question", meeting, None, "And now?", TODAY), by=member, member=UserFactory()).asked_by == member
    )
    keeper = holder(Role.DEMOCRATIC_SERVICES)
    theirs = ask(Asked("comment", meeting, None, "Well done.", TODAY), by=keeper, member=member)
    assert (theirs.asked_by, theirs.recorded_by_name) == (member, keeper.name)
    whole = ask(Asked("recommendation", meeting, None, "Add a target.", TODAY), by=keeper)
    assert (whole.asked_by, whole.asked_by_post) == (None, "Overview and scrutiny")
    for role in (Role.COUNCILLOR, Role.BOARD, Role.HEAD_OF_SERVICE, Role.GOVERNANCE):
        with pytest.raises(NotPermitted):
            ask(asked, by=holder(role))
    with pytest.raises(MoveRefused, match="not come"):
        ask(Asked("question", meeting, None, "Why?", date(2026, 11, 6)), by=member)


def test_a_revised_answer_keeps_the_first_and_one_that_was_never_released_stays_unreleased() -> None:
    team, keeper, owner = holder(Role.PERFORMANCE_TEAM), holder(Role.DEMOCRATIC_SERVICES), UserFactory()
    one = assign(PanelQuestionFactory(), owner=owner, due_on=DUE, by=team)
    one = answer(one, "It rained.", by=owner)
    one = return_answer(one, "How much?", by=team)
    one = release(answer(one, "It rained on 20 days.", by=owner), by=team)
    one = conclude(one, accepted=False, words="Which wards?", by=keeper)
    assert (one.state, one.due_on) == ("assigned", date(2026, 11, 19)), "owed again, in ten working days"
    one = conclude(release(answer(one, "Three wards.", by=owner), by=team), accepted=True, words="", by=keeper)
    one = reopen(one, "A fourth was found.", by=team)
    told = [(each.number, each.words, hasattr(each, "release")) for each in one.answers.order_by("number")]
    assert told == [(1, "It rained.", False), (2, "It rained on 20 days.", True), (3, "Three wards.", True)]
    moves = list(one.transitions.values_list("move", "to_state"))
    assert [move for move, _ in moves] == [
        *("assign", "answer", "return", "answer", "release", "decline", "answer", "release", "accept", "reopen")
    ]
    assert moves[-1][1] == one.state == "assigned"


def test_the_team_s_own_answer_is_released_by_a_colleague() -> None:
    author, colleague = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)
    one = answer(assign(PanelQuestionFactory(), owner=author, due_on=DUE, by=author), "Since April.", by=author)
    with pytest.raises(MoveRefused, match="a colleague releases it"):
        release(one, by=author)
    assert release(one, by=colleague).state == "released"


def test_an_answer_carries_the_post_it_was_given_in_and_a_recommendation_s_says_whether_it_is_agreed() -> None:
    kpi = KpiYearFactory(latest=True)
    manager, owner, team = holder(Role.SERVICE_MANAGER, service=kpi.service), UserFactory(), UserFactory()
    one = question_in("assigned", owner=owner, kind="recommendation", kpi_year=kpi)
    with pytest.raises(MoveRefused, match="Say whether"):
        answer(one, "We will.", by=manager)
    one = answer(one, "We will.", by=manager, response="agreed")
    given = one.answers.get()
    assert (given.answered_by_post, given.response) == (f"Service manager, {kpi.service}", "agreed")
    assert one.transitions.last().on_behalf_of == owner
    with pytest.raises(MoveRefused, match="Only a recommendation"):
        answer(question_in("assigned", owner=owner), "We will.", by=owner, response="agreed")
    with pytest.raises(NotPermitted):
        answer(question_in("assigned", owner=owner), "We will.", by=team)


def test_a_comment_is_noted_and_a_day_that_has_passed_is_no_due_date() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    assert note(PanelQuestionFactory(kind="comment"), by=team).state == "noted"
    with pytest.raises(MoveRefused, match="has passed"):
        assign(PanelQuestionFactory(), owner=team, due_on=date(2026, 11, 4), by=team)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"asked_by_post": ""},
        {"state": "lost"},
        {"state": "assigned"},
        {"state": "noted"},
        {"due_on": DUE},
        {"owner_post": "Officer"},
    ],
    ids=str,
)
def test_the_database_refuses_a_question_that_makes_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelQuestionFactory(**wrong)


def test_the_database_refuses_a_question_about_two_things_and_an_answer_twice_numbered() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelQuestionFactory(kpi_year=KpiYearFactory(), action_year=ActionYearFactory())
    given = question_in("answered").answers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            question=given.question,
            number=1,
            words="Again.",
            answered_by=given.answered_by,
            answered_by_name="Somebody",
            answered_by_post="Officer",
            answered_at=given.answered_at,
        )
