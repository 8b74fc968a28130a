"""A year's KPIs from the window to the year's set, by everybody it takes, through the pages alone (framework C.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from dataquality.models import Proposal, SettingRound
from dataquality.operations.going_live import advance
from hdcperf.roles import Role
from hdcperf.workflow import SomebodyElseDidIt
from kpis.models import KpiPerson, KpiYear, TargetSet
from tests.browser import sign_in
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import OutcomeFactory, PortfolioFactory, UserFactory, holder
from tests.kpis.at_once import at_once, holding
from tests.kpis.seeing import signed_in, text_of
from tests.sitewide.test_pages_accessible import faults

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 5)
SET = "/kpi-setting/2027-28/"


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """Three KPIs of one service this year, and those who set next year's."""

    def __init__(self) -> None:
        portfolio, outcome = PortfolioFactory(name="Example portfolio"), OutcomeFactory()
        self.first = KpiYearFactory(
            code="PI 1", name="Bins missed", latest=True, portfolio=portfolio, outcome=outcome
        )
        ours = {"service": self.first.service, "portfolio": portfolio, "outcome": outcome, "latest": True}
        self.second = KpiYearFactory(code="PI 2", name="Visits made", **ours)
        self.third = KpiYearFactory(code="PI 3", name="Meetings held", **ours)
        for row in (self.first, self.second, self.third):
            TargetSetFactory(kpi_year=row, target=100, intervention=80)
            MonthlyReturnFactory(kpi_year=row, month=date(2026, 9, 1), value=110, forecast=120, accepted=True)
        self.kpi_holder = UserFactory(name="Hal Holder")
        KpiPerson.objects.create(kpi_year=self.first, user=self.kpi_holder, duty=KpiPerson.Duty.COLLECTS)
        service = self.first.service
        self.people = {
            "team": holder(Role.PERFORMANCE_TEAM),
            "manager": holder(Role.SERVICE_MANAGER, service=service),
            "head": holder(Role.HEAD_OF_SERVICE, service=service),
            "director": holder(Role.DIRECTOR, directorate=service.directorate),
            "clerk": holder(Role.DEMOCRATIC_SERVICES),
        }
        clients = {name: signed_in(user) for name, user in self.people.items()}
        self.team, self.manager, self.head, self.director, self.clerk = clients.values()

    @property
    def window(self) -> SettingRound:
        return SettingRound.objects.get(year=2027)

    def proposal(self, name: str) -> Proposal:
        found: Proposal = next(
            one
            for one in Proposal.objects.select_related("kpi", "kpi_year", "before")
            if (one.kpi_year or one.before).name == name  # type: ignore[union-attr]
        )
        return found


def posted(client: Client, address: str, /, **data: Any) -> str:
    """Post the form; the answer is a redirection, or the page says what was wrong and the test with it."""
    answer = client.post(address, data)
    said = re.findall(r"govuk-error-summary__list.*?</ul>", answer.content.decode(), re.S)
    assert answer.status_code == 302, f"{address}: {answer.status_code} {said}"
    return text_of(client, answer["Location"])


