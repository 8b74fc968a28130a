"""A KPI whose unit or method changes ends with a month, and its successor begins with the next, linked to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import Kpi, KpiYear
from kpis.operations.periods import due_in
from kpis.operations.successors import Successor, replace
from kpis.workflow import NotPermitted
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import holder
from tests.kpis.seeing import TODAY, signed_in, text_of, with_months
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
SEPTEMBER = Month(2026, 9)
TYPED = {
    "last": "2026-09",
    "code": "KPI 77",
    "name": "Example bins emptied in time",
    "unit": "percentage",
    "entry": "parts",
    "ytd_rule": "weighted",
    "why": "The contractor now counts every round.",
}


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def old() -> KpiYear:
    """A KPI with a return for each month from April to September, and somebody who collects it."""
    made: KpiYear = KpiYearFactory(code="KPI 7", name="Example bins emptied")
    with_months(made)
    KpiPersonFactory(kpi_year=made)
    return made


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def post(old: KpiYear, by: User, **typed: Any) -> HttpResponse:
    return signed_in(by).post(f"/kpis/2026-27/{old.code}/successor/", {**TYPED, **typed})


def facts(**changed: Any) -> Successor:
    made: dict[str, Any] = {**TYPED, **changed, "last": SEPTEMBER}
    return Successor(**made)


def test_the_old_one_ends_and_the_new_one_begins_linked_with_its_people_and_why_in_both_histories(
    old: KpiYear, team: User
) -> None:
    response = post(old, team)
    assert response.headers["Location"] == "/kpis/2026-27/KPI%2077/"
    made = KpiYear.objects.get(code="KPI 77")
    old.kpi.refresh_from_db()
    assert (old.kpi.ended_after, made.kpi.predecessor) == (date(2026, 9, 1), old.kpi)
    assert (made.unit, made.entry, made.ytd_rule, made.headline) == ("percentage", "parts", "weighted", "ytd")
    assert (made.service, made.direction, made.frequency) == (old.service, old.direction, old.frequency)
    assert [row.user for row in made.people.all()] == [row.user for row in old.people.all()]
    assert not made.target_sets.exists()
    for record in (old.kpi, made.kpi, made):
        last = record.history.first()
        assert (last.history_user, last.history_change_reason) == (team, TYPED["why"])


def test_each_page_names_the_other_and_the_charts_draw_the_break(old: KpiYear, team: User) -> None:
    post(old, team)
    client = signed_in(team)
    assert "KPI 77 Example bins emptied in time replaced it" in text_of(client, "/kpis/2026-27/KPI 7/")
    assert "It replaced KPI 7 Example bins emptied" in text_of(client, "/kpis/2026-27/KPI 77/")


def test_months_up_to_the_last_are_the_old_ones_to_return_and_those_after_the_successors(
    old: KpiYear, team: User
) -> None:
    made = replace(old, facts(), by=team)
    due = {month: [one.pk for one, _ in due_in(month)] for month in (SEPTEMBER, SEPTEMBER.next)}
    assert due == {SEPTEMBER: [old.pk], SEPTEMBER.next: [made.pk]}


def test_ended_with_the_year_the_successor_begins_in_the_next_and_may_keep_the_code(old: KpiYear, team: User) -> None:
    assert post(old, team, last="2027-03", code="KPI 7").headers["Location"] == "/kpis/2027-28/KPI%207/"


def test_a_double_click_makes_one_successor(old: KpiYear, team: User) -> None:
    assert post(old, team).headers["Location"] == post(old, team).headers["Location"]
    assert Kpi.objects.filter(predecessor=old.kpi).count() == 1


def test_only_the_performance_team_may(old: KpiYear) -> None:
    for role in (Role.HEAD_OF_SERVICE, Role.SERVICE_MANAGER):
        person = holder(role, service=old.service)
        with pytest.raises(NotPermitted, match="Only the Performance Team"):
            replace(old, facts(), by=person)
        assert "successor" not in text_of(signed_in(person), "/kpis/2026-27/KPI 7/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"last": "2026-08"}, "Select its last month from the list"),  # September has a return
        ({"last": "2026-13"}, "Select its last month from the list"),
        ({"code": ""}, "Enter the code of the successor"),
        ({"code": "KPI 8"}, "Another KPI is KPI 8 in 2026/27. Enter a code that is free in that year."),
        ({"code": "kpi8"}, "Another KPI is kpi8 in 2026/27"),
        ({"code": "KPI/9"}, "Enter a code of letters, digits, spaces, points and hyphens"),
        ({"code": "K" * 21}, "must be 20 characters or fewer"),
        ({"name": NUL}, "cannot be kept"),
        ({"name": LONG}, "must be 200 characters or fewer"),
        ({"unit": "furlongs"}, "Select the unit from the list"),
        ({"unit": "rate"}, "Enter per how many"),
        ({"unit": "rate", "rate_per": "0"}, "Enter a whole number above nought"),
        ({"unit": "rate", "rate_per": "a few"}, "Enter per how many as a whole number"),
        ({"unit": "rate", "rate_per": "9" * 30}, "Enter a number up to 1,000,000,000"),
        ({"ytd_rule": "adds_up"}, "A percentage cannot add up over the year"),
        ({"entry": "value"}, "Weighting needs a numerator and a denominator"),
        ({"why": "  "}, "Say why it ends and what replaces it"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_keeps_what_was_typed_and_changes_nothing(
    old: KpiYear, team: User, typed: dict[str, str], said: str
) -> None:
    KpiYearFactory(code="KPI 8")
    with unchanged(old, old.kpi):
        page = post(old, team, **typed).content.decode()
    assert said in page
    assert ("The contractor now counts every round." in page) != ("why" in typed)


def test_a_year_that_is_only_proposed_does_not_stand_in_the_way(old: KpiYear, team: User) -> None:
    KpiYearFactory(kpi=old.kpi, year=2027, code="KPI 7", is_live=False)
    assert post(old, team).headers["Location"] == "/kpis/2026-27/KPI%2077/"


def test_a_kpi_that_has_ended_or_goes_on_into_another_year_says_why_it_cannot(old: KpiYear, team: User) -> None:
    KpiYearFactory(kpi=old.kpi, year=2027, code="KPI 7")
    page = signed_in(team).get("/kpis/2026-27/KPI 7/successor/", follow=True).content.decode()
    assert "This KPI is one of 2027/28 as well: end it there." in page
    KpiYear.objects.get(year=2027).delete()
    post(old, team)
    page = signed_in(team).get("/kpis/2026-27/KPI 7/successor/", follow=True).content.decode()
    assert "This KPI ended with September 2026." in page
    assert "already" not in post(old, team, code="KPI 78").content.decode()
    assert not KpiYear.objects.filter(code="KPI 78").exists()
