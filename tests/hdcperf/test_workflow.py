"""A move is made once, by somebody who may, and leaves one row that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from hdcperf.workflow import MoveRefused, NotPermitted, SomebodyElseDidIt, perform, refusal
from kpis.models import MonthlyReturn
from kpis.workflow import MOVES, move
from tests.factories.kpis import ChallengeFactory, KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db

State = MonthlyReturn.State


@pytest.fixture(autouse=True)
def _october_is_being_collected(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def submitted() -> MonthlyReturn:
    record: MonthlyReturn = MonthlyReturnFactory(submitted=True)
    return record


@pytest.fixture
def reviewer() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def challenge(record: MonthlyReturn, by: User, comment: str = "Is it right?") -> MonthlyReturn:
    return move(record, "challenge", by=by, comment=comment)


class TestPerform:
    def test_a_move_sets_the_state_and_writes_one_row(self, submitted: MonthlyReturn, reviewer: User) -> None:
        before = submitted.transitions.count()
        fresh = challenge(submitted, reviewer)
        row = fresh.transitions.last()
        assert fresh.state == State.CHALLENGED
        assert submitted.transitions.count() == before + 1
        assert row is not None
        assert (row.move, row.from_state, row.to_state) == ("challenge", "submitted", "challenged")
        assert (row.by, row.by_name, row.comment) == (reviewer, reviewer.name, "Is it right?")

    def test_its_history_names_the_person_and_the_reason(self, submitted: MonthlyReturn, reviewer: User) -> None:
        row = challenge(submitted, reviewer).history.first()
        assert (row.history_user, row.history_change_reason) == (reviewer, "Is it right?")

    def test_the_row_says_for_whom(self, submitted: MonthlyReturn, reviewer: User) -> None:
        holder_of_it = UserFactory(name="Kim Example")
        fresh = move(submitted, "challenge", by=reviewer, comment="Why?", on_behalf_of=holder_of_it)
        row = fresh.transitions.last()
        assert row is not None
        assert row.who == f"{reviewer.name} for Kim Example"

    def test_a_change_that_fails_writes_nothing(self, submitted: MonthlyReturn, reviewer: User) -> None:
        rows, history = submitted.transitions.count(), submitted.history.count()

        def change(record: MonthlyReturn) -> None:
            record.no_data = True
            raise RuntimeError("The power went out")

        with pytest.raises(RuntimeError):
            perform(submitted, MOVES["challenge"], by=reviewer, comment="Why?", change=change)
        submitted.refresh_from_db()
        assert (submitted.state, submitted.no_data) == (State.SUBMITTED, False)
        assert (submitted.transitions.count(), submitted.history.count()) == (rows, history)

    def test_a_quiet_move_leaves_a_row_only_when_the_state_changes(self, reviewer: User) -> None:
        record = MonthlyReturnFactory()
        saved = move(record, "draft", by=reviewer)
        move(saved, "draft", by=reviewer)
        assert [row.move for row in record.transitions.all()] == ["draft"]


class TestDoubleClick:
    def test_repeating_your_own_move_is_harmless(self, reviewer: User) -> None:
        record = MonthlyReturnFactory(draft=True, value=10)
        first = move(record, "submit", by=reviewer)
        again = move(record, "submit", by=reviewer)
        assert first.state == again.state == State.SUBMITTED
        assert [row.move for row in record.transitions.all()].count("submit") == 1

    def test_it_is_not_harmless_when_something_happened_since(self, reviewer: User) -> None:
        record = MonthlyReturnFactory(draft=True, value=10)
        move(record, "submit", by=reviewer)
        challenge(record, holder(Role.PERFORMANCE_TEAM))
        with pytest.raises(SomebodyElseDidIt):
            move(record, "submit", by=reviewer)


class TestRefusal:
    def test_somebody_got_there_first_names_them(self, submitted: MonthlyReturn, reviewer: User) -> None:
        other = holder(Role.PERFORMANCE_TEAM)
        move(submitted, "accept", by=other, change=_judged)
        with pytest.raises(SomebodyElseDidIt, match=other.name) as refused:
            move(submitted, "accept", by=reviewer, change=_judged)
        assert refused.value.state == State.ACCEPTED

    def test_lacking_permission_is_another_thing(self, submitted: MonthlyReturn) -> None:
        with pytest.raises(NotPermitted, match="Only the Performance Team checks returns"):
            challenge(submitted, UserFactory())

    def test_permission_is_asked_before_the_state(self) -> None:
        """Somebody who may not do it is not told how the record stands."""
        with pytest.raises(NotPermitted):
            challenge(MonthlyReturnFactory(), UserFactory())

    def test_a_comment_that_is_needed_is_asked_for(self, submitted: MonthlyReturn, reviewer: User) -> None:
        with pytest.raises(MoveRefused, match="Say what you are asking and why"):
            challenge(submitted, reviewer, comment="  \n ")
        submitted.refresh_from_db()
        assert submitted.state == State.SUBMITTED

    def test_nobody_accepts_what_they_entered(self, reviewer: User) -> None:
        record = MonthlyReturnFactory(submitted=True, submitted_by=reviewer)
        with pytest.raises(MoveRefused, match="You entered this return"):
            move(record, "accept", by=reviewer, change=_judged)

    def test_nothing_is_accepted_with_an_open_challenge(self, submitted: MonthlyReturn, reviewer: User) -> None:
        ChallengeFactory(monthly_return=submitted)
        sentence = refusal(submitted, MOVES["accept"], reviewer)
        assert sentence == "A challenge is still open: it must be answered first."

    def test_a_superuser_signs_nothing_off(self, submitted: MonthlyReturn) -> None:
        admin = User.objects.create_superuser("admin@council.example", "Ada Example", "demo")
        for name in MOVES:
            with pytest.raises(NotPermitted):
                move(submitted, name, by=admin, comment="Because I can")

    @pytest.mark.parametrize("name", sorted(MOVES))
    def test_a_button_and_its_act_say_the_same(self, submitted: MonthlyReturn, reviewer: User, name: str) -> None:
        """What ``refusal`` says is what ``perform`` raises (comments apart)."""
        KpiPersonFactory(kpi_year=submitted.kpi_year)
        sentence = refusal(submitted, MOVES[name], reviewer)
        said = None
        try:
            move(submitted, name, by=reviewer, comment="Because", change=_judged if name == "accept" else None)
        except (MoveRefused, NotPermitted) as refused:
            said = str(refused)
        assert sentence == said


def _judged(record: MonthlyReturn) -> None:
    """What the database asks of an accepted return."""
    record.rag = "green"
