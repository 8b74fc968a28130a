"""What acceptance does: milestones and dates take effect, facts are frozen, nobody accepts their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.models import ActionUpdate, ActionYear, DateChange, Milestone
from actions.operations.checking import accept, raise_challenge
from actions.queries.live import live_actions
from actions.workflow import MoveRefused, SomebodyElseDidIt, StaleRecord
from hdcperf.history import HistoryRefused
from hdcperf.roles import Role
from tests.actions.entering import RECOVERY, TODAY, Updated, dated, updated
from tests.factories.actions import (
    Q1,
    Q2,
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    PlanYearFactory,
)
from tests.factories.organisation import DelegationFactory, holder

pytestmark = pytest.mark.django_db
State = ActionUpdate.State


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def accepted(one: Updated, **typed: Any) -> ActionUpdate:
    one.post("submit", **typed)
    return accept(one.now(), by=one.reviewer)


def moved(one: Updated, on: date = date(2027, 2, 1)) -> dict[str, Any]:
    name = f"milestone_{one.opening.pk}"
    return {name: "moved", f"{name}_reason": "The ground was wet.", **dated(f"{name}_moved", on)}


class TestWhatTakesEffect:
    def test_a_milestone_reached_is_reached(self) -> None:
        one = updated()
        accepted(one)
        one.tender.refresh_from_db()
        one.opening.refresh_from_db()
        assert (one.tender.reached_on, one.opening.reached_on) == (date(2026, 9, 20), None)

    def test_a_milestone_moved_keeps_its_old_date_and_the_reason_in_the_officers_name(self) -> None:
        one = updated()
        record = accepted(one, **RECOVERY, **moved(one))
        one.opening.refresh_from_db()
        assert one.opening.due_on == date(2027, 2, 1)
        kept = DateChange.objects.get(milestone=one.opening)
        assert (kept.old_on, kept.new_on, kept.reason) == (
            date(2026, 12, 18),
            date(2027, 2, 1),
            "The ground was wet.",
        )
        assert (kept.by, kept.update) == (one.user, record)

    def test_nothing_moves_before_acceptance(self) -> None:
        one = updated()
        one.post("submit", **RECOVERY, **moved(one))
        one.opening.refresh_from_db()
        one.tender.refresh_from_db()
        assert (one.opening.due_on, one.tender.reached_on) == (date(2026, 12, 18), None)
        assert not DateChange.objects.exists()

    def test_a_new_milestone_is_the_actions(self) -> None:
        one = updated()
        accepted(one, new_1="The roof is on", **dated("new_1_on", date(2026, 12, 4)))
        assert Milestone.objects.get(action=one.record.action, name="The roof is on").due_on == date(2026, 12, 4)

    def test_the_actions_own_date_moves_in_this_year_and_in_one_that_carried_it_forward(self) -> None:
        one = updated()
        next_year = ActionYearFactory(
            action=one.record.action,
            plan_year=PlanYearFactory(year=2027, state="drawing_up"),
            due_on=one.action_year.due_on,
            starts_on=one.action_year.starts_on,
        )
        accepted(
            one,
            **RECOVERY,
            moves_due="on",
            new_due_reason="The builder asked for it.",
            **dated("new_due_on", date(2027, 6, 30)),
        )
        dates = set(ActionYear.objects.filter(action=one.record.action).values_list("due_on", flat=True))
        assert dates == {date(2027, 6, 30)}
        assert next_year.pk
        assert DateChange.objects.get(milestone=None).old_on == date(2027, 3, 31)

    def test_a_new_milestone_whose_name_was_taken_since_is_refused_and_nothing_is_written(self) -> None:
        one = updated()
        one.post("submit", new_1="The roof is on", **dated("new_1_on", date(2026, 12, 4)))
        MilestoneFactory(action=one.record.action, name="THE ROOF IS ON")
        with pytest.raises(MoveRefused, match="given a milestone called “The roof is on” since"):
            accept(one.now(), by=one.reviewer)
        one.tender.refresh_from_db()
        assert one.now().state == State.SUBMITTED
        assert one.tender.reached_on is None

    def test_a_milestone_an_earlier_update_reached_meanwhile_stays_as_it_is(self) -> None:
        one = updated(last="")
        earlier = ActionUpdateFactory(action_year=one.action_year, span=Q1, submitted=True)
        earlier.milestone_reports.create(milestone=one.tender, outcome="reached", on=date(2026, 6, 20))
        one.post("submit")
        accept(earlier, by=one.reviewer)
        accept(one.now(), by=one.reviewer)
        one.tender.refresh_from_db()
        assert one.tender.reached_on == date(2026, 6, 20)

    def test_a_completed_action_needs_no_more_updates(self) -> None:
        one = updated()
        name = f"milestone_{one.opening.pk}"
        accepted(
            one,
            rag="completed",
            achieved="Nine clubs share it.",
            **{name: "reached", **dated(f"{name}_reached", date(2026, 9, 30))},
        )
        assert one.action_year in live_actions(Q2)
        assert one.action_year not in live_actions(Q2.next)


class TestWhatIsFrozen:
    def test_what_it_was_read_beside_is_kept_with_it(self) -> None:
        one = updated(last="amber")
        record = accepted(one, rag_reason="A second crew came.")
        assert (record.rag_before, record.due_on) == ("amber", date(2027, 3, 31))
        assert (record.next_milestone, record.next_milestone_on) == ("The hub opens", date(2026, 12, 18))

    def test_the_next_milestone_is_the_one_after_the_dates_it_moves(self) -> None:
        one = updated()
        record = accepted(
            one, **RECOVERY, **moved(one), new_1="The roof is on", **dated("new_1_on", date(2027, 1, 8))
        )
        assert (record.next_milestone, record.next_milestone_on) == ("The roof is on", date(2027, 1, 8))

    def test_later_changes_of_the_plan_do_not_rewrite_it(self) -> None:
        one = updated()
        record = accepted(one)
        one.opening.due_on = date(2028, 1, 1)
        one.opening.save()
        text = one.client().get(one.url).content.decode()
        assert record.next_milestone_on == one.now().next_milestone_on == date(2026, 12, 18)
        assert "The hub opens, " in text
        assert "1 January 2028" not in text

    def test_a_quarter_whose_update_was_not_accepted_was_awaited(self) -> None:
        one = updated(last="")
        ActionUpdateFactory(action_year=one.action_year, span=Q1, submitted=True, done="Something else was done.")
        assert accepted(one).rag_before == "awaited"

    def test_the_first_update_of_an_action_had_none_before(self) -> None:
        assert accepted(updated(last="")).rag_before == ""

    def test_when_the_quarter_before_is_accepted_late_the_next_one_is_told(self) -> None:
        one = updated(last="")
        earlier = ActionUpdateFactory(
            action_year=one.action_year, span=Q1, submitted=True, rag="green", done="Something else was done."
        )
        accepted(one)
        accept(earlier, by=one.reviewer)
        later = one.now()
        assert later.rag_before == "green"
        last = later.history.first()
        assert last is not None
        assert "Q1 2026/27 was accepted after it" in last.history_change_reason

    def test_moved_dates_are_kept_as_they_were_written(self) -> None:
        one = updated()
        accepted(one, **RECOVERY, **moved(one))
        with pytest.raises(HistoryRefused):
            DateChange.objects.update(reason="Another.")

    def test_an_accepted_update_prints_its_dates_as_they_moved(self) -> None:
        one = updated()
        accepted(one, **RECOVERY, **moved(one))
        text = one.client().get(one.url).content.decode()
        assert "18 December 2026</s> 1 February 2027" in text
        assert "The ground was wet." in text
        assert "Reached on 20 September 2026" in text


class TestWhoAccepts:
    def test_somebody_who_answers_for_the_action_does_not_accept_it(self) -> None:
        one = updated()
        one.post("submit")
        DelegationFactory(user=one.user, delegate=one.reviewer)
        with pytest.raises(MoveRefused, match="a colleague must accept"):
            accept(one.now(), by=one.reviewer)

    def test_somebody_of_the_team_who_typed_it_does_not_accept_it(self) -> None:
        one = updated()
        one.post("submit", user=one.reviewer)
        with pytest.raises(MoveRefused, match="You entered this update"):
            accept(one.now(), by=one.reviewer)

    def test_an_update_changed_since_it_was_read_is_not_accepted(self) -> None:
        one = updated()
        one.post("submit")
        with pytest.raises(StaleRecord):
            accept(one.now(), by=one.reviewer, version=one.now().version - 1)
        assert one.now().state == State.SUBMITTED

    def test_the_second_of_two_reviewers_is_told_who_accepted(self) -> None:
        one = updated()
        accepted(one)
        with pytest.raises(SomebodyElseDidIt, match=one.reviewer.name):
            accept(one.now(), by=holder(Role.PERFORMANCE_TEAM))

    def test_accepting_twice_by_a_double_click_changes_nothing(self) -> None:
        one = updated()
        accepted(one, **RECOVERY, **moved(one))
        accept(one.now(), by=one.reviewer)
        assert one.now().transitions.filter(move="accept").count() == 1
        assert DateChange.objects.count() == 1

    def test_an_answered_challenge_is_closed_and_an_open_one_stands_in_the_way(self) -> None:
        one = updated()
        one.post("submit")
        asked = {"about": "impact", "reason": "unclear", "question": "How many?", "by": one.reviewer}
        challenge = raise_challenge(one.now(), **asked)
        with pytest.raises(SomebodyElseDidIt):
            accept(one.now(), by=one.reviewer)
        one.client().post(
            one.url,
            {
                "version": one.now().version,
                f"words_{challenge.pk}": "Three.",
                "impact": "Three clubs have signed up for 120 hours a week.",
                "move": "answer",
            },
        )
        accept(one.now(), by=one.reviewer)
        challenge.refresh_from_db()
        assert challenge.state == "closed"
