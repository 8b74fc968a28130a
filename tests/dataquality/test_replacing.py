"""A KPI that is dropped names the new one that replaces it; the link is written as the set goes live (C.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from dataquality.models import Proposal, SettingDecision, SettingRound
from dataquality.operations.going_live import advance
from dataquality.operations.proposing import decide, withdraw_new
from dataquality.rules.criteria import Criteria
from dataquality.setting_workflow import MoveRefused
from hdcperf.review.problems import ProposalRefused
from hdcperf.roles import Role
from kpis.models import Kpi, KpiYear
from kpis.operations.successors import Successor, replace
from kpis.rules.figures import Entry, Unit, YtdRule
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.factories.setting import SettingDecisionFactory, SettingRoundFactory, proposal_in
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
SET = "/kpi-setting/2027-28/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """A window in which one KPI may be dropped and a new one is proposed."""

    def __init__(self) -> None:
        self.window: SettingRound = SettingRoundFactory()
        self.old = KpiYearFactory(code="PI 1", name="Meetings held", latest=True)
        self.dropped = proposal_in("draft", self.window, self.old, verdict="")
        self.new = self.brand_new("PI 9", "Groups still running")
        self.team = holder(Role.PERFORMANCE_TEAM)

    def brand_new(self, code: str, name: str, **facts: Any) -> Proposal:
        year = KpiYearFactory(
            code=code, name=name, year=2027, is_live=False, latest=True, service=self.old.service, **facts
        )
        return proposal_in("draft", self.window, year, verdict="new", kpi_year=year)

    def drop(self, new: Proposal | None, dropped: Proposal | None = None, verdict: str = "drop") -> Proposal:
        one = Proposal.objects.get(pk=(dropped or self.dropped).pk)
        met = Criteria(is_local=verdict != "drop")
        return decide(one, verdict, met, "Nobody uses it.", by=self.team, version=one.version, replaced_by=new)

    def another(self, code: str, verdict: str = "") -> Proposal:
        year = KpiYearFactory(code=code, name=f"Example of {code}", latest=True, service=self.old.service)
        return proposal_in("draft", self.window, year, verdict=verdict)

    def approved(self) -> SettingRound:
        """Everything signed off and approved by cabinet, from today."""
        for one in self.window.proposals.all():
            one.state = "signed"
            one.save()
        self.window.state = SettingRound.State.APPROVED
        self.window.save()
        SettingDecisionFactory(
            setting_round=self.window, body=SettingDecision.Body.CABINET, takes_effect_on=TODAY, minute="45"
        )
        return self.window

    def live(self) -> SettingRound:
        made = self.approved()
        return advance(made, "go_live", by=self.team, version=made.version)


@pytest.fixture
def world() -> World:
    return World()


def words_of(client: Client, address: str) -> str:
    """The page's words alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(client, address)).split())


def page(client: Client, proposal: Proposal, part: str = "") -> str:
    return words_of(client, f"{SET}kpis/{proposal.kpi.reference}/{part}")


def test_the_link_is_written_when_the_set_goes_live_and_both_pages_say_it(
    world: World, set_today: Callable[[date], None]
) -> None:
    world.drop(world.new)
    assert Kpi.objects.get(pk=world.new.kpi_id).predecessor is None
    world.live()
    successor = Kpi.objects.get(pk=world.new.kpi_id)
    assert successor.predecessor_id == world.old.kpi_id
    assert successor.predecessor.ended_after == date(2027, 3, 1)
    last = successor.history.first()
    assert (last.history_by_name, last.history_change_reason[:29]) == (
        world.team.name,
        "Replaces PI 1 Meetings held (",
    )
    assert "minute 45" in last.history_change_reason
    set_today(date(2027, 4, 20))
    team = signed_in(world.team)
    assert "This measure was replaced by PI 9 Groups still running" in words_of(team, "/kpis/2026-27/PI 1/")
    assert "This measure replaced PI 1 Meetings held" in words_of(team, "/kpis/2027-28/PI 9/")
    assert "Replaced by PI 9 Groups still running" in words_of(team, "/dataquality/2026-27/PI 1/")
    assert "Replaces PI 1 Meetings held" in words_of(team, "/dataquality/2027-28/PI 9/")


