"""The grid: each row on its own, errors beside the row, nothing half written inside one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import MonthlyReturn
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import UserFactory, holder
from tests.kpis.entering import OCTOBER, TODAY

pytestmark = pytest.mark.django_db
State = MonthlyReturn.State
URL = reverse("return-grid", args=[OCTOBER])
DONE = {
    "value": "11",
    "forecast": "125",
    "what_happened": "Eleven examples were counted at the depot.",
    "why": "The second crew came back from training.",
}


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def make(user: User, **state: object) -> MonthlyReturn:
    """October's return of a KPI of ``user``, whose latest figure is judged: ten is on target."""
    kpi_year = KpiYearFactory(latest=True)
    TargetSetFactory(kpi_year=kpi_year, target=10, intervention=9)
    KpiPersonFactory(kpi_year=kpi_year, user=user)
    return MonthlyReturnFactory(kpi_year=kpi_year, **state)


def send(
    user: User, move: str, rows: dict[MonthlyReturn, dict[str, str]], versions: dict[int, int] | None = None
) -> HttpResponse:
    data = {"move": move}
    for record, typed in rows.items():
        version = (versions or {}).get(record.pk) or MonthlyReturn.objects.get(pk=record.pk).version
        data |= {f"r{record.pk}-version": str(version)}
        data |= {f"r{record.pk}-{name}": value for name, value in typed.items()}
    client = Client()
    client.force_login(user)
    return client.post(URL, data)


def state(record: MonthlyReturn) -> str:
    return MonthlyReturn.objects.get(pk=record.pk).state


def test_every_row_typed_in_is_saved_and_the_rest_left_alone() -> None:
    user = UserFactory()
    first, second, third = make(user), make(user), make(user)
    assert send(user, "save", {first: DONE, second: {"value": "3"}, third: {"value": ""}}).status_code == 302
    assert [state(one) for one in (first, second, third)] == [State.DRAFT, State.DRAFT, State.NOT_STARTED]


def test_complete_rows_are_submitted_and_incomplete_ones_saved_with_what_they_lack() -> None:
    user = UserFactory()
    complete, incomplete, untouched = make(user), make(user), make(user)
    reply = send(user, "submit", {complete: DONE, incomplete: {**DONE, "value": "9"}, untouched: {"value": ""}})
    text = reply.content.decode()
    assert [state(one) for one in (complete, incomplete, untouched)] == [
        State.SUBMITTED,
        State.DRAFT,
        State.NOT_STARTED,
    ]
    assert "Saved, not submitted." in text
    assert "Say what is being done." in text
    assert "1 return submitted and 1 draft saved." in text


def test_a_row_with_an_error_keeps_what_was_typed_and_does_not_stop_the_others() -> None:
    user = UserFactory()
    good, bad = make(user), make(user)
    text = send(user, "save", {good: DONE, bad: {**DONE, "value": "many", "why": "Kept words."}}).content.decode()
    assert state(good) == State.DRAFT
    assert state(bad) == State.NOT_STARTED
    assert "“many” is not a number" in text
    assert 'value="many"' in text
    assert "Kept words." in text
    assert "1 row not saved" in text


def test_a_stale_row_shows_theirs_keeps_yours_and_saving_again_keeps_yours() -> None:
    user, colleague = UserFactory(), UserFactory(name="Example Colleague")
    record = make(user)
    KpiPersonFactory(kpi_year=record.kpi_year, user=colleague)
    send(colleague, "save", {record: {**DONE, "value": "12"}})
    text = send(user, "save", {record: {**DONE, "value": "13"}}, {record.pk: 1}).content.decode()
    assert "Example Colleague changed this return" in text
    assert "Figure: 12" in text
    assert 'value="13"' in text
    assert MonthlyReturn.objects.get(pk=record.pk).value == 12
    fresh = text.split(f'name="r{record.pk}-version" value="')[1].split('"')[0]
    send(user, "save", {record: {**DONE, "value": "13"}}, {record.pk: int(fresh)})
    assert MonthlyReturn.objects.get(pk=record.pk).value == 13


def test_a_double_click_on_the_grid_is_harmless() -> None:
    user = UserFactory()
    record = make(user)
    versions = {record.pk: 1}
    assert send(user, "submit", {record: DONE}, versions).status_code == 302
    assert send(user, "submit", {record: DONE}, versions).status_code == 302
    assert record.transitions.filter(move="submit").count() == 1


def test_a_forged_row_of_another_service_is_left_alone() -> None:
    theirs = make(UserFactory())
    send(UserFactory(), "save", {theirs: DONE})
    assert state(theirs) == State.NOT_STARTED


def test_after_the_lock_no_row_is_saved(set_today: Callable[[date], None]) -> None:
    user = UserFactory()
    record = make(user)
    set_today(date(2026, 11, 20))
    text = send(user, "save", {record: DONE}).content.decode()
    assert state(record) == State.NOT_STARTED
    assert "locked after 19 November 2026" in text
    assert "Eleven examples were counted at the depot." in text


def test_what_is_handed_in_is_shown_and_not_typed() -> None:
    user = UserFactory()
    record = make(user, submitted=True)
    client = Client()
    client.force_login(user)
    text = client.get(URL).content.decode()
    assert record.kpi_year.name in text
    assert f'name="r{record.pk}-value"' not in text


def test_a_service_manager_has_the_services_returns_and_the_team_only_its_own() -> None:
    record = make(UserFactory())
    for user, there in (
        (holder(Role.SERVICE_MANAGER, service=record.kpi_year.service), True),
        (holder(Role.PERFORMANCE_TEAM), False),
    ):
        client = Client()
        client.force_login(user)
        assert (record.kpi_year.name in client.get(URL).content.decode()) is there


def test_the_rag_of_a_row_is_asked_of_the_server() -> None:
    user = UserFactory()
    record = make(user)
    client = Client()
    client.force_login(user)
    url = reverse("return-preview", args=[OCTOBER, record.kpi_year.code])
    text = client.post(url, {"row": f"r{record.pk}", f"r{record.pk}-value": "9"}).content.decode()
    assert "Amber" in text
    assert state(record) == State.NOT_STARTED


def test_two_rows_cost_as_many_queries_as_twelve() -> None:
    counts = []
    for rows in (2, 12):
        user = UserFactory()
        for _ in range(rows):
            make(user)
        client = Client()
        client.force_login(user)
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_month_that_was_never_opened_has_nothing_to_enter() -> None:
    client = Client()
    client.force_login(KpiPersonFactory().user)
    page = client.get(reverse("return-grid", args=["2031-05"]))
    assert page.status_code == 200
    assert "There is nothing to enter here" in page.content.decode()
