"""Vacant posts, and posts about to end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from hdcperf.organisation.models import User
from hdcperf.organisation.queries import SHOULD_BE_HELD, posts_ending, vacancies
from hdcperf.roles import Role, ScopeKind
from tests.factories.organisation import AppointmentFactory, PortfolioFactory, ServiceFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def vacant() -> set[tuple[Role, str]]:
    return {(one.role, str(one.scope or "")) for one in vacancies(TODAY)}


class TestVacancies:
    def test_every_scope_needs_its_posts(self) -> None:
        ServiceFactory(name="Waste", directorate__name="Place")
        PortfolioFactory(name="Bins")
        council_wide = {(role, "") for role in SHOULD_BE_HELD if role.scope_kind is ScopeKind.COUNCIL}
        assert vacant() == council_wide | {
            (Role.DIRECTOR, "Place"),
            (Role.HEAD_OF_SERVICE, "Waste"),
            (Role.SERVICE_MANAGER, "Waste"),
            (Role.PORTFOLIO_HOLDER, "Bins"),
        }

    @pytest.mark.parametrize(
        ("starts", "ends", "is_vacant"),
        [
            (TODAY, TODAY, False),
            (TODAY - DAY, None, False),
            (TODAY + DAY, None, True),
            (TODAY - DAY * 2, TODAY - DAY, True),
        ],
    )
    def test_a_post_is_vacant_outside_its_dates(self, starts: date, ends: date | None, is_vacant: bool) -> None:
        holder(Role.SECTION_151, starts_on=starts, ends_on=ends)
        assert ((Role.SECTION_151, "") in vacant()) is is_vacant

    def test_a_post_whose_holder_cannot_sign_in_is_vacant(self) -> None:
        holder(Role.SECTION_151, user=UserFactory(is_active=False))
        assert (Role.SECTION_151, "") in vacant()

    def test_a_post_of_another_service_does_not_fill_it(self) -> None:
        ServiceFactory(name="Waste")
        holder(Role.SERVICE_MANAGER, service=ServiceFactory(name="Leisure"))
        assert (Role.SERVICE_MANAGER, "Waste") in vacant()
        assert (Role.SERVICE_MANAGER, "Leisure") not in vacant()

    def test_it_says_who_held_it_last(self) -> None:
        AppointmentFactory(role=Role.SECTION_151, starts_on=TODAY - DAY * 9, ends_on=TODAY - DAY * 5)
        last = AppointmentFactory(role=Role.SECTION_151, starts_on=TODAY - DAY * 4, ends_on=TODAY - DAY)
        assert next(one for one in vacancies(TODAY) if one.role is Role.SECTION_151).last == last

    def test_ten_services_cost_no_more_than_one(self, django_assert_num_queries: object) -> None:
        for _ in range(10):
            ServiceFactory()
        with django_assert_num_queries(4):  # type: ignore[operator]
            assert len(vacancies(TODAY)) > 20


@pytest.mark.parametrize(("days", "soon"), [(0, True), (60, True), (61, False), (-1, False)])
def test_posts_ending_within_60_days_are_listed(days: int, soon: bool) -> None:
    post = AppointmentFactory(ends_on=TODAY + DAY * days)
    assert (post in posts_ending(TODAY)) is soon


class TestPage:
    def test_lists_vacancies_for_democratic_services(self, client: Client) -> None:
        client.force_login(holder(Role.DEMOCRATIC_SERVICES))
        ServiceFactory(name="Example Waste")
        page = client.get("/posts/").content.decode()
        assert "Example Waste" in page
        assert "An administrator fills a post in the admin." in page

    def test_gives_an_administrator_the_way_to_fill_them(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("admin@council.example", "Ada Example", "demo"))
        service = ServiceFactory()
        page = client.get("/posts/").content.decode()
        begun = f"role=service_manager&amp;starts_on=2026-11-05&amp;service={service.pk}"
        address = f"/admin/organisation/appointment/add/?{begun}"
        assert address in page
        assert client.get(address.replace("&amp;", "&")).status_code == 200

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEMOCRATIC_SERVICES])
    def test_is_for_nobody_else(self, client: Client, role: Role) -> None:
        client.force_login(holder(role))
        assert client.get("/posts/").status_code == 403
        assert client.get("/posts/councillors/").status_code == 403
        assert client.post("/posts/councillors/", {"step": "confirm"}).status_code == 403
