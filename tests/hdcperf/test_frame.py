"""The page round what a view hands to it, the pages of errors, and all pieces in a browser."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from hdcperf import ui
from tests.browser import axe, overflow
from tests.gallery import urls as gallery_urls
from tests.gallery import views

pytestmark = pytest.mark.django_db  # a page's frame names the council


def get(address: str = "/") -> HttpRequest:
    return RequestFactory().get(address)


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the Performance Team accepts returns.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A fault made for the test")


urlpatterns = [*gallery_urls.urlpatterns, path("forbidden/", forbidden), path("broken/", broken)]


class TestFrame:
    def test_every_page_says_in_demo_mode_that_the_figures_are_invented(self, settings, set_today) -> None:
        settings.DEMO_MODE = True
        set_today(date(2026, 11, 5))
        assert ui.frame(get())["demo_banner"] == (
            "Example council: the people and figures are invented. Today is taken to be 5 November 2026."
        )
        settings.DEMO_MODE = False
        assert ui.frame(get())["demo_banner"] == ""

    def test_the_footer_lists_only_pages_this_site_serves(self, settings) -> None:
        settings.ROOT_URLCONF = "tests.gallery.urls"
        assert [link.text for link in ui.frame(get())["footer_links"]] == [
            "Accessibility statement",
            "Privacy notice",
        ]
        settings.ROOT_URLCONF = "tests.hdcperf.no_urls"
        assert ui.frame(get())["footer_links"] == ()

    def test_signing_out_is_a_post(self) -> None:
        context = {"user": SimpleNamespace(is_authenticated=True, name="A Person"), "signed_in_role": "Auditor"}
        shown = render_to_string("components/header.html", context, get())
        assert "Signed in as <strong>A Person</strong>, Auditor" in shown
        assert '<form class="app-header__person" method="post"' in shown

    def test_the_title_names_the_page_and_then_the_product(self) -> None:
        page = "{% extends 'base.html' %}{% block title %}Board{% endblock %}"
        shown = engines["django"].from_string(page).render({})
        assert "<title>Board - Council performance</title>" in shown
        assert '<html lang="en-GB"' in shown
        assert shown.count("<script") == 1
        assert "style=" not in shown


@pytest.mark.urls("tests.hdcperf.test_frame")
class TestErrorPages:
    @pytest.fixture(autouse=True)
    def _anybody(self, settings) -> None:
        settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SignInRequired" not in each]

    def test_not_found_and_not_allowed_are_different_pages(self, client) -> None:
        missing, refused = client.get("/nowhere/"), client.get("/forbidden/")
        assert (missing.status_code, refused.status_code) == (404, 403)
        assert "Page not found" in missing.content.decode()
        assert "Only the Performance Team accepts returns." in refused.content.decode()

    def test_a_fault_page_needs_nothing_of_the_request(self, client) -> None:
        client.raise_request_exception = False
        response = client.get("/broken/")
        assert response.status_code == 500
        assert "Sorry, something went wrong" in response.content.decode()

    def test_an_expired_page_shows_what_was_typed_but_no_password_or_token(self, rf) -> None:
        typed = {
            "what_next": "Rain <b>",
            "new_password": "hunter2",
            "next": "/abc/",
            "csrfmiddlewaretoken": "abc",
            "empty": " ",
        }
        request = rf.post("/returns/2026-10/PI-10/", typed)
        shown = render_to_string("403_csrf.html", {}, request)
        assert "Rain &lt;b&gt;</textarea>" in shown
        assert 'href="/returns/2026-10/PI-10/"' in shown
        assert "hunter2" not in shown
        assert "abc" not in shown
        assert shown.count("<textarea") == 1

    def test_the_expired_page_is_what_a_refused_token_gives(self, settings) -> None:
        from django.test import Client

        response = Client(enforce_csrf_checks=True).post("/gallery/form/", {"commentary": "Kept words"})
        assert response.status_code == 403
        assert "Kept words</textarea>" in response.content.decode()


@pytest.mark.urls("tests.gallery.urls")
class TestInChromium:
    @pytest.fixture(params=sorted(views.PAGES))
    def address(self, request) -> str:
        return f"/gallery/{request.param}/"

    def test_every_component_passes_axe_at_desktop_width(self, page: BrowserPage, address: str) -> None:
        page.goto(address)
        assert axe(page) == []
        assert overflow(page) <= 0

    def test_every_component_passes_axe_and_reflows_at_320_pixels(
        self, narrow_page: BrowserPage, address: str
    ) -> None:
        narrow_page.goto(address)
        assert axe(narrow_page) == []
        assert overflow(narrow_page) <= 0

    def test_a_choice_reveals_its_questions_without_javascript(self, plain_page: BrowserPage) -> None:
        plain_page.goto("/gallery/form/")
        reason = plain_page.get_by_label("Why there is no data")
        expect(reason).to_be_hidden()
        plain_page.get_by_label("No data yet").check()
        expect(reason).to_be_visible()
        plain_page.get_by_label("This is a correction of an earlier figure").check()
        expect(plain_page.get_by_label("What was wrong")).to_be_visible()

    def test_each_line_of_the_error_summary_leads_to_something_that_takes_the_focus(self, page: BrowserPage) -> None:
        page.goto("/gallery/form-errors/")
        links = page.locator(".govuk-error-summary__list a")
        assert links.count() == 7
        for number in range(links.count()):
            target = links.nth(number).get_attribute("href")
            links.nth(number).click()
            expect(page.locator(str(target))).to_be_focused()

    def test_the_page_title_says_error_first_and_the_summary_takes_the_focus(self, page: BrowserPage) -> None:
        page.goto("/gallery/form-errors/")
        expect(page).to_have_title("Error: Enter a return - Council performance")
        expect(page.locator(".govuk-error-summary")).to_be_focused()

    def test_characters_left_are_counted_as_the_server_counts_them(self, page: BrowserPage) -> None:
        page.goto("/gallery/form/")
        page.get_by_label("What happened").fill("one\ntwo 🌧")
        page.get_by_text("You have 190 characters remaining").first.wait_for(state="attached")

    def test_the_skip_link_is_the_first_stop_of_the_keyboard(self, page: BrowserPage) -> None:
        page.goto("/gallery/missing/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#main-content")).to_be_focused()

    def test_a_wide_table_scrolls_with_the_keyboard_alone(self, narrow_page: BrowserPage) -> None:
        narrow_page.goto("/gallery/table/")
        region = narrow_page.get_by_role("region", name="Returns for October 2026")
        region.focus()
        for _ in range(5):
            narrow_page.keyboard.press("ArrowRight")
        narrow_page.wait_for_function("document.querySelector('.app-scroll').scrollLeft > 0")

    def test_paper_carries_the_content_and_no_buttons(self, page: BrowserPage) -> None:
        page.goto("/gallery/components/")
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("button", name="Accept")).to_be_hidden()
        expect(page.get_by_text("Amber").first).to_be_visible()
