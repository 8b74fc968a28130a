"""The month of those who enter (framework C.2.1, E.1): from being told of the task at home to nothing left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear, MonthlyReturn
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import CouncilFactory, UserFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.entering import TODAY, collected
from tests.kpis.seeing import with_months

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


def fill(page: Walker, figure: str, *, under: str = "") -> Walker:
    """What every return asks."""
    page.type("Figure for October 2026", figure, under=under)
    page.type("What happened", "Eleven examples were counted at the depot.", under=under)
    return page.type("Why", "The second crew came back from training.", under=under)


def test_a_kpi_holder_with_one_kpi_is_done_in_three_pages() -> None:
    one = collected()
    page = Walker(one.user)
    assert "You have 1 task." in page.text
    page.follow(f"Start the October 2026 return for {one.kpi_year.code}")
    assert "Due 12 November 2026" in page.text
    fill(page, "11").type("Forecast for March 2027", "125").press("Submit")
    assert page.path == "/"
    assert "You have no more returns to submit." in page.text
    assert "You have nothing to do at the moment" in page.text
    page.visit(one.url)
    assert f"This return was submitted by {one.user.name} on 5 November 2026" in page.text
    assert "It can be taken back until 19 November 2026." in page.text


def test_what_is_missing_is_said_beside_its_box_and_what_was_typed_stays() -> None:
    one = collected()
    page = Walker(one.user).follow("Start the October 2026 return")
    page.type("Figure for October 2026", "4").type("What happened", "Four examples were counted at the depot.").press(
        "Submit"
    )
    for sentence in (
        "Say what caused the figure",
        "Say what is being done.",
        "Name the person who will see it done.",
    ):
        assert sentence in page.text
    assert "What you typed is saved as a draft. It is not submitted yet." in page.text
    assert page.value("What happened") == "Four examples were counted at the depot."
    page.type("Why", "Two crews are in training.").type("What is being done", "A third crew starts on Monday.")
    page.type_date("By when", date(2026, 11, 30)).type("Owner", "Depot manager")
    page.type("Forecast for March 2027", "110").press("Submit")
    assert "You have no more returns to submit." in page.text


def test_no_figure_is_said_with_a_reason_and_a_date() -> None:
    one = collected()
    page = Walker(one.user).follow("Start the October 2026 return")
    page.tick("There is no figure for October 2026").press("Submit")
    assert "Say why there is no figure." in page.text
    page.type("Why there is no figure", "The supplier's list has not come.")
    page.type_date("When you expect to have it", date(2026, 11, 20)).press("Submit")
    assert "You have no more returns to submit." in page.text


def _three_kpis() -> tuple[list[KpiYear], Walker]:
    user = UserFactory()
    years = []
    for _ in range(3):
        kpi_year = KpiYearFactory()
        KpiPersonFactory(kpi_year=kpi_year, user=user)
        with_months(kpi_year)
        MonthlyReturnFactory(kpi_year=kpi_year)
        years.append(kpi_year)
    return years, Walker(user)


def test_a_holder_of_many_kpis_enters_them_on_one_page() -> None:
    years, page = _three_kpis()
    assert "You have 3 tasks." in page.text
    page.follow("KPIs", anywhere=True).follow("Returns", anywhere=True).follow("Enter several returns on one page")
    for kpi_year, figure in zip(years, ("11", "12", "3"), strict=True):
        row = f"{kpi_year.code} {kpi_year.name}"
        fill(page, figure, under=row).type("Forecast for March 2027", "125", under=row)
    page.press("Submit those that are complete")
    states = [MonthlyReturn.objects.get(kpi_year=one, month=date(2026, 10, 1)).state for one in years]
    assert states == ["submitted", "submitted", "draft"], page.text
    # The red one asks for more, on its own page; nothing of it was lost.
    page.visit("/").follow(f"Finish the October 2026 return for {years[2].code}")
    assert page.value("Figure for October 2026") == "3"
    page.type("What is being done", "A third crew starts on Monday.").type("Owner", "Depot manager")
    page.type_date("By when", date(2026, 11, 30)).press("Submit")
    if "nswer this with a sentence" in page.text:  # three is far from the usual ten
        page.type(page.asks()[0], "Two crews were in training all month.").press("Submit")
    assert "You have no more returns to submit." in page.text


def test_somebody_with_two_returns_goes_straight_from_one_to_the_next() -> None:
    years, page = _three_kpis()
    page.follow(f"Start the October 2026 return for {years[0].code}")
    fill(page, "11").type("Forecast for March 2027", "125").press("Submit")
    assert "This is your next return." in page.text
    assert years[1].name in page.heading


def test_a_stand_in_submits_and_the_record_says_for_whom() -> None:
    one = collected()
    stand_in = KpiPersonFactory(kpi_year=one.kpi_year, duty=KpiPerson.Duty.STANDS_IN).user
    page = Walker(stand_in)
    assert f"Standing in for {one.user.name}" in page.row("Start the October 2026 return")
    page.follow("Start the October 2026 return")
    assert f"You are entering this for {one.user.name}. The record will say so." in page.text
    fill(page, "11").type("Forecast for March 2027", "125").press("Submit")
    assert f"submitted by {stand_in.name} for {one.user.name}" in Walker(one.user, path=one.url).text


def test_a_holder_on_leave_names_a_delegate_who_submits() -> None:
    one = collected()
    delegate = holder(Role.OFFICER)
    page = Walker(one.user).follow("Delegates", anywhere=True)
    page.type("Delegate", f"{delegate.name} ({delegate.email})")
    page.type_date("First day", date(2026, 11, 5)).type_date("Last day", date(2026, 11, 13))
    page.type("Reason (optional)", "Annual leave").press("Name delegate")
    assert delegate.name in page.text
    covering = Walker(delegate)
    assert f"Today you cover for {one.user.name}." in covering.text
    covering.follow("Start the October 2026 return")
    assert f"You are covering for {one.user.name}" in covering.text
    fill(covering, "11").type("Forecast for March 2027", "125").press("Submit")
    assert f"submitted by {delegate.name} for {one.user.name}" in Walker(one.user, path=one.url).text


def test_a_service_manager_enters_what_nobody_else_has() -> None:
    one = collected()
    manager = holder(Role.SERVICE_MANAGER, service=one.kpi_year.service)
    page = Walker(manager).follow(f"{one.kpi_year.service.name}: 0 of 1 return in for October 2026")
    page.follow(f"Start {one.kpi_year.code}")
    assert f"You are entering this for {one.user.name}" in page.text
    fill(page, "11").type("Forecast for March 2027", "125").press("Submit")
    assert "You have nothing to do at the moment" in page.visit("/").text


@pytest.mark.parametrize("role", [Role.HEAD_OF_SERVICE, Role.DIRECTOR])
def test_those_who_answer_for_a_service_read_how_it_stands_and_whom_to_ask(role: Role) -> None:
    one = collected()
    service = one.kpi_year.service
    post = {"service": service} if role is Role.HEAD_OF_SERVICE else {"directorate": service.directorate}
    page = Walker(holder(role, **post)).follow(f"{service.name}: 0 of 1 return in for October 2026")
    assert one.user.name in page.row(one.kpi_year.code)
    page.follow(one.kpi_year.code)
    assert "You can read this return but not change it." in page.text
    assert page.buttons() == []
    assert f"It is entered by {one.user.name}." in page.text
    one.post("submit")
    assert "11" in page.visit(one.url).row("Figure for October 2026")
    page.follow(f"See {one.kpi_year.name} over the year")
    assert one.kpi_year.name in page.heading
