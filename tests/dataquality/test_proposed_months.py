"""The months of a proposed target: averaged over two years, or typed, kept as they go to the bodies (C.1.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse

from dataquality.models import Proposal, ProposedMonth, SettingDecision, SettingRound
from dataquality.operations.going_live import advance
from hdcperf.roles import Role
from kpis.models import KpiYear, MonthlyReturn, TargetSet
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import holder
from tests.factories.setting import SettingDecisionFactory, SettingRoundFactory, proposal_in
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
MONTHS = [date(2027, n, 1) for n in range(4, 13)] + [date(2028, n, 1) for n in range(1, 4)]


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def reported(kpi_year: KpiYear, values: list[int]) -> None:
    for month, value in zip(kpi_year.months, values, strict=False):
        MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, value=value, accepted=True)


class World:
    """A KPI that adds up, with all of 2025/26 and half of 2026/27, kept for 2027/28."""

    def __init__(self, march: bool = True) -> None:
        self.before = KpiYearFactory(code="PI 1", name="Visits made", year=2025)
        self.now = self.year_after(self.before)
        reported(self.before, [10] * 6 + [20] * (6 if march else 5))
        reported(self.now, [20] * 6)
        self.window: SettingRound = SettingRoundFactory()
        self.proposal = proposal_in("draft", self.window, self.now, method="", target=None, intervention=None)
        self.team = holder(Role.PERFORMANCE_TEAM)
        self.address = f"/kpi-setting/2027-28/kpis/{self.proposal.kpi.reference}/"

    def year_after(self, before: KpiYear) -> KpiYear:
        same = ("kpi", "code", "name", "unit", "service", "direction", "ytd_rule", "headline", "entry", "decimals")
        made: KpiYear = KpiYearFactory(year=before.year + 1, **{name: getattr(before, name) for name in same})
        return made

    @property
    def fresh(self) -> Proposal:
        return Proposal.objects.get(pk=self.proposal.pk)

    def post(self, profile: str, **typed: Any) -> HttpResponse:
        data = {"method": "other", "target": "180", "intervention_why": "As last year.", "beaten_why": "Unusual."}
        data |= {"step": "save", "profile": profile, "version": self.fresh.version, **typed}
        answer: HttpResponse = signed_in(self.team).post(f"{self.address}target/", data)
        return answer

    def words(self, page: str = "") -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", text_of(signed_in(self.team), f"{self.address}{page}")).split())

    def live(self) -> list[Decimal | None]:
        self.proposal = self.fresh
        self.proposal.state = "signed"
        self.proposal.save()
        self.window.state = SettingRound.State.APPROVED
        self.window.save()
        SettingDecisionFactory(
            setting_round=self.window, body=SettingDecision.Body.CABINET, takes_effect_on=TODAY, minute="45"
        )
        advance(self.window, "go_live", by=self.team, version=self.window.version)
        made = TargetSet.objects.get(kpi_year__year=2027)
        return [row.target for row in made.months.order_by("month")]


def typed(*values: object) -> dict[str, object]:
    return {f"target_{month:%Y-%m}": value for month, value in zip(MONTHS, values, strict=False)}


@pytest.fixture
def world() -> World:
    return World()


def kept(world: World) -> list[tuple[Decimal | None, Decimal | None, Decimal | None]]:
    rows = ProposedMonth.objects.filter(proposal=world.proposal).order_by("month")
    return [(row.target, row.latest, row.before) for row in rows]


def test_the_two_years_are_averaged_with_the_arithmetic_and_what_is_missing_said(world: World) -> None:
    assert world.post("two_years").status_code == 302
    assert kept(world) == [(10, 20, 10)] * 6 + [(20, None, 20)] * 6
    words = world.words()
    assert "Spread in the shape of the last two years, averaged." in words
    assert "October to March follow 2025/26 alone, for 2026/27 has no figure there." in words
    assert "The months add up to 180." in words
    # Six months that both years have: a sixth each; a month of twice that is a third.
    assert "April 2027 10 (16.7%) 20 (16.7%) 16.7% 10" in words
    assert "March 2028 20 (33.3%) No figure 33.3% 20" in words


def test_both_years_are_on_the_chart_and_in_its_figures(world: World) -> None:
    world.post("two_years")
    words = world.words()
    assert "Visits made: targets of 2027/28 over the last two years" in words
    assert "Month 2026/27 Target 2025/26" in words
    assert "April 2027 20 10 10 " in words
    assert "October 2027 No figure yet 20 20 " in words
    # And in the drawing's text alternative, each year under its own name.
    page = text_of(signed_in(world.team), world.address)
    assert "Targets of 2027/28: lowest 10 in April 2027, highest 20 in October 2027." in page
    assert "2026/27, 6 of 12 figures: 20 throughout." in page
    assert "2025/26, 12 of 12 figures: lowest 10 in April, highest 20 in October." in page


def test_what_goes_live_is_what_was_approved_though_a_figure_is_revised_meanwhile(world: World) -> None:
    world.post("two_years")
    one = MonthlyReturn.objects.get(kpi_year=world.now, month=date(2026, 4, 1))
    one.value = Decimal(500)
    one.save()
    assert "April 2027 10 (16.7%) 20 (16.7%) 16.7% 10" in world.words()
    assert world.live() == [10] * 6 + [20] * 6
    assert TargetSet.objects.get(kpi_year__year=2027).profile == TargetSet.Profile.TWO_YEARS


def test_months_as_typed_go_live_as_typed(world: World) -> None:
    values = [5, 5, 20, 20, 20, 20, 20, 20, 20, 10, 10, 10]
    assert world.post("typed", **typed(*values)).status_code == 302
    assert "Typed for each month." in world.words()
    assert world.live() == values
    assert TargetSet.objects.get(kpi_year__year=2027).profile == TargetSet.Profile.TYPED


def test_another_profile_forgets_the_months_and_keeps_their_history(world: World) -> None:
    world.post("typed", **typed(*[15] * 12))
    assert ProposedMonth.objects.count() == 12
    world.post("flat")
    assert not ProposedMonth.objects.exists()
    assert ProposedMonth.history.filter(history_type="-", history_by_name=world.team.name).count() == 12


def test_typing_begins_from_the_months_there_are(world: World) -> None:
    world.post("two_years")
    page = text_of(signed_in(world.team), f"{world.address}target/")
    assert re.search(r'name="target_2027-10"[^>]*value="20|value="20[^>]*name="target_2027-10"', page)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([15] * 11, "Enter a target for March 2028: 0 if it is nought"),
        ([15] * 11 + [16], "The months add up to 181, but the year&#x27;s target is 180: they are 1 apart."),
        ([15] * 11 + ["many"], "is not a number"),
    ],
)
def test_months_that_do_not_make_the_year_are_answered_with_a_sentence_and_write_nothing(
    world: World, values: list[object], sentence: str
) -> None:
    was = world.fresh.version
    answer = world.post("typed", **typed(*values))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert 'value="15"' in page
    assert world.fresh.version == was
    assert not ProposedMonth.objects.exists()


def test_a_level_on_the_wrong_side_is_said_beside_its_month(world: World) -> None:
    levels = {f"intervention_{month:%Y-%m}": "10" for month in MONTHS} | {"intervention_2027-06": "16"}
    answer = world.post("typed", intervention="120", **typed(*[15] * 12), **levels)
    assert "June 2027: The intervention level of 16 is above the target of 15" in answer.content.decode()
    assert not ProposedMonth.objects.exists()


def test_two_years_without_a_common_shape_are_not_offered_and_it_is_said_why() -> None:
    world = World(march=False)
    words = world.words("target/")
    assert "The last two years cannot be averaged. Neither 2025/26 nor 2026/27 has a figure for March." in words
    answer = world.post("two_years")
    assert answer.status_code == 200
    assert not ProposedMonth.objects.exists()


def test_the_database_holds_a_months_level_on_the_worse_side(world: World) -> None:
    row = ProposedMonth(
        proposal=world.proposal, month=MONTHS[0], direction="higher", target=Decimal(10), intervention=Decimal(11)
    )
    with pytest.raises(IntegrityError, match="proposed_month_level_on_the_worse_side"), transaction.atomic():
        row.save()
