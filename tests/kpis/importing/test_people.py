"""Who a file says collects, forecasts, comments and stands in: accounts, and nobody else (framework B.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.importing import Plan, Status
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.importing import Mapping, import_rows, preview, suggested
from kpis.importing.planning import Writing
from kpis.models import KpiPerson, KpiYear
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import ServiceFactory, UserFactory, holder

HEADINGS = ("Code", "Name", "Service", "Unit", "Direction", "Financial year", "Collects", "Forecasts", "Deputy")
ROW = ("PI 1", "Example bins missed", "Example Refuse", "Number", "Lower", "2026/27")
Duty = KpiPerson.Duty


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def team(db: None) -> User:
    ServiceFactory(name="Example Refuse")
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def ada(db: None) -> User:
    user: User = UserFactory(name="Ada Example", email="Ada@council.example")
    return user


@pytest.fixture
def bo(db: None) -> User:
    user: User = UserFactory(name="Bo Example", email="bo@council.example")
    return user


def plan(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Plan[Writing]:
    content = "\n".join("\t".join(row) for row in (headings, *rows)).encode()
    return preview(content, "a.csv", Mapping(suggested(headings).columns))


def refusals(*rows: tuple[str, ...]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.sentence) for each in plan(*rows).refused for one in each.problems]


def named(kpi_year: KpiYear, duty: Duty) -> set[str]:
    return {one.user.name for one in kpi_year.people.filter(duty=duty)}


def test_people_are_known_by_address_or_name_in_any_case_and_several_stand_in_one_cell(
    team: User, ada: User, bo: User
) -> None:
    import_rows(
        HEADINGS, [(*ROW, "ADA@COUNCIL.EXAMPLE", "bo  example", "Ada Example; bo@council.example")], by=team, name="R"
    )
    made = KpiYear.objects.get()
    assert named(made, Duty.COLLECTS) == {"Ada Example"}
    assert named(made, Duty.FORECASTS) == {"Bo Example"}
    assert named(made, Duty.STANDS_IN) == {"Ada Example", "Bo Example"}
    assert named(made, Duty.COMMENTS) == set()
    assert made.people.first().history.latest().history_change_reason == "Imported from R"


@pytest.mark.parametrize(
    "cell", ["Ada Example, Bo Example", "Ada Example\nbo@council.example", "; Ada Example ;bo example;"]
)
def test_several_are_parted_as_people_part_them(team: User, ada: User, bo: User, cell: str) -> None:
    import_rows(HEADINGS, [(*ROW, cell, "", "")], by=team, name="R")
    assert named(KpiYear.objects.get(), Duty.COLLECTS) == {"Ada Example", "Bo Example"}


def test_a_name_with_a_comma_is_one_name(team: User) -> None:
    UserFactory(name="Example, Cy")
    import_rows(HEADINGS, [(*ROW, "Example, Cy", "", "")], by=team, name="R")
    assert named(KpiYear.objects.get(), Duty.COLLECTS) == {"Example, Cy"}


def test_an_unknown_person_is_refused_by_row_and_column(team: User, ada: User) -> None:
    found = refusals((*ROW, "Ada Example", "", "Nobody Here"))
    assert found == [(2, "Deputy", "Nobody has an account with the e-mail address or name “Nobody Here”.")]


def test_two_of_one_name_are_refused_until_the_address_tells_which(team: User) -> None:
    first, _ = UserFactory(name="Di Example"), UserFactory(name="di example")
    assert refusals((*ROW, "Di Example", "", "")) == [
        (2, "Collects", "2 accounts are named “Di Example”: give the e-mail address.")
    ]
    assert not refusals((*ROW, first.email, "", ""))


def test_a_closed_account_is_refused_and_does_not_stand_in_the_way_of_another(team: User) -> None:
    closed = UserFactory(name="Di Example", is_active=False)
    assert "is closed" in refusals((*ROW, "Di Example", "", ""))[0][2]
    UserFactory(name="Di Example")
    assert not refusals((*ROW, "Di Example", "", ""))
    assert "is closed" in refusals((*ROW, closed.email, "", ""))[0][2]


def test_a_row_that_names_others_than_the_first_is_refused(team: User, ada: User, bo: User) -> None:
    headings = ("Code", "Name", "Service", "Unit", "Direction", "Month", "Collects")
    rows = [(*ROW[:5], "Apr-26", "Ada Example"), (*ROW[:5], "May-26", "Bo Example")]
    (problem,) = plan(*rows, headings=headings).refused[0].problems
    assert (problem.row, problem.column) == (3, "Collects")
    assert problem.sentence == "Row 2 names Ada Example: a KPI has the same people all year."


def test_a_change_of_people_is_shown_from_whom_to_whom_and_the_same_file_again_changes_nothing(
    team: User, ada: User, bo: User
) -> None:
    kpi_year = KpiYearFactory(code="PI 1", name=ROW[1], year=2026)
    gone = KpiPersonFactory(kpi_year=kpi_year, user=bo)
    KpiPersonFactory(kpi_year=kpi_year, user=bo, duty=Duty.FORECASTS)
    headings, row = ("Code", "Financial year", "Collects", "Forecasts"), ("PI 1", "2026/27", "Ada Example", "")
    (outcome,) = plan(row, headings=headings).outcomes
    assert outcome.status is Status.CHANGED
    assert [(one.what, one.before, one.after) for one in outcome.changes] == [
        ("Collects the figure", "Bo Example", "Ada Example")
    ]
    import_rows(headings, [row], by=team, name="R")
    assert named(kpi_year, Duty.COLLECTS) == {"Ada Example"}
    assert named(kpi_year, Duty.FORECASTS) == {"Bo Example"}  # a blank cell leaves those there are
    last = KpiPerson.history.filter(id=gone.pk).latest()
    assert (last.history_type, last.history_by_name) == ("-", team.name)
    assert plan(row, headings=headings).outcomes[0].status is Status.UNCHANGED


def test_who_is_named_costs_the_same_for_one_row_and_many(
    team: User, ada: User, bo: User, django_assert_num_queries: Callable[..., object]
) -> None:
    def rows(many: int) -> list[tuple[str, ...]]:
        return [(f"PI {n}", f"Measure {n}", *ROW[2:], "Ada Example", "Bo Example", "") for n in range(1, many + 1)]

    import_rows(HEADINGS, rows(20), by=team, name="R")
    with django_assert_num_queries(13):
        plan(*rows(1))
    with django_assert_num_queries(13):
        plan(*rows(20))
