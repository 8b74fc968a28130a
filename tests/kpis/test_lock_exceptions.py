"""Lifting a month's lock for one return, seeing which are lifted, and ending that early (framework C.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Permission, Role
from kpis.models import LockException, MonthlyReturn
from kpis.workflow import entry_lock
from tests.factories.kpis import KpiPersonFactory, LockExceptionFactory, MonthlyReturnFactory
from tests.factories.organisation import holder

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
SetToday = Callable[[date], None]


@pytest.fixture(autouse=True)
def _in_november(set_today: SetToday) -> None:
    set_today(TODAY)


@pytest.fixture
def team(client: Client) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


@pytest.fixture
def locked() -> MonthlyReturn:
    record: MonthlyReturn = MonthlyReturnFactory(month=date(2026, 9, 1))
    return record


def page_of(record: MonthlyReturn) -> str:
    return reverse("lock-exception", args=[record.measured, record.kpi_year.code])


def lift(client: Client, record: MonthlyReturn, day: str = "10", **typed: str) -> object:
    dates = {"expires_on_day": day, "expires_on_month": "11", "expires_on_year": "2026"}
    said = {"reason": "The supplier was late", "asked_by": "Holder, by email"}
    return client.post(page_of(record), said | dates | typed)


def end(client: Client, exception: LockException) -> str:
    return client.post(reverse("lock-exception-end", args=[exception.pk]), follow=True).content.decode()


def test_a_lock_is_lifted_and_listed_with_who_asked_who_granted_and_until_when(
    client: Client, team: User, locked: MonthlyReturn
) -> None:
    lift(client, locked)
    assert entry_lock(locked, TODAY) is None
    (row,) = client.get(reverse("periods")).context["exceptions"]
    assert row.reason == "The supplier was late"
    assert row.granted == f"Asked for by Holder, by email. Granted by {team.name}, 5 November 2026."
    assert row.until == "Open until 10 November 2026"


def test_ending_it_early_locks_the_return_at_once_and_says_by_whom(
    client: Client, team: User, locked: MonthlyReturn
) -> None:
    lift(client, locked)
    exception = LockException.objects.get()
    assert f"The lock applies to {locked} again." in end(client, exception)
    assert "locked after" in (entry_lock(locked, TODAY) or "")
    exception.refresh_from_db()
    assert (exception.ended_by, exception.expires_on) == (team, date(2026, 11, 4))
    assert exception.history.latest().history_change_reason == "Ended early: the lock applies again"
    assert client.get(reverse("periods")).context["exceptions"] == []
    shown = client.get(page_of(locked)).content.decode()
    assert f"Ended early by {team.name}, 5 November 2026 at" in shown


def test_ending_it_twice_changes_nothing(client: Client, team: User, locked: MonthlyReturn) -> None:
    lift(client, locked)
    exception = LockException.objects.get()
    end(client, exception)
    rows = exception.history.count()
    assert "applied again already" in end(client, exception)
    assert exception.history.count() == rows


def test_one_that_ran_out_was_not_ended_by_anybody(
    client: Client, team: User, locked: MonthlyReturn, set_today: SetToday
) -> None:
    lift(client, locked)
    set_today(date(2026, 11, 11))
    assert client.get(reverse("periods")).context["exceptions"] == []
    assert "Ended after 10 November 2026" in client.get(page_of(locked)).content.decode()


def test_it_can_be_lifted_again_after_it_was_ended(client: Client, team: User, locked: MonthlyReturn) -> None:
    lift(client, locked)
    end(client, LockException.objects.get())
    lift(client, locked, reason="Asked again")
    assert entry_lock(locked, TODAY) is None
    assert LockException.objects.count() == 2


@pytest.mark.parametrize("role", [role for role in Role if Permission.MANAGE_PERIODS not in role.permissions])
def test_only_the_performance_team_ends_one(client: Client, locked: MonthlyReturn, role: Role) -> None:
    exception = LockExceptionFactory(monthly_return=locked)
    user = holder(role)
    KpiPersonFactory(kpi_year=locked.kpi_year, user=user)
    client.force_login(user)
    assert client.post(reverse("lock-exception-end", args=[exception.pk])).status_code == 403
    assert client.get(page_of(locked)).status_code == 403
    assert entry_lock(locked, TODAY) is None


def test_it_is_ended_by_posting_and_only_where_there_is_one(
    client: Client, team: User, locked: MonthlyReturn
) -> None:
    exception = LockExceptionFactory(monthly_return=locked)
    assert client.get(reverse("lock-exception-end", args=[exception.pk])).status_code == 405
    assert client.post(reverse("lock-exception-end", args=[exception.pk + 1])).status_code == 404


@pytest.mark.parametrize(
    ("day", "said"),
    [("4", "must be today or later"), ("32", "day between 1 and 31"), ("", "must include a day")],
)
def test_a_day_that_would_open_nothing_is_refused_beside_its_box(
    client: Client, team: User, locked: MonthlyReturn, day: str, said: str
) -> None:
    answer = lift(client, locked, day)
    assert said in answer.context["form"].errors["expires_on"][0]  # type: ignore[attr-defined]
    assert not LockException.objects.exists()


def test_the_database_keeps_who_and_when_together(locked: MonthlyReturn, team: User) -> None:
    exception = LockExceptionFactory(monthly_return=locked)
    exception.ended_by = team
    with pytest.raises(IntegrityError), transaction.atomic():
        exception.save()
