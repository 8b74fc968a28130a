"""A dated event is noted once and shows on every chart it touches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from hdcperf.roles import Role
from kpis.models import KpiEvent, KpiYear
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import holder
from tests.kpis.seeing import TODAY, signed_in, text_of, with_months

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(set_today: Callable[[date], None]) -> Client:
    set_today(TODAY)
    return signed_in(holder(Role.PERFORMANCE_TEAM))


def touched(event: KpiEvent) -> set[int]:
    return set(event.touches.values_list("kpi_id", flat=True))


FLOOD = {"month": "2026-07", "sentence": "A flood closed the depot"}


def test_only_those_who_note_events_reach_the_pages() -> None:
    for role in (Role.BOARD, Role.SERVICE_MANAGER, Role.SCRUTINY):
        for address in ("/events/", "/events/new/", "/events/1/", "/events/1/remove/"):
            text_of(signed_in(holder(role)), address, 403)


def test_an_event_touches_the_chosen_kpis_a_services_or_every_one(team: Client) -> None:
    first, second, third = KpiYearFactory(), KpiYearFactory(), KpiYearFactory()
    reaches = (
        ({"reach": "kpis", "kpis": [first.kpi_id]}, {first.kpi_id}),
        ({"reach": "services", "services": [second.service_id]}, {second.kpi_id}),
        ({"reach": "all"}, {first.kpi_id, second.kpi_id, third.kpi_id}),
    )
    for reach, expected in reaches:
        assert team.post("/events/new/", {**FLOOD, **reach}).status_code == 302
        assert touched(KpiEvent.objects.latest("pk")) == expected


def returns_page(kpi_year: KpiYear, month: date) -> str:
    return text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), f"/returns/{month:%Y-%m}/{kpi_year.code}/")


def kpi_page(kpi_year: KpiYear) -> str:
    return text_of(signed_in(holder(Role.BOARD)), f"/kpis/2026-27/{kpi_year.code}/")


def test_noted_once_it_shows_on_the_page_and_the_returns_chart_of_every_kpi_it_touches(team: Client) -> None:
    ended = KpiYearFactory(kpi__ended_after=date(2026, 7, 1))
    successor = KpiYearFactory(kpi__predecessor=ended.kpi)
    other, untouched = KpiYearFactory(), KpiYearFactory()
    for one, months in (
        (ended, range(4, 8)),
        (successor, range(7, 10)),
        *((k, range(4, 10)) for k in (other, untouched)),
    ):
        with_months(one, months)
    touched_by_it = [ended, successor, other]
    team.post("/events/new/", {**FLOOD, "reach": "kpis", "kpis": [one.kpi_id for one in touched_by_it]})
    assert KpiEvent.objects.count() == 1
    said = "July 2026: A flood closed the depot"
    for one in touched_by_it:
        month = date(2026, 7, 1) if one is ended else date(2026, 9, 1)
        assert said in kpi_page(one), one
        assert said in returns_page(one, month), one
    assert said not in kpi_page(untouched)
    assert said not in returns_page(untouched, date(2026, 9, 1))


def test_what_happened_within_a_quarter_shows_on_the_quarters_point(team: Client) -> None:
    kpi_year = KpiYearFactory(frequency="quarterly")
    with_months(kpi_year, range(6, 10, 3))
    for month in ("2026-04", "2026-08"):
        team.post("/events/new/", {**FLOOD, "month": month, "reach": "kpis", "kpis": [kpi_year.kpi_id]})
    for page in (kpi_page(kpi_year), returns_page(kpi_year, date(2026, 9, 1))):
        assert "Q1 2026/27: A flood closed the depot" in page
        assert "Q2 2026/27: A flood closed the depot" in page


def test_an_event_on_no_chart_is_refused_and_what_was_typed_is_kept(team: Client) -> None:
    KpiYearFactory()
    page = team.post("/events/new/", {**FLOOD, "reach": "kpis"}).content.decode()
    assert "Select at least one KPI" in page
    assert FLOOD["sentence"] in page
    assert not KpiEvent.objects.exists()


def test_changing_an_event_moves_it_between_charts_and_keeps_the_history(team: Client) -> None:
    first, second = KpiYearFactory(), KpiYearFactory()
    team.post("/events/new/", {**FLOOD, "reach": "kpis", "kpis": [first.kpi_id]})
    event = KpiEvent.objects.get()
    changed = {"month": "2026-08", "sentence": "A flood closed the depot for a week"}
    team.post(f"/events/{event.pk}/", {**changed, "reach": "kpis", "kpis": [second.kpi_id]})
    event.refresh_from_db()
    assert (event.month, event.sentence, touched(event)) == (date(2026, 8, 1), changed["sentence"], {second.kpi_id})
    assert event.history.count() == 2


def test_an_event_is_removed_only_after_it_was_asked(team: Client) -> None:
    kpi_year = KpiYearFactory()
    team.post("/events/new/", {**FLOOD, "reach": "kpis", "kpis": [kpi_year.kpi_id]})
    event = KpiEvent.objects.get()
    assert "Remove this event" in text_of(team, f"/events/{event.pk}/remove/")
    assert KpiEvent.objects.exists()
    team.post(f"/events/{event.pk}/remove/")
    assert not KpiEvent.objects.exists()
    assert KpiEvent.history.filter(history_type="-").count() == 1
