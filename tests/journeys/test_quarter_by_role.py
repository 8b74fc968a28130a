"""A quarter by everybody else who has a part in it, in a real browser: who covers, who answers for the service, who
reads what came of it. The officer, the team and the board are in ``test_quarterly_update``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from actions.models import ActionUpdate, RecoveryOutcome
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.entering import FULL, TODAY
from tests.actions.seeing import issued
from tests.browser import sign_in
from tests.factories.actions import Q1, ActionUpdateFactory, ActionYearFactory, MilestoneFactory
from tests.factories.organisation import CouncilFactory, DelegationFactory, ServiceFactory, holder

pytestmark = pytest.mark.django_db(transaction=True)
State = ActionUpdate.State
BEHIND = "A second crew surveyed half of the site; the rest waits for drier ground."
PROMISED, OUTCOME = "A third crew starts on the east field.", "The second crew came, a month later than we said."


class Quarter:
    """Q2's updates of a service's two actions: *CPA 7* promised something in Q1, *CPA 8* did not."""

    def __init__(self, new_context: Callable[..., Any]) -> None:
        self.new_context = new_context
        CouncilFactory()
        self.service = ServiceFactory(name="Example Parks")
        self.behind = ActionYearFactory(code="CPA 7", title="A hub for clubs", service=self.service)
        self.on_track = ActionYearFactory(code="CPA 8", title="Warm homes", service=self.service)
        for action_year in (self.behind, self.on_track):
            MilestoneFactory(action=action_year.action, name="It opens", due_on=date(2026, 12, 18))
        self.promise = ActionUpdateFactory(action_year=self.behind, span=Q1, accepted=True, rag="amber")

    def page_of(self, person: User) -> Page:
        """A browser of the person's own, on their tasks."""
        page: Page = self.new_context().new_page()
        sign_in(page, person)
        page.goto("/")
        return page

    def portfolio_holder(self) -> User:
        return holder(Role.PORTFOLIO_HOLDER, portfolio=self.behind.portfolio)


@pytest.fixture
def quarter(set_today: Callable[[date], None], new_context: Callable[..., Any]) -> Quarter:
    set_today(TODAY)
    return Quarter(new_context)


def row(page: Page, words: str) -> Locator:
    return page.get_by_role("row").filter(has_text=words)


def part(page: Page, heading: str) -> Locator:
    return page.get_by_role("heading", name=heading).locator("xpath=following::table[1]")


def enter_amber(page: Page) -> None:
    page.get_by_label("What was done in July to September 2026").fill(BEHIND)
    page.get_by_label("What difference it made", exact=True).fill(
        "Two clubs of five can use the site, 40 hours a week."
    )
    page.get_by_label("Amber", exact=True).check()
    page.get_by_label("What will be done", exact=True).fill(PROMISED)
    for name, text in (("day", "30"), ("month", "11"), ("year", "2026")):
        page.locator(f'[name="recovery_by_{name}"]').fill(text)
    page.get_by_label("By whom", exact=True).fill("Estates manager")


def test_a_delegate_a_manager_and_a_head_of_service_bring_their_services_quarter_in(quarter: Quarter) -> None:
    behind, on_track = (ActionUpdateFactory(action_year=one) for one in (quarter.behind, quarter.on_track))
    officer, team = quarter.behind.responsible, holder(Role.PERFORMANCE_TEAM)

    # The delegate is told for whom, says what became of the promise, and the record says for whom it was entered.
    covering = DelegationFactory(user=officer).delegate
    delegate = quarter.page_of(covering)
    expect(delegate.get_by_text(f"Today you cover for {officer.name}.")).to_be_visible()
    delegate.get_by_role("link", name="Start the Q2 2026/27 update of CPA 7").click()
    expect(delegate.get_by_text(f"You are covering for {officer.name}. The record will say so.")).to_be_visible()
    expect(delegate.get_by_text("A second team starts.").first).to_be_visible()
    delegate.get_by_label("Partly done", exact=True).check()
    delegate.get_by_label("What came of it").fill(OUTCOME)
    enter_amber(delegate)
    delegate.get_by_role("button", name="Submit", exact=True).click()
    expect(delegate.get_by_text("Submitted: CPA 7 A hub for clubs, Q2 2026/27.")).to_be_visible()

    # The manager of the service sees what is still out, and enters it for the officer who is away.
    manager = quarter.page_of(holder(Role.SERVICE_MANAGER, service=quarter.service))
    manager.get_by_role("link", name="Example Parks: 1 of 2 updates in for Q2 2026/27").click()
    manager.get_by_role("link", name="CPA 8 Warm homes").last.click()
    manager.get_by_label("What was done in July to September 2026").fill(FULL["done"])
    manager.get_by_label("What difference it made", exact=True).fill(FULL["impact"])
    manager.get_by_label("Green", exact=True).check()
    manager.get_by_role("button", name="Submit", exact=True).click()
    expect(manager.get_by_text("Submitted: CPA 8 Warm homes, Q2 2026/27.")).to_be_visible()

    # The head of service reads both and changes neither.
    head = quarter.page_of(holder(Role.HEAD_OF_SERVICE, service=quarter.service))
    head.goto("/actions/2026-27-Q2/")
    expect(head.get_by_text("2 of 2 updates in").first).to_be_visible()
    head.get_by_role("link", name="CPA 7 A hub for clubs").click()
    expect(head.get_by_text(BEHIND)).to_be_visible()
    expect(head.get_by_text("is with the Performance Team")).to_be_visible()
    expect(head.get_by_role("button", name="Submit", exact=True)).to_have_count(0)
    expect(head.get_by_role("button", name="Take back")).to_have_count(0)

    # The reviewer reads what came of the promise, accepts, and the next one appears.
    reviewer = quarter.page_of(team)
    reviewer.get_by_role("link", name="Check the Q2 2026/27 updates: 2 to check").click()
    reviewer.get_by_role("button", name="Start checking").click()
    expect(reviewer.get_by_text(OUTCOME)).to_be_visible()
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text("CPA 7 A hub for clubs, Q2 2026/27 is accepted.")).to_be_visible()
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text("Warm homes")
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text("CPA 8 Warm homes, Q2 2026/27 is accepted.")).to_be_visible()

    for record in (behind, on_track):
        record.refresh_from_db()
        assert record.state == State.ACCEPTED
    sent = behind.transitions.get(move="submit")
    assert (sent.by, sent.on_behalf_of) == (covering, officer)
    assert RecoveryOutcome.objects.get(update=quarter.promise).result == "part"


