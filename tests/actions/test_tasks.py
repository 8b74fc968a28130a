"""My tasks about updates: the officer's, the service's, the Performance Team's and the board's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.models import ActionUpdate
from actions.queries.home_tasks import tasks
from hdcperf.organisation.access import standing
from hdcperf.roles import Role
from tests.factories.actions import (
    ActionUpdateFactory,
    ActionYearFactory,
    UpdateChallengeFactory,
    UpdateLockExceptionFactory,
    UpdateRevisionFactory,
)
from tests.factories.organisation import DelegationFactory, holder

pytestmark = pytest.mark.django_db
SetToday = Callable[[date], None]


@pytest.fixture(autouse=True)
def _october(set_today: SetToday) -> None:
    set_today(date(2026, 10, 8))


def found(user: Any) -> dict[str, Any]:
    return {one.title: one for one in tasks(standing(user))}


def name(record: ActionUpdate) -> str:
    return f"Q2 2026/27 update of {record.action_year.name}"


def test_an_officer_starts_finishes_and_answers() -> None:
    fresh = ActionUpdateFactory()
    officer = fresh.action_year.responsible
    draft = ActionUpdateFactory(action_year=ActionYearFactory(responsible=officer), draft=True)
    asked = ActionUpdateFactory(action_year=ActionYearFactory(responsible=officer), challenged=True)
    UpdateChallengeFactory(update=asked)
    ActionUpdateFactory(action_year=ActionYearFactory(responsible=officer), submitted=True)
    ActionUpdateFactory(action_year=ActionYearFactory(responsible=officer), excused="Dropped.")
    mine = found(officer)
    assert set(mine) == {
        f"Start the {name(fresh)}",
        f"Finish the {name(draft)}",
        f"Answer a challenge about the {name(asked)}",
    }
    assert mine[f"Start the {name(fresh)}"].due == date(2026, 10, 13)


def test_a_delegate_is_told_for_whom() -> None:
    record = ActionUpdateFactory()
    officer = record.action_year.responsible
    (one,) = found(DelegationFactory(user=officer).delegate).values()
    assert one.acting_for == f"Covering for {officer.name}"


def test_what_locked_unfinished_stays_and_says_whom_to_ask(set_today: SetToday) -> None:
    record = ActionUpdateFactory()
    lifted = ActionUpdateFactory(action_year=ActionYearFactory(responsible=record.action_year.responsible))
    UpdateLockExceptionFactory(update=lifted, expires_on=date(2026, 10, 30))
    set_today(date(2026, 10, 22))
    mine = found(record.action_year.responsible)
    assert mine[f"Start the {name(record)}"].locked
    assert "ask the Performance Team" in mine[f"Start the {name(record)}"].hint
    assert mine[f"Start the {name(lifted)}"].due == date(2026, 10, 30)
    assert not mine[f"Start the {name(lifted)}"].locked


def test_the_team_checks_asks_decides_and_opens(set_today: SetToday) -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    ActionYearFactory()
    assert "Open Q2 2026/27 for updates" in found(team)
    ActionUpdateFactory(submitted=True)
    ActionUpdateFactory()
    revision = UpdateRevisionFactory()
    now = found(team)
    assert "Open Q2 2026/27 for updates" not in now
    assert "Check the Q2 2026/27 updates: 1 to check" in now
    assert f"Decide a revision of the {name(revision.update)}" in now
    set_today(date(2026, 10, 14))
    assert "Ask for what is missing in Q2 2026/27: 1 update not in" in found(team)


def test_whoever_proposed_a_revision_does_not_decide_it() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    UpdateRevisionFactory(proposed_by=team)
    assert not any("Decide a revision" in title for title in found(team))


def test_many_revisions_are_one_task_with_a_count() -> None:
    for _ in range(7):
        UpdateRevisionFactory()
    assert "Decide 2 more revisions of updates" in found(holder(Role.PERFORMANCE_TEAM))


def test_the_board_decides_disputes_and_nobody_else_is_asked_to() -> None:
    record = ActionUpdateFactory(challenged=True)
    UpdateChallengeFactory(update=record, escalated=True)
    one = found(holder(Role.BOARD))[f"Decide the dispute about the {name(record)}"]
    assert one.urgent
    assert one.href.endswith("/dispute/")
    assert not any("Decide the dispute" in title for title in found(holder(Role.PERFORMANCE_TEAM)))


def test_a_head_of_service_sees_how_far_the_service_is() -> None:
    record = ActionUpdateFactory()
    service = record.action_year.service
    ActionUpdateFactory(action_year=ActionYearFactory(service=service), submitted=True)
    ActionUpdateFactory(action_year=ActionYearFactory(service=service), excused="Dropped.")
    (one,) = found(holder(Role.HEAD_OF_SERVICE, service=service)).values()
    assert one.title == f"{service.name}: 1 of 2 updates in for Q2 2026/27"


def test_they_are_among_my_tasks_on_the_home_page_and_cost_the_same_for_many() -> None:
    record = ActionUpdateFactory()
    officer = record.action_year.responsible
    client = Client()
    client.force_login(officer)
    assert f"Start the {name(record)}" in client.get("/").content.decode()

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    few = cost()
    for _ in range(12):
        ActionUpdateFactory(action_year=ActionYearFactory(responsible=officer))
    assert cost() == few
