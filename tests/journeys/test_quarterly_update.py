"""A quarter in a real browser: each role from opening it to acceptance; the keyboard alone; without scripts; axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.models import ActionUpdate
from actions.operations.checking import accept, escalate, raise_challenge
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.entering import FULL, TODAY, updated
from tests.browser import axe, overflow, sign_in
from tests.factories.actions import ActionYearFactory, MilestoneFactory, UpdateRevisionFactory
from tests.factories.organisation import CouncilFactory, holder

pytestmark = pytest.mark.django_db(transaction=True)
QUARTER = "/actions/2026-27-Q2/"
State = ActionUpdate.State


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def test_a_quarter_from_opening_it_to_acceptance(new_context: Callable[..., Any]) -> None:
    """The team opens it; the officer hands in; it is returned, answered, disputed, ruled on, and accepted."""
    CouncilFactory()
    action_year = ActionYearFactory(code="CPA 7", title="A hub for clubs")
    MilestoneFactory(action=action_year.action, name="The hub opens")
    team, board = holder(Role.PERFORMANCE_TEAM), holder(Role.BOARD)

    def page_of(person: User) -> Page:
        page: Page = new_context().new_page()
        sign_in(page, person)
        page.goto("/")
        return page

    opening = page_of(team)
    opening.get_by_role("link", name="Open Q2 2026/27 for updates").click()
    opening.get_by_role("button", name="Open Q2 2026/27").click()
    expect(opening.get_by_text("Q2 2026/27 is open: 1 update created.")).to_be_visible()

    officer = page_of(action_year.responsible)
    officer.get_by_role("link", name="Start the Q2 2026/27 update of CPA 7").click()
    officer.get_by_label("What was done in July to September 2026").fill(FULL["done"])
    officer.get_by_label("What difference it made", exact=True).fill("The site is tidy.")
    officer.get_by_label("Green", exact=True).check()
    officer.get_by_role("button", name="Submit", exact=True).click()
    expect(officer.get_by_text("Submitted: CPA 7 A hub for clubs, Q2 2026/27.")).to_be_visible()

    reviewer = page_of(team)
    reviewer.get_by_role("link", name="Check the Q2 2026/27 updates: 1 to check").click()
    reviewer.get_by_role("button", name="Start checking").click()
    reviewer.get_by_text("Return it, saying what is missing").click()
    reviewer.get_by_label("Say what difference it made to residents").check()
    reviewer.get_by_role("button", name="Return the update").click()
    expect(reviewer.get_by_text("was returned, saying what is missing.")).to_be_visible()

    officer.goto("/")
    officer.get_by_role("link", name="Answer a challenge about the Q2 2026/27 update").click()
    expect(officer.get_by_text("with a figure or how you know").first).to_be_visible()
    officer.get_by_label("What difference it made", exact=True).fill(FULL["impact"])
    officer.get_by_label("Your answer about the whole update").fill("Three clubs have signed.")
    officer.get_by_role("button", name="Send your answer").click()
    expect(officer.get_by_text("Your answer was sent to the Performance Team.")).to_be_visible()

    officer.get_by_text("Ask the board to decide").click()
    officer.get_by_label("Why the board should decide").fill("We were told it was enough.")
    with officer.expect_navigation():  # so that it is with the board before a member looks
        officer.get_by_role("button", name="Escalate to the board").click()
    ruling = page_of(board)
    ruling.get_by_role("link", name="Decide the dispute about the Q2 2026/27 update").click()
    ruling.get_by_label("It stands as it is").check()
    ruling.get_by_label("The decision in words").fill("It says enough now.")
    ruling.get_by_role("button", name="Record the board's decision").click()
    expect(ruling.get_by_text("The board's decision is recorded.")).to_be_visible()

    reviewer.goto(f"{QUARTER}CPA 7/review/")
    expect(reviewer.get_by_text("It says enough now.").first).to_be_visible()
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text("is accepted.")).to_be_visible()
    record = ActionUpdate.objects.get()
    assert (record.state, record.rag, record.next_milestone) == (State.ACCEPTED, "green", "The hub opens")
    officer.goto(f"{QUARTER}CPA 7/")
    expect(officer.get_by_text("This update was accepted")).to_be_visible()


def test_an_update_is_entered_and_submitted_with_the_keyboard_alone(page: Page) -> None:
    one = updated()
    sign_in(page, one.user)
    page.goto(one.url)

    def tab_to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            at = page.evaluate("(document.activeElement.name || '') + '=' + document.activeElement.value")
            if at.startswith(name):
                return
        pytest.fail(f"Tab does not reach {name}")

    tab_to("done=")
    page.keyboard.type(FULL["done"])
    tab_to("impact=")
    page.keyboard.type(FULL["impact"])
    tab_to(f"milestone_{one.tender.pk}=")
    page.keyboard.press("Space")
    for part, text in (("day", "20"), ("month", "9"), ("year", "2026")):
        tab_to(f"milestone_{one.tender.pk}_reached_{part}=")
        page.keyboard.type(text)
    tab_to("rag=")
    page.keyboard.press("Space")
    tab_to("move=submit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Submitted: ")).to_be_visible()
    assert one.now().state == State.SUBMITTED


def test_without_scripts_a_colour_asks_for_what_it_needs_and_for_the_reason_only_when_it_moves(
    plain_page: Page,
) -> None:
    one = updated(last="green")
    sign_in(plain_page, one.user)
    plain_page.goto(one.url)
    reason, recovery, achieved = (
        plain_page.get_by_label(label, exact=True)
        for label in ("Why the colour moved", "What will be done", "What was achieved")
    )
    shown = {
        "Green": (False, False, False),
        "Amber": (True, True, False),
        "Red": (True, True, False),
        "Completed": (False, False, True),
        "Not started": (True, False, False),
    }
    for colour, expected in shown.items():
        plain_page.get_by_label(colour, exact=True).check()
        for box, is_shown in zip((reason, recovery, achieved), expected, strict=True):
            expect(box, f"{box} when {colour}").to_be_visible(visible=is_shown)
    plain_page.get_by_label("Reached", exact=True).first.check()
    expect(plain_page.locator(f'[name="milestone_{one.tender.pk}_reached_day"]')).to_be_visible()


def test_what_does_not_fit_is_said_while_typing_and_nothing_is_saved(page: Page) -> None:
    one = updated()
    sign_in(page, one.user)
    page.goto(one.url)
    page.get_by_label("Green", exact=True).check()
    page.get_by_label("What was done in July to September 2026").fill("The works are behind schedule in two places.")
    expect(page.locator('[data-part="flags"]')).to_contain_text("“behind schedule”")
    expect(page.locator('[data-part="published"]')).to_contain_text("The works are behind schedule in two places.")
    assert one.now().version == one.record.version


def test_enter_in_a_box_submits_nothing(page: Page) -> None:
    one = updated()
    sign_in(page, one.user)
    page.goto(one.url)
    page.get_by_label("Amber", exact=True).check()
    page.get_by_label("By whom").fill("Estates manager")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    assert one.now().state == State.NOT_STARTED


def test_every_state_of_the_pages_is_accessible_at_both_widths(page: Page, narrow_page: Page) -> None:
    one = updated(last="amber")
    board = holder(Role.BOARD)

    def look(person: User, *paths: str) -> None:
        for view in (page, narrow_page):
            sign_in(view, person)
            for path in paths:
                view.goto(path)
                for fold in view.locator("details").all():
                    fold.evaluate("fold => { fold.open = true }")
                assert axe(view) == [], path
                assert overflow(view) <= 0, path

    officer, team = one.user, one.reviewer
    look(officer, one.url, QUARTER)
    sign_in(page, officer)
    page.goto(one.url)
    page.get_by_label("Red", exact=True).check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert axe(page) == []
    opened = one.now().version
    one.post("save", impact="A colleague's words.")
    reply = one.client().post(one.url, {"version": str(opened), **one.typed(impact="Mine."), "move": "save"})
    assert reply.status_code == 409
    one.post("submit", rag_reason="A second crew came.")
    look(team, one.address("action-review"), QUARTER, "/quarters/", "/quarters/2026-27-Q2/")
    challenge = raise_challenge(one.now(), about="whole", reason="unclear", question="How many?", by=team)
    look(officer, one.url)
    escalate(challenge, reason="We cannot agree.", by=officer)
    look(board, one.address("action-ruling"), one.url)
    other = updated()
    other.post("submit")
    record = accept(other.now(), by=other.reviewer)
    revision = UpdateRevisionFactory(update=record)
    look(other.reviewer, other.url, other.address("action-revise"), f"/actions/revisions/{revision.pk}/")
    look(other.reviewer, "/actions/revisions/", one.address("action-lock-exception"))
