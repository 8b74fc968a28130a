"""The round's list: what the Performance Team checks next, and what a service sees of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.roles import Role
from hdcperf.workflow import StaleRecord
from kpis.models import KpiPerson, MonthlyReturn
from kpis.operations.checking import accept, raise_challenge
from kpis.workflow import MoveRefused, SomebodyElseDidIt, move
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db
ROUND = "/returns/2026-10/"


@pytest.fixture(autouse=True)
def _in_november(set_today: Any) -> None:
    set_today(date(2026, 11, 6))  # the day after the factories submit


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def review_of(record: MonthlyReturn) -> str:
    return f"{ROUND}{record.kpi_year.code}/review/"


def test_the_team_sees_every_return_of_the_round() -> None:
    records = [MonthlyReturnFactory(), MonthlyReturnFactory(submitted=True), MonthlyReturnFactory(accepted=True)]
    shown = signed_in(holder(Role.PERFORMANCE_TEAM)).get(ROUND).content.decode()
    assert all(record.kpi_year.name in shown for record in records)
    assert "2 of 3 returns in" in shown


def test_a_holder_sees_only_their_own_returns() -> None:
    mine, other = MonthlyReturnFactory(), MonthlyReturnFactory()
    person: KpiPerson = KpiPersonFactory(kpi_year=mine.kpi_year)
    shown = signed_in(person.user).get(ROUND).content.decode()
    assert mine.kpi_year.name in shown
    assert other.kpi_year.name not in shown


def test_somebody_who_works_on_no_returns_is_told_whose_list_it_is() -> None:
    MonthlyReturnFactory(submitted=True)
    assert signed_in(holder(Role.SCRUTINY)).get(ROUND).status_code == 403


def test_a_return_first_sent_after_its_day_is_said_to_have_come_in_late_however_it_stands_since() -> None:
    sent, accepted, sent_again = (
        MonthlyReturnFactory(submitted=True),
        MonthlyReturnFactory(accepted=True),
        MonthlyReturnFactory(submitted=True),
    )
    team, colleague = signed_in(holder(Role.PERFORMANCE_TEAM)), holder(Role.PERFORMANCE_TEAM)
    due_by(sent.period, date(2026, 11, 5))  # the day the factories send on
    for name in ("take_back", "submit"):
        move(sent_again, name, by=colleague)
    # Sent again the day after, it came in time all the same.
    assert "Came in late" not in team.get(ROUND).content.decode()
    due_by(sent.period, date(2026, 11, 4))
    assert team.get(ROUND).content.decode().count("Came in late") == 3
    for record in (sent, accepted, sent_again):
        assert "Came in late" in team.get(f"{ROUND}{record.kpi_year.code}/").content.decode()


def test_how_a_figure_came_in_is_for_the_team_and_not_for_whoever_reads_it() -> None:
    record = MonthlyReturnFactory(accepted=True)
    due_by(record.period, date(2026, 11, 4))
    page = f"{ROUND}{record.kpi_year.code}/"
    assert "Came in late" in signed_in(holder(Role.PERFORMANCE_TEAM)).get(page).content.decode()
    assert "Came in late" not in signed_in(holder(Role.BOARD)).get(page).content.decode()


def due_by(period: ReportingPeriod, day: date) -> None:
    period.due_on = day
    save_as(period, by=UserFactory(), reason="A date of the example")


def test_accepting_brings_the_next_return() -> None:
    first, second = MonthlyReturnFactory(submitted=True), MonthlyReturnFactory(submitted=True)
    client = signed_in(holder(Role.PERFORMANCE_TEAM))
    response = client.post(review_of(first), {"decide": "accept", "version": first.version})
    assert response.headers["Location"] == review_of(second).replace(" ", "%20")
    first.refresh_from_db()
    assert first.state == MonthlyReturn.State.ACCEPTED


def test_a_reviewer_cannot_accept_what_they_typed_and_is_told_why() -> None:
    author = holder(Role.PERFORMANCE_TEAM)
    record = MonthlyReturnFactory(submitted=True, submitted_by=author)
    client = signed_in(author)
    assert "a colleague must accept it" in client.get(review_of(record)).content.decode()
    client.post(review_of(record), {"decide": "accept", "version": record.version})
    record.refresh_from_db()
    assert record.state == MonthlyReturn.State.SUBMITTED


def test_a_return_changed_since_it_was_read_is_not_accepted() -> None:
    record = MonthlyReturnFactory(submitted=True)
    with pytest.raises(StaleRecord):
        accept(record, by=holder(Role.PERFORMANCE_TEAM), version=record.version - 1)
    record.refresh_from_db()
    assert record.state == MonthlyReturn.State.SUBMITTED


def test_the_second_of_two_reviewers_is_told_who_accepted() -> None:
    record = MonthlyReturnFactory(submitted=True)
    first = holder(Role.PERFORMANCE_TEAM)
    accept(record, by=first)
    with pytest.raises(SomebodyElseDidIt, match=first.name):
        accept(record, by=holder(Role.PERFORMANCE_TEAM))


def test_accepting_twice_by_a_double_click_changes_nothing() -> None:
    record, reviewer = MonthlyReturnFactory(submitted=True), holder(Role.PERFORMANCE_TEAM)
    accept(record, by=reviewer)
    accept(record, by=reviewer)
    assert record.transitions.filter(move="accept").count() == 1


def test_a_challenge_asked_twice_by_a_double_click_is_one() -> None:
    record, reviewer = MonthlyReturnFactory(submitted=True), holder(Role.PERFORMANCE_TEAM)
    asked = {"about": "value", "reason": "looks_wrong", "question": "Is it ten times the usual?", "by": reviewer}
    assert raise_challenge(record, **asked) == raise_challenge(record, **asked)
    with pytest.raises(MoveRefused, match="already an open challenge"):
        raise_challenge(record, **{**asked, "by": holder(Role.PERFORMANCE_TEAM)})


def test_only_the_team_opens_months() -> None:
    assert signed_in(UserFactory()).get("/periods/").status_code == 403
    assert signed_in(holder(Role.PERFORMANCE_TEAM)).get("/periods/").status_code == 200
