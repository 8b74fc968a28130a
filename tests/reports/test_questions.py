"""What of the panel's questions is printed for a meeting, who is told what before a release, and the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from hdcperf.workflow import MoveRefused, StaleRecord
from reports.models import Meeting, PanelQuestion
from reports.operations.meetings import cancel_meeting, save_meeting, version_of
from reports.operations.questions import answer, assign, conclude, release, reopen
from reports.queries.home_tasks import tasks_for
from reports.queries.questions import questions_for, questions_raised_at, questions_seen_by, seen_answers
from reports.reminders.questions import moved, to_answer
from tests.factories.actions import ActionYearFactory
from tests.factories.kpis import KpiYearFactory
from tests.factories.meetings import DUE, MeetingFactory, PanelQuestionFactory, question_in
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import ProjectFactory
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def words_for(meeting: Meeting) -> list[str]:
    return [one.words for one in questions_for(meeting)]


def released_on(day: date, words: str, meeting: Meeting) -> PanelQuestion:
    with clock.taken_to_be(day):
        return question_in("released", meeting=meeting, words=f"Answer: {words}", **{"asked_on": day})


def test_a_report_prints_what_is_open_and_what_was_answered_since_the_body_last_met() -> None:
    june, september = MeetingFactory(held_on=date(2026, 6, 11)), MeetingFactory(held_on=date(2026, 9, 4))
    # A cancelled meeting is not the last one.
    cancelled = MeetingFactory(held_on=date(2026, 10, 15))
    december, march = MeetingFactory(held_on=date(2026, 12, 1)), MeetingFactory(held_on=date(2027, 3, 4))
    with clock.taken_to_be(date(2026, 10, 1)):
        cancel_meeting(cancelled, "Snow", by=holder(Role.DEMOCRATIC_SERVICES))
    cabinet = MeetingFactory(body=Meeting.Body.CABINET.value, held_on=date(2026, 12, 15))
    old = released_on(date(2026, 7, 1), "long ago", june)
    new = released_on(date(2026, 10, 8), "lately", june)
    still = PanelQuestionFactory(meeting=june, words="Still open")
    moved = PanelQuestionFactory(meeting=cancelled, words="For the meeting that was cancelled")
    hidden = question_in("answered", meeting=september, words="Not released yet")
    PanelQuestionFactory(meeting=march, words="For later")
    question_in("withdrawn", meeting=december)
    question_in("noted", meeting=december, kind="comment")
    wish = question_in("assigned", meeting=december, kind="recommendation")
    expected = [new.words, still.words, hidden.words, moved.words, wish.words]
    assert words_for(december) == expected
    assert words_for(september) == [old.words, still.words, hidden.words]
    assert words_for(cabinet) == [wish.words], "cabinet answers recommendations"
    printed = {one.words: one for one in questions_for(december)}
    assert printed[hidden.words].answers == ()
    assert printed[hidden.words].state_words == "With its owner", "an answer nobody released is nobody's"
    assert [one.words for one in printed[new.words].answers] == ["Answer: lately"]
    assert (printed[new.words].is_open, printed[still.words].is_open) == (False, True)
    assert {one.kind for one in questions_raised_at(december)} == {"comment", "recommendation"}


def test_names_are_printed_nowhere_only_posts() -> None:
    kpi = KpiYearFactory(latest=True, code="PI 7", name="Example bins")
    owner = User.objects.create(email="owner@council.example", name="Otto Owner")
    one = question_in("accepted", owner=owner, kpi_year=kpi, asked_by__name="Mona Member")
    (printed,) = questions_raised_at(one.meeting)
    assert "Otto" not in str(printed)
    assert "Mona" not in str(printed)
    assert (printed.code, printed.name, printed.owner_post) == ("PI 7", "Example bins", "Officer")


def test_questions_are_read_in_as_many_queries_for_many_as_for_one(django_assert_num_queries: Any) -> None:
    meeting = MeetingFactory()
    for kpi in (KpiYearFactory(latest=True), KpiYearFactory(latest=True)):
        question_in("released", meeting=meeting, kpi_year=kpi)
    PanelQuestionFactory(meeting=meeting, action_year=ActionYearFactory())
    PanelQuestionFactory(meeting=meeting, project=ProjectFactory())
    with django_assert_num_queries(3):
        assert len(questions_for(meeting)) == 4


def test_only_writers_and_the_team_read_an_answer_before_its_release() -> None:
    kpi = KpiYearFactory(latest=True)
    one = question_in("answered", kpi_year=kpi, owner=UserFactory())
    assert one.owner is not None
    reads = {
        "owner": (one.owner, 1),
        "team": (holder(Role.PERFORMANCE_TEAM), 1),
        "manager": (holder(Role.SERVICE_MANAGER, service=kpi.service), 1),
        "panel": (holder(Role.SCRUTINY), 0),
        "democratic services": (holder(Role.DEMOCRATIC_SERVICES), 0),
        "board": (holder(Role.BOARD), 0),
        "auditor": (holder(Role.INTERNAL_AUDIT), 0),
    }
    for name, (user, count) in reads.items():
        who = standing(user)
        assert questions_seen_by(who).get() == one, name
        assert len(seen_answers(who, one)) == count, name
        page = text_of(signed_in(user), one.get_absolute_url())
        assert ("two crews" in page) == bool(count), name
        assert ("Answer to be released" in page) == bool(count), name
    outside = (holder(Role.COUNCILLOR), holder(Role.SERVICE_MANAGER), UserFactory())
    assert not any(questions_seen_by(standing(user)).exists() for user in outside)
    release(one, by=holder(Role.PERFORMANCE_TEAM))
    assert all(questions_seen_by(standing(user)).exists() for user in outside)


def test_the_pages_of_a_kpi_an_action_and_a_project_keep_their_questions() -> None:
    kpi, action, project = KpiYearFactory(latest=True, year=2026), ActionYearFactory(), ProjectFactory()
    last_year = KpiYearFactory(kpi=kpi.kpi, year=2025, code="PI 99")
    member = holder(Role.SCRUTINY)
    reader: Client = signed_in(member)
    question_in("released", kpi_year=last_year, words="It was answered last year.")
    PanelQuestionFactory(action_year=action, words="What of this action?")
    PanelQuestionFactory(project=project, words="What of this project?")
    pages = {
        f"/kpis/2026-27/{kpi.code}/": "It was answered last year.",
        f"/actions/{action.plan_year.financial_year.slug}/{action.code}/": "What of this action?",
        f"/projects/{project.code}/": "What of this project?",
    }
    for address, words in pages.items():
        page = text_of(reader, address)
        assert words in page, address
        assert "/questions/ask/?about=" in page, address
    stranger = text_of(signed_in(holder(Role.COUNCILLOR)), f"/projects/{project.code}/")
    assert "What of this project?" not in stranger
    assert "panel-questions" not in stranger


def test_home_gives_each_their_part() -> None:
    owner = UserFactory()
    PanelQuestionFactory()
    question_in("assigned", owner=owner)
    question_in("answered")
    question_in("released")
    titles = {
        name: [task.title for task in tasks_for(user, TODAY) if "panel" in task.title]
        for name, user in (
            ("owner", owner),
            ("team", holder(Role.PERFORMANCE_TEAM)),
            ("keeper", holder(Role.DEMOCRATIC_SERVICES)),
            ("board", holder(Role.BOARD)),
        )
    }
    assert titles == {
        "owner": ["Answer the panel’s question"],
        "team": ["Give 1 panel question an owner", "Release 1 answer to the panel"],
        "keeper": ["Record whether the panel accepted 1 answer"],
        "board": [],
    }


def test_a_question_goes_from_the_member_to_the_panel_s_word_and_its_revised_answer_on_the_pages() -> None:
    kpi = KpiYearFactory(latest=True, year=2026, code="PI 7")
    meeting = MeetingFactory()
    member, team, keeper = (
        signed_in(holder(role)) for role in (Role.SCRUTINY, Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES)
    )
    manager = holder(Role.SERVICE_MANAGER, service=kpi.service)
    owner = signed_in(manager)
    sent = {"kind": "question", "about": f"kpi_year-{kpi.pk}", "meeting": meeting.pk, "words": "Why so late?"}
    refused = member.post("/questions/ask/", sent | {"words": "", "move": "ask"})
    assert "Write what you want to ask or say" in refused.content.decode()
    address = member.post("/questions/ask/", sent | {"move": "ask"}).headers["Location"]
    due = {"due_on_day": 19, "due_on_month": 11, "due_on_year": 2026}
    steps: list[tuple[Client, dict[str, Any], str]] = [
        (team, {"move": "assign", "owner": manager.pk, **due}, "Given to its owner"),
        (owner, {"move": "answer", "words": "Two crews were short."}, "Sent to the Performance Team"),
        (team, {"move": "release"}, "Released"),
        (keeper, {"move": "conclude", "accepted": "no", "words": "By when?"}, "Recorded"),
        (owner, {"move": "answer", "words": "By 1 December."}, "Sent to the Performance Team"),
        (team, {"move": "release"}, "Released"),
        (keeper, {"move": "conclude", "accepted": "yes", "words": ""}, "Recorded"),
    ]
    for who, data, said in steps:
        page = who.post(address, data, follow=True).content.decode()
        assert said in page, data
    page = text_of(member, address)
    assert "Answer accepted" in page
    assert page.index("By 1 December.") < page.index("Two crews were short.")
    assert "Revised answer 2" in page
    # The first of two who release says so to the second, and what was typed where it is refused is kept.
    again = team.post(address, {"move": "assign", "owner": manager.pk, **due})
    assert "so you cannot give it to its owner now" in again.content.decode()
    unsaid = keeper.post(address, {"move": "conclude", "accepted": "no", "words": ""}).content.decode()
    assert "Say what the panel still wants to know" in unsaid


def test_the_list_is_narrowed_and_says_what_is_overdue() -> None:
    late = question_in("assigned", words="Late")
    with clock.taken_to_be(date(2026, 11, 30)):
        team = signed_in(holder(Role.PERFORMANCE_TEAM))
        assert late.due_on == DUE
        PanelQuestionFactory(kind="comment", words="Only a comment")
        overdue = text_of(team, "/questions/?stands=overdue")
        assert late.words in overdue
        assert "Overdue" in overdue
        assert "Only a comment" not in overdue
        assert "Only a comment" in text_of(team, "/questions/?kind=comment&about=whole&stands=asked")
        assert "No questions match" in text_of(team, "/questions/?about=project")
        everything = text_of(team, f"/questions/?owner=x&meeting={late.meeting_id}&kind=forged")
        assert late.words in everything


# Meetings


def test_a_meeting_is_kept_and_cancelled_with_its_reason() -> None:
    keeper = holder(Role.DEMOCRATIC_SERVICES)
    facts = {"body": "cabinet", "held_on": date(2026, 12, 15), "starts_at": None, "place": ""}
    made = save_meeting(None, facts, by=keeper)
    with pytest.raises(MoveRefused, match="Cabinet meets on 15 December 2026 already"):
        save_meeting(None, facts, by=keeper)
    version = version_of(made)
    save_meeting(made, facts | {"place": "Chamber"}, by=keeper, version=version)
    with pytest.raises(StaleRecord):
        save_meeting(made, facts, by=keeper, version=version)
    cancelled = cancel_meeting(made, "Too little business", by=keeper)
    assert cancel_meeting(made, "Again", by=keeper).cancelled_because == cancelled.cancelled_because
    again = save_meeting(None, facts, by=keeper)
    assert again.pk != made.pk, "the body may meet that day after all"
    page = text_of(signed_in(holder(Role.COUNCILLOR)), made.get_absolute_url())
    assert "Too little business" in page
    assert "working days to the agenda" not in page
    held = MeetingFactory(held_on=date(2026, 9, 4))
    with pytest.raises(MoveRefused, match="was held"):
        cancel_meeting(held, "Late", by=keeper)


def test_a_meeting_s_page_counts_the_days_to_its_agenda_and_refuses_what_is_no_time() -> None:
    team = signed_in(holder(Role.PERFORMANCE_TEAM))
    page = text_of(team, MeetingFactory().get_absolute_url())
    assert "12 working days to the agenda" in page
    sent = {
        "version": 0,
        "body": "board",
        "starts_at": "7",
        "held_on_day": 3,
        "held_on_month": 12,
        "held_on_year": 2026,
    }
    assert "Enter a time like 7pm" in team.post("/meetings/add/", sent).content.decode()
    followed = team.post("/meetings/add/", sent | {"starts_at": "19:30"}, follow=True).content.decode()
    assert "7:30pm" in followed


# Reminders


def test_its_owner_is_reminded_of_a_question_and_whoever_it_is_handed_to_is_told() -> None:
    kpi = KpiYearFactory(latest=True, code="PI 7", name="Example bins")
    owner, team, keeper = UserFactory(), holder(Role.PERFORMANCE_TEAM), holder(Role.DEMOCRATIC_SERVICES)
    member = holder(Role.SCRUTINY)
    before = clock.now()
    one = PanelQuestionFactory(kpi_year=kpi, asked_by=member)
    assert list(to_answer(TODAY)) == []
    one = assign(one, owner=owner, due_on=DUE, by=team)
    (piece,) = to_answer(TODAY)
    assert (piece.actors, piece.due, piece.opened, piece.service) == ({owner.pk}, DUE, TODAY, kpi.service_id)
    assert piece.title == "The panel’s question about PI 7 Example bins: your answer"
    assert list(to_answer(date(2026, 11, 4))) == []
    one = release(answer(one, "It rained.", by=owner), by=team)
    assert list(to_answer(TODAY)) == []
    reopen(conclude(one, accepted=True, words="", by=keeper), "It changed.", by=team)
    assert len(list(to_answer(TODAY))) == 1, "owed again"
    told = {notice.title.rpartition("bins ")[2]: notice.recipients for notice in moved(before)}
    keepers = {user.pk for user in User.objects.filter(appointments__role=Role.DEMOCRATIC_SERVICES.value)}
    assert told == {
        "is yours to answer": {owner.pk},
        "has an answer to be released": {team.pk},
        "is answered": keepers | {member.pk},
        "is owed a revised answer": {owner.pk},
    }
