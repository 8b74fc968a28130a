"""Home is my tasks: what I must do, by when, most urgent first, and what I cover for others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from hdcperf.ui.home_tasks import Task
from kpis.models import KpiPerson, KpiYear, WordCorrection
from reports.queries.home_tasks import tasks_for
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import DelegationFactory, ReportingPeriodFactory, UserFactory, holder
from tests.kpis.seeing import TODAY, issued, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def titles(user: User, today: date = TODAY) -> list[str]:
    return [task.title for task in tasks_for(user, today)]


def named(user: User, duty: str = KpiPerson.Duty.COLLECTS) -> KpiYear:
    kpi_year: KpiYear = KpiPersonFactory(user=user, duty=duty).kpi_year
    return kpi_year


def test_a_return_to_start_and_one_to_finish_are_their_holders_tasks() -> None:
    user = UserFactory()
    new, begun, done = named(user), named(user), named(user)
    MonthlyReturnFactory(kpi_year=new)
    MonthlyReturnFactory(kpi_year=begun, draft=True)
    MonthlyReturnFactory(kpi_year=done, submitted=True)
    found = titles(user)
    assert f"Start the October 2026 return for {new.code} {new.name}" in found
    assert f"Finish the October 2026 return for {begun.code} {begun.name}" in found
    assert len(found) == 2
    assert titles(UserFactory()) == []


def test_a_return_whose_round_has_not_opened_is_nobodys_task_yet() -> None:
    user = UserFactory()
    MonthlyReturnFactory(kpi_year=named(user), month=date(2026, 11, 1))
    assert titles(user) == []


def test_what_is_overdue_comes_before_what_is_due_later() -> None:
    user = UserFactory()
    late, soon = named(user), named(user)
    MonthlyReturnFactory(kpi_year=soon)
    MonthlyReturnFactory(
        kpi_year=late,
        month=date(2026, 9, 1),
        period=ReportingPeriodFactory(month=Month(2026, 9), locks_on=date(2026, 11, 20)),
    )
    first, second = tasks_for(user, TODAY)
    assert (first.late, second.late) == (True, False)
    assert late.code in first.title
    assert soon.code in second.title


def test_a_locked_return_comes_last_and_says_who_lifts_the_lock() -> None:
    user = UserFactory()
    locked, open_one = named(user), named(user)
    MonthlyReturnFactory(kpi_year=locked, month=date(2026, 9, 1))
    MonthlyReturnFactory(kpi_year=open_one)
    tasks = tasks_for(user, TODAY)
    assert [task.locked for task in tasks] == [False, True]
    assert "ask the Performance Team" in tasks[1].hint


def test_a_lifted_lock_makes_it_due_by_the_day_it_locks_again() -> None:
    user = UserFactory()
    record = MonthlyReturnFactory(kpi_year=named(user), month=date(2026, 9, 1))
    LockExceptionFactory(monthly_return=record, expires_on=date(2026, 11, 6))
    (task,) = tasks_for(user, TODAY)
    assert (task.due, task.locked) == (date(2026, 11, 6), False)


def test_a_delegates_tasks_say_for_whom_they_cover() -> None:
    owner = UserFactory(name="Olive Owner")
    delegate = DelegationFactory(user=owner).delegate
    MonthlyReturnFactory(kpi_year=named(owner))
    (task,) = tasks_for(delegate, TODAY)
    assert task.acting_for == "Covering for Olive Owner"
    assert "Covering for Olive Owner" in text_of(signed_in(delegate), "/")
    (own,) = tasks_for(owner, TODAY)
    assert own.acting_for == ""


def test_a_stand_ins_tasks_say_for_whom_they_stand_in() -> None:
    owner, stand_in = UserFactory(name="Olive Owner"), UserFactory()
    kpi_year = named(owner)
    KpiPersonFactory(kpi_year=kpi_year, user=stand_in, duty=KpiPerson.Duty.STANDS_IN)
    MonthlyReturnFactory(kpi_year=kpi_year)
    (task,) = tasks_for(stand_in, TODAY)
    assert task.acting_for == "Standing in for Olive Owner"


def test_a_challenge_to_answer_is_the_holders_task_until_it_is_answered() -> None:
    user = UserFactory()
    kpi_year = named(user)
    record = MonthlyReturnFactory(kpi_year=kpi_year, challenged=True)
    challenge = ChallengeFactory(monthly_return=record)
    (task,) = tasks_for(user, TODAY)
    assert task.title.startswith("Answer a challenge about October 2026")
    assert task.due == challenge.due_on
    challenge.state = "answered"
    challenge.save()
    assert titles(user) == []


def test_two_challenges_of_one_return_are_one_task_and_overdue_when_the_first_is() -> None:
    user = UserFactory()
    record = MonthlyReturnFactory(kpi_year=named(user), challenged=True)
    ChallengeFactory(monthly_return=record, due_on=date(2026, 11, 4))
    ChallengeFactory(monthly_return=record, about="commentary", due_on=date(2026, 11, 10))
    (task,) = tasks_for(user, TODAY)
    assert task.title.startswith("Answer 2 challenges about October 2026")
    assert (task.due, task.late) == (date(2026, 11, 4), True)
    assert task.hint == "The figure: it looks wrong; The commentary: it looks wrong"


def test_a_figure_in_arrears_says_with_which_month_it_is_collected() -> None:
    user = UserFactory()
    kpi_year = named(user)
    october = ReportingPeriodFactory(month=Month(2026, 10))
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 8, 1), period=october)
    (task,) = tasks_for(user, TODAY)
    assert task.title.startswith("Start the August 2026 return")
    assert task.hint == "Collected with October 2026"
    assert not task.late


def test_marchs_outturn_is_confirmed_once_aprils_round_is_open() -> None:
    user = UserFactory()
    kpi_year = KpiYearFactory(year=2025)
    KpiPersonFactory(kpi_year=kpi_year, user=user)
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 3, 1), accepted=True)
    assert titles(user, date(2026, 5, 6)) == []
    ReportingPeriodFactory(month=Month(2026, 4))
    assert titles(user, date(2026, 4, 20)) == []
    assert "Confirm the 2025/26 outturn" in titles(user, date(2026, 5, 6))[0]


def test_corrected_words_are_shown_to_the_owner_until_undone() -> None:
    user = UserFactory()
    record = MonthlyReturnFactory(kpi_year=named(user), submitted=True)
    correction = WordCorrection.objects.create(
        monthly_return=record,
        prompt="why",
        before="teh",
        after="the",
        corrected_by=UserFactory(),
        corrected_at=datetime(2026, 11, 4, tzinfo=UTC),
    )
    assert len(titles(user)) == 1
    correction.undone_by, correction.undone_at = user, datetime(2026, 11, 5, tzinfo=UTC)
    correction.save()
    assert titles(user) == []


def team_tasks(user: User, day: date = TODAY) -> list[Task]:
    """What waits for the team, but for the rounds it has to open."""
    return [task for task in tasks_for(user, day) if not task.title.startswith("Open ")]


def test_the_team_has_one_task_a_round_however_many_returns_wait() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    for _ in range(3):
        MonthlyReturnFactory(submitted=True)
    answered = MonthlyReturnFactory(submitted=True)
    ChallengeFactory(monthly_return=answered, answered=True)
    ChallengeFactory(monthly_return=MonthlyReturnFactory(challenged=True))
    (task,) = team_tasks(team)
    assert task.title == "Check the October 2026 returns: 4 to check"
    assert task.hint == "1 return with its challenge answered, 1 return waiting for the service's answer"


def test_the_team_is_told_what_is_missing_once_it_was_due() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    MonthlyReturnFactory()
    MonthlyReturnFactory(draft=True)
    MonthlyReturnFactory(accepted=True)
    assert team_tasks(team) == []
    due, locked = date(2026, 11, 13), date(2026, 11, 20)
    ask = "Ask for what is missing in October 2026: 2 of 3 returns not in"
    assert [(task.title, task.late) for task in team_tasks(team, due)] == [(ask, False)]
    (task,) = team_tasks(team, locked)
    assert (task.title, task.late) == (ask, True)
    assert "a lock can be lifted" in task.hint


def test_a_return_whose_lock_is_lifted_is_not_asked_for_as_well() -> None:
    LockExceptionFactory(expires_on=date(2026, 11, 30))
    (task,) = team_tasks(holder(Role.PERFORMANCE_TEAM), date(2026, 11, 20))
    assert task.title.startswith("Lock lifted for October 2026")


def test_the_team_is_told_of_challenges_nobody_answered_in_time() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    ChallengeFactory(due_on=date(2026, 11, 4))
    ChallengeFactory(due_on=date(2026, 11, 4), escalated=True)
    ChallengeFactory(due_on=TODAY)
    (task,) = team_tasks(team)
    assert task.title == "Ask for what is missing in October 2026: 1 challenge not answered in time"


def test_whoever_keeps_posts_is_told_of_vacant_ones() -> None:
    keeper = holder(Role.DEMOCRATIC_SERVICES)
    (task,) = tasks_for(keeper, TODAY)
    assert task.title.startswith("Fill ")
    assert task.href == "/posts/"


def test_a_revision_is_decided_by_the_team_but_not_by_who_proposed_it() -> None:
    proposer, colleague = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)
    RevisionFactory(proposed_by=proposer)
    assert [task.title.startswith("Decide a revision") for task in team_tasks(colleague)] == [True]
    assert team_tasks(proposer) == []


def test_a_target_awaiting_approval_is_told_to_the_team() -> None:
    waiting = TargetSetFactory(awaiting=True)
    (task,) = team_tasks(holder(Role.PERFORMANCE_TEAM))
    kpi_year = waiting.kpi_year
    assert task.title == f"Record who approved the target of {kpi_year.code} {kpi_year.name} from April 2026"
    assert task.href == f"/kpis/targets/{waiting.pk}/"


def test_whoever_proposed_a_target_is_not_asked_to_record_its_approval() -> None:
    team, colleague = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)
    TargetSetFactory(awaiting=True, set_by=team)
    assert team_tasks(team) == []
    assert len(team_tasks(colleague)) == 1


def test_many_targets_waiting_are_told_as_a_few_and_a_count() -> None:
    for _ in range(8):
        TargetSetFactory(awaiting=True)
    told = [task.title for task in team_tasks(holder(Role.PERFORMANCE_TEAM))]
    assert len(told) == 6
    assert "3 more targets awaiting approval" in told


def test_a_target_sent_back_is_its_proposers_task_until_they_propose_another() -> None:
    manager = holder(Role.SERVICE_MANAGER)
    sent_back = TargetSetFactory(state="sent_back", approved_by="", approved_on=None, set_by=manager)
    (task,) = tasks_for(manager, TODAY)
    assert task.title.startswith("Put right the target of")
    TargetSetFactory(kpi_year=sent_back.kpi_year, awaiting=True, set_by=manager)
    assert tasks_for(manager, TODAY) == []


def test_a_month_that_should_be_open_and_is_not_is_the_teams_task() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    assert titles(team) == ["Open October 2026 for collection"]
    ReportingPeriodFactory(month=Month(2026, 10))
    assert titles(team) == []


def test_the_board_decides_what_was_escalated_and_nothing_else() -> None:
    board = holder(Role.BOARD)
    ChallengeFactory()
    assert titles(board) == []
    ChallengeFactory(escalated=True)
    assert [title.startswith("Decide the dispute about October 2026") for title in titles(board)] == [True]


def test_a_service_manager_sees_how_many_of_the_services_returns_are_in() -> None:
    kpi_year = KpiYearFactory()
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service)
    MonthlyReturnFactory(kpi_year=kpi_year, submitted=True)
    MonthlyReturnFactory(kpi_year=KpiYearFactory(service=kpi_year.service))
    MonthlyReturnFactory()
    assert titles(manager) == [f"{kpi_year.service.name}: 1 of 2 returns in for October 2026"]


def test_a_member_with_nothing_to_do_is_told_what_to_read() -> None:
    issued(MonthlyReturnFactory(accepted=True), 10)
    page = text_of(signed_in(holder(Role.SCRUTINY)), "/")
    assert "You have nothing to do at the moment" in page
    assert "Example pack of 2026-10-20" in page


def test_a_portfolio_holder_is_pointed_to_the_months_of_the_portfolio_alone() -> None:
    member = holder(Role.PORTFOLIO_HOLDER)
    portfolio = member.appointments.get().portfolio
    MonthlyReturnFactory(kpi_year=KpiYearFactory(portfolio=portfolio), accepted=True)
    MonthlyReturnFactory(accepted=True)
    page = text_of(signed_in(member), "/")
    assert "1 of 1 figure accepted" in page