def day(name: str, value: date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def opened(world: World) -> None:
    dates = {**day("holders_from", date(2026, 10, 19)), **day("services_from", date(2026, 11, 2))}
    assert "every KPI of 2026/27 is listed in it" in posted(
        world.team, f"{SET}open/", version=0, **dates, **day("closes_on", date(2026, 12, 11))
    )


def at(world: World, name: str, page: str = "") -> str:
    return f"{SET}kpis/{world.proposal(name).kpi.reference}/{page}"


def version(world: World, name: str) -> int:
    return world.proposal(name).version


def save(world: World, client: Client, name: str, page: str, /, **data: Any) -> str:
    return posted(client, at(world, name, page), version=version(world, name), **data)


def move(world: World, client: Client, name: str, which: str, /, **data: Any) -> str:
    return posted(client, at(world, name), move=which, version=version(world, name), **data)


def proposed(world: World) -> None:
    """Kept, amended, dropped and new, each with its target, and signed off in order."""
    hers = signed_in(world.kpi_holder)
    assert "Review PI 1" in text_of(hers, "/")
    save(world, hers, "Bins missed", "review/", words="Residents notice it first.", criteria=["is_local"])
    on = {"criteria": ["is_local"], "profile": "flat", "intervention_why": "As last year."}
    save(world, world.manager, "Bins missed", "verdict/", verdict="keep", why="Residents ask for it.", **on)
    save(world, world.manager, "Bins missed", "target/", step="save", method="growth", grow_by="5", **on)
    save(world, world.manager, "Visits made", "verdict/", verdict="amend", why="Visits online count too.", **on)
    amend = {
        "code": "PI 2",
        "name": "Visits made or held online",
        "definition": "Visits of either kind.",
        "service": world.second.service_id,
        "portfolio": world.second.portfolio_id,
        "outcome": world.second.outcome_id,
        "control": "do",
    }
    save(world, world.manager, "Visits made", "facts/", **amend)
    visits = "Visits made or held online"
    why = {"beaten_why": "The summer was unusual."}
    save(world, world.manager, visits, "target/", step="save", method="maintain", **on, **why)
    save(world, world.manager, "Meetings held", "verdict/", verdict="drop", why="Nobody uses it.")
    new = {**amend, "code": "PI 4", "name": "Caddies used", "unit": "number", "decimals": 0, "direction": "higher"}
    new |= {"frequency": "monthly", "ytd_rule": "adds_up", "entry": "value", "criteria": ["is_statutory"]}
    posted(world.manager, f"{SET}new/", **new, proposed_why="It becomes a duty.")
    save(world, world.manager, "Caddies used", "target/", step="save", method="other", target="1200", **on)
    replaced = {"replaced_by": world.proposal("Caddies used").pk}
    save(world, world.manager, "Meetings held", "verdict/", verdict="drop", why="Nobody uses it.", **replaced)
    for name in ("Bins missed", visits, "Meetings held", "Caddies used"):
        move(world, world.manager, name, "submit")
        move(world, world.head, name, "agree")
        move(world, world.director, name, "sign")


def onward(world: World, which: str) -> str:
    return posted(world.team, SET, move=which, version=world.window.version)


def decided(world: World, by: Client, met_on: date, **more: Any) -> str:
    typed = {"kind": "agreed", "minute": "45", "wording": "That the KPIs be approved.", **day("met_on", met_on)}
    return posted(by, f"{SET}decision/", **(typed | more))


def renumbered(world: World) -> None:
    """The two that go on swap their codes, and the new KPI takes the code of the one that is dropped."""
    wanted = {"Bins missed": "PI 2", "Visits made or held online": "PI 1", "Caddies used": "PI 3"}
    codes = {f"code_{world.proposal(name).kpi_year_id}": code for name, code in wanted.items()}
    assert "3 renumbered" in posted(world.team, f"{SET}codes/", version=world.window.version, **codes)


def through_its_bodies(world: World, set_today: Callable[[date], None]) -> None:
    onward(world, "to_portfolio_holders")
    assert "Still to be heard: Example portfolio" in text_of(world.clerk, f"{SET}decision/")
    decided(world, world.clerk, TODAY, portfolio=world.first.portfolio_id, kind="commented")
    onward(world, "to_scrutiny")
    assert "Bins missed" in text_of(signed_in(holder(Role.SCRUTINY)), f"{SET}panel/")
    decided(world, world.clerk, TODAY, kind="commented", wording="The panel asks why visits are not raised.")
    onward(world, "to_cabinet")
    set_today(date(2027, 2, 12))
    decided(world, world.team, date(2027, 2, 11), **day("takes_effect_on", date(2027, 2, 19)))
    onward(world, "approved")
    assert "takes effect on 19 February 2027" in text_of(world.team, SET)
    set_today(date(2027, 2, 19))


def test_a_years_kpis_are_reviewed_proposed_decided_and_brought_live_with_two_codes_re_used(
    set_today: Callable[[date], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    opened(world)
    proposed(world)
    renumbered(world)
    through_its_bodies(world, set_today)
    assert not KpiYear.objects.filter(year=2027, is_live=True).exists()
    assert text_of(world.team, "/kpis/2027-28/PI 1/", status=404)
    monkeypatch.setattr("dataquality.views.setting.MANY", 0)  # as many as make it a job
    assert "3 KPIs went live, with their targets, as the KPIs of 2027/28; 1 KPI ended." in onward(world, "go_live")

    live = {one.code: one for one in KpiYear.objects.filter(year=2027, is_live=True)}
    assert {code: one.name for code, one in live.items()} == {
        "PI 1": "Visits made or held online",
        "PI 2": "Bins missed",
        "PI 3": "Caddies used",
    }
    # Identity is kept whatever the code; the KPI that was dropped ends, and its code begins another.
    assert live["PI 1"].kpi_id == world.second.kpi_id
    assert live["PI 2"].kpi_id == world.first.kpi_id
    assert live["PI 3"].kpi_id not in {world.first.kpi_id, world.second.kpi_id, world.third.kpi_id}
    world.third.kpi.refresh_from_db()
    assert world.third.kpi.ended_after == date(2027, 3, 1)
    assert live["PI 3"].kpi.predecessor_id == world.third.kpi_id
    assert live["PI 2"].people.get().user == world.kpi_holder
    # Targets are approved, with reference to the decision, and every month has its own.
    sets = {one.kpi_year.code: one for one in TargetSet.objects.filter(kpi_year__year=2027)}
    assert {code: one.target for code, one in sets.items()} == {
        "PI 1": Decimal(100),
        "PI 2": Decimal(126),  # 120, as forecast in September, plus 5%
        "PI 3": Decimal(1200),
    }
    assert {one.approved_by for one in sets.values()} == {"Cabinet, 11 February 2027, minute 45"}
    assert {one.months.count() for one in sets.values()} == {12}
    assert sets["PI 3"].months.first().target == Decimal(100)
    assert "120 (2026/27 as forecast in September 2026) plus 5% is 126." in sets["PI 2"].reason
    assert "The summer was unusual." in sets["PI 1"].reason
    assert "Bins missed" in text_of(world.team, "/kpis/2027-28/PI 2/")
    # Doing it twice changes nothing.
    rows = TargetSet.objects.count(), KpiYear.objects.count(), KpiYear.history.count()
    advance(world.window, "go_live", by=world.people["team"], version=world.window.version)
    assert (TargetSet.objects.count(), KpiYear.objects.count(), KpiYear.history.count()) == rows
    with pytest.raises(SomebodyElseDidIt):
        advance(world.window, "go_live", by=holder(Role.PERFORMANCE_TEAM), version=world.window.version)


def test_nothing_goes_live_when_one_kpi_cannot(set_today: Callable[[date], None]) -> None:
    world = World()
    opened(world)
    proposed(world)
    through_its_bodies(world, set_today)
    last = world.proposal("Caddies used")
    last.profile, last.shape_year = "last_year", 2024
    last.save()
    assert "Nothing was changed" in onward(world, "go_live")
    assert not KpiYear.objects.filter(year=2027, is_live=True).exists()
    assert not TargetSet.objects.filter(kpi_year__year=2027).exists()
    world.third.kpi.refresh_from_db()
    assert world.third.kpi.ended_after is None
    assert world.window.state == SettingRound.State.APPROVED


def test_two_who_bring_the_set_live_at_once_bring_it_live_once(set_today: Callable[[date], None]) -> None:
    world = World()
    opened(world)
    proposed(world)
    through_its_bodies(world, set_today)
    colleague = holder(Role.PERFORMANCE_TEAM)
    window = world.window
    found = at_once(
        lambda: advance(window, "go_live", by=world.people["team"], version=window.version),
        lambda: advance(window, "go_live", by=colleague, version=window.version),
        hold=holding(window),
    )
    assert sorted(type(one).__name__ for one in found) == ["SettingRound", "SomebodyElseDidIt"]
    assert TargetSet.objects.filter(kpi_year__year=2027).count() == 3


def test_two_who_write_at_once_are_told_and_nothing_typed_is_lost() -> None:
    world = World()
    opened(world)
    address = at(world, "Meetings held", "verdict/")
    first = {"verdict": "drop", "why": "Nobody uses it.", "version": version(world, "Meetings held")}
    posted(world.manager, address, **first)
    second = first | {"verdict": "keep", "why": "We do use it.", "criteria": ["is_local"]}
    answer = world.head.post(address, second)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Yours is not saved: save again to put it in place." in page
    assert "We do use it." in page
    assert world.proposal("Meetings held").verdict == "drop"
    posted(world.head, address, **(second | {"version": version(world, "Meetings held")}))
    assert world.proposal("Meetings held").verdict == "keep"


@pytest.mark.parametrize(
    ("page", "data", "sentences"),
    [
        ("verdict/", {"verdict": "keep", "why": "Because."}, ["Tick at least one of the four criteria"]),
        ("verdict/", {"verdict": "keep", "criteria": ["is_local"]}, ["Say why"]),
        ("review/", {"words": " "}, ["Say what you found on reviewing it"]),
        ("target/", {"method": "growth", "profile": "flat"}, ["Enter by how many per cent"]),
        ("target/", {"method": "growth", "grow_by": "-5", "profile": "flat"}, ["between 0 and 1,000"]),
        ("target/", {"method": "other", "profile": "flat"}, ["0 if the target is nought"]),
        (
            "target/",
            {"method": "other", "target": "130", "intervention": "140", "profile": "flat", "intervention_why": "x"},
            ["enter 130 or lower"],
        ),
        (
            "target/",
            {"method": "maintain", "profile": "flat", "intervention_why": "As last year."},
            ["120 (2026/27 as forecast in September 2026) beats this target already: say why it is not raised"],
        ),
        (
            "target/",
            {"method": "maintain", "profile": "flat", "beaten_why": "x"},
            ["Say why this intervention level"],
        ),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_writes_nothing(
    page: str, data: dict[str, Any], sentences: list[str]
) -> None:
    world = World()
    opened(world)
    if page == "target/":
        save(world, world.manager, "Bins missed", "verdict/", verdict="keep", why="Because.", criteria=["is_local"])
    was = version(world, "Bins missed")
    answer = world.manager.post(at(world, "Bins missed", page), {"version": was, "step": "save", **data})
    found = answer.content.decode()
    assert answer.status_code == 200
    for sentence in sentences:
        assert sentence in found
    assert version(world, "Bins missed") == was


def test_dates_out_of_order_are_refused_and_the_window_is_not_opened() -> None:
    world = World()
    dates = {**day("holders_from", date(2026, 11, 2)), **day("services_from", date(2026, 10, 2))}
    answer = world.team.post(f"{SET}open/", {"version": 0, **dates, **day("closes_on", date(2027, 5, 1))})
    found = answer.content.decode()
    assert "enter 2 November 2026 or later" in found
    assert "The year starts on 1 April 2027" in found
    assert not SettingRound.objects.exists()


def test_a_code_given_twice_is_refused_and_none_is_changed() -> None:
    world = World()
    opened(world)
    for name in ("Bins missed", "Visits made"):
        save(world, world.manager, name, "verdict/", verdict="keep", why="Because.", criteria=["is_local"])
    rows = [world.proposal(name).kpi_year_id for name in ("Bins missed", "Visits made")]
    codes = {f"code_{pk}": "PI 9" for pk in rows}
    answer = world.team.post(f"{SET}codes/", {"version": world.window.version, **codes})
    assert "PI 9 is given to two KPIs." in answer.content.decode()
    assert {world.proposal(name).kpi_year.code for name in ("Bins missed", "Visits made")} == {"PI 1", "PI 2"}  # type: ignore[union-attr]


def test_opening_and_deciding_have_no_faults_at_both_widths(page: Page) -> None:
    world = World()
    sign_in(page, world.people["team"])
    found = {}
    for address in ("/kpi-setting/", f"{SET}open/"):
        assert page.goto(address).status == 200  # type: ignore[union-attr]
        found[address] = faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    opened(world)
    proposed(world)
    onward(world, "to_portfolio_holders")
    for address in (f"{SET}decision/", SET, f"{SET}panel/"):
        assert page.goto(address).status == 200  # type: ignore[union-attr]
        found[address] = faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
