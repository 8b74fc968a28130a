"""The browser that the suite drives: shut in, and signed in without typing."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Error, Page, expect

from tests.browser import axe, overflow, sign_in


def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")


@pytest.mark.django_db
def test_sign_in_makes_the_browser_that_person(page: Page) -> None:
    person = get_user_model().objects.create_superuser(email="browser@demo.example", name="Bea Browser")
    assert page.goto("/admin/").url.endswith("/sign-in/?next=/admin/")
    sign_in(page, person)
    assert page.goto("/admin/").url.endswith("/admin/")
    expect(page.get_by_text("Bea Browser").first).to_be_visible()


def test_axe_sees_a_fault_and_passes_a_sound_page(page: Page) -> None:
    page.set_content("<!doctype html><html lang=en><title>T</title><main><h1>T</h1><img src='data:,'></main>")
    assert [fault.split(":")[0] for fault in axe(page)] == ["image-alt"]
    page.set_content("<!doctype html><html lang=en><title>T</title><main><h1>T</h1></main>")
    assert axe(page) == []


def test_overflow_is_measured_at_320_pixels(narrow_page: Page) -> None:
    narrow_page.set_content("<!doctype html><body style='margin:0'><div style='width:400px'>wide</div>")
    assert overflow(narrow_page) == 80
    narrow_page.set_content("<!doctype html><body style='margin:0'><div>narrow</div>")
    assert overflow(narrow_page) == 0


def test_pages_can_be_met_without_javascript(plain_page: Page) -> None:
    plain_page.set_content("<!doctype html><title>before</title><noscript>no scripts</noscript>")
    expect(plain_page.get_by_text("no scripts")).to_be_visible()
