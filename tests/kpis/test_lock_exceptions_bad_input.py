"""Bad input on the page that lifts a lock: a sentence beside the box, what was typed kept, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import LockException, MonthlyReturn
from kpis.operations.checking import accept
from kpis.operations.exceptions import end_exception, grant_exception
from kpis.workflow import MoveRefused, NotPermitted, entry_lock
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import UserFactory, holder
from tests.kpis.seeing import signed_in
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
LOCKED = date(2026, 11, 23)  # October's round locked after the 19th


@pytest.fixture(autouse=True)
def _after_the_lock(set_today: Callable[[date], None]) -> None:
    set_today(LOCKED)


@pytest.fixture
def record() -> MonthlyReturn:
    made: MonthlyReturn = MonthlyReturnFactory()
    return made


@pytest.fixture
def officer() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def lift(client: Client, record: MonthlyReturn, expires: str = "2026-11-30", **typed: Any) -> HttpResponse:
    year, month, day = expires.split("-")
    posted = {
        "asked_by": "Sam Example, by telephone",
        "reason": "The supplier's file came late.",
        "expires_on_day": day,
        "expires_on_month": month,
        "expires_on_year": year,
        **typed,
    }
    where = reverse("lock-exception", args=[record.measured, record.kpi_year.code])
    return client.post(where, posted, follow=True)


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"asked_by": ""}, "Say who asked for it"),
        ({"asked_by": "w" * 201}, "Who asked for it? must be 200 characters or fewer. It is 201."),
        ({"asked_by": NUL}, "contains a character that cannot be kept"),
        ({"reason": " \n"}, "Say why the lock is lifted"),
        ({"reason": LONG}, "must be 2,000 characters or fewer. It is 100,000."),
        ({"reason": NUL}, "contains a character that cannot be kept"),
        ({"expires": "--"}, "Enter the last day it can be changed"),
        ({"expires": "2026-11-31"}, "Last day it can be changed must be a real date"),
        ({"expires": "2027-2-29"}, "Last day it can be changed must be a real date"),
        ({"expires": "2026--30"}, "Last day it can be changed must include a month"),
        ({"expires": "2026-11-22"}, "The last day must be today or later."),
        ({"expires": "1999-11-22"}, "The last day must be today or later."),
        ({"expires": "2027-01-23"}, "A lock is lifted for at most 60 days: choose an earlier day."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_box(
    client: Client, record: MonthlyReturn, typed: dict[str, str], sentence: str
) -> None:
    with unchanged(record):
        text = text_of(lift(client, record, **typed))
    assert sentence in text
    assert "There is a problem" in text
    kept = typed.get("reason", "The supplier").partition("\x00")[0][:40].strip()
    assert kept in text
    if "expires" in typed:
        assert 'href="#id_expires_on' in text


def test_an_empty_form_lifts_nothing(client: Client, record: MonthlyReturn) -> None:
    where = reverse("lock-exception", args=[record.measured, record.kpi_year.code])
    with unchanged(record):
        assert "Say who asked for it" in text_of(client.post(where, {}))


@pytest.mark.parametrize("expires", ["2026-11-23", "2026-11-30", "2027-01-22"])
def test_from_today_to_sixty_days_on_it_can_be_lifted(client: Client, record: MonthlyReturn, expires: str) -> None:
    lift(client, record, expires)
    assert LockException.objects.get().expires_on == date.fromisoformat(expires)
    assert entry_lock(record, LOCKED) is None


def test_before_the_lock_only_a_day_after_it_lifts_anything(
    client: Client, record: MonthlyReturn, set_today: Callable[[date], None]
) -> None:
    set_today(date(2026, 11, 16))
    with unchanged(record):
        text = text_of(lift(client, record, "2026-11-19"))
    assert "October 2026 is open until 19 November 2026: choose a later day." in text
    lift(client, record, "2026-11-20")
    assert LockException.objects.count() == 1


def test_a_second_click_lifts_it_once(client: Client, record: MonthlyReturn, officer: User) -> None:
    for _ in range(2):
        text = text_of(lift(client, record))
        assert "The lock is lifted for this return." in text
    exception = LockException.objects.get()
    assert (exception.granted_by, exception.asked_by) == (officer, "Sam Example, by telephone")


@pytest.mark.parametrize("trait", ["accepted", "imported_month"])
def test_an_accepted_return_is_changed_by_a_revision(client: Client, trait: str) -> None:
    record = MonthlyReturnFactory(**{trait: True})
    where = reverse("lock-exception", args=[record.measured, record.kpi_year.code])
    assert "changed by a revision: no lock is in the way" in text_of(client.get(where))
    with unchanged(record):
        text = text_of(lift(client, record))
    assert "changed by a revision: no lock is in the way" in text


def test_words_typed_while_a_colleague_accepted_are_kept(client: Client) -> None:
    record = MonthlyReturnFactory(submitted=True)
    accept(record, by=holder(Role.PERFORMANCE_TEAM))
    with unchanged(record):
        text = text_of(lift(client, record))
    assert "The supplier&#x27;s file came late." in text


def test_nobody_else_lifts_a_lock(record: MonthlyReturn) -> None:
    person = KpiPersonFactory(kpi_year=record.kpi_year).user
    outsider = UserFactory()
    with unchanged(record):
        assert lift(signed_in(person), record).status_code == 403
        assert lift(signed_in(outsider), record).status_code == 404
        with pytest.raises(NotPermitted, match="Only the Performance Team can lift the lock"):
            grant_exception(record, reason="It is late.", asked_by="Me", expires_on=date(2026, 11, 30), by=person)


def test_ended_early_the_lock_applies_again_today(record: MonthlyReturn, officer: User) -> None:
    exception = grant_exception(
        record, reason="It is late.", asked_by="Sam", expires_on=date(2026, 11, 30), by=officer
    )
    assert entry_lock(record, LOCKED) is None
    with pytest.raises(NotPermitted):
        end_exception(exception, by=UserFactory())
    end_exception(exception, by=officer)
    assert "locked after 19 November 2026" in (entry_lock(record, LOCKED) or "")
    with unchanged(exception):
        end_exception(exception, by=officer)


def test_the_operation_refuses_what_the_form_would(record: MonthlyReturn, officer: User) -> None:
    with unchanged(record), pytest.raises(MoveRefused, match="must be today or later"):
        grant_exception(record, reason="It is late.", asked_by="Sam", expires_on=date(2026, 11, 22), by=officer)
