"""A target is proposed, its approval recorded by another, and it governs later months only (framework C.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from hdcperf.workflow import MoveRefused, NotPermitted, SomebodyElseDidIt
from kpis.models import MonthlyReturn, MonthlyTarget, TargetSet
from kpis.operations.checking import accept
from kpis.operations.revising import NewFigures, accept_revision, propose
from kpis.operations.target_setting import approve_target, send_target_back, take_target_back
from kpis.queries.targets import target_ground
from kpis.rules.year_to_date import Levels
from kpis.workflow import TARGET_MOVES, move_target
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.kpis.seeing import TODAY, signed_in, text_of
from tests.kpis.target_world import APPROVAL, DECEMBER, OCTOBER, Targets, targets

pytestmark = pytest.mark.django_db
SEPTEMBER = Month(2026, 9)
State = TargetSet.State


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def state(one: TargetSet) -> str:
    return TargetSet.objects.get(pk=one.pk).state


class TestWhatGoverns:
    def test_a_proposed_target_governs_nothing_until_its_approval_is_recorded(self) -> None:
        one = targets()
        before = one.months()
        made = one.propose()
        assert one.months() == before
        approve_target(made, **APPROVAL, by=one.team)
        after = one.months()
        assert {month for month in after if after[month] != before[month]} == {m for m in after if m >= OCTOBER}
        assert after[OCTOBER] == Levels(Decimal(15), Decimal(13))

    def test_what_was_judged_keeps_its_target_and_what_is_judged_next_has_the_new_one(self) -> None:
        one = targets()
        september = MonthlyReturn.objects.get(month=SEPTEMBER.first_day)
        october = MonthlyReturnFactory(kpi_year=one.kpi_year, submitted=True, value=14)
        approve_target(one.propose(), **APPROVAL, by=one.team)
        accept(october, by=holder(Role.PERFORMANCE_TEAM))
        kept = MonthlyReturn.objects.get(pk=september.pk)
        assert (kept.target, kept.rag) == (september.target, september.rag)
        judged = MonthlyReturn.objects.get(pk=october.pk)
        assert (judged.target, judged.intervention, judged.year_target) == (75, 67, 150)

    def test_a_month_judged_while_the_target_waited_refuses_its_approval_and_says_from_when_it_can(self) -> None:
        one = targets()
        made = one.propose()
        MonthlyReturnFactory(kpi_year=one.kpi_year, month=OCTOBER.first_day, accepted=True)
        with pytest.raises(MoveRefused, match="it can govern from November 2026 at the earliest"):
            approve_target(made, **APPROVAL, by=one.team)
        assert state(made) == State.AWAITING

    def test_a_target_cannot_be_proposed_for_a_judged_month(self) -> None:
        one = targets()
        with pytest.raises(MoveRefused, match="it can govern from October 2026 at the earliest"):
            one.propose(SEPTEMBER)
        assert TargetSet.objects.count() == 1

    def test_months_accepted_without_a_target_do_not_stand_in_the_way_of_the_first(self) -> None:
        kpi_year = KpiYearFactory()
        waiting = TargetSetFactory(kpi_year=kpi_year, awaiting=True)
        may = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 5, 1), accepted=True)
        assert may.rag == "not_judged"
        approve_target(waiting, **APPROVAL, by=holder(Role.PERFORMANCE_TEAM))
        assert MonthlyReturn.objects.get(pk=may.pk).rag == "not_judged"
        assert target_ground(kpi_year).facts.governing(OCTOBER) == waiting

    def test_another_from_the_same_month_replaces_one_that_has_judged_nothing(self) -> None:
        one = targets()
        first = one.propose()
        approve_target(first, **APPROVAL, by=one.team)
        second = one.propose(year=Levels(Decimal(180)))
        approve_target(second, **APPROVAL, by=one.team)
        assert (state(first), state(second)) == (State.REPLACED, State.APPROVED)
        assert one.months()[OCTOBER] == Levels(Decimal(20))
        assert [row.move for row in first.transitions.all()] == ["propose", "approve", "replace"]

    def test_no_target_stops_the_judging_and_nought_does_not(self) -> None:
        one = targets(direction="lower", intervention=132)
        approve_target(one.propose(year=Levels()), **APPROVAL, by=one.team)
        assert one.months()[OCTOBER] == Levels()
        other = targets(judged=0, direction="lower", intervention=132)
        approve_target(other.propose(Month(2026, 4), Levels(Decimal(0))), **APPROVAL, by=other.team)
        assert set(other.months().values()) == {Levels(Decimal(0))}

    def test_a_target_sent_back_governs_nothing_and_stands_in_nobodys_way(self) -> None:
        one = targets()
        before = one.months()
        first = one.propose()
        send_target_back(first, reason="Too easy.", by=one.team)
        second = one.propose()
        take_target_back(second, reason="A figure was wrong.", by=one.manager)
        assert one.months() == before
        assert one.propose().state == State.AWAITING


class TestWho:
    def test_nobody_records_the_approval_of_what_they_proposed(self) -> None:
        one = targets()
        made = one.propose(by=one.team)
        stand_in = UserFactory()
        DelegationFactory(user=one.team, delegate=stand_in)
        for person in (one.team, stand_in):
            with pytest.raises(MoveRefused, match="a colleague must record its approval"):
                approve_target(made, **APPROVAL, by=person)
        approve_target(made, **APPROVAL, by=holder(Role.PERFORMANCE_TEAM))

    @pytest.mark.parametrize("role", [Role.BOARD, Role.DIRECTOR, Role.INTERNAL_AUDIT, Role.HEAD_OF_SERVICE])
    def test_only_the_performance_team_records_an_approval(self, role: Role) -> None:
        one = targets()
        made = one.propose()
        for act in (
            lambda by: approve_target(made, **APPROVAL, by=by),
            lambda by: send_target_back(made, reason="No.", by=by),
        ):
            with pytest.raises(NotPermitted, match="Only the Performance Team records"):
                act(holder(role))

    def test_another_services_manager_and_the_kpis_own_officer_propose_nothing(self) -> None:
        one = targets()
        officer = KpiPersonFactory(kpi_year=one.kpi_year).user
        for person in (holder(Role.SERVICE_MANAGER), officer, holder(Role.PORTFOLIO_HOLDER)):
            with pytest.raises(NotPermitted):
                one.propose(by=person)

    def test_the_head_of_the_service_may_propose(self) -> None:
        one = targets()
        assert one.propose(by=holder(Role.HEAD_OF_SERVICE, service=one.kpi_year.service)).state == State.AWAITING

    def test_only_who_proposed_it_takes_it_back(self) -> None:
        one = targets()
        with pytest.raises(NotPermitted, match="Only the person who proposed"):
            take_target_back(one.propose(), reason="No.", by=one.team)

    def test_going_back_needs_a_reason(self) -> None:
        one = targets()
        made = one.propose()
        with pytest.raises(MoveRefused, match="Say why the target is sent back"):
            send_target_back(made, reason=" ", by=one.team)
        with pytest.raises(MoveRefused, match="Say why the target is taken back"):
            take_target_back(made, reason="", by=one.manager)


class TestOnce:
    def test_a_double_click_proposes_once(self) -> None:
        one = targets()
        assert one.propose() == one.propose()
        assert TargetSet.objects.filter(state=State.AWAITING).count() == 1

    def test_a_second_proposal_waits_for_the_first_to_be_decided(self) -> None:
        one = targets()
        one.propose()
        with pytest.raises(MoveRefused, match=f"{one.manager.name} proposed it on 5 November 2026"):
            one.propose(DECEMBER, by=one.team)

    def test_recording_an_approval_twice_changes_nothing_and_after_a_colleague_names_them(self) -> None:
        one = targets()
        made = one.propose()
        approve_target(made, **APPROVAL, by=one.team)
        approve_target(made, **APPROVAL, by=one.team)
        assert made.transitions.filter(move="approve").count() == 1
        with pytest.raises(SomebodyElseDidIt, match=f"{one.team.name} moved it on 5 November 2026"):
            send_target_back(made, reason="No.", by=holder(Role.PERFORMANCE_TEAM))

    @pytest.mark.parametrize("name", ["approve", "send_back", "take_back", "propose"])
    @pytest.mark.parametrize("settled", [State.APPROVED, State.SENT_BACK, State.TAKEN_BACK, State.REPLACED])
    def test_what_is_settled_is_moved_no_more(self, name: str, settled: str) -> None:
        approved = {} if settled in (State.APPROVED, State.REPLACED) else {"approved_by": "", "approved_on": None}
        one = TargetSetFactory(state=settled, **approved)
        people = (holder(Role.PERFORMANCE_TEAM), holder(Role.SERVICE_MANAGER, service=one.kpi_year.service))
        for by in people:
            with pytest.raises((MoveRefused, NotPermitted)):
                move_target(one, name, by=by, comment="Because.")
        assert state(one) == settled

    def test_every_move_starts_from_a_state_there_is(self) -> None:
        sources = {source for one in TARGET_MOVES.values() for source in one.sources}
        assert sources | {one.target for one in TARGET_MOVES.values() if one.target} == set(State.values)


class TestTheDatabase:
    def refuses(self, constraint: str, **facts: object) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            TargetSetFactory(**facts)

    def test_it_holds_one_approved_set_from_a_month_and_one_waiting_in_a_year(self) -> None:
        kpi_year = KpiYearFactory()
        TargetSetFactory(kpi_year=kpi_year)
        self.refuses("one_approved_target_set_from_a_month", kpi_year=kpi_year)
        TargetSetFactory(kpi_year=kpi_year, awaiting=True)
        self.refuses("one_target_set_awaits", kpi_year=kpi_year, awaiting=True, from_month=date(2026, 10, 1))

    @pytest.mark.parametrize("waits", [State.AWAITING, State.SENT_BACK, State.TAKEN_BACK])
    def test_only_what_was_approved_says_who_approved_it(self, waits: str) -> None:
        self.refuses("approval_says_who_and_when", state=waits)
        self.refuses("approval_says_who_and_when", state=State.REPLACED, approved_by="")

    def test_a_level_on_the_wrong_side_of_a_month_is_refused(self) -> None:
        made = TargetSetFactory()
        row = MonthlyTarget.objects.filter(target_set=made).first()
        assert row is not None
        row.intervention = row.target + 1
        with pytest.raises(IntegrityError, match="month_level_on_the_worse_side"), transaction.atomic():
            row.save()


class TestWhoReadsIt:
    def read(self, one: Targets, user: User, path: str | None = None, status: int = 200) -> str:
        return text_of(signed_in(user), path or one.page, status)

    def test_a_proposed_target_is_not_everybodys_and_what_went_back_is_the_officers(self) -> None:
        one = targets()
        made = one.propose()
        address = f"/kpis/targets/{made.pk}/"
        member, board = holder(Role.SCRUTINY), holder(Role.BOARD)
        assert "The service grew." not in self.read(one, member)
        self.read(one, member, address, 404)
        assert "The service grew." in self.read(one, board, address)
        send_target_back(made, reason="Too easy by half.", by=one.team)
        self.read(one, board, address, 404)
        assert "Too easy by half." in self.read(one, one.manager, address)
        assert "Sent back" in self.read(one, one.manager)
        assert "Sent back" not in self.read(one, board)

    def test_an_approved_target_is_everybodys_without_officers_names(self) -> None:
        one = targets()
        made = approve_target(one.propose(), **APPROVAL, by=one.team)
        page = self.read(one, holder(Role.SCRUTINY), f"/kpis/targets/{made.pk}/")
        assert "Cabinet, 3 November 2026" in page
        assert one.manager.name not in page
        assert one.manager.name in self.read(one, holder(Role.BOARD), f"/kpis/targets/{made.pk}/")

    def test_last_years_results_are_shown_to_those_who_work_on_the_kpi(self) -> None:
        one = targets(last_year=[7] * 12)
        made = approve_target(one.propose(), **APPROVAL, by=one.team)
        address = f"/kpis/targets/{made.pk}/"
        assert "2025/26 ended at 84, which would be red" in self.read(one, one.manager, address)
        assert "ended at" not in self.read(one, holder(Role.SCRUTINY), address)

    def test_the_page_says_which_months_each_set_governs(self) -> None:
        one = targets()
        approve_target(one.propose(DECEMBER), **APPROVAL, by=one.team)
        page = self.read(one, one.manager)
        assert "April 2026 to November 2026" in page
        assert "December 2026 to March 2027" in page
        assert "governing from April 2026" in page

    def test_a_kpi_that_is_only_context_has_no_target_to_propose(self) -> None:
        kpi_year = KpiYearFactory(direction="none")
        team = holder(Role.PERFORMANCE_TEAM)
        page = text_of(signed_in(team), f"/kpis/2026-27/{kpi_year.code}/targets/")
        assert "context only: neither way is better, so it has no target" in page
        assert "Propose a new target" not in page
        response = signed_in(team).get(f"/kpis/2026-27/{kpi_year.code}/targets/new/")
        assert response.status_code == 302


def test_a_revised_outturn_is_judged_by_the_years_target_and_level_it_was_accepted_with(
    set_today: Callable[[date], None],
) -> None:
    set_today(date(2027, 5, 7))
    kpi_year = KpiYearFactory()
    made = TargetSetFactory(kpi_year=kpi_year, target=120, intervention=108)
    owner = KpiPersonFactory(kpi_year=kpi_year).user
    for month in kpi_year.months:
        march = MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, value=10, accepted=True)
    assert (march.forecast, march.forecast_rag) == (120, "green")
    # What an import may still do to a set that it brought: the year's levels are others from now on.
    made.target, made.intervention = Decimal(100), Decimal(90)
    save_as(made, by=owner, reason="Imported again")
    for value, rag in ((5, "amber"), (-10, "red")):
        revision = propose(
            march, figures=NewFigures(value=Decimal(value)), kind="correction", reason="Counted twice.", by=owner
        )
        accept_revision(revision, by=holder(Role.PERFORMANCE_TEAM))
        march.refresh_from_db()
        assert (march.forecast, march.forecast_rag) == (110 + value, rag)
        assert (march.year_target, march.year_intervention) == (120, 108)


def test_an_outturn_accepted_before_there_was_a_target_stays_unjudged_when_it_is_revised(
    set_today: Callable[[date], None],
) -> None:
    set_today(date(2027, 5, 7))
    kpi_year = KpiYearFactory()
    waiting = TargetSetFactory(kpi_year=kpi_year, awaiting=True)
    holder_of_it = KpiPersonFactory(kpi_year=kpi_year).user
    for month in kpi_year.months:
        march = MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, value=10, accepted=True)
    assert march.forecast_rag == "not_judged"
    approve_target(waiting, **APPROVAL, by=holder(Role.PERFORMANCE_TEAM))
    revision = propose(
        march, figures=NewFigures(value=Decimal(11)), kind="correction", reason="One was missed.", by=holder_of_it
    )
    accept_revision(revision, by=holder(Role.PERFORMANCE_TEAM))
    march.refresh_from_db()
    assert (march.month_figure, march.forecast_rag, march.rag) == (11, "not_judged", "not_judged")