def test_a_dropped_kpi_that_nothing_replaces_has_no_successor(world: World) -> None:
    world.drop(None)
    world.live()
    assert not Kpi.objects.filter(predecessor__isnull=False).exists()


def test_the_window_the_panel_and_both_proposals_say_it(world: World) -> None:
    world.drop(world.new)
    team = signed_in(world.team)
    assert "Replaced by PI 9 Groups still running" in page(team, world.dropped)
    assert "Replaces PI 1 Meetings held" in page(team, world.new)
    assert "Is to be replaced by PI 9 Groups still running" in words_of(team, "/dataquality/2026-27/PI 1/")
    for address in (SET, f"{SET}panel/"):
        words = words_of(team, address)
        assert "Replaced by PI 9 Groups still running." in words
        assert "Replaces PI 1 Meetings held." in words
    file = b"".join(team.get(f"{SET}panel.csv").streaming_content).decode()  # type: ignore[attr-defined]
    head, *rows = file.splitlines()
    assert "Replaces or replaced by" in head
    assert [row.count("Replaced by PI 9") + row.count("Replaces PI 1") for row in rows] == [1, 1]


def test_the_form_names_it_and_another_verdict_forgets_it(world: World) -> None:
    team, address = signed_in(world.team), f"{SET}kpis/{world.dropped.kpi.reference}/verdict/"
    typed = {"verdict": "drop", "why": "Nobody uses it.", "replaced_by": world.new.pk, "version": 1}
    assert team.post(address, typed).status_code == 302
    fresh = Proposal.objects.get(pk=world.dropped.pk)
    assert fresh.replaced_by == world.new
    assert fresh.history.first().replaced_by_id == world.new.pk
    kept = typed | {"verdict": "keep", "criteria": ["is_local"], "version": fresh.version}
    assert team.post(address, kept).status_code == 302
    assert Proposal.objects.get(pk=world.dropped.pk).replaced_by is None


def test_a_manager_who_cannot_see_the_new_one_keeps_what_the_team_named(world: World) -> None:
    elsewhere = KpiYearFactory(code="PI 8", name="Elsewhere", year=2027, is_live=False, latest=True)
    theirs = proposal_in("draft", world.window, elsewhere, verdict="new", kpi_year=elsewhere)
    manager = signed_in(holder(Role.SERVICE_MANAGER, service=world.old.service))
    assert "PI 8 Elsewhere" not in page(manager, world.dropped, "verdict/")
    fresh = world.drop(theirs)
    assert "PI 8 Elsewhere" in page(manager, world.dropped, "verdict/")
    # The other's page is not theirs, so its name is no link.
    content = manager.get(f"{SET}kpis/{world.dropped.kpi.reference}/").content.decode()
    assert "PI 8 Elsewhere" in content
    assert f"kpis/{elsewhere.kpi.reference}/" not in content
    assert fresh.replaced_by == theirs


def test_a_choice_that_is_none_is_answered_with_a_sentence_and_writes_nothing(world: World) -> None:
    team, address = signed_in(world.team), f"{SET}kpis/{world.dropped.kpi.reference}/verdict/"
    for wrong in (world.dropped.pk, 999_999, "x"):
        answer = team.post(address, {"verdict": "drop", "why": "Nobody.", "replaced_by": wrong, "version": 1})
        assert answer.status_code == 200
        assert "That KPI is not new in this window, or replaces another" in answer.content.decode()
    assert Proposal.objects.get(pk=world.dropped.pk).verdict == ""


def refused(world: World, new: Proposal, **more: Any) -> str:
    before = Proposal.history.count()
    with pytest.raises(ProposalRefused) as said:
        world.drop(new, **more)
    assert Proposal.history.count() == before
    assert [one.field for one in said.value.problems] == ["replaced_by"]
    return said.value.problems[0].sentence


