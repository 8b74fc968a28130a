"""Opening a quarter, its dates and its lock: by the page, by the command, twice, and for one update."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from actions.models import ActionUpdate, Challenge, ProjectReport
from actions.operations.checking import raise_challenge
from actions.operations.exceptions import end_exception, grant_exception
from actions.operations.quarters import escalate_at_lock, open_quarter
from actions.workflow import MoveRefused, NotPermitted, entry_lock
from hdcperf import clock
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import FinancialYear, Quarter
from hdcperf.roles import Role
from tests.factories.actions import (
    Q1,
    Q2,
    ActionFactory,
    ActionUpdateFactory,
    ActionYearFactory,
    PlanYearFactory,
    round_of_quarter,
)
from tests.factories.organisation import UserFactory, holder
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 2)
LOCKED = date(2026, 10, 21)


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ended(on: date) -> Any:
    return ActionFactory(ended_on=on, ended_how="dropped", ended_why="The grant ended.")


class TestOpening:
    def test_every_live_action_and_project_gets_one(self, team: User) -> None:
        live = [ActionYearFactory(), ActionYearFactory(action=ended(date(2026, 11, 1)))]
        ActionYearFactory(action=ended(date(2026, 8, 31)))  # dropped before the quarter ended
        ActionYearFactory(plan_year=PlanYearFactory(year=2027, state="drawing_up"))
        ActionYearFactory(proposal="drop", proposal_reason="It was never funded.")
        completed = ActionYearFactory()
        ActionUpdateFactory(action_year=completed, span=Q1, accepted=True, rag="completed")
        project = ProjectFactory()
        opened = open_quarter(Q2, by=team)
        assert (opened.updates, opened.reports) == (2, 1)
        made = ActionUpdate.objects.filter(quarter=Q2.first_day)
        assert {one.action_year for one in made} == set(live)
        assert {one.state for one in made} == {"not_started"}
        assert ProjectReport.objects.get().project == project

    def test_a_quarter_opened_twice_changes_nothing(self, team: User) -> None:
        ActionYearFactory()
        first = open_quarter(Q2, by=team)
        period = first.period
        period.due_on, period.locks_on = date(2026, 10, 20), date(2026, 10, 30)
        period.save()
        again = open_quarter(Q2, by=holder(Role.PERFORMANCE_TEAM))
        assert (again.updates, again.reports) == (0, 0)
        assert again.period.due_on == date(2026, 10, 20)
        assert again.period.opened_by == team
        assert ReportingPeriod.objects.quarters().count() == 1

    def test_what_began_since_is_added(self, team: User) -> None:
        ActionYearFactory()
        open_quarter(Q2, by=team)
        ActionYearFactory()
        text = signed_in(team).get("/quarters/2026-27-Q2/").content.decode()
        assert "1 update can be added" in text
        assert signed_in(team).post("/quarters/2026-27-Q2/open/")["Location"] == "/actions/2026-27-Q2/"
        assert ActionUpdate.objects.count() == 2

    def test_only_the_team_opens_one(self) -> None:
        ActionYearFactory()
        with pytest.raises(NotPermitted):
            open_quarter(Q2, by=UserFactory())
        assert signed_in(UserFactory()).post("/quarters/2026-27-Q2/open/").status_code == 403
        assert not ReportingPeriod.objects.exists()

    def test_a_quarter_that_has_not_begun_is_not_opened(self, team: User) -> None:
        with pytest.raises(MoveRefused, match="Q4 2026/27 has not begun"):
            open_quarter(Quarter(FinancialYear(2026), 4), by=team)
        text = signed_in(team).post("/quarters/2026-27-Q4/open/", follow=True).content.decode()
        assert "has not begun, so it cannot be opened yet" in text

    def test_a_quarter_whose_dates_have_passed_is_not_opened_locked(self, team: User) -> None:
        period = round_of_quarter(Q1)
        period.opened_at = None
        period.save()
        with pytest.raises(MoveRefused, match="Set new dates first"):
            open_quarter(Q1, by=team)

    def test_the_page_says_what_opening_creates_and_what_lacks_something(self, team: User) -> None:
        bare = ActionYearFactory()
        gone = ActionYearFactory(responsible=UserFactory(is_active=False))
        ProjectFactory()
        text = " ".join(signed_in(team).get("/quarters/").content.decode().split())
        assert "Opening it creates 2 updates and 1 project report." in text
        assert "No milestone still to come:</strong>" in text
        assert bare.name in text
        assert "The officer responsible has no account any more:</strong> " + gone.name in text

    def test_a_council_without_a_plan_has_nothing_to_open(self, team: User) -> None:
        text = signed_in(team).get("/quarters/2026-27-Q2/").content.decode()
        assert "No action of the plan for 2026/27 and no project is live in it" in text


class TestCommand:
    def test_it_opens_and_a_second_time_changes_nothing(self) -> None:
        ActionYearFactory()
        out = StringIO()
        call_command("open_quarter", "2026-27-Q2", stdout=out)
        call_command("open_quarter", "2026-27-Q2", stdout=out)
        assert "Q2 2026/27: 1 update and 0 project reports created." in out.getvalue()
        assert "Q2 2026/27: 0 updates and 0 project reports created." in out.getvalue()

    @pytest.mark.parametrize("given", ["2026-27", "Q2", "2026-27-Q5", "2026-28-Q2", "x"])
    def test_what_is_no_quarter_is_refused_with_a_sentence(self, given: str) -> None:
        with pytest.raises(CommandError, match="Give the quarter like 2026-27-Q2"):
            call_command("open_quarter", given)

    def test_one_that_has_not_begun_is_refused(self) -> None:
        with pytest.raises(CommandError, match="has not begun"):
            call_command("open_quarter", "2027-28-Q1")


class TestDates:
    def _posted(self, client: Client, **typed: str) -> dict[str, str]:
        form = client.get("/quarters/2026-27-Q2/").context["form"]
        offered = {one.html_name: str(one.value()) for one in form if one.value() not in (None, False)}
        return {**offered, **typed}

    def test_dates_of_an_open_quarter_move_with_the_reason_kept(self, team: User) -> None:
        round_of_quarter()
        client = signed_in(team)
        typed = {"locks_on_2026-27-Q2": "27 October 2026", "reason": "The partner is late."}
        assert client.post("/quarters/2026-27-Q2/", self._posted(client, **typed)).status_code == 302
        assert ReportingPeriod.objects.get().locks_on == date(2026, 10, 27)
        assert "The partner is late." in client.get("/quarters/2026-27-Q2/").content.decode()

    def test_without_a_reason_or_out_of_order_nothing_moves(self, team: User) -> None:
        round_of_quarter()
        client = signed_in(team)
        no_reason = self._posted(client, **{"locks_on_2026-27-Q2": "27 October 2026"})
        assert (
            "people were told the dates that move" in client.post("/quarters/2026-27-Q2/", no_reason).content.decode()
        )
        early = self._posted(client, **{"locks_on_2026-27-Q2": "9 October 2026", "reason": "Sooner."})
        assert "must lock on or after its due date" in client.post("/quarters/2026-27-Q2/", early).content.decode()
        assert ReportingPeriod.objects.get().locks_on == date(2026, 10, 20)

    def test_dates_can_be_set_before_it_is_opened(self, team: User) -> None:
        client = signed_in(team)
        form = client.get("/quarters/2026-27-Q3/").context["form"]
        typed = {one.html_name: str(one.value()) for one in form if one.value()}
        typed["due_on_2026-27-Q3"] = "15 January 2027"
        assert client.post("/quarters/2026-27-Q3/", typed).status_code == 302
        assert ReportingPeriod.objects.get().due_on == date(2027, 1, 15)
        ActionYearFactory()
        with clock.taken_to_be(date(2027, 1, 4)):
            assert open_quarter(Quarter(FinancialYear(2026), 3), by=team).period.due_on == date(2027, 1, 15)


class TestLocks:
    def test_a_lock_is_lifted_for_one_update_until_a_day(self, team: User, set_today: Any) -> None:
        record, other = ActionUpdateFactory(), ActionUpdateFactory()
        set_today(LOCKED)
        assert entry_lock(record, LOCKED)
        client = signed_in(team)
        where = f"/actions/2026-27-Q2/{record.action_year.code}/exception/"
        posted = {"asked_by": "Sam Example", "reason": "The partner answered late."}
        day = {"expires_on_day": "30", "expires_on_month": "10", "expires_on_year": "2026"}
        assert client.post(where, {**posted, **day}).status_code == 302
        assert entry_lock(record, LOCKED) is None
        assert entry_lock(record, date(2026, 10, 31))
        assert entry_lock(other, LOCKED)
        assert "The partner answered late." in client.get("/quarters/").content.decode()

    def test_a_day_that_opens_nothing_is_refused_and_what_was_typed_is_kept(self, team: User, set_today: Any) -> None:
        record = ActionUpdateFactory()
        set_today(LOCKED)
        where = f"/actions/2026-27-Q2/{record.action_year.code}/exception/"
        posted = {"asked_by": "Sam", "reason": "A long explanation."}
        day = {"expires_on_day": "1", "expires_on_month": "10", "expires_on_year": "2026"}
        text = signed_in(team).post(where, {**posted, **day}).content.decode()
        assert "The last day must be today or later." in text
        assert "A long explanation." in text
        assert not record.lock_exceptions.exists()

    def test_an_accepted_or_an_excused_update_has_no_lock_in_the_way(self, team: User, set_today: Any) -> None:
        set_today(LOCKED)
        asked: dict[str, Any] = {"reason": "Late.", "asked_by": "Sam", "expires_on": date(2026, 10, 30), "by": team}
        with pytest.raises(MoveRefused, match="changed by a revision"):
            grant_exception(ActionUpdateFactory(accepted=True), **asked)
        with pytest.raises(MoveRefused, match="No lock is in the way"):
            grant_exception(ActionUpdateFactory(excused="Dropped on 1 September 2026."), **asked)

    def test_ended_early_the_lock_applies_at_once(self, team: User, set_today: Any) -> None:
        record = ActionUpdateFactory()
        set_today(LOCKED)
        made = grant_exception(record, reason="Late.", asked_by="Sam", expires_on=date(2026, 10, 30), by=team)
        client = signed_in(team)
        assert client.post(f"/quarters/locks/{made.pk}/end/").status_code == 302
        assert entry_lock(record, LOCKED)
        end_exception(made, by=team)  # twice is harmless
        with pytest.raises(NotPermitted):
            end_exception(made, by=UserFactory())


class TestEscalationAtTheLock:
    def _asked(self, on: date, team: User) -> Challenge:
        record = ActionUpdateFactory(submitted=True)
        with clock.taken_to_be(on):
            return raise_challenge(record, about="impact", reason="unclear", question="How many?", by=team)

    def test_what_is_older_than_three_working_days_goes_to_the_board_and_once(self, team: User) -> None:
        # It locks after Tuesday 20 October: three working days before that is Thursday the 15th.
        old, young = self._asked(date(2026, 10, 14), team), self._asked(date(2026, 10, 15), team)
        assert escalate_at_lock(date(2026, 10, 20)) == 0  # still open on its last day
        assert escalate_at_lock(LOCKED) == 1
        assert escalate_at_lock(LOCKED) == 0
        old.refresh_from_db()
        young.refresh_from_db()
        assert old.is_with_the_board
        assert not young.is_with_the_board
        assert "Q2 2026/27 locked while this challenge" in old.escalation_reason

    def test_one_command_does_months_and_quarters(self, team: User, set_today: Any) -> None:
        self._asked(date(2026, 10, 12), team)
        set_today(LOCKED)
        out = StringIO()
        call_command("lock_periods", stdout=out)
        call_command("lock_periods", stdout=out)
        assert out.getvalue().splitlines() == ["1 challenge went to the board.", "0 challenges went to the board."]
