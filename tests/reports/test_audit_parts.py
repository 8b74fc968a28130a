"""Every part's tables in the audit list: whose they are, and what is told before it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions.models import Project, ProjectAction
from hdcperf.history import save_as
from hdcperf.review.audit import Asked, Change, Subject, audit_rows, described
from hdcperf.roles import Role
from kpis.operations.target_setting import send_target_back
from reports.queries.audit import sources, subjects_called
from tests.factories.actions import Q1, ActionUpdateFactory, ActionYearFactory
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import (
    ChangeRequestFactory,
    ProjectFactory,
    ProjectMilestoneFactory,
    ProjectReportFactory,
    ReportChallengeFactory,
    ReportRevisionFactory,
)
from tests.kpis.seeing import signed_in, text_of
from tests.kpis.target_world import targets

pytestmark = pytest.mark.django_db


def kinds(*, working: bool, **asked: object) -> set[str]:
    keys = list(audit_rows(sources(), Asked(**asked), working=working))  # type: ignore[arg-type]
    return {entry.kind for entry in described(sources(), keys, working=working)}


def test_an_action_is_found_by_its_code_or_title_with_what_belongs_to_it() -> None:
    ours = ActionYearFactory(code="CPA 64", title="Listen to residents")
    ActionUpdateFactory(action_year=ours)
    ActionUpdateFactory()
    for text in ("cpa64", "CPA 64", "listen"):
        found = kinds(working=True, subjects=subjects_called(text))
        assert found == {"Action", "Action in a year", "Action update"}, text


def test_a_targets_moves_are_named_by_the_kpi_of_their_year_and_link_to_its_page_of_that_year(
    set_today: Callable[[date], None],
) -> None:
    set_today(date(2026, 11, 5))
    one = targets(judged=0, code="KPI 7", name="Example bins emptied")
    # Renumbered since: the moves keep the code and the name of the year they are about.
    KpiYearFactory(kpi=one.kpi_year.kpi, year=2027, code="KPI 19", name="Example bins emptied on time")
    made = one.propose()
    send_target_back(made, reason="Last year beat it.", by=one.team)
    keys = list(audit_rows(sources(), Asked(kind="target-move"), working=True))
    told = described(sources(), keys, working=True)
    about = Subject("KPI 7", "Example bins emptied", "/kpis/2026-27/KPI%207/")
    assert [(entry.who, entry.what, entry.subject, entry.about, entry.why) for entry in told] == [
        (one.team.name, "Send it back", "KPI 7 from October 2026", about, "Last year beat it."),
        (one.manager.name, "Propose the target", "KPI 7 from October 2026", about, "The service grew."),
    ]
    assert told[0].changes == (Change("State", "Awaiting approval", "Sent back"),)
    page = text_of(signed_in(holder(Role.INTERNAL_AUDIT)), "/audit/?kind=target-move")
    assert page.count('href="/kpis/2026-27/KPI%207/"') == 2
    assert "KPI 19" not in page


@pytest.fixture
def project() -> Project:
    """A project with what belongs to it, beside another and an action."""
    ours: Project = ProjectFactory(code="PR 64", name="Riverside works")
    ProjectAction.objects.create(project=ours, action=ActionYearFactory(code="CPA 64").action)
    ChangeRequestFactory(project=ours, milestone=ProjectMilestoneFactory(project=ours))
    ReportChallengeFactory(report=ProjectReportFactory(project=ours, challenged=True))
    ReportRevisionFactory(report=ProjectReportFactory(project=ours, span=Q1, accepted=True))
    ReportChallengeFactory()
    ChangeRequestFactory()
    return ours


@pytest.mark.parametrize("text", ["pr64", "PR 64", "RIVERSIDE"])
def test_a_project_is_found_by_its_code_or_name_with_what_belongs_to_it(project: Project, text: str) -> None:
    keys = list(audit_rows(sources(), Asked(subjects=subjects_called(text)), working=True))
    found = described(sources(), keys, working=True)
    assert {entry.kind for entry in found} == {
        "Change request",
        "Move of a project's report",
        "Project",
        "Project action",
        "Project milestone",
        "Project report",
        "Report challenge",
        "Report revision",
    }
    assert {entry.about.code for entry in found if entry.about} == {"PR 64"}


def test_a_project_is_found_by_the_code_it_had_before(project: Project) -> None:
    project.code = "PR 65"
    save_as(project, by=UserFactory(), reason="Renumbered")
    assert subjects_called("PR 64")["projects"] == subjects_called("PR 65")["projects"] == {project.pk}


def test_the_link_of_a_project_to_an_action_is_found_from_either(project: Project) -> None:
    for text in ("CPA 64", "PR 64"):
        assert "Project action" in kinds(working=True, subjects=subjects_called(text)), text


def test_a_project_s_records_are_found_by_its_service(project: Project) -> None:
    found = kinds(working=True, service=project.service_id)
    assert {"Project", "Project report", "Report challenge", "Change request"} <= found


def test_an_update_that_is_not_accepted_is_told_only_to_those_who_see_working_returns() -> None:
    update = ActionUpdateFactory()
    asked = {"subjects": {"actions": {update.action_id}}}
    assert "Action update" in kinds(working=True, **asked)
    assert "Action update" not in kinds(working=False, **asked)


def test_every_kind_can_be_listed_and_put_into_words() -> None:
    for kind in sources():
        assert list(audit_rows(sources(), Asked(kind=kind), working=False)) == [] or kinds(working=False, kind=kind)
