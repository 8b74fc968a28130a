"""The golden thread: down from a priority and up from an action or a KPI, evidence for a framework, objectives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.models import ActionTheme, PlanYear
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Framework, User
from hdcperf.organisation.national import SHIPPED, ensure_frameworks
from hdcperf.rag import Rag
from hdcperf.roles import Role
from kpis.models import KpiTheme
from reports.models import Objective
from reports.queries.frameworks import evidence
from reports.queries.objectives import objectives_seen_by
from reports.queries.thread import golden_thread
from tests.factories.actions import ActionYearFactory, PlanYearFactory
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import OutcomeFactory, PriorityFactory, UserFactory, holder

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def plan_year() -> PlanYear:
    found: PlanYear = PlanYearFactory(year=2026, state=PlanYear.State.ADOPTED)
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestThread:
    def test_a_priority_leads_down_to_its_actions_and_kpis(self, plan_year: PlanYear) -> None:
        outcome = OutcomeFactory(priority=PriorityFactory())
        ActionYearFactory(plan_year=plan_year, outcome=outcome, code="CPA 1")
        KpiYearFactory(outcome=outcome, code="PI 1")
        (priority,) = golden_thread(standing(UserFactory()))
        (thread,) = priority.outcomes
        assert [one.code for one in thread.actions] == ["CPA 1"]
        assert [one.code for one in thread.kpis] == ["PI 1"]

    def test_it_leads_up_from_one_action_whatever_way_its_code_is_written(self, plan_year: PlanYear) -> None:
        ActionYearFactory(plan_year=plan_year, outcome=OutcomeFactory(), code="CPA 64")
        ActionYearFactory(plan_year=plan_year, outcome=OutcomeFactory(), code="CPA 65")
        found = golden_thread(standing(UserFactory()), "cpa64")
        assert [one.code for p in found for o in p.outcomes for one in (*o.actions, *o.kpis)] == ["CPA 64"]

    def test_actions_of_a_year_that_is_not_the_plan_are_not_on_it(self) -> None:
        proposed = PlanYearFactory(year=2026, state=PlanYear.State.COUNCIL)
        ActionYearFactory(plan_year=proposed, outcome=OutcomeFactory())
        assert not any(o.actions for p in golden_thread(standing(UserFactory())) for o in p.outcomes)

    def test_a_colour_is_seen_only_by_those_who_may_see_the_figure(self) -> None:
        kpi_year = KpiYearFactory(latest=True, outcome=OutcomeFactory())
        TargetSetFactory(kpi_year=kpi_year)
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 9, 1), accepted=True)

        def colour(user: User) -> Rag | None:
            ((thread,),) = [p.outcomes for p in golden_thread(standing(user))]
            found = thread.kpis[0].colour
            assert found is None or isinstance(found, Rag)
            return found

        assert colour(holder(Role.BOARD)) is not None
        assert colour(holder(Role.SCRUTINY)) is None

    def test_it_costs_the_same_queries_for_many_rows(self, plan_year: PlanYear) -> None:
        def cost(rows: int) -> int:
            outcome = OutcomeFactory()
            for _ in range(rows):
                ActionYearFactory(plan_year=plan_year, outcome=outcome)
                KpiYearFactory(outcome=outcome)
            client.get("/golden-thread/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/golden-thread/").status_code == 200
            return len(queries)

        client = signed_in(holder(Role.BOARD))
        assert cost(2) == cost(20)

    def test_nothing_found_says_what_to_do(self) -> None:
        page = signed_in(UserFactory()).get("/golden-thread/?about=nothing+of+the+kind").content.decode()
        assert "Nothing in the plan goes by that" in page


class TestFrameworks:
    def test_both_are_there_when_the_product_is_set_up_and_made_once(self) -> None:
        from hdcperf.organisation.models import Theme

        assert {one.slug: one.themes.count() for one in Framework.objects.all()} == {
            one.slug: len(one.themes) for one in SHIPPED
        }
        assert ensure_frameworks(Framework, Theme) == 0

    def test_what_is_tagged_is_evidence_and_the_rest_is_said_to_be_missing(self, plan_year: PlanYear) -> None:
        framework = Framework.objects.get(slug="best-value")
        first, second, *_ = framework.themes.all()
        action = ActionYearFactory(plan_year=plan_year)
        kpi_year = KpiYearFactory()
        ActionTheme.objects.create(action=action.action, theme=first)
        KpiTheme.objects.create(kpi=kpi_year.kpi, theme=second)
        found = evidence(standing(UserFactory()), framework)
        assert [one.code for one in found[0].actions] == [action.code]
        assert [one.code for one in found[1].kpis] == [kpi_year.code]
        assert [one.is_missing for one in found] == [False, False, *[True] * 5]
        page = signed_in(UserFactory()).get("/golden-thread/best-value/").content.decode()
        assert "There is evidence for 2 of the 7 themes; none for 5." in page

    def test_an_unknown_framework_is_not_there(self) -> None:
        assert signed_in(UserFactory()).get("/golden-thread/another/").status_code == 404


class TestObjectives:
    def add(self, user: User, manager: User, **typed: object) -> Client:
        outcome = OutcomeFactory()
        client = signed_in(user)
        sent = {"words": "Answer calls sooner", "serves": f"outcome-{outcome.pk}", "manager": manager.pk, **typed}
        client.post("/golden-thread/objectives/", sent)
        return client

    def test_it_is_seen_by_the_person_and_their_manager_and_nobody_else(self) -> None:
        user, manager = UserFactory(), UserFactory()
        self.add(user, manager)
        assert objectives_seen_by(user).count() == 1
        assert objectives_seen_by(manager).count() == 1
        for role in Role:
            assert not objectives_seen_by(holder(role)).exists()
        admin = UserFactory(is_superuser=True, is_staff=True)
        assert not objectives_seen_by(admin).exists()
        assert signed_in(admin).get("/admin/reports/objective/").status_code == 404

    def test_a_double_click_adds_one(self) -> None:
        user, outcome, manager = UserFactory(), OutcomeFactory(), UserFactory()
        client = signed_in(user)
        for _ in range(2):
            sent = {"words": "Answer calls sooner", "serves": f"outcome-{outcome.pk}", "manager": manager.pk}
            client.post("/golden-thread/objectives/", sent)
        assert Objective.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"words": ""}, "Write your objective"),
            ({"words": "x" * 201}, "200 characters"),
            ({"serves": ""}, "Choose what it serves"),
            ({"serves": "kpi-999999"}, "Select what it serves in the plan from the list"),
            ({"manager": ""}, "Name your manager"),
        ],
    )
    def test_bad_input_is_told_and_keeps_what_was_typed(self, typed: dict[str, str], sentence: str) -> None:
        outcome = OutcomeFactory()
        sent = {"words": "Answer calls", "serves": f"outcome-{outcome.pk}", "manager": UserFactory().pk, **typed}
        page = signed_in(UserFactory()).post("/golden-thread/objectives/", sent).content.decode()
        assert sentence in page
        assert not Objective.objects.exists()
        if typed.get("words") is None:
            assert "Answer calls" in page

    def test_only_the_person_removes_it(self) -> None:
        user, manager = UserFactory(), UserFactory()
        client = self.add(user, manager)
        address = f"/golden-thread/objectives/{Objective.objects.get().pk}/remove/"
        assert signed_in(manager).post(address).status_code == 404
        assert client.post(address).status_code == 302
        assert not Objective.objects.exists()

    def test_the_database_holds_that_it_serves_one_piece_of_the_plan(self) -> None:
        user, manager, outcome = UserFactory(), UserFactory(), OutcomeFactory()
        kpi = KpiYearFactory().kpi
        for serves in ({}, {"outcome": outcome, "kpi": kpi}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Objective.objects.create(user=user, manager=manager, words="Words", set_on=TODAY, **serves)
