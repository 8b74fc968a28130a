"""A sign-in that runs out while a long commentary is being typed: nothing is lost, and it is typed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from kpis.models import MonthlyReturn
from tests.browser import sign_in
from tests.factories.organisation import UserFactory
from tests.kpis.entering import TODAY, collected

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "\n\n".join(f"Paragraph {number}: what the depot's two crews found on their rounds." for number in range(50))


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _typed_and_signed_out(page: Page) -> object:
    one = collected()
    sign_in(page, one.user)
    page.goto(one.url)
    page.get_by_label("Figure for October 2026", exact=True).fill("11")
    page.get_by_label("What happened", exact=True).fill(LONG)
    page.get_by_label("Why", exact=True).fill("The second crew came back from training.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    return one


def _sign_in_on_the_page(page: Page, email: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill("demo")
    with page.expect_navigation():  # until what was carried over the sign-in is posted, or is not
        page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_same_person_signs_in_and_the_draft_is_saved_whole(page: Page) -> None:
    one = _typed_and_signed_out(page)
    _sign_in_on_the_page(page, one.user.email)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    saved = MonthlyReturn.objects.get(pk=one.record.pk)
    assert (saved.what_happened, saved.value) == (LONG, 11)
    expect(page.get_by_label("What happened", exact=True)).to_have_value(LONG)


def test_somebody_else_signing_in_does_not_post_it(page: Page) -> None:
    one = _typed_and_signed_out(page)
    other = UserFactory()
    _sign_in_on_the_page(page, other.email)
    expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)
    assert MonthlyReturn.objects.get(pk=one.record.pk).state == MonthlyReturn.State.NOT_STARTED
