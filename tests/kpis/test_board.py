"""The board's page of a month: only accepted figures count; what is missing, disputed or revised is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from hdcperf.organisation.access import standing
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import KpiYear, RevisionTransition
from kpis.presenters.board import shifts
from kpis.presenters.board_counts import breakdowns, completeness, overall, progress
from kpis.queries.board import BoardMonth, board_month
from tests.factories.kpis import (
    ChallengeFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import OutcomeFactory, PortfolioFactory, PriorityFactory, UserFactory, holder
from tests.kpis.seeing import TODAY, signed_in, text_of, with_months

pytestmark = pytest.mark.django_db

OCTOBER = "/board/2026-10/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def october(role: Role = Role.BOARD) -> BoardMonth:
    return board_month(standing(holder(role)), Month(2026, 10))


def counts(board: BoardMonth) -> dict[str, tuple[int, int]]:
    """Each word with how many stand so now and at the year end."""
    shown = overall(board.kpis, board.month, lambda rag: f"?rag={rag}")
    return {tag.text: (now, forecast) for tag, now, forecast in shown.rows}  # type: ignore[attr-defined]


def judged(value: int, **facts: object) -> KpiYear:
    """A KPI with a target of 100 and an intervention level of 80, accepted for October at ``value``."""
    kpi_year: KpiYear = KpiYearFactory(latest=True, **facts)
    TargetSetFactory(kpi_year=kpi_year, target=100, intervention=80)
    MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, value=value, forecast=90)
    return kpi_year


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.BOARD, 200),
        (Role.DIRECTOR, 200),
        (Role.PERFORMANCE_TEAM, 200),
        (Role.PORTFOLIO_HOLDER, 200),
        (Role.GOVERNANCE, 200),
        (Role.INTERNAL_AUDIT, 200),
        (Role.SCRUTINY, 403),
        (Role.COUNCILLOR, 403),
        (Role.SERVICE_MANAGER, 403),
        (Role.FINANCE, 403),
    ],
)
def test_the_page_is_for_those_who_see_accepted_figures(role: Role, status: int) -> None:
    judged(110)
    text_of(signed_in(holder(role)), OCTOBER, status)


def test_a_month_that_has_not_begun_does_not_exist() -> None:
    client = signed_in(holder(Role.BOARD))
    text_of(client, "/board/2026-12/", 404)
    assert "There are no KPIs to show" in text_of(client, "/board/2019-12/")


def test_now_and_the_forecast_are_counted_side_by_side() -> None:
    for value in (110, 110, 85, 10):
        judged(value)
    found = counts(october())
    assert found["Green"] == (2, 0)
    assert found["Amber"] == (1, 4)
    assert found["Red"] == (1, 0)


def test_what_is_not_accepted_is_counted_apart_and_not_as_a_rag() -> None:
    judged(110)
    for state in ("draft", "submitted", "challenged"):
        MonthlyReturnFactory(**{state: True})
    disputed = MonthlyReturnFactory(challenged=True)
    ChallengeFactory(monthly_return=disputed, escalated=True)
    board = october()
    assert counts(board)["Not accepted yet"] == (4, 4)
    assert sum(now for now, _ in counts(board).values()) == 5
    assert progress(board).words == "4 of 5 returns in"
    assert completeness(board) == "1 accepted; 1 figure in dispute, shown but not counted."


def test_a_quarterly_kpi_is_not_due_between_its_quarters() -> None:
    judged(110, frequency="monthly")
    KpiYearFactory(frequency="quarterly")
    assert counts(october())["Not due"] == (1, 1)


def test_a_kpi_in_arrears_stands_at_the_month_it_measures() -> None:
    kpi_year = KpiYearFactory(latest=True, months_in_arrears=2)
    TargetSetFactory(kpi_year=kpi_year, target=100)
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 8, 1), accepted=True, value=120)
    (one,) = october().kpis
    assert one.measured == Month(2026, 8)
    assert one.counts
    assert "Position as at August 2026" in text_of(signed_in(holder(Role.BOARD)), OCTOBER)


def test_a_portfolio_holder_sees_the_portfolio_and_nothing_else() -> None:
    judged(110, name="Mine", portfolio=PortfolioFactory())
    portfolio = KpiYear.objects.get(name="Mine").portfolio
    judged(110, name="Somebody else’s")
    page = text_of(signed_in(holder(Role.PORTFOLIO_HOLDER, portfolio=portfolio)), OCTOBER)
    assert "Mine" in page
    assert "Somebody else’s" not in page


def test_a_disputed_figure_is_shown_marked_to_the_board_and_not_to_governance() -> None:
    kpi_year = KpiYearFactory(latest=True)
    ChallengeFactory(
        monthly_return=MonthlyReturnFactory(kpi_year=kpi_year, challenged=True, value=5555), escalated=True
    )
    board = text_of(signed_in(holder(Role.BOARD)), OCTOBER)
    assert "5,555" in board
    assert "Read the dialogue" in board
    governance = text_of(signed_in(holder(Role.GOVERNANCE)), OCTOBER)
    assert "5,555" not in governance
    assert "Read the dialogue" not in governance
    assert "Escalated" in governance


def test_what_waits_for_the_board_comes_first_whatever_its_month() -> None:
    judged(110)
    july = MonthlyReturnFactory(kpi_year=KpiYearFactory(latest=True), month=date(2026, 7, 1), challenged=True)
    ChallengeFactory(monthly_return=july, escalated=True)
    page = text_of(signed_in(holder(Role.BOARD)), OCTOBER)
    decision = f"Decide the dispute about July 2026 for {july.kpi_year.code}"
    assert page.index(decision) < page.index("Now and at the year end")
    assert decision.replace("Decide", "Read") in text_of(signed_in(holder(Role.DIRECTOR)), OCTOBER)
    assert "For the board to decide" not in text_of(signed_in(holder(Role.GOVERNANCE)), OCTOBER)


def test_the_plan_is_counted_by_priority_and_under_each_by_outcome() -> None:
    first, second = OutcomeFactory(), OutcomeFactory(priority=PriorityFactory())
    for value, outcome in ((110, first), (85, first), (10, second), (110, None)):
        judged(value, outcome=outcome)
    plan = breakdowns(october().kpis)[0]
    assert [(line.name, line.total, line.heads) for line in plan.lines] == [
        (first.priority.name, 2, True),
        (first.name, 2, False),
        (second.priority.name, 1, True),
        (second.name, 1, False),
        ("No priority", 1, True),
    ]
    assert plan.lines[0].now == (1, 1, 0, 0)


def test_a_figure_still_being_worked_on_is_nobodys_on_this_page() -> None:
    MonthlyReturnFactory(kpi_year=KpiYearFactory(latest=True), submitted=True, value=4444)
    assert "4,444" not in text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), OCTOBER)


def test_what_owes_is_named_with_its_service_and_late_after_the_due_date(set_today: Callable[[date], None]) -> None:
    record = MonthlyReturnFactory()
    client = signed_in(holder(Role.BOARD))
    page = text_of(client, OCTOBER)
    assert record.kpi_year.service.name in page
    assert "Not yet with the Performance Team" in page
    assert "Late" not in page
    set_today(date(2026, 11, 20))
    assert "Late" in text_of(client, OCTOBER)


def test_what_moved_names_the_kpis_whose_rag_changed() -> None:
    changed = judged(85)
    MonthlyReturnFactory(kpi_year=changed, month=date(2026, 9, 1), accepted=True, value=120)
    same = judged(110)
    MonthlyReturnFactory(kpi_year=same, month=date(2026, 9, 1), accepted=True, value=105)
    rows, words = shifts(october().kpis)
    assert [(row.code, row.before.text, row.now.text) for row in rows] == [(changed.code, "Green", "Amber")]
    assert words == {"better": 1, "worse": 1, "same": 0}


def test_a_sum_to_date_is_compared_month_with_month_because_it_only_grows() -> None:
    kpi_year = KpiYearFactory()
    TargetSetFactory(kpi_year=kpi_year)
    for month, value in ((9, 20), (10, 5)):
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, month, 1), accepted=True, value=value)
    assert shifts(october().kpis)[1] == {"better": 0, "worse": 1, "same": 0}


def test_a_revision_accepted_since_the_last_lock_is_listed_with_its_old_and_new_figure() -> None:
    kpi_year = judged(110)
    july = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 7, 1), accepted=True)
    for day, reason in ((date(2026, 10, 1), "Long ago"), (date(2026, 11, 4), "Since last month")):
        revision = RevisionFactory(monthly_return=july, state="accepted", reason=reason)
        by = UserFactory()
        RevisionTransition.objects.create(
            revision=revision,
            move="accept",
            from_state="proposed",
            to_state="accepted",
            by=by,
            by_name=by.name,
            at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        )
    page = text_of(signed_in(holder(Role.BOARD)), OCTOBER)
    assert "Since last month" in page
    assert "Long ago" not in page


def test_filters_are_in_the_address_and_go_along_to_other_months() -> None:
    kept, left = judged(110, name="Kept"), judged(10, name="Left out")
    page = text_of(signed_in(holder(Role.BOARD)), f"{OCTOBER}?service={kept.service_id}")
    assert "Kept" in page
    assert "Left out" not in page
    assert f"/board/2026-09/?service={kept.service_id}" in page
    page = text_of(signed_in(holder(Role.BOARD)), f"{OCTOBER}?rag=red")
    assert left.name in page
    assert kept.name not in page


def test_the_forecasts_track_record_stands_beside_the_kpi() -> None:
    kpi_year = KpiYearFactory(latest=True)
    TargetSetFactory(kpi_year=kpi_year, target=100, intervention=80)
    for month in (8, 9, 10):
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, month, 1), accepted=True, value=85, forecast=105)
    page = text_of(signed_in(holder(Role.BOARD)), OCTOBER)
    assert "The forecast said green while the figure missed its target in 3 of 3 months" in page


def test_a_months_page_of_earlier_figures_needs_no_round() -> None:
    kpi_year = KpiYearFactory(latest=True)
    with_months(kpi_year, range(5, 6))
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 4, 1), imported_month=True, value=9876)
    assert "9,876" in text_of(signed_in(holder(Role.BOARD)), "/board/2026-04/")