def test_nonsense_is_refused_with_what_is_wrong(world: World) -> None:
    dropped, kept = world.another("PI 2", verdict="drop"), world.another("PI 3", verdict="keep")
    later = SettingRoundFactory(year=2028)
    other = KpiYearFactory(code="PI 7", name="Later", year=2028, is_live=False, latest=True)
    elsewhere = proposal_in("draft", later, other, verdict="new", kpi_year=other)
    assert "cannot be replaced by itself" in refused(world, world.dropped)
    assert "PI 2 Example of PI 2 is to be dropped as well" in refused(world, dropped)
    assert "PI 3 Example of PI 3 is not new" in refused(world, kept)
    assert "PI 7 Later is not proposed for 2027/28" in refused(world, elsewhere)
    assert "Only a KPI that is dropped is replaced" in refused(world, world.new, verdict="keep")


def test_a_new_kpi_replaces_one_other_and_no_second(world: World) -> None:
    second = world.another("PI 2")
    world.drop(world.new)
    said = refused(world, world.new, dropped=second)
    assert said == "PI 9 Groups still running replaces PI 1 Meetings held already: a KPI replaces one other."
    # Named again for the same one, it is as it was; another takes its place.
    assert world.drop(world.new).replaced_by == world.new
    assert world.drop(world.brand_new("PI 10", "Another")).replaced_by != world.new
    assert world.drop(world.new, dropped=second).replaced_by == world.new


def test_a_kpi_that_was_replaced_in_the_year_is_not_replaced_again(world: World) -> None:
    facts = {"unit": Unit.NUMBER.value, "ytd_rule": YtdRule.ADDS_UP.value, "entry": Entry.VALUE.value}
    successor = Successor(last=world.old.months[-1], code="PI 5", name="Another way", why="Other.", **facts)
    made = replace(world.old, successor, by=world.team)
    assert f"PI 1 Meetings held was replaced by {made.code} {made.name} already" in refused(world, world.new)


def test_a_kpi_replaced_in_the_year_after_it_was_proposed_stops_the_set_and_nothing_changes(world: World) -> None:
    world.drop(world.new)
    made = world.approved()
    KpiYearFactory(code="PI 5", name="Another way", kpi=Kpi.objects.create(reference="b", predecessor=world.old.kpi))
    with pytest.raises(MoveRefused, match=r"was replaced by PI 5 Another way already.* Nothing was changed"):
        advance(made, "go_live", by=world.team, version=made.version)
    assert not KpiYear.objects.filter(year=2027, is_live=True).exists()
    assert Kpi.objects.get(pk=world.old.kpi_id).ended_after is None


def test_a_year_that_ends_after_the_new_one_begins_is_refused(world: World) -> None:
    october = KpiYearFactory(code="PI 4", name="Autumn", latest=True, year_starts_in=10)
    one = proposal_in("draft", world.window, october, verdict="")
    said = refused(world, world.new, dropped=one)
    assert "PI 4 Autumn is measured until September 2027, and PI 9 Groups still running begins in April 2027" in said


def test_a_new_kpi_that_is_to_replace_another_is_not_withdrawn(world: World) -> None:
    world.drop(world.new)
    with pytest.raises(MoveRefused, match="It is to replace PI 1 Meetings held: say on that one’s page"):
        withdraw_new(world.new, by=world.team, version=world.new.version)
    answer = signed_in(world.team).post(
        f"{SET}kpis/{world.new.kpi.reference}/withdraw/", {"version": world.new.version}, follow=True
    )
    assert "It is to replace PI 1 Meetings held" in answer.content.decode()
    world.drop(None)
    withdraw_new(world.new, by=world.team, version=world.new.version)
    assert not Proposal.objects.filter(pk=world.new.pk).exists()


def test_one_withdrawn_meanwhile_is_said(world: World) -> None:
    new = Proposal.objects.get(pk=world.new.pk)
    withdraw_new(new, by=world.team, version=new.version)
    assert "was withdrawn meanwhile" in refused(world, world.new)


@pytest.mark.parametrize("verdict", ["keep", "itself"])
def test_the_database_holds_who_is_replaced(world: World, verdict: str) -> None:
    one = world.another("PI 6", verdict="keep" if verdict == "keep" else "drop")
    one.replaced_by = world.new if verdict == "keep" else one
    with pytest.raises(IntegrityError, match="only_a_dropped_kpi_is_replaced_by_another"), transaction.atomic():
        one.save()
