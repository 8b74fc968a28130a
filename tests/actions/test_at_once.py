"""Two people act at the same moment, on two connections: one is taken, the other loses nothing and is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from actions.models import ActionUpdate, DateChange, Milestone
from actions.operations.changing_dates import BoardDecision, approve, decline
from actions.operations.checking import accept
from actions.operations.quarters import open_quarter
from actions.workflow import SomebodyElseDidIt
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.roles import Role
from tests.actions.entering import RECOVERY, TODAY, dated, updated
from tests.factories.actions import Q1, Q2, ActionUpdateFactory, ActionYearFactory
from tests.factories.organisation import holder
from tests.factories.projects import ChangeRequestFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gives, or the error it raises, when all begin together on connections of their own."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            ready.wait(timeout=10)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_saves_one_is_kept_and_the_other_is_shown_both() -> None:
    one = updated()
    people = [one.user, holder(Role.SERVICE_MANAGER, service=one.action_year.service)]
    clients = [one.client(person) for person in people]

    def save(number: int) -> Callable[[], tuple[int, str]]:
        def act() -> tuple[int, str]:
            typed = one.typed(done=f"The words of person {number}.") | {"version": "1", "move": "save"}
            reply = clients[number].post(one.url, typed)
            return reply.status_code, reply.content.decode()

        return act

    replies = sorted(at_once(save(0), save(1)))
    assert [status for status, _ in replies] == [302, 409]
    assert all(f"The words of person {number}." in replies[1][1] for number in (0, 1))


def test_of_two_accepts_one_is_taken_and_dates_move_once() -> None:
    one = updated()
    name = f"milestone_{one.opening.pk}"
    moved = {name: "moved", f"{name}_reason": "Rain.", **dated(f"{name}_moved", date(2027, 2, 1))}
    one.post("submit", **RECOVERY, **moved, new_1="The roof is on", **dated("new_1_on", date(2027, 1, 8)))
    reviewers = [one.reviewer, holder(Role.PERFORMANCE_TEAM)]
    found = at_once(*(lambda by=by: accept(one.now(), by=by) for by in reviewers))
    assert sorted(type(each).__name__ for each in found) == ["ActionUpdate", "SomebodyElseDidIt"]
    assert one.now().transitions.filter(move="accept").count() == 1
    assert DateChange.objects.count() == 1
    assert Milestone.objects.filter(name="The roof is on").count() == 1
    refused = next(each for each in found if isinstance(each, SomebodyElseDidIt))
    assert any(reviewer.name in str(refused) for reviewer in reviewers)


def test_two_quarters_of_one_action_accepted_at_once_know_of_each_other() -> None:
    one = updated(last="")
    earlier = ActionUpdateFactory(
        action_year=one.action_year, span=Q1, submitted=True, done="The site was bought for the hub."
    )
    one.post("submit")
    other = holder(Role.PERFORMANCE_TEAM)
    found = at_once(lambda: accept(one.now(), by=one.reviewer), lambda: accept(earlier, by=other))
    assert all(isinstance(each, ActionUpdate) for each in found)
    assert one.now().rag_before == "green"


def test_a_submission_and_an_acceptance_of_what_it_replaces_do_not_cross() -> None:
    one = updated()
    one.post("submit")
    version = one.now().version
    client = one.client()

    def take_back() -> int:
        return client.post(one.url, {"move": "take_back"}).status_code

    found = at_once(take_back, lambda: accept(one.now(), by=one.reviewer, version=version))
    state = one.now().state
    assert (state == "accepted") == isinstance(found[1], ActionUpdate)
    assert (state == "draft") == (found[0] == 302)


def test_a_quarter_opened_by_two_at_once_is_opened_once() -> None:
    for _ in range(3):
        ActionYearFactory()
    people = [holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)]
    found = at_once(*(lambda by=by: open_quarter(Q2, by=by) for by in people))
    assert sorted(each.updates for each in found) == [0, 3]
    assert ReportingPeriod.objects.quarters().count() == 1
    assert ActionUpdate.objects.count() == 3


def test_of_two_who_record_a_boards_decision_one_is_taken_and_the_other_told() -> None:
    change = ChangeRequestFactory()
    decided = BoardDecision(TODAY, "Agreed as asked.")
    one, other = holder(Role.PERFORMANCE_TEAM), holder(Role.STRATEGIC_INSIGHTS)
    found = at_once(lambda: approve(change, decided, by=one), lambda: decline(change, decided, by=other))
    assert sum(isinstance(each, SomebodyElseDidIt) for each in found) == 1
    change.refresh_from_db()
    assert (change.project.ends_on == change.new_on) == (change.state == "approved")