def test_members_leaders_scrutiny_and_audit_each_read_what_is_theirs(quarter: Quarter) -> None:
    accepted = ActionUpdateFactory(
        action_year=quarter.behind,
        accepted=True,
        rag="red",
        done=BEHIND,
        rag_reason="The ground stayed wet.",
        recovery=PROMISED,
        recovery_by=date(2026, 11, 30),
        recovery_owner="Estates manager",
    )
    RecoveryOutcome.objects.create(
        update=quarter.promise,
        told_with=accepted,
        result="part",
        words=OUTCOME,
        noted_by=quarter.behind.responsible,
        noted_at=accepted.transitions.get(move="accept").at,
    )
    ActionUpdateFactory(action_year=quarter.on_track, draft=True, done="A draft nobody else reads.")

    # The portfolio holder: the quarter by portfolio, what moved and why, then whether what was promised was done.
    member = quarter.page_of(quarter.portfolio_holder())
    member.get_by_role("link", name="Q2 2026/27: how the actions stand").click()
    expect(member.get_by_text("Yours", exact=True)).to_be_visible()
    expect(row(member, PROMISED)).to_contain_text("30 November 2026")
    expect(row(member, "The ground stayed wet.")).to_contain_text("Amber")
    member.get_by_role("link", name="CPA 7 A hub for clubs").first.click()
    done = part(member, "Recovery actions and whether they were done")
    expect(done.get_by_role("row").filter(has_text="A second team starts.")).to_contain_text(OUTCOME)
    expect(member.get_by_text("A draft nobody else reads.")).to_have_count(0)

    # A director of another part of the council reads the same of every portfolio, and no draft.
    director = quarter.page_of(holder(Role.DIRECTOR))
    director.get_by_role("link", name="Q2 2026/27: how the actions stand").click()
    expect(row(director, PROMISED)).to_be_visible()
    director.get_by_role("link", name="CPA 8 Warm homes").first.click()
    expect(director.get_by_role("heading", level=1)).to_contain_text("Warm homes")
    expect(director.get_by_text("A draft nobody else reads.")).to_have_count(0)
    assert director.goto("/actions/2026-27-Q2/CPA 8/").status == 404  # type: ignore[union-attr]

    # Scrutiny reads what was issued, as it was issued, and before that nothing.
    panel = quarter.page_of(holder(Role.SCRUTINY))
    expect(panel.get_by_role("link", name="how the actions stood")).to_have_count(0)
    panel.goto("/actions/2026-27/CPA 7/")
    expect(panel.get_by_text("There is no update you can see yet.")).to_be_visible()
    issued(accepted, date(2026, 10, 8), rag="red", done="The words the panel was sent.")
    panel.goto("/")
    panel.get_by_role("link", name="Q2 2026/27: how the actions stood").click()
    panel.get_by_role("link", name="CPA 7 A hub for clubs").first.click()
    expect(panel.get_by_text("The words the panel was sent.")).to_be_visible()
    expect(panel.get_by_text(BEHIND)).to_have_count(0)
    expect(panel.get_by_text(OUTCOME)).to_have_count(0)

    # Internal audit follows one action: who, when, from what, to what.
    auditor = quarter.page_of(holder(Role.INTERNAL_AUDIT))
    auditor.get_by_role("link", name="Audit", exact=True).click()
    auditor.get_by_label("KPI, action or project, by code or name").fill("CPA 7")
    auditor.get_by_label("Kind of record").select_option(label="Move of an action's update")
    auditor.get_by_role("button", name="Apply filters").click()
    expect(row(auditor, "CPA 7 Q2 2026/27").filter(has_text="from Submitted to Accepted")).to_have_count(1)
    expect(row(auditor, "CPA 8")).to_have_count(0)
