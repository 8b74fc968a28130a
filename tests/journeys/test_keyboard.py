"""One return with the keyboard alone, on the example council behind a real server: the officer from sign-in to handed
in, the Performance Team from sign-in to accepted (framework C.2).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

NAME_OF_FOCUS = """() => {
  const at = document.activeElement
  if (at === document.body) return ''
  const label = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText
  return (label || at.getAttribute('aria-label') || '').replace(/\\s+/g, ' ').trim()
}"""
FURTHEST = 70
"""Tabs after which somebody would have given up."""


class Keyboard:
    """Somebody without a pointer: what Tab does not reach cannot be used. Counts the keys that are not words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def reach(self, name: str) -> None:
        """Tab to what is called ``name``, or begins so."""
        for _ in range(FURTHEST):
            self.press("Tab")
            if self.page.evaluate(NAME_OF_FOCUS).startswith(name):
                return
        pytest.fail(f"Tab does not reach {name!r} on {self.page.url}")

    def type(self, name: str, words: str) -> None:
        self.reach(name)
        self.page.keyboard.type(words)

    def enter(self) -> None:
        """Press Enter where the focus is, and arrive: the page's scripts have run when it is loaded."""
        with self.page.expect_navigation():
            self.press("Enter")

    def skip_to_content(self) -> None:
        self.reach("Skip to main content")
        self.press("Enter")

    def sign_in(self, email: str) -> None:
        self.page.goto("/")
        self.type("Email address", email)
        self.type("Password", "demo")
        self.enter()


@pytest.fixture
def keyboard(own_example_site: str, new_context: Callable[..., BrowserContext]) -> Callable[[], Keyboard]:
    """Make somebody with a browser of their own at the example council."""
    return lambda: Keyboard(new_context(base_url=own_example_site).new_page())


def test_an_officer_hands_in_and_the_team_accepts_without_a_pointer(keyboard: Callable[[], Keyboard]) -> None:
    officer = keyboard()
    officer.sign_in("customer-services@example.example")
    officer.reach("Start the October 2026 return for KPI 26")
    officer.enter()
    before = officer.keys
    officer.skip_to_content()
    officer.reach("Done")  # the radio buttons are one stop; the arrows choose among them
    officer.press("ArrowDown")
    officer.type("What came of it", "Half the reminders now go out over ten days.")
    officer.type("Figure for October 2026", "104")
    expect(officer.page.locator('[data-part="figures"]')).to_contain_text("Green")
    officer.type("What happened", "Callers waited 104 seconds on average, down from 121 in September.")
    officer.type("Why", "Two new advisers take calls on their own.")
    officer.type("Forecast for March 2027", "117")
    officer.reach("Submit")
    officer.enter()
    expect(officer.page.get_by_text("Submitted: KPI 26")).to_be_visible()
    # What the page itself costs somebody whose month is green, beside the words.
    assert officer.keys - before <= 30

    reviewer = keyboard()
    reviewer.sign_in("performance-team@demo.example")
    reviewer.reach("Check the October 2026 returns")
    reviewer.enter()
    reviewer.skip_to_content()
    reviewer.reach("KPI 26")
    reviewer.enter()
    expect(reviewer.page.get_by_role("heading", level=1)).to_contain_text("Check October 2026")
    reviewer.press("a")
    assert reviewer.page.evaluate(NAME_OF_FOCUS) == "Accept"
    reviewer.enter()
    expect(
        reviewer.page.get_by_text("KPI 26 Time callers wait to be answered, October 2026 is accepted.")
    ).to_be_visible()
    # The next one is there at once: two keys a return.
    following = reviewer.page.url
    reviewer.press("a")
    reviewer.enter()
    expect(reviewer.page).not_to_have_url(following)
    reviewer.press("c")
    assert reviewer.page.evaluate("document.activeElement.name") == "about"

    officer.page.goto("/returns/2026-10/KPI 26/")
    expect(officer.page.get_by_text("This return was accepted by Perry Placeholder")).to_be_visible()
