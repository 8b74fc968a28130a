"""A yearly refresh from its beginning to the plan for the year, by everybody it takes, through the pages alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from actions.models import Action, ActionYear, DateChange, Milestone, PlanYear
from hdcperf.roles import Role
from tests.actions.seeing import Q2, TODAY, with_quarters
from tests.browser import sign_in
from tests.factories.actions import ActionYearFactory, MilestoneFactory, PlanYearFactory, round_of_quarter
from tests.factories.organisation import holder
from tests.factories.plan import PlanDecisionFactory, plan_year_in
from tests.kpis.seeing import signed_in, text_of
from tests.sitewide.test_pages_accessible import faults

pytestmark = pytest.mark.django_db(transaction=True)

SET = "/actions/plan/2027-28/"


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """This year's plan, and those who refresh it."""

    def __init__(self) -> None:
        PlanYearFactory(year=2026)
        self.kept = ActionYearFactory(code="CPA1", title="Warm homes", due_on=date(2028, 3, 31))
        self.amended = ActionYearFactory(code="CPA2", title="Listening to residents")
        self.done = ActionYearFactory(code="CPA3", title="Green skills")
        self.dropped = ActionYearFactory(code="CPA4", title="A second site")
        self.kept_too = ActionYearFactory(code="CPA5", title="Nature recovery", due_on=date(2028, 3, 31))
        MilestoneFactory(action=self.amended.action, name="Survey sent", due_on=date(2027, 2, 26))
        with_quarters(self.done, q2="completed")
        round_of_quarter(Q2)
        self.team_member = holder(Role.PERFORMANCE_TEAM, user__name="Tess Team")
        self.manager_of_amended = holder(Role.SERVICE_MANAGER, service=self.amended.service, user__name="Mo Manager")
        self.clerk_person = holder(Role.DEMOCRATIC_SERVICES, user__name="Cleo Clerk")
        self.team = signed_in(self.team_member)
        self.manager = signed_in(self.manager_of_amended)
        self.clerk = signed_in(self.clerk_person)

    @property
    def set(self) -> PlanYear:
        return PlanYear.objects.get(year=2027)


def posted(client: Client, address: str, /, **data: Any) -> str:
    """Post the form; the answer is a redirection, or the page says what was wrong and the test with it."""
    answer = client.post(address, data)
    said = re.findall(r"govuk-error-summary__list.*?</ul>", answer.content.decode(), re.S)
    assert answer.status_code == 302, f"{address}: {answer.status_code} {said}"
    return text_of(client, answer["Location"])


