"""A target changed in the year, from the half-year review to the months it judges, through the pages alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dataquality.models import TargetReviewItem
from dataquality.operations.half_year import leave
from hdcperf.roles import Role
from hdcperf.workflow import StaleRecord
from kpis.models import MonthlyReturn, TargetSet
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder
from tests.journeys.test_setting_year import day, posted
from tests.kpis.at_once import at_once, holding
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 5)
HALF = "/kpi-setting/2026-27/half-year/"
ONE = f"{HALF}kpis/PI 1/"
CHANGE = {
    "start": "2026-10",
    "wanted": "yes",
    "target": "120",
    "intervention": "90",
    "profile": "flat",
    "reason_code": "beaten",
    "reason": "It was beaten every month of the summer.",
    "step": "propose",
}
DECISION = {"kind": "agreed", "body": "cabinet", "minute": "58", "wording": "That the target be raised."}


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """One KPI that beats its target, with its manager and the Performance Team; and the review, open."""

    def __init__(self) -> None:
        self.kpi_year = KpiYearFactory(code="PI 1", name="Visits made", latest=True)
        KpiYearFactory(code="PI 2", context=True, service=self.kpi_year.service)
        TargetSetFactory(
            kpi_year=self.kpi_year, target=100, intervention=80, approved_by="Cabinet", approved_body="cabinet"
        )
        for month in range(4, 10):
            MonthlyReturnFactory(
                kpi_year=self.kpi_year, month=date(2026, month, 1), value=110, forecast=118, accepted=True
            )
        self.manager_person = holder(Role.SERVICE_MANAGER, service=self.kpi_year.service)
        self.team_person = holder(Role.PERFORMANCE_TEAM)
        self.manager, self.team = signed_in(self.manager_person), signed_in(self.team_person)
        dates = {**day("opens_on", date(2026, 10, 1)), **day("closes_on", date(2026, 11, 30))}
        posted(self.team, f"{HALF}dates/", **dates)

    @property
    def item(self) -> TargetReviewItem:
        return TargetReviewItem.objects.get(kpi_year=self.kpi_year)

    def decide(self, **more: Any) -> Any:
        return self.team.post(ONE, {**DECISION, **day("met_on", date(2026, 11, 4)), "answer": "decide", **more})


def test_a_target_is_stretched_and_earlier_months_stay_judged_by_the_old_one() -> None:
    world = World()
    assert [one.kpi_year.code for one in TargetReviewItem.objects.all()] == ["PI 1"]  # context has no target
    assert "say of 1 target whether it can be stretched" in text_of(world.manager, "/")
    page = posted(world.manager, f"{ONE}change/", version=world.item.version, **CHANGE)
    assert "Change proposed" in page
    assert "record what was decided about 1 target" in text_of(world.team, "/")
    assert "The target was approved by Cabinet" in text_of(world.team, ONE)
    assert world.decide().status_code == 302

    item = world.item
    assert (item.verdict, item.reason) == ("stretched", "beaten")
    assert item.authority == "Cabinet, 4 November 2026, minute 58: That the target be raised."
    assert item.target_set is not None
    assert (item.target_set.state, item.target_set.from_month) == ("approved", date(2026, 10, 1))
    assert item.target_set.approved_by == "Cabinet, 4 November 2026, minute 58"
    # What was judged keeps its target; the next month is judged by the new one.
    judged = {one.month.month: one.target for one in MonthlyReturn.objects.filter(kpi_year=world.kpi_year)}
    assert judged == dict.fromkeys(range(4, 10), Decimal(100))
    october = MonthlyReturnFactory(kpi_year=world.kpi_year, month=date(2026, 10, 1), value=110, accepted=True)
    assert (october.target, october.rag) == (Decimal(120), "amber")
    chart = text_of(world.team, "/kpis/2026-27/PI 1/")
    assert "It was beaten every month of the summer." in chart
    assert "The target for the year changed from" in chart


def test_a_target_is_left_because_and_can_be_answered_again_while_the_review_is_open() -> None:
    world = World()
    said = {"answer": "leave", "reason_code": "early", "why": "One more quarter shows it."}
    assert "left as it is" in posted(world.manager, ONE, version=world.item.version, **said)
    assert (world.item.verdict, world.item.reason, world.item.decided_on) == ("left", "early", TODAY)
    posted(world.manager, f"{ONE}change/", version=world.item.version, **CHANGE)
    assert (world.item.verdict, world.item.decided_on) == ("", None)


def test_what_cabinet_approved_is_changed_by_cabinet_or_by_its_delegation() -> None:
    world = World()
    posted(world.manager, f"{ONE}change/", version=world.item.version, **CHANGE)
    answer = world.decide(body="leadership")
    assert "so the same body decides, or whoever it gave a delegation: choose cabinet" in answer.content.decode()
    assert "That the target be raised." in answer.content.decode()
    assert TargetSet.objects.filter(state="awaiting").count() == 1
    assert world.decide(delegated_to="Director of Place").status_code == 302
    assert world.item.authority.startswith("Director of Place, by delegation of Cabinet, 4 November 2026")


def test_a_change_that_is_not_agreed_goes_back_and_the_target_stays() -> None:
    world = World()
    posted(world.manager, f"{ONE}change/", version=world.item.version, **CHANGE)
    assert world.decide(kind="not_agreed", wording="Too soon.").status_code == 302
    assert world.item.target_set is not None
    assert (world.item.verdict, world.item.target_set.state) == ("", "sent_back")
    assert "Back from its body" in text_of(world.manager, ONE)
    assert TargetSet.objects.filter(kpi_year=world.kpi_year, state="approved").count() == 1


def test_whoever_proposed_a_change_does_not_record_its_decision() -> None:
    world = World()
    posted(world.team, f"{ONE}change/", version=world.item.version, **CHANGE)
    assert "a colleague must record its approval" in world.decide().content.decode()
    assert world.item.verdict == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason_code": "early", "why": ""}, "Say why it is left as it is"),
        ({"why": "Because."}, "Select a reason"),
        ({"reason_code": "no such", "why": "Because."}, "Select the reason from the list"),
    ],
)
def test_an_answer_without_its_reason_is_refused_and_writes_nothing(data: dict[str, str], sentence: str) -> None:
    world = World()
    answer = world.manager.post(ONE, {"answer": "leave", "version": world.item.version, **data})
    assert sentence in answer.content.decode()
    assert world.item.verdict == ""


def test_nobody_answers_before_it_opens_or_after_it_closes(set_today: Callable[[date], None]) -> None:
    world = World()
    for today, said in ((date(2026, 9, 30), "opens on"), (date(2026, 12, 1), "closed on")):
        set_today(today)
        data = {"answer": "leave", "reason_code": "early", "why": "Because.", "version": world.item.version}
        assert said in world.manager.post(ONE, data).content.decode()
        assert world.item.verdict == ""


def test_of_two_who_answer_at_once_the_second_is_told() -> None:
    world = World()
    item, version = world.item, world.item.version
    found = at_once(
        lambda: leave(item, "early", "Mine.", by=world.manager_person, version=version),
        lambda: leave(item, "other", "And mine.", by=world.team_person, version=version),
        hold=holding(item),
    )
    assert sum(isinstance(one, StaleRecord) for one in found) == 1
    assert sum(isinstance(one, TargetReviewItem) for one in found) == 1
