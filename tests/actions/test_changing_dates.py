"""A date of a project moves only as its board decides: asked for, recorded, and the old one kept with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from actions.models import ChangeRequest, Project, ProjectMilestone
from actions.operations.changing_dates import BoardDecision, approve, ask, decline, withdraw
from actions.operations.projects import close
from actions.project_workflow import CHANGE_MOVES, MoveRefused, NotPermitted, SomebodyElseDidIt, move_change
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.problems import ProposalRefused
from hdcperf.roles import Role
from tests.actions.project_typing import dated
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.projects import ChangeRequestFactory, ProjectFactory, ProjectMilestoneFactory
from tests.kpis.seeing import signed_in, text_of
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
LATER = date(2027, 6, 30)
WHY = "The contractor starts a season later."
AGREED = BoardDecision(date(2026, 11, 4), "Agreed, with no further move.")


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def project() -> Project:
    made: Project = ProjectFactory(code="PR 1")
    return made


def asked(project: Project, milestone: ProjectMilestone | None = None, new_on: date = LATER) -> ChangeRequest:
    return ask(project, milestone=milestone, new_on=new_on, reason=WHY, by=project.manager)


# A date moves with the board's approval, and not before


def test_the_end_moves_when_the_boards_approval_is_recorded(project: Project, team: User) -> None:
    request = asked(project)
    project.refresh_from_db()
    assert (project.ends_on, request.old_on, request.new_on) == (date(2027, 3, 31), date(2027, 3, 31), LATER)
    approve(request, AGREED, by=team)
    project.refresh_from_db()
    assert project.ends_on == LATER
    newest = project.history.first()
    assert newest is not None
    assert newest.history_change_reason == f"Approved by {project.board} on 4 November 2026: {WHY}"
    page = text_of(signed_in(holder(Role.COUNCILLOR)), "/projects/PR 1/")
    assert '<span class="govuk-visually-hidden">was </span>31 March 2027</s> 30 June 2027' in page
    assert WHY in page


def test_a_milestone_moves_and_the_end_does_not(project: Project, team: User) -> None:
    step = ProjectMilestoneFactory(project=project, due_on=date(2026, 12, 18))
    approve(asked(project, step, date(2027, 2, 1)), AGREED, by=team)
    step.refresh_from_db()
    project.refresh_from_db()
    assert (step.due_on, project.ends_on) == (date(2027, 2, 1), date(2027, 3, 31))


def test_a_change_that_is_declined_or_withdrawn_moves_nothing(project: Project, team: User) -> None:
    declined = decline(asked(project), BoardDecision(date(2026, 11, 4), "Not without a plan."), by=team)
    withdrawn = withdraw(asked(project), by=project.manager)
    project.refresh_from_db()
    assert project.ends_on == date(2027, 3, 31)
    assert (declined.state, declined.decision, withdrawn.state) == ("declined", "Not without a plan.", "withdrawn")


def test_what_was_asked_and_not_approved_is_shown_to_those_who_see_its_reports_only(project: Project) -> None:
    asked(project)
    assert WHY in text_of(signed_in(holder(Role.BOARD)), "/projects/PR 1/")
    assert WHY not in text_of(signed_in(holder(Role.COUNCILLOR)), "/projects/PR 1/")


# What cannot be


@pytest.mark.parametrize(
    ("new_on", "sentence"),
    [
        (date(2027, 3, 31), "This is the date it has now."),
        (date(2026, 3, 31), "The project starts on 1 April 2026: choose a later date."),
        (date(2026, 11, 4), "4 November 2026 has passed: choose a date from today on."),
        (
            date(2026, 12, 1),
            "“Designs agreed” is due on 18 December 2026, after the new end: ask for a change of it first.",
        ),
    ],
)
def test_an_end_that_cannot_be_is_refused_beside_its_box(project: Project, new_on: date, sentence: str) -> None:
    ProjectMilestoneFactory(project=project, name="Designs agreed", due_on=date(2026, 12, 18))
    typed = {"which": "end", "reason": WHY, **dated("new_on", new_on)}
    answer = signed_in(project.manager).post("/projects/PR 1/dates/", typed)
    assert answer.context["form"].errors == {"new_on": [sentence]}
    assert WHY in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_milestone_is_not_moved_past_the_end_of_its_project(project: Project) -> None:
    step = ProjectMilestoneFactory(project=project)
    with pytest.raises(ProposalRefused, match="The project ends on 31 March 2027: ask for a change of its end"):
        asked(project, step)


def test_a_milestone_that_was_reached_does_not_move(project: Project) -> None:
    step = ProjectMilestoneFactory(project=project, name="Survey", reached_on=date(2026, 10, 1))
    with pytest.raises(ProposalRefused, match="“Survey” was reached on 1 October 2026"):
        asked(project, step, date(2027, 1, 1))


def test_one_change_of_a_date_waits_at_a_time(project: Project) -> None:
    first = asked(project)
    assert asked(project) == first  # a double click
    with pytest.raises(ProposalRefused, match="from 31 March 2027 to 30 June 2027, is waiting for the board"):
        asked(project, new_on=date(2027, 9, 30))


def test_the_dates_of_a_closed_project_do_not_move(project: Project, team: User) -> None:
    close(project, on=TODAY, how="completed", why="Done.", by=team)
    with pytest.raises(MoveRefused, match="closed, so its dates do not move"):
        asked(project)


def test_a_meeting_that_has_not_been_held_has_decided_nothing(project: Project, team: User) -> None:
    request = asked(project)
    typed = {"decided": "approve", "words": "Agreed.", **dated("met_on", date(2026, 11, 6))}
    answer = signed_in(team).post(f"/projects/changes/{request.pk}/", typed)
    assert answer.context["form"].errors == {
        "met_on": ["The board has not met yet: record what it decides afterwards."]
    }
    request.refresh_from_db()
    assert request.state == "requested"


def test_a_milestone_added_since_is_not_left_after_the_end_that_is_approved(project: Project, team: User) -> None:
    request = asked(project, new_on=date(2027, 1, 31))
    ProjectMilestoneFactory(project=project, name="Opening", due_on=date(2027, 3, 1))
    typed = {"decided": "approve", "words": "Agreed.", **dated("met_on", date(2026, 11, 4))}
    answer = signed_in(team).post(f"/projects/changes/{request.pk}/", typed)
    assert "“Opening” is due on 1 March 2027, after the new end" in answer.content.decode()
    request.refresh_from_db()
    assert (request.state, request.met_on) == ("requested", None)


def test_a_change_is_not_decided_twice(project: Project, team: User) -> None:
    request = asked(project)
    approve(request, AGREED, by=team)
    assert approve(request, AGREED, by=team).state == "approved"  # a double click
    colleague = holder(Role.STRATEGIC_INSIGHTS)
    with pytest.raises(SomebodyElseDidIt, match=f"{team.name} moved it on 5 November 2026"):
        decline(request, BoardDecision(TODAY, "Not agreed."), by=colleague)
    typed = {"decided": "decline", "words": "Not agreed.", **dated("met_on", TODAY)}
    page = signed_in(colleague).post(f"/projects/changes/{request.pk}/", typed).content.decode()
    assert f"This is approved: {team.name} moved it on 5 November 2026, so you cannot" in page


def test_whoever_asked_does_not_record_what_the_board_decided(team: User) -> None:
    request = ChangeRequestFactory(requested_by=team)
    with pytest.raises(MoveRefused, match="You asked for this change, so a colleague must record"):
        approve(request, AGREED, by=team)
    page = text_of(signed_in(team), f"/projects/changes/{request.pk}/")
    assert "You asked for this change, so a colleague must record what the board decided." in page


# Who may make which move, in which state: the table is the framework's (Appendix A), not the code's

GROUPS = {
    "who asked": ["project manager", "manager's delegate"],
    "the project": ["sponsor"],
    "the teams": ["performance team", "strategic insights"],
    "everybody else": ["service manager", "director", "board member", "portfolio holder", "superuser", "nobody"],
}
STATES = ["requested", "approved", "declined", "withdrawn"]
TABLE = """
move     | who            | requested  | approved | declined | withdrawn
request  | who asked      | yes        | state    | state    | state
request  | the project    | yes        | state    | state    | state
request  | the teams      | yes        | state    | state    | state
request  | everybody else | not theirs |          |          |
approve  | who asked      | not theirs |          |          |
approve  | the project    | not theirs |          |          |
approve  | the teams      | yes        | state    | state    | state
approve  | everybody else | not theirs |          |          |
decline  | who asked      | not theirs |          |          |
decline  | the project    | not theirs |          |          |
decline  | the teams      | yes        | state    | state    | state
decline  | everybody else | not theirs |          |          |
withdraw | who asked      | yes        | state    | state    | state
withdraw | the project    | not theirs |          |          |
withdraw | the teams      | not theirs |          |          |
withdraw | everybody else | not theirs |          |          |
"""


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[dict[str, User], dict[str, ChangeRequest]]]:
    with django_db_blocker.unblock(), clock.taken_to_be(TODAY), transaction.atomic():
        project = ProjectFactory()
        people = {
            "project manager": project.manager,
            "manager's delegate": DelegationFactory(user=project.manager).delegate,
            "sponsor": project.sponsor,
            "performance team": holder(Role.PERFORMANCE_TEAM),
            "strategic insights": holder(Role.STRATEGIC_INSIGHTS),
            "service manager": holder(Role.SERVICE_MANAGER, service=project.service),
            "director": holder(Role.DIRECTOR, directorate=project.service.directorate),
            "board member": holder(Role.BOARD),
            "portfolio holder": holder(Role.PORTFOLIO_HOLDER, portfolio=project.portfolio),
            "superuser": UserFactory(is_superuser=True, is_staff=True),
            "nobody": UserFactory(),
        }
        for one in people.values():
            one.standing = standing(one)
        facts = {"requested": {}, **{state: {state: True} for state in STATES[1:]}}
        records = {state: ChangeRequestFactory(project=project, **facts[state]) for state in STATES}
        yield people, records
        transaction.set_rollback(True)


def _move(record: ChangeRequest, name: str, *, by: User, comment: str) -> ChangeRequest:
    decided = {"met_on": TODAY, "decision": comment} if name in ("approve", "decline") else {}
    return move_change(
        record, name, by=by, comment=comment, change=lambda fresh: [setattr(fresh, *one) for one in decided.items()]
    )


@pytest.mark.parametrize("row", rows_of(TABLE), ids=str)
def test_a_change_is_moved_by_whom_the_table_says_and_nobody_else(
    world: tuple[dict[str, User], dict[str, ChangeRequest]], row: Row
) -> None:
    people, records = world
    assert Tried(CHANGE_MOVES, _move, people, records).disagreements(row, GROUPS) == []


def test_the_table_leaves_no_move_no_state_and_nobody_out(
    world: tuple[dict[str, User], dict[str, ChangeRequest]],
) -> None:
    assert {(row.move, row.who) for row in rows_of(TABLE)} == {(name, who) for name in CHANGE_MOVES for who in GROUPS}
    assert {person for group in GROUPS.values() for person in group} == set(world[0])
    assert {state.value for state in ChangeRequest.State} == set(STATES)


def test_somebody_with_no_part_in_a_project_asks_for_nothing(project: Project) -> None:
    with pytest.raises(NotPermitted, match="ask for a change of its dates"):
        ask(project, milestone=None, new_on=LATER, reason=WHY, by=UserFactory())