def as_offered(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """The form of the page as it is offered, with ``changes``."""
    found: dict[str, Any] = {}
    for one in client.get(address).context["form"]:
        value = one.value()
        if isinstance(value, date):
            found |= _day(one.html_name, value)
        elif value is not None:
            found[one.html_name] = getattr(value, "pk", value)
    return found | changes


def _day(name: str, value: date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def decide(world: World, by: Client, met_on: date, **more: Any) -> str:
    typed = {"kind": "agreed", "minute": "41", "wording": "That the set be agreed.", **_day("met_on", met_on)}
    return posted(by, f"{SET}decision/", **(typed | more))


def onward(world: World, move: str) -> str:
    return posted(world.team, SET, move=move, version=world.set.version)


def drawn_up(world: World) -> None:
    """Every action answered for: by its own service, and by the team for the rest."""
    posted(world.team, "/actions/plan/begin/", year="2027-28")
    page = text_of(world.manager, SET)
    assert "Say what becomes of" in page
    amend = f"{SET}actions/{world.amended.action.reference}/amend/"
    typed = as_offered(
        world.manager,
        amend,
        wording="Listen to residents in every town, twice a year.",
        milestones="30 April 2027, Survey sent\n30 September 2027, What was heard is published",
        proposal_reason="One survey was not enough.",
        mtfs_line="Communities (revenue)",
        **_day("due_on", date(2028, 3, 31)),
    )
    posted(world.manager, amend, **typed)
    done = f"{SET}actions/{world.done.action.reference}/"
    offered = as_offered(world.team, done)
    assert (offered["proposal"], offered["achieved"]) == ("complete", "Every example is followed.")
    posted(world.team, done, **offered)
    gone = f"{SET}actions/{world.dropped.action.reference}/"
    posted(world.team, gone, version=0, proposal="drop", dropped_why="The owner sold it.")
    posted(world.team, f"{SET}carry/", action=[world.kept.action_id, world.kept_too.action_id])
    new = as_offered(
        world.team,
        f"{SET}new/",
        title="Help for carers",
        wording="Open a drop-in for unpaid carers in each town.",
        control="enable",
        outcome=world.kept.outcome_id,
        service=world.kept.service_id,
        portfolio=world.kept.portfolio_id,
        responsible=world.kept.responsible_id,
        success="Carers say they get a break.",
        mtfs_line="Communities (revenue)",
        milestones="1 September 2027, First opened",
    )
    assert new["code"] == "CPA6"
    posted(world.team, f"{SET}new/", **new)


def swapped_codes(world: World) -> None:
    rows = {row.title: row for row in world.set.actions.in_the_set()}
    codes = {f"code_{row.pk}": row.code for row in rows.values()}
    one, other = rows["Warm homes"], rows["Nature recovery"]
    codes |= {f"code_{one.pk}": other.code, f"code_{other.pk}": one.code}
    assert "2 renumbered" in posted(world.team, f"{SET}codes/", version=world.set.version, **codes)


def test_a_refresh_from_its_beginning_to_the_plan_for_the_year(set_today: Callable[[date], None]) -> None:
    world = World()
    panel = signed_in(holder(Role.SCRUTINY))
    drawn_up(world)
    swapped_codes(world)
    assert panel.get(SET).status_code == 404
    changes = text_of(world.clerk, f"{SET}changes/")
    for words in (
        "One survey was not enough.",
        "The owner sold it.",
        "Every example is followed.",
        "Help for carers",
    ):
        assert words in changes

    # Through the bodies, each by a recorded decision. A set sent back comes round again.
    onward(world, "to_leadership")
    assert world.manager.post(f"{SET}carry/", {"action": world.kept.action_id}).status_code == 403
    assert world.manager.get(f"{SET}new/").status_code == 403
    decide(world, world.clerk, TODAY, kind="not_agreed", wording="Fewer actions, please.")
    posted(world.team, SET, move="send_back", version=world.set.version, comment="Senior leadership wants fewer.")
    onward(world, "to_leadership")
    decide(world, world.clerk, TODAY)
    onward(world, "to_portfolio_holders")
    portfolios = {row.portfolio_id: row.portfolio for row in world.set.actions.select_related("portfolio")}
    for number, pk in enumerate(sorted(portfolios)):
        assert world.set.state == PlanYear.State.PORTFOLIO
        decide(world, world.clerk, TODAY, portfolio=pk, minute=f"P{number}")
    onward(world, "to_scrutiny")
    set_today(date(2027, 1, 14))
    decide(world, world.clerk, date(2027, 1, 13), kind="commented", wording="Carers should have a voice in it.")
    onward(world, "to_cabinet")
    set_today(date(2027, 2, 10))
    held_up = decide(world, world.clerk, date(2027, 2, 9), **_day("takes_effect_on", date(2027, 2, 18)))
    assert "takes effect on 18 February 2027" in held_up
    as_cabinet_decided(world)
    set_today(date(2027, 2, 18))
    onward(world, "to_council")
    set_today(date(2027, 2, 25))
    decide(world, world.clerk, date(2027, 2, 24), **_day("takes_effect_on", date(2027, 4, 1)))
    onward(world, "approved")
    early = world.team.post(SET, {"move": "adopt", "version": world.set.version}, follow=True).content.decode()
    assert "takes effect on 1 April 2027" in early
    set_today(date(2027, 4, 1))
    assert "This is the plan for 2027/28." in onward(world, "adopt")
    became_the_plan(world, panel)


def as_cabinet_decided(world: World) -> None:
    """What cabinet changed is changed by the team, naming its decision; nothing else is."""
    row = world.set.actions.get(title="Help for carers")
    address = f"{SET}actions/{row.action.reference}/amend/"
    decision = world.set.decisions.get(body="cabinet")
    typed = as_offered(world.team, address, wording="Open a drop-in in each town, run with carers.")
    assert "Choose the decision" in world.team.post(address, typed | {"decision": ""}).content.decode()
    posted(world.team, address, **(typed | {"decision": decision.pk}))
    kept = ActionYear.objects.get(pk=row.pk).history.first()
    assert kept is not None
    assert "as decided: Cabinet, 9 February 2027" in kept.history_change_reason


def became_the_plan(world: World, panel: Client) -> None:
    actions = {row.title: row for row in ActionYear.objects.adopted().filter(plan_year__year=2027)}
    assert {title: row.code for title, row in actions.items()} == {
        "Warm homes": "CPA5",
        "Nature recovery": "CPA1",
        "Listening to residents": "CPA2",
        "Help for carers": "CPA6",
    }
    assert actions["Warm homes"].action == world.kept.action
    ended = {one.ended_how: one.ended_why for one in Action.objects.filter(ended_on=date(2027, 3, 31))}
    assert ended == {"completed": "Every example is followed.", "dropped": "The owner sold it."}
    assert DateChange.objects.get(milestone__isnull=True).new_on == date(2028, 3, 31)
    assert Milestone.objects.get(name="First opened").action == actions["Help for carers"].action
    # Everybody reads it now: the old code leads to whoever has it in the year that has begun.
    assert "What changed in 2027/28" in text_of(panel, f"{SET}changes/")
    assert panel.get("/actions/cpa 1/")["Location"] == "/actions/2027-28/CPA1/"
    page = text_of(panel, "/actions/2027-28/CPA1/")
    assert "Nature recovery" in page
    assert "2026/27 (CPA5)" in page


PAGES = (
    "/actions/",
    "/actions/portfolios/",
    "/actions/2026-27-Q2/portfolios/",
    "/actions/2026-27/CPA3/",
    "/actions/2026-27/CPA3/officer/",
    "/actions/2026-27/CPA3/words/",
    "/actions/2026-27/CPA3/end/",
    "/actions/2026-27/CPA9/again/",
    "/actions/plan/",
    "/actions/plan/2026-27/",
    SET,
    f"{SET}changes/",
    f"{SET}new/",
    f"{SET}codes/",
    f"{SET}actions/open/",
    f"{SET}actions/open/amend/",
    f"{SET}actions/kept/take-out/",
    "/actions/plan/2028-29/decision/",
)
"""Every page of the plan and of an action, on a council with long names."""


def test_every_page_of_the_plan_has_no_faults_at_both_widths(page: Page) -> None:
    world = World()
    drawn_up(world)
    long = "Inconsequentialities-of-extraordinarily-long-names " * 2
    ActionYearFactory(code="CPA8", title=long[:110], action__reference="open", due_on=date(2028, 3, 31))
    ActionYearFactory(
        code="CPA9",
        title="Ended",
        action__ended_on=date(2026, 9, 1),
        action__ended_how="dropped",
        action__ended_why="No money.",
    )
    world.kept.action.reference = "kept"
    world.kept.action.save()
    PlanDecisionFactory(plan_year=world.set, body="leadership", wording=long)
    plan_year_in("portfolio", 2028)
    sign_in(page, world.team_member)
    found = {}
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if wrong := faults(page):
            found[address] = wrong
        page.set_viewport_size({"width": 1280, "height": 900})
    for address, button in ((f"{SET}new/", "Save the action"), ("/actions/2026-27/CPA3/end/", "Record that it ends")):
        page.goto(address)
        page.locator("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        if wrong := faults(page):
            found[f"{address}, empty"] = wrong
        page.set_viewport_size({"width": 1280, "height": 900})
    assert found == {}
