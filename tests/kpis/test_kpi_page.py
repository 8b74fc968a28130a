"""The list of KPIs, a KPI found by its code, and its own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from hdcperf import clock
from hdcperf.roles import Role
from kpis.models import DerivedChange, KpiEvent, KpiYear, RecoveryOutcome
from tests.factories.kpis import (
    KpiFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import OutcomeFactory, UserFactory, holder
from tests.kpis.seeing import TODAY, issued, queries, signed_in, text_of, with_months

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def address(kpi_year: KpiYear) -> str:
    return f"/kpis/{kpi_year.financial_year.slug}/{kpi_year.code}/"


# Found by its code


@pytest.mark.parametrize("written", ["PI 10", "pi10", "KPI 10", "10", "PI%2010"])
def test_a_kpi_is_found_whatever_the_case_spaces_and_prefix_of_its_code(written: str) -> None:
    KpiYearFactory(code="PI 10")
    answer = signed_in(holder(Role.BOARD)).get(f"/kpis/{written}/")
    assert answer.status_code == 302
    assert answer.url == "/kpis/2026-27/PI%2010/"


def test_a_code_that_was_used_again_finds_the_latest_year_that_has_begun() -> None:
    for year in (2024, 2026, 2027):
        KpiYearFactory(code="PI 10", year=year)
    assert signed_in(holder(Role.BOARD)).get("/kpis/pi10/").url == "/kpis/2026-27/PI%2010/"


def test_an_unknown_code_answers_a_page_that_says_how_codes_are_written() -> None:
    page = text_of(signed_in(holder(Role.BOARD)), "/kpis/PI%2099/", 404)
    assert "There is no KPI called PI 99" in page
    assert "/kpis/PI%2099/" in text_of(signed_in(holder(Role.BOARD)), "/kpis/2026-27/PI%2099/", 404)


def test_a_code_written_otherwise_in_a_year_is_sent_to_its_own_address() -> None:
    KpiYearFactory(code="PI 10")
    assert signed_in(holder(Role.BOARD)).get("/kpis/2026-27/kpi10/").url == "/kpis/2026-27/PI%2010/"


# The page


def test_the_page_opens_with_a_sentence_on_how_it_stands() -> None:
    kpi_year = KpiYearFactory(name="Example visits")
    with_months(kpi_year, range(4, 10), value=10)
    page = text_of(signed_in(holder(Role.BOARD)), address(kpi_year))
    assert "Example visits was 60 for the year to September 2026, on the target of 60, so it is green" in page


def test_the_month_and_the_year_to_date_are_switched_in_the_address() -> None:
    kpi_year = KpiYearFactory(name="Example visits")
    with_months(kpi_year, range(4, 10), value=10)
    client = signed_in(holder(Role.BOARD))
    assert "Example visits, year to date" in text_of(client, address(kpi_year))
    month = text_of(client, f"{address(kpi_year)}?figures=month")
    assert "Example visits, each month" in month
    assert "The RAG judges the year to date." in month


def test_a_kpi_that_takes_its_latest_month_has_nothing_to_switch() -> None:
    kpi_year = KpiYearFactory(latest=True)
    with_months(kpi_year)
    assert "Single months" not in text_of(signed_in(holder(Role.BOARD)), address(kpi_year))


def test_a_working_figure_is_told_beside_the_chart_and_not_drawn_on_it() -> None:
    kpi_year = KpiYearFactory()
    with_months(kpi_year, range(4, 10))
    MonthlyReturnFactory(kpi_year=kpi_year, submitted=True, value=4321)
    team = signed_in(holder(Role.PERFORMANCE_TEAM))
    assert "4,321 (submitted)" in text_of(team, f"{address(kpi_year)}?figures=month")
    assert "4,381 (submitted)" in text_of(team, f"{address(kpi_year)}?figures=ytd")
    assert "(submitted)" not in text_of(signed_in(holder(Role.BOARD)), address(kpi_year))


def test_an_event_shows_on_the_charts_it_touches_only() -> None:
    touched, other = KpiYearFactory(), KpiYearFactory()
    for one in (touched, other):
        with_months(one)
    event = KpiEvent.objects.create(
        month=date(2026, 7, 1), sentence="A flood closed the depot", noted_by=UserFactory()
    )
    event.touches.create(kpi=touched.kpi)
    client = signed_in(holder(Role.BOARD))
    assert "July 2026: A flood closed the depot" in text_of(client, address(touched))
    assert "A flood" not in text_of(client, address(other))


def test_a_changed_definition_breaks_the_line_from_the_year_before() -> None:
    kpi = KpiFactory()
    KpiYearFactory(kpi=kpi, year=2025, definition="Counted the old way.")
    kpi_year = KpiYearFactory(kpi=kpi, definition="Counted the new way.")
    with_months(kpi_year)
    assert "The definition changed from the year before" in text_of(signed_in(holder(Role.BOARD)), address(kpi_year))


def test_a_successor_says_what_it_replaced_and_the_predecessor_what_replaced_it() -> None:
    old = KpiYearFactory(name="The old measure", kpi__ended_after=date(2026, 6, 1))
    new = KpiYearFactory(name="The new measure", kpi__predecessor=old.kpi)
    for one in (old, new):
        with_months(one, range(5, 9))
    client = signed_in(holder(Role.BOARD))
    page = text_of(client, address(new))
    assert "This measure replaced" in page
    assert f"It replaced {old.code} The old measure" in page
    assert "This measure was replaced by" in text_of(client, address(old))


def test_commentary_recovery_and_whether_it_was_done_are_on_the_page() -> None:
    kpi_year = KpiYearFactory(latest=True)
    TargetSetFactory(kpi_year=kpi_year, target=120, intervention=96)
    record = MonthlyReturnFactory(
        kpi_year=kpi_year,
        month=date(2026, 8, 1),
        accepted=True,
        value=90,
        what_happened="Fewer examples came.",
        being_done="Hire two more counters.",
        done_by=date(2026, 9, 30),
        done_owner="Head of Examples",
    )
    RecoveryOutcome.objects.create(
        monthly_return=record, result="part", words="One was hired.", noted_by=UserFactory(), noted_at=clock.now()
    )
    page = text_of(signed_in(holder(Role.BOARD)), address(kpi_year))
    for words in (
        "Fewer examples came.",
        "Hire two more counters.",
        "30 September 2026",
        "Partly done",
        "One was hired.",
    ):
        assert words in page, words


def test_a_member_is_told_whether_a_promise_was_kept_once_the_figure_it_was_told_with_was_issued() -> None:
    kpi_year = KpiYearFactory(latest=True)
    july, august = with_months(kpi_year, range(7, 9))
    issued(july, 110, rag="amber", being_done="Hire two counters.", done_by=date(2026, 9, 1), done_owner="Head")
    RecoveryOutcome.objects.create(
        monthly_return=july,
        told_with=august,
        result="part",
        words="One was hired.",
        noted_by=UserFactory(),
        noted_at=clock.now(),
    )
    reader = holder(Role.SCRUTINY)
    page = text_of(signed_in(reader), address(kpi_year))
    assert "Hire two counters." in page
    assert "Not said yet" in page
    assert "One was hired." not in page
    issued(august, 110, rag="amber")
    assert "One was hired." in text_of(signed_in(reader), address(kpi_year))


def test_a_revision_shows_old_and_new_and_the_years_to_date_that_moved() -> None:
    kpi_year = KpiYearFactory()
    july, august = with_months(kpi_year, range(7, 9))
    revision = RevisionFactory(monthly_return=july, state="accepted", reason="One example was missed.")
    DerivedChange.objects.create(
        cause=july,
        revision=revision,
        at=clock.now(),
        monthly_return=august,
        old_ytd=Decimal(9901),
        new_ytd=Decimal(9902),
        old_rag="green",
        new_rag="green",
    )
    page = text_of(signed_in(holder(Role.BOARD)), address(kpi_year))
    for words in ("One example was missed.", "9,901", "9,902", "Revised"):
        assert words in page, words


def test_a_proposed_revision_is_only_for_those_who_work_on_the_return() -> None:
    kpi_year = KpiYearFactory()
    (july,) = with_months(kpi_year, range(7, 8))
    RevisionFactory(monthly_return=july, reason="Not decided yet.")
    assert "Not decided yet." in text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), address(kpi_year))
    assert "Not decided yet." not in text_of(signed_in(holder(Role.BOARD)), address(kpi_year))


def test_a_target_awaiting_approval_is_told_without_its_figure_to_members() -> None:
    kpi_year = KpiYearFactory()
    TargetSetFactory(kpi_year=kpi_year, target=4567, awaiting=True)
    member = text_of(signed_in(holder(Role.SCRUTINY)), address(kpi_year))
    assert "Awaiting approval" in member
    assert "4,567" not in member
    assert "4,567" in text_of(signed_in(holder(Role.BOARD)), address(kpi_year))


@pytest.mark.parametrize(
    ("role", "exports", "history"),
    [
        (Role.BOARD, False, False),
        (Role.INTERNAL_AUDIT, True, True),
        (Role.GOVERNANCE, False, True),
        (Role.PERFORMANCE_TEAM, True, False),
        (Role.MONITORING_OFFICER, True, False),
        (Role.SCRUTINY, False, False),
    ],
)
def test_export_and_history_are_offered_to_those_who_may(role: Role, exports: bool, history: bool) -> None:
    page = text_of(signed_in(holder(role)), address(KpiYearFactory()))
    assert ("Export everything held" in page) == exports
    assert ("See who changed what" in page) == history


def test_the_page_costs_the_same_with_1_year_of_history_and_10() -> None:
    kpi = KpiFactory()
    KpiYearFactory(kpi=kpi, year=2025, code="PI 10")
    kpi_year = KpiYearFactory(kpi=kpi, code="PI 10")
    with_months(kpi_year)
    client = signed_in(holder(Role.PERFORMANCE_TEAM))
    short = queries(client, address(kpi_year))
    for year in range(2015, 2025):
        older = KpiYearFactory(kpi=kpi, year=year, code="PI 10")
        MonthlyReturnFactory(kpi_year=older, month=date(year, 7, 1), imported_month=True)
    assert queries(client, address(kpi_year)) == short


# The list


def test_a_figure_nobody_may_see_is_said_to_be_so() -> None:
    with_months(KpiYearFactory())
    assert "No figures you can see" in text_of(signed_in(holder(Role.SCRUTINY)), "/kpis/")
    assert "No figures you can see" not in text_of(signed_in(holder(Role.BOARD)), "/kpis/")


def test_codes_are_listed_in_the_order_people_count() -> None:
    for code in ("PI 10", "PI 2", "PI 1"):
        KpiYearFactory(code=code, name=f"Measure {code}")
    page = text_of(signed_in(holder(Role.BOARD)), "/kpis/")
    places = [page.index(f"Measure {code}") for code in ("PI 1<", "PI 2<", "PI 10<")]
    assert places == sorted(places)


def test_the_list_is_filtered_from_the_address() -> None:
    wanted = KpiYearFactory(name="Wanted measure", outcome=OutcomeFactory(number=71), lower=True)
    with_months(wanted, value=500)
    other = KpiYearFactory(name="Other measure")
    with_months(other, value=50)
    client = signed_in(holder(Role.BOARD))
    for asked in (
        "words=wanted",
        f"words={wanted.code.replace(' ', '').lower()}",
        f"service={wanted.service_id}",
        "aim=o71",
        f"aim=p{wanted.outcome.priority.number}",
        "direction=lower",
        "rag=red",
    ):
        page = text_of(client, f"/kpis/?{asked}")
        assert "Wanted measure" in page, asked
        assert "Other measure" not in page, asked


def test_another_year_is_listed_from_the_address_and_nonsense_lists_this_one() -> None:
    KpiYearFactory(name="This year’s measure")
    KpiYearFactory(name="An older measure", year=2024)
    client = signed_in(holder(Role.BOARD))
    assert "An older measure" in text_of(client, "/kpis/?year=2024")
    for asked in ("year=1066", "year=x", "service=999999", "rag=%00", "aim=q9", "page=99"):
        page = text_of(client, f"/kpis/?{asked}")
        assert "This year’s measure" in page, asked


def test_a_rag_filter_never_tells_what_the_person_may_not_see() -> None:
    kpi_year = KpiYearFactory(name="Secret red", lower=True)
    with_months(kpi_year, value=500)
    assert "Secret red" not in text_of(signed_in(holder(Role.SCRUTINY)), "/kpis/?rag=red")


def test_targets_awaiting_approval_can_be_listed() -> None:
    TargetSetFactory(awaiting=True, kpi_year__name="Waiting measure")
    TargetSetFactory(kpi_year__name="Approved measure")
    page = text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), "/kpis/?target=awaiting")
    assert "Waiting measure" in page
    assert "Approved measure" not in page
