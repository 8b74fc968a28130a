"""The register of projects: registering, changing what is not a date, closing, and what typed wrongly is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Project, ProjectReport
from actions.operations.projects import close, take_up_again
from actions.operations.quarters import open_quarter
from actions.project_workflow import MoveRefused, NotPermitted, SomebodyElseDidIt, move_report
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Quarter
from hdcperf.review.problems import ProposalRefused
from hdcperf.roles import Role
from tests.actions.project_typing import dated, facts_of, new_project
from tests.factories.actions import Q1, Q2, ActionYearFactory
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import (
    ChangeRequestFactory,
    ProjectFactory,
    ProjectMilestoneFactory,
    ProjectReportFactory,
)
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
ENDED = date(2026, 11, 2)
DONE = {"on": ENDED, "how": "completed", "why": "Both banks are open all year."}


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def keeper() -> Client:
    return signed_in(holder(Role.STRATEGIC_INSIGHTS))


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


# Registering


def test_a_project_is_registered_with_its_dates_milestones_and_the_actions_it_serves(keeper: Client) -> None:
    action_year = ActionYearFactory(code="CPA 12")
    answer = keeper.post("/projects/new/", new_project(serves="cpa12"))
    assert answer["Location"] == "/projects/PR%201/"
    project = Project.objects.get()
    assert [(one.name, one.due_on) for one in project.milestones.all()] == [
        ("Designs agreed", date(2026, 12, 18)),
        ("Works begin", date(2027, 9, 30)),
    ]
    assert [one.action for one in project.serves.all()] == [action_year.action]
    page = text_of(keeper, "/projects/PR 1/")
    assert "Next: Designs agreed, by 18 December 2026." in page
    assert "PR 1 Riverside works" in text_of(keeper, "/actions/2026-27/CPA 12/")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (dated("ends_on", date(2026, 3, 31)), "ends_on", "A project cannot end before it starts, on 1 April 2026."),
        (
            {"milestones": "1 April 2028, Opening"},
            "milestones",
            "“Opening” is due on 1 April 2028, after the project’s own end on 31 March 2028.",
        ),
        (
            {"milestones": "1 March 2026, Survey"},
            "milestones",
            "“Survey” is due on 1 March 2026, before the project starts.",
        ),
        (
            {"milestones": "soon, Survey"},
            "milestones",
            "Line 1: “soon” is not a date. Write it like 30 September 2027, then a comma, then the milestone",
        ),
        ({"serves": "CPA 99"}, "serves", "There is no action CPA 99 in the plan for 2026/27."),
        ({"code": "new"}, "code", "This reads as a part of an address: choose another code, for example CPA12."),
        ({"code": "pr7"}, "code", "PR 7 Example project has this code. Choose another."),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_its_box_and_nothing_is_written(
    keeper: Client, typed: dict[str, Any], field: str, sentence: str
) -> None:
    ProjectFactory(code="PR 7", name="Example project")
    answer = keeper.post("/projects/new/", new_project(**typed))
    assert errors_of(answer) == {field: [sentence]}
    assert "Keep the riverside open all year." in answer.content.decode()
    assert Project.objects.count() == 1


def test_a_project_that_serves_nothing_named_still_stands_in_the_register(keeper: Client) -> None:
    keeper.post("/projects/new/", new_project(milestones=""))
    assert "PR 1" in text_of(keeper, "/projects/")
    assert "No milestones are registered." in text_of(keeper, "/projects/PR 1/")


@pytest.mark.parametrize("role", [Role.SCRUTINY, Role.PERFORMANCE_TEAM])
@pytest.mark.parametrize("address", ["/projects/", "/actions/plan/", "/actions/"])
def test_the_register_and_the_plan_are_linked_once_from_every_list_of_the_plan(role: Role, address: str) -> None:
    page = signed_in(holder(role)).get(address).content.decode()
    assert [page.count(f'href="{link}"') for link in ("/projects/", "/actions/plan/")] == [1, 1]


# Changing what is not a date


def test_what_a_project_said_before_is_kept_beside_it_with_the_reason(keeper: Client) -> None:
    project = ProjectFactory(code="PR 1", board="Old Board")
    answer = keeper.post("/projects/PR 1/change/", facts_of(project, board="New Board", reason="It was renamed."))
    assert answer.status_code == 302
    page = text_of(keeper, "/projects/PR 1/")
    assert all(words in page for words in ("Old Board", "New Board", "It was renamed."))


def test_milestones_are_added_and_those_there_are_keep_their_dates(keeper: Client) -> None:
    project = ProjectFactory(code="PR 1")
    ProjectMilestoneFactory(project=project, name="Designs agreed", due_on=date(2026, 12, 18))
    typed = facts_of(project, milestones="20 January 2027, Designs agreed")
    assert errors_of(keeper.post("/projects/PR 1/change/", typed)) == {
        "milestones": [
            "The project has a milestone called “Designs agreed” already: give the new one another name, or ask for "
            "a change of the date of the one there is."
        ]
    }
    typed = facts_of(project, milestones="20 January 2027, Tender out")
    assert keeper.post("/projects/PR 1/change/", typed).status_code == 302
    assert [(one.name, one.due_on) for one in project.milestones.all()] == [
        ("Designs agreed", date(2026, 12, 18)),
        ("Tender out", date(2027, 1, 20)),
    ]


def test_two_officers_at_once_lose_nothing_and_the_second_is_told(keeper: Client) -> None:
    project = ProjectFactory(code="PR 1", name="Riverside")
    first, second = facts_of(project, name="Riverside works"), facts_of(project, name="Riverside path")
    assert keeper.post("/projects/PR 1/change/", first).status_code == 302
    late = keeper.post("/projects/PR 1/change/", second)
    assert "changed this project while you were writing" in late.content.decode()
    assert "Riverside path" in late.content.decode()
    project.refresh_from_db()
    assert project.name == "Riverside works"
    # Sent once more, in the knowledge of the other's words, it is taken.
    again = second | {"version": late.context["form"]["version"].value()}
    assert keeper.post("/projects/PR 1/change/", again).status_code == 302


def test_a_double_click_changes_nothing_twice(keeper: Client) -> None:
    project = ProjectFactory(code="PR 1")
    typed = facts_of(project, name="Riverside works", milestones="20 January 2027, Tender out")
    assert [keeper.post("/projects/PR 1/change/", typed).status_code for _ in range(2)] == [302, 302]
    project.refresh_from_db()
    assert (project.version, project.milestones.count()) == (2, 1)


def test_an_action_no_longer_served_is_taken_off_with_its_history(keeper: Client) -> None:
    ActionYearFactory(code="CPA 1")
    keeper.post("/projects/new/", new_project(serves="CPA 1"))
    project = Project.objects.get()
    assert keeper.post("/projects/PR 1/change/", facts_of(project)).status_code == 302
    assert not project.serves.exists()


def test_the_admin_cannot_move_a_date_of_a_project_that_is_registered() -> None:
    step = ProjectMilestoneFactory()
    project = step.project
    client = signed_in(UserFactory(is_superuser=True, is_staff=True))
    page = client.get(f"/admin/actions/project/{project.pk}/change/").content.decode()
    assert 'name="board"' in page
    assert 'name="ends_on"' not in page
    typed = {name: value for name, value in facts_of(project, board="Another Board").items() if name != "serves"}
    forms = {f"{name}-{part}": "0" for name in ("milestones", "serves") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    dates = {"starts_on": "2030-01-01", "ends_on": "2031-01-01", "milestones-0-due_on": "2031-01-01"}
    typed["change_reason"] = "The board has another name."
    answer = client.post(f"/admin/actions/project/{project.pk}/change/", {**typed, **forms, **dates})
    assert answer.status_code == 302
    project.refresh_from_db()
    step.refresh_from_db()
    assert project.board == "Another Board"
    assert (project.starts_on, project.ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (step.due_on, project.milestones.count()) == (date(2026, 12, 18), 1)


# Closing


def test_a_project_closed_mid_quarter_owes_that_quarters_last_report_and_none_after(team: User) -> None:
    project = ProjectFactory(code="PR 1")
    last = ProjectReportFactory(project=project, span=Q1, draft=True)
    after = ProjectReportFactory(project=project, span=Q2)
    close(project, on=date(2026, 6, 10), how="stopped", why="The grant ended.", by=team)
    last.refresh_from_db()
    after.refresh_from_db()
    assert last.excused == ""
    assert after.excused == (
        "The project was closed on 10 June 2026: stopped before it was done. No report is owed for it."
    )
    assert list(ProjectReport.objects.owed()) == [last]
    with pytest.raises(MoveRefused, match="No report is owed"):
        move_report(after, "draft", by=project.manager)
    page = text_of(signed_in(team), "/projects/PR 1/")
    assert "Stopped before it was done on 10 June 2026. The grant ended." in page


def test_a_closed_project_gets_no_report_in_the_quarters_after(team: User, set_today: Callable[[date], None]) -> None:
    ProjectFactory(code="PR 1")
    close(ProjectFactory(code="PR 2"), **DONE, by=team)
    set_today(date(2027, 1, 5))
    third, fourth = Quarter(FinancialYear(2026), 3), Quarter(FinancialYear(2026), 4)
    assert open_quarter(third, by=team).reports == 2  # it was closed during the third quarter
    assert open_quarter(fourth, by=team).reports == 1


def test_what_was_closed_by_mistake_goes_on_and_owes_its_reports_again(team: User) -> None:
    project = ProjectFactory()
    report = ProjectReportFactory(project=project, span=Q2)
    close(project, on=date(2026, 6, 10), how="stopped", why="The grant ended.", by=team)
    take_up_again(project, reason="The grant goes on.", by=team)
    report.refresh_from_db()
    assert report.excused == ""
    assert Project.objects.get().closed_on is None


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2026, 11, 6), "6 November 2026 is yet to come: close the project when it has ended."),
        (date(2026, 3, 31), "The project only started on 1 April 2026."),
    ],
)
def test_a_project_is_not_closed_before_it_starts_nor_before_the_day_has_come(
    team: User, on: date, sentence: str
) -> None:
    project = ProjectFactory(code="PR 1")
    typed = {"how": "completed", "why": "Done.", **dated("on", on)}
    assert errors_of(signed_in(team).post("/projects/PR 1/close/", typed)) == {"on": [sentence]}
    project.refresh_from_db()
    assert project.closed_on is None


def test_a_change_that_waits_for_its_board_is_settled_before_the_project_is_closed(team: User) -> None:
    with pytest.raises(ProposalRefused, match="is waiting for the board"):
        close(ChangeRequestFactory().project, **DONE, by=team)


def test_a_project_closed_by_a_colleague_is_not_closed_again(team: User) -> None:
    project = ProjectFactory()
    assert close(project, **DONE, by=team) == close(project, **DONE, by=team)
    with pytest.raises(SomebodyElseDidIt, match=f"closed on 2 November 2026 already. {team.name} recorded it."):
        close(project, **DONE | {"how": "stopped"}, by=holder(Role.PERFORMANCE_TEAM))


def test_its_manager_keeps_no_register() -> None:
    project = ProjectFactory()
    with pytest.raises(NotPermitted, match="keep the register"):
        close(project, **DONE, by=project.manager)


# Seeing


def standing_at(status: str, before: str = "green", **facts: Any) -> Project:
    """A project with an accepted report in the first two quarters of 2026/27."""
    project: Project = ProjectFactory(**facts)
    ProjectReportFactory(project=project, span=Q1, accepted=True, status=before)
    ProjectReportFactory(project=project, span=Q2, accepted=True, status=status)
    return project


def listed(client: Client, asked: str = "") -> list[str]:
    return [row.code for row in client.get(f"/projects/{asked}").context["page"].rows]


def test_the_register_is_narrowed_by_what_a_project_is_and_how_it_stands(team: User) -> None:
    one = standing_at("amber", code="PR 1")
    two = standing_at("green", "red", code="PR 2")
    ProjectMilestoneFactory(project=two, due_on=date(2026, 10, 1))
    client = signed_in(team)
    assert listed(client) == ["PR 1", "PR 2"]
    assert listed(client, "?status=amber") == ["PR 1"]
    assert listed(client, "?movement=worse") == ["PR 1"]
    assert listed(client, "?movement=better") == ["PR 2"]
    assert listed(client, "?overdue=yes") == ["PR 2"]
    assert listed(client, f"?service={one.service_id}") == ["PR 1"]
    assert listed(client, f"?portfolio={two.portfolio_id}") == ["PR 2"]
    assert listed(client, f"?aim=o{one.outcome.number}") == ["PR 1"]
    assert listed(client, f"?aim=p{two.outcome.priority.number}") == ["PR 2"]
    assert listed(client, "?words=pr2") == ["PR 2"]
    assert listed(client, "?status=nonsense") == ["PR 1", "PR 2"]
    assert listed(client, "?sort=-code") == ["PR 2", "PR 1"]
    assert listed(client, "?quarter=2026-27-Q1&status=green") == ["PR 1"]  # as it stood then
    assert listed(client, "?quarter=2031-32-Q1&status=green") == ["PR 2"]  # no such quarter: the newest


def test_somebody_outside_reads_the_register_but_no_status(team: User) -> None:
    project = standing_at("red", code="PR 1")
    outside = text_of(signed_in(holder(Role.OFFICER)), "/projects/PR 1/")
    assert "Not issued yet" in outside
    assert "Twelve examples were built" not in outside
    assert "Red" not in outside.partition("What the colours mean")[0]
    inside = text_of(signed_in(holder(Role.PORTFOLIO_HOLDER, portfolio=project.portfolio)), "/projects/PR 1/")
    assert "Its board called it red at the end of Q2 2026/27, worse than the quarter before (green)." in inside


def test_a_status_that_nobody_accepted_is_seen_only_by_those_who_work_on_it(team: User) -> None:
    project = ProjectFactory(code="PR 1")
    ProjectReportFactory(project=project, submitted=True, progress="Words of the draft.")
    page = text_of(signed_in(project.manager), "/projects/PR 1/")
    assert "Words of the draft." in page
    assert "Words of the draft." not in text_of(signed_in(holder(Role.BOARD)), "/projects/PR 1/")


def test_where_the_officers_see_it_otherwise_than_their_board_the_page_says_so(team: User) -> None:
    project = ProjectFactory(code="PR 1")
    ProjectReportFactory(
        project=project, accepted=True, own_view="amber", own_view_why="The roof will be a month late."
    )
    page = text_of(signed_in(team), "/projects/PR 1/")
    assert "Set by Example Programme Board on 30 September 2026." in page
    assert "The project’s own officers see it otherwise: amber, not green. The roof will be a month late." in page


def test_the_register_costs_the_same_for_two_projects_and_for_twenty(team: User) -> None:
    client = signed_in(team)

    def add(many: int) -> None:
        for _ in range(many):
            project = standing_at("amber")
            ProjectMilestoneFactory(project=project)
            ChangeRequestFactory(project=project, approved=True)

    add(2)
    queries(client, "/projects/")
    few = queries(client, "/projects/")
    add(18)
    assert queries(client, "/projects/") == few


def test_the_pages_of_a_project_cost_the_same_with_a_long_history(team: User) -> None:
    client = signed_in(team)
    project = standing_at("amber", code="PR 1")
    queries(client, "/projects/PR 1/")
    few = queries(client, "/projects/PR 1/")
    for number in range(1, 9):
        ProjectReportFactory(project=project, span=Q1 - number, accepted=True)
        ProjectMilestoneFactory(project=project)
    assert queries(client, "/projects/PR 1/") == few
