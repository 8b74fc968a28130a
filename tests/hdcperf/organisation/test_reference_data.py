"""Reference data kept in the admin: every change says who and why, and the example says that it is one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hdcperf.organisation.models import Framework, Service, User
from tests.factories.organisation import DirectorateFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser(email="keeper@demo.example", name="Keeper Example")


@pytest.fixture
def keeping(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def last(record: Any) -> tuple[str, str, str]:
    row = record.history.latest()
    return row.history_type, row.history_by_name, row.history_change_reason


def test_a_change_without_a_reason_is_refused_and_keeps_what_was_typed(keeping: Client) -> None:
    service = ServiceFactory(name="Parks")
    address = f"/admin/organisation/service/{service.pk}/change/"
    answer = keeping.post(address, {"name": "Parks and trees", "directorate": service.directorate_id})
    form = answer.context["adminform"].form
    assert form.errors == {"change_reason": ["Say why it changes: whoever reads the history needs to know."]}
    assert form["name"].value() == "Parks and trees"
    service.refresh_from_db()
    assert service.name == "Parks"


def test_a_change_is_kept_with_who_and_why(keeping: Client) -> None:
    service = ServiceFactory(name="Parks")
    typed = {"name": "Parks and trees", "directorate": service.directorate_id, "change_reason": "It took on trees."}
    keeping.post(f"/admin/organisation/service/{service.pk}/change/", typed)
    assert last(service) == ("~", "Keeper Example", "It took on trees.")


def test_what_is_new_needs_no_reason(keeping: Client) -> None:
    keeping.post("/admin/organisation/service/add/", {"name": "Trees", "directorate": DirectorateFactory().pk})
    assert last(Service.objects.get(name="Trees")) == ("+", "Keeper Example", "Made in the admin")


def test_rows_below_carry_the_reason_of_the_page_changed_made_and_taken_out(keeping: Client) -> None:
    framework = Framework.objects.get(slug="best-value")
    first, second, *others = framework.themes.all()
    typed: dict[str, Any] = {"name": framework.name, "slug": framework.slug, "theme_noun": framework.theme_noun}
    rows = [first, second, *others]
    typed |= {"themes-TOTAL_FORMS": len(rows) + 1, "themes-INITIAL_FORMS": len(rows)}
    for place, theme in enumerate(rows):
        typed |= {f"themes-{place}-id": theme.pk, f"themes-{place}-framework": framework.pk}
        typed |= {f"themes-{place}-number": theme.number, f"themes-{place}-name": theme.name}
    typed["themes-0-name"] = "A new name"
    typed["themes-1-DELETE"] = "on"
    typed |= {f"themes-{len(rows)}-number": 99, f"themes-{len(rows)}-name": "A theme more"}
    typed["change_reason"] = "The guidance was rewritten."
    answer = keeping.post(f"/admin/organisation/framework/{framework.pk}/change/", typed)
    assert answer.status_code == 302, answer.context["errors"]
    why = "The guidance was rewritten."
    assert last(first) == ("~", "Keeper Example", why)
    taken_out = type(second).history.filter(id=second.pk).latest()
    assert (taken_out.history_type, taken_out.history_change_reason) == ("-", why)
    assert last(framework.themes.get(number=99)) == ("+", "Keeper Example", why)


def test_a_deletion_says_where_it_was_done(keeping: Client) -> None:
    service = ServiceFactory()
    keeping.post(f"/admin/organisation/service/{service.pk}/delete/", {"post": "yes"})
    row = Service.history.filter(id=service.pk).latest()
    assert (row.history_type, row.history_by_name, row.history_change_reason) == (
        "-",
        "Keeper Example",
        "Deleted in the admin",
    )


def test_several_deleted_together_each_leave_history(keeping: Client) -> None:
    services = [ServiceFactory(), ServiceFactory()]
    typed = {"action": "delete_selected", "post": "yes", "_selected_action": [one.pk for one in services]}
    keeping.post("/admin/organisation/service/", typed)
    assert not Service.objects.exists()
    assert Service.history.filter(history_type="-", history_change_reason="Deleted in the admin").count() == 2


def test_a_person_changed_says_why_too(keeping: Client) -> None:
    person = User.objects.create_user(email="one@demo.example", name="One Example", password="long-enough-example")
    typed = {"email": "one@demo.example", "name": "One Other", "is_active": "on"}
    address = f"/admin/organisation/user/{person.pk}/change/"
    assert "change_reason" in keeping.post(address, typed).context["adminform"].form.errors
    keeping.post(address, {**typed, "change_reason": "Married."})
    assert last(person) == ("~", "Keeper Example", "Married.")


def test_the_history_page_names_who_and_why(keeping: Client) -> None:
    service = ServiceFactory(name="Parks")
    typed = {"name": "Parks and trees", "directorate": service.directorate_id, "change_reason": "It took on trees."}
    keeping.post(f"/admin/organisation/service/{service.pk}/change/", typed)
    page = keeping.get(f"/admin/organisation/service/{service.pk}/history/").content.decode()
    assert "Keeper Example" in page
    assert "It took on trees." in page
    assert "style=" not in page, "the content security policy stops inline styles"


def test_the_example_says_in_the_admin_too_that_it_is_one(keeping: Client, settings: Any) -> None:
    settings.DEMO_MODE = True
    assert "Example council: the people and figures are invented" in keeping.get("/admin/").content.decode()
    settings.DEMO_MODE = False
    assert "Example council" not in keeping.get("/admin/").content.decode()
