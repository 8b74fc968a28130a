"""A month's return in a real browser: the preview while typing, the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from kpis.models import MonthlyReturn
from kpis.operations.checking import raise_challenge
from tests.browser import sign_in
from tests.kpis.entering import AMBER, FULL, TODAY, Collected, collected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _open(page: Page, one: Collected) -> None:
    sign_in(page, one.user)
    page.goto(one.url)


def test_the_rag_appears_while_typing_and_nothing_is_saved(page: Page) -> None:
    one = collected()
    _open(page, one)
    standing = page.locator('[data-part="figures"]')
    expect(standing).to_contain_text("No data")
    page.get_by_label("Figure for October 2026", exact=True).fill("4")
    expect(standing).to_contain_text("Amber")
    expect(standing).to_contain_text("64")
    expect(page.locator("[data-said]")).to_contain_text("This month 4, year to date 64: Amber")
    page.get_by_label("What happened", exact=True).fill("Four were counted.")
    expect(page.locator('[data-part="published"]')).to_contain_text("Four were counted.")
    page.get_by_label("Figure for October 2026", exact=True).fill("4 or 5")
    expect(standing).to_contain_text("is not a number")
    assert one.now().state == MonthlyReturn.State.NOT_STARTED


def test_a_suggested_forecast_is_taken_over_with_its_rag(page: Page) -> None:
    one = collected()
    _open(page, one)
    page.get_by_label("Figure for October 2026", exact=True).fill("10")
    page.get_by_role("button", name="as the forecast (From the rate so far)").click()
    expect(page.get_by_label("Forecast for March 2027")).to_have_value("120")
    expect(page.get_by_label("How it was made")).to_have_value("run_rate")
    expect(page.locator('[data-part="forecast"]')).to_contain_text("Green")


def test_a_return_is_entered_and_submitted_with_the_keyboard_alone(page: Page) -> None:
    one = collected()
    _open(page, one)

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name + '=' + document.activeElement.value").startswith(name):
                return
        pytest.fail(f"Tab does not reach {name}")

    for box in ("value", "what_happened", "why", "forecast"):
        tab_to(f"{box}=")
        page.keyboard.type(FULL[box])
    tab_to("move=submit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Submitted: ")).to_be_visible()
    assert one.now().state == MonthlyReturn.State.SUBMITTED


def test_enter_in_a_box_never_submits_the_return(page: Page) -> None:
    one = collected()
    _open(page, one)
    page.get_by_label("Figure for October 2026", exact=True).fill("11")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    expect(page.get_by_label("Figure for October 2026", exact=True)).to_have_value("11")
    assert one.now().state == MonthlyReturn.State.NOT_STARTED


def test_enter_in_a_box_never_sends_an_answer(page: Page) -> None:
    one = collected()
    one.post("submit", **AMBER)
    raise_challenge(one.now(), about="commentary", reason="unclear", question="Which crew?", by=one.reviewer)
    _open(page, one)
    page.get_by_label("Your answer about the commentary").fill("The third, and it")
    page.get_by_label("Owner", exact=True).press("Enter")
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    expect(page.get_by_label("Your answer about the commentary")).to_have_value("The third, and it")
    assert one.now().state == MonthlyReturn.State.CHALLENGED


def test_without_javascript_the_figures_are_checked_by_a_button(plain_page: Page) -> None:
    one = collected()
    _open(plain_page, one)
    plain_page.get_by_label("Figure for October 2026", exact=True).fill("4")
    plain_page.get_by_role("button", name="Check these figures").click()
    expect(plain_page.locator('[data-part="figures"]')).to_contain_text("Amber")
