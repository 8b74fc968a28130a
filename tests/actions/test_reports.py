"""A project's report from its draft to its acceptance: the way of an update, with a status that is its board's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions.models import ProjectReport, ReportChallenge
from actions.operations.projects import close
from actions.operations.reporting import LIFTING, REPORTS, accept_report
from actions.project_workflow import MoveRefused
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.project_typing import dated
from tests.actions.reporting import RECOVERY, TODAY, reported
from tests.factories.actions import Q1, Q2
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import (
    ChangeRequestFactory,
    ProjectFactory,
    ProjectMilestoneFactory,
    ProjectReportFactory,
    ReportChallengeFactory,
    ReportRevisionFactory,
)
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db

QUEUE = "/actions/2026-27-Q2/"


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


# Entering


def test_what_the_board_said_with_its_meeting_is_kept_with_the_report() -> None:
    one = reported()
    assert one.press("submit")["Location"] == "/"
    found = one.fresh()
    assert (found.state, found.status, found.board, found.met_on) == (
        "submitted",
        "green",
        "Riverside Board",
        date(2026, 9, 24),
    )
    assert [each.user for each in found.authors.all()] == [one.manager]


def test_a_draft_may_lack_anything_and_says_at_submitting_what_is_missing() -> None:
    one = reported()
    empty = dict.fromkeys(("status", "board", "board_words", "progress", "next_steps"), "")
    bare = {**empty, **dict.fromkeys(dated("met_on", TODAY), "")}
    assert one.press("save", **bare).status_code == 302
    answer = one.press("submit", **bare)
    assert dict(answer.context["form"].errors) == {
        "status": ["Choose the status the board set."],
        "board": ["Name the board that set the status."],
        "met_on": ["Enter the date the board set the status."],
        "board_words": ["Say what the board said of the project."],
        "progress": ["Say what was done."],
        "next_steps": ["Say what comes next, with dates."],
    }
    assert one.fresh().state == "draft"


def test_a_meeting_still_to_come_has_set_no_status() -> None:
    answer = reported().press("submit", **dated("met_on", date(2026, 10, 13)))
    assert answer.context["form"].errors["met_on"] == [
        "The board's meeting on 13 October 2026 is yet to come. Report the status the board set last."
    ]


def test_red_says_what_will_be_done_and_green_keeps_none_of_it() -> None:
    one = reported()
    answer = one.press("submit", status="red")
    assert set(answer.context["form"].errors) == {"recovery", "recovery_by", "recovery_owner"}
    assert one.press("submit", **RECOVERY).status_code == 302
    assert (one.fresh().status, one.fresh().recovery, one.fresh().recovery_by) == ("green", "", None)


def test_a_view_that_differs_from_the_boards_says_why_and_is_shown_beside_it(team: User) -> None:
    one = reported()
    answer = one.press("submit", own_view="amber")
    assert answer.context["form"].errors == {"own_view_why": ["Say why you see it otherwise than the board."]}
    assert one.press("submit", own_view="amber", own_view_why="The lights are not ordered.").status_code == 302
    assert "Officers see it as" in text_of(signed_in(team), QUEUE)
    assert "The lights are not ordered." in text_of(signed_in(team), f"{one.url}review/")


def test_green_with_a_milestone_overdue_is_asked_about_and_answered_with_a_sentence(team: User) -> None:
    one = reported()
    ProjectMilestoneFactory(project=one.project, name="Path open", due_on=date(2026, 9, 1))
    answer = one.press("submit")
    assert "“Path open” was due on 1 September 2026 and has not been reached." in answer.content.decode()
    assert one.press("submit", answer_green_overdue="It opened on 5 October.").status_code == 302
    review = text_of(signed_in(team), f"{one.url}review/")
    assert f"Explained: It opened on 5 October. ({one.manager.name})" in review


def test_words_copied_from_the_quarter_before_are_asked_about() -> None:
    one = reported()
    ProjectReportFactory(project=one.project, span=Q1, accepted=True, progress=one.typed()["progress"])
    assert "repeats the words for Q1 2026/27" in one.press("submit").content.decode()


def test_two_officers_at_once_lose_nothing() -> None:
    one = reported(draft=True)
    sponsor = one.project.sponsor
    version = one.fresh().version
    assert one.press("save", risks="The words of the manager.").status_code == 302
    late = one.press("save", sponsor, risks="The words of the sponsor.", version=version)
    assert late.status_code == 409
    page = late.content.decode()
    assert "The words of the manager." in page
    assert "The words of the sponsor." in page
    assert one.fresh().risks == "The words of the manager."


def test_a_locked_quarter_is_entered_only_with_leave(team: User, set_today: Callable[[date], None]) -> None:
    one = reported()
    set_today(date(2026, 12, 1))
    assert one.press("save").status_code == 409
    typed = {"asked_by": "Example Service", "reason": "The board met late.", **dated("expires_on", date(2026, 12, 8))}
    assert signed_in(team).post(f"{one.url}exception/", typed).status_code == 302
    assert one.press("save").status_code == 302
    exception = one.record.lock_exceptions.get()
    assert one.project.name in text_of(signed_in(team), "/quarters/")
    assert signed_in(team).post(f"/projects/locks/{exception.pk}/end/").status_code == 302
    assert one.press("save", risks="Other words.").status_code == 409


def test_an_accepted_report_needs_no_lock_lifted(team: User) -> None:
    one = reported(accepted=True)
    with pytest.raises(MoveRefused, match="changed by a revision"):
        LIFTING.grant(one.record, reason="Why not", asked_by="Somebody", expires_on=date(2026, 12, 1), by=team)


def test_a_project_closed_mid_quarter_still_hands_in_its_last_report(team: User) -> None:
    one = reported()
    close(one.project, on=date(2026, 9, 10), how="completed", why="Both banks are open.", by=team)
    assert one.press("submit", status="completed", next_steps="").status_code == 302
    assert one.fresh().state == "submitted"


# Checking


def test_acceptance_reaches_milestones_and_freezes_what_the_report_was_read_beside(team: User) -> None:
    one = reported()
    ProjectReportFactory(project=one.project, span=Q1, accepted=True, status="amber")
    step = ProjectMilestoneFactory(project=one.project, name="Path open", due_on=date(2026, 9, 1))
    ProjectMilestoneFactory(project=one.project, name="Lights on", due_on=date(2027, 1, 29))
    one.press("submit", **dated(f"reached_{step.pk}", date(2026, 9, 3)))
    step.refresh_from_db()
    assert step.reached_on is None  # it takes effect when the report is accepted
    accept_report(one.fresh(), by=team)
    step.refresh_from_db()
    found = one.fresh()
    assert step.reached_on == date(2026, 9, 3)
    assert (found.status_before, found.ends_on) == ("amber", date(2027, 3, 31))
    assert (found.next_milestone, found.next_milestone_on) == ("Lights on", date(2027, 1, 29))


def test_a_day_that_has_not_come_is_no_day_a_milestone_was_reached() -> None:
    one = reported()
    step = ProjectMilestoneFactory(project=one.project, name="Path open")
    answer = one.press("submit", **dated(f"reached_{step.pk}", date(2026, 10, 13)))
    assert list(answer.context["form"].errors) == [f"reached_{step.pk}"]


def test_nobody_accepts_what_they_typed_or_run(team: User) -> None:
    one = reported()
    one.press("submit", team)
    with pytest.raises(MoveRefused, match="You entered this report"):
        accept_report(one.fresh(), by=team)
    assert "You entered this report" in text_of(signed_in(team), f"{one.url}review/")
    accept_report(one.fresh(), by=holder(Role.PERFORMANCE_TEAM))


def test_a_report_changed_since_it_was_read_is_not_accepted_unread(team: User) -> None:
    one = reported()
    one.press("submit")
    answer = signed_in(team).post(f"{one.url}review/", {"decide": "accept", "version": "1"}, follow=True)
    assert "This report was changed after you opened it." in answer.content.decode()
    assert one.fresh().state == "submitted"


def test_a_challenge_reopens_only_what_was_asked_about(team: User) -> None:
    one = reported()
    one.press("submit")
    asked = {"decide": "challenge", "about": "risks", "reason": "unclear", "question": "What would a flood cost?"}
    assert signed_in(team).post(f"{one.url}review/", asked).status_code == 302
    challenge = ReportChallenge.objects.get()
    page = one.client().get(one.url)
    assert [name for name in page.context["form"].fields if not name.startswith("words_")] == ["risks"]
    words = {f"words_{challenge.pk}": "About two weeks.", "risks": "A flood costs two weeks.", "progress": "Other."}
    assert one.press("answer", **words).status_code == 302
    found = one.fresh()
    assert (found.state, found.risks) == ("submitted", "A flood costs two weeks.")
    assert found.progress != "Other."


def test_a_report_is_returned_in_the_words_of_the_guidelines(team: User) -> None:
    one = reported()
    one.press("submit")
    signed_in(team).post(f"{one.url}review/", {"decide": "return", "missing": ["status"], "more": ""})
    assert "Report the status the board set, with the date it met" in text_of(one.client(), one.url)
    assert one.fresh().state == "challenged"


def test_a_status_corrected_after_a_challenge_leaves_a_lesson(team: User) -> None:
    one = reported()
    one.press("submit")
    challenge = REPORTS.ask(one.fresh(), about="status", reason="looks_wrong", question="Green?", by=team)
    typed = {"status": "amber", **RECOVERY, f"words_{challenge.pk}": "It was amber."}
    refused = one.press("answer", **typed)
    assert list(refused.context["form"].errors) == ["lesson"]
    assert one.press("answer", **typed, lesson="The minute is read first.").status_code == 302
    assert one.fresh().status == "amber"


def test_the_board_decides_what_the_two_sides_cannot(team: User) -> None:
    one = reported(challenged=True)
    challenge = ReportChallengeFactory(report=one.record)
    answer = one.press(f"escalate:{challenge.pk}", **{f"escalate-{challenge.pk}-reason": "We cannot agree."})
    assert answer.status_code in (200, 302)
    board = holder(Role.BOARD)
    assert "Decide the dispute about the Q2 2026/27 report of PR 1" in text_of(signed_in(board), "/")
    typed = {"challenge": challenge.pk, "ruling": "stands", "words": "It says enough."}
    assert signed_in(board).post(f"{one.url}dispute/", typed).status_code == 302
    challenge.refresh_from_db()
    assert challenge.ruling == "stands"


# Revising


def test_an_accepted_report_changes_only_by_a_revision_that_somebody_else_accepts(team: User) -> None:
    one = reported(accepted=True)
    later = ProjectReportFactory(project=one.project, span=Q2.next, accepted=True, status_before="green")
    typed = {"kind": "correction", "reason": "The minute says amber.", "status": "amber", **RECOVERY}
    assert one.press("save").status_code == 409
    answer = one.client().post(f"{one.url}revise/", one.typed(**typed) | {"step": "propose"})
    revision = one.record.revisions.get()
    assert answer["Location"] == f"/projects/revisions/{revision.pk}/"
    assert one.fresh().status == "green"
    assert "Decide a revision of the Q2 2026/27 report of PR 1" in text_of(signed_in(team), "/")
    assert signed_in(team).post(answer["Location"], {"decide": "accept"}).status_code == 302
    later.refresh_from_db()
    assert (one.fresh().status, later.status_before) == ("amber", "amber")
    assert "PR 1 Riverside works, Q2 2026/27" in text_of(signed_in(team), "/projects/revisions/")
    assert "Revised" in text_of(signed_in(team), "/projects/PR 1/")


def test_a_revision_that_changes_nothing_is_refused() -> None:
    one = reported(accepted=True)
    same = {"kind": "correction", "reason": "Why not", "step": "propose", "board": one.record.board}
    same |= {"board_words": one.record.board_words, "progress": one.record.progress, "risks": one.record.risks}
    answer = one.client().post(f"{one.url}revise/", one.typed(**same, **dated("met_on", one.record.met_on)))
    assert "This is what was accepted: there is nothing to revise." in answer.content.decode()


# The quarter's list and home


def test_projects_have_a_section_of_their_own_in_the_quarters_list(team: User) -> None:
    one = reported(submitted=True)
    page = text_of(signed_in(team), QUEUE)
    assert "1 of 1 project reports in" in page
    assert f'href="{one.url.replace(" ", "%20")}review/"' in page
    own = text_of(one.client(), QUEUE)
    assert "PR 1" in own
    assert "No updates of yours in this quarter" not in own


def test_a_project_of_others_is_not_in_ones_list() -> None:
    reported(submitted=True)
    other = ProjectReportFactory()
    page = text_of(signed_in(other.project.manager), QUEUE)
    assert other.project.code in page
    assert "Riverside works" not in page
    assert signed_in(UserFactory()).get(QUEUE).status_code == 403


def test_home_says_which_reports_are_due_and_what_a_board_is_to_have_decided(team: User) -> None:
    one = reported()
    assert "Start the Q2 2026/27 report of PR 1 Riverside works" in text_of(one.client(), "/")
    change = ChangeRequestFactory(project=one.project)
    task = f"Record what the board decided: PR 1 Riverside works, {change}"
    assert task in text_of(signed_in(team), "/")
    assert task not in text_of(one.client(), "/")
    one.press("submit")
    assert "Check the Q2 2026/27 project reports: 1 to check" in text_of(signed_in(team), "/")


def test_home_asks_the_team_for_reports_that_are_late(team: User, set_today: Callable[[date], None]) -> None:
    reported()
    set_today(date(2026, 10, 16))
    assert "Ask for what is missing in Q2 2026/27: 1 project report not in" in text_of(signed_in(team), "/")


def test_the_quarters_list_and_home_cost_the_same_for_two_reports_and_for_twenty(team: User) -> None:
    client = signed_in(team)

    def add(many: int) -> None:
        for _ in range(many):
            project = ProjectFactory()
            ProjectReportFactory(project=project, span=Q1, accepted=True)
            ProjectMilestoneFactory(project=project, due_on=date(2026, 9, 1))
            ProjectReportFactory(project=project, submitted=True)
            ReportRevisionFactory(report=ProjectReport.objects.filter(project=project).first())

    add(6)
    pages = (QUEUE, "/", "/projects/revisions/", "/golden-thread/")
    for page in pages:
        queries(client, page)
    few = {page: queries(client, page) for page in pages}
    add(14)
    assert {page: queries(client, page) for page in pages} == few


def test_the_golden_thread_shows_a_project_under_its_outcome_with_its_boards_status(team: User) -> None:
    one = reported(accepted=True, status="red")
    page = text_of(signed_in(team), "/golden-thread/")
    assert "PR 1 Riverside works" in page
    assert one.project.outcome.name in page
    narrowed = text_of(signed_in(team), "/golden-thread/?about=PR+1")
    assert "PR 1 Riverside works" in narrowed
