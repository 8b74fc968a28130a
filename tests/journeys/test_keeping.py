"""Those who keep the council's own data: democratic services after an election, an administrator all year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.organisation.models import Appointment, Portfolio, Service
from hdcperf.roles import Role
from tests.factories.organisation import AppointmentFactory, CouncilFactory, PortfolioFactory, UserFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.entering import TODAY, collected

pytestmark = pytest.mark.django_db
NEW_COUNCIL = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


def test_democratic_services_reappoints_the_council_after_an_election(set_today: Callable[[date], None]) -> None:
    stays, goes = UserFactory(name="Re Elected"), UserFactory(name="Un Seated")
    for member in (stays, goes):
        AppointmentFactory(user=member, role=Role.COUNCILLOR)
    housing = PortfolioFactory(name="Housing")
    AppointmentFactory(user=goes, role=Role.PORTFOLIO_HOLDER, portfolio=housing)

    page = Walker(holder(Role.DEMOCRATIC_SERVICES))
    page.follow("Posts", anywhere=True).follow("Re-appoint councillors after an election")
    page.press("Check what will happen")
    assert "Enter an answer to “When does the new council take office?”" in page.text
    page.type_date("When does the new council take office?", NEW_COUNCIL)
    page.tick("Re Elected (since 1 April 2020)").type("New councillors", "New Member, new.member@council.example")
    page.press("Check what will happen")
    assert "Nothing has been changed yet." in page.text
    assert "ends on 8 November 2026" in page.row("Un Seated")
    assert not Appointment.objects.filter(user__email="new.member@council.example").exists()
    page.press("Re-appoint the council")

    set_today(NEW_COUNCIL)
    sits = {post.user.name for post in Appointment.objects.on(NEW_COUNCIL).filter(role=Role.COUNCILLOR)}
    assert sits == {"Re Elected", "New Member"}
    page.visit("/").follow("vacant post")
    assert "Un Seated" in page.row("Housing")


def test_an_administrator_fills_a_vacant_post_and_the_new_holder_finds_the_work() -> None:
    one = collected()
    admin = Walker(UserFactory(is_staff=True, is_superuser=True))
    newcomer = UserFactory(name="New Manager")
    admin.follow("vacant post").follow(f"Fill Service manager, {one.kpi_year.service.name}")
    # The form is begun for this post: only the person is chosen.
    post = {"role": "service_manager", "service": str(one.kpi_year.service.pk), "starts_on": "2026-11-05"}
    assert {name: admin.begun(name) for name in post} == post
    assert admin.client.post(admin.path, {**post, "user": newcomer.pk}).status_code == 302
    assert f"{one.kpi_year.service.name}: 0 of 1 return in" in Walker(newcomer).text


def test_reference_data_is_changed_in_the_admin_and_its_history_says_by_whom() -> None:
    person = UserFactory(name="Addy Example", is_staff=True, is_superuser=True)
    page = Walker(person).follow("Admin", anywhere=True)
    service = Service.objects.create(name="Waste", directorate=AppointmentFactory(role=Role.DIRECTOR).directorate)
    page.visit("/admin/organisation/service/").follow("Waste")
    renamed = {"name": "Waste and Street Scene", "directorate": service.directorate_id}
    page.client.post(page.path, {**renamed, "change_reason": "It took on the streets."})
    service.refresh_from_db()
    assert service.name == "Waste and Street Scene"
    page.visit(page.path).follow("History", anywhere=True)
    for words in ("Addy Example", "Waste and Street Scene", "It took on the streets."):
        assert words in page.text
    # The audit page has it too.
    auditor = Walker(holder(Role.INTERNAL_AUDIT), path="/audit/?kind=service")
    assert "Addy Example" in auditor.row("Waste and Street Scene")


def test_a_new_portfolio_can_be_chosen_at_once_and_one_in_use_is_not_lost() -> None:
    page = Walker(UserFactory(is_staff=True, is_superuser=True), path="/admin/organisation/portfolio/add/")
    page.client.post(page.path, {"name": "Culture"})
    culture = Portfolio.objects.get(name="Culture")
    holder(Role.PORTFOLIO_HOLDER, portfolio=culture)
    page.visit(f"/admin/organisation/portfolio/{culture.pk}/delete/")
    assert "would require deleting the following protected" in page.text or "Cannot delete" in page.text
    assert Portfolio.objects.filter(pk=culture.pk).exists()


def test_the_accessibility_statement_is_edited_in_the_admin_and_read_by_anybody() -> None:
    page = Walker(UserFactory(is_staff=True, is_superuser=True), path="/admin/organisation/statement/")
    page.follow("Accessibility statement")
    words = {"slug": "accessibility", "title": "Accessibility statement", "reviewed_on": "2026-11-05"}
    words |= {"body": "## How to reach us\n\nTelephone the *front desk*.", "change_reason": "The address changed."}
    page.client.post(page.path, words)
    anybody = Walker(path="/about/accessibility/")
    assert anybody.heading == "Accessibility statement"
    assert "Telephone the front desk" in anybody.text
