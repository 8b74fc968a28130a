"""The year on one page, and a person's own dates at an address: read, revoked, and parsed as calendar programs do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from dataquality.models import TargetReview
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import Role
from reports.calendar_feed import as_icalendar
from reports.models import CalendarFeed, Meeting
from reports.operations.meetings import cancel_meeting
from reports.queries.calendar import events_of_year
from reports.rules.calendar import Event, EventKind, by_month
from tests.factories.assurance import AssuranceRoundFactory
from tests.factories.kpis import round_of
from tests.factories.meetings import MeetingFactory, question_in
from tests.factories.organisation import UserFactory, holder
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY, YEAR = date(2026, 11, 5), FinancialYear(2026)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def mine(user: User) -> dict[str, str]:
    """The day of each of the person's own dates, by what it is."""
    return {one.title: f"{one.on:%d %b}" for one in events_of_year(standing(user), YEAR) if one.mine}


def test_each_is_told_their_own_part_of_the_year() -> None:
    MeetingFactory()
    MeetingFactory(body=Meeting.Body.BOARD.value, held_on=date(2026, 11, 19))
    TargetReview.objects.create(year=2026, opens_on=date(2026, 9, 21), closes_on=date(2026, 11, 27))
    owner = UserFactory()
    asked = question_in("assigned", owner=owner)
    assert mine(holder(Role.SCRUTINY)) == {"Overview and scrutiny": "01 Dec"}
    assert mine(holder(Role.MONITORING_OFFICER)) == {
        "Corporate leadership comments: Overview and scrutiny, 1 December": "09 Nov",
        "Finance and legal comments: Overview and scrutiny, 1 December": "12 Nov",
    }
    assert mine(owner) == {f"Answer due to the panel’s question {asked.pk}": "19 Nov"}
    assert mine(holder(Role.DEMOCRATIC_SERVICES)) == {
        "With democratic services: Overview and scrutiny, 1 December": "19 Nov",
        "Published: Overview and scrutiny, 1 December": "23 Nov",
        "Overview and scrutiny": "01 Dec",
    }
    manager = mine(holder(Role.SERVICE_MANAGER))
    assert manager["Half-year review of the targets of 2026/27: last day"] == "27 Nov"
    assert manager["November 2026 returns due"] == "11 Dec", "the usual day, where nobody set another"
    board = mine(holder(Role.BOARD))
    assert set(board) == {"Performance board"}


def test_a_member_s_page_tells_of_meetings_and_agendas_and_not_of_returns() -> None:
    MeetingFactory()
    page = text_of(signed_in(holder(Role.COUNCILLOR)), "/calendar/")
    assert "Published: Overview and scrutiny, 1 December" in page
    assert "returns" not in page
    assert "Finance and legal comments" not in page


def test_the_days_somebody_set_stand_and_the_usual_ones_are_marked() -> None:
    period = round_of(date(2026, 10, 1))
    period.due_on = date(2026, 11, 12)
    period.save()
    found = {one.key: one for one in events_of_year(standing(holder(Role.PERFORMANCE_TEAM)), YEAR)}
    assert (found["2026-10-due"].on, found["2026-10-due"].usual) == (date(2026, 11, 12), False)
    assert found["2026-11-due"].usual
    assert "2026-04-due" not in found, "nobody collected April, and its day is long past"


def test_a_year_has_twelve_months_whose_dates_stand_in_order() -> None:
    late = Event("b", date(2026, 12, 1), EventKind.MEETING, "Evening", at=time(19))
    early = Event("a", date(2026, 12, 1), EventKind.PAPERS, "All day")
    elsewhere = Event("c", date(2027, 4, 1), EventKind.WINDOW, "Next year")
    found = dict(by_month([late, elsewhere, early], YEAR))
    assert list(found) == list(YEAR.months)
    assert found[Month(2026, 12)] == [early, late]
    assert sum(map(len, found.values())) == 2


def test_the_year_asks_as_often_for_many_meetings_as_for_one() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    counts = []
    for days in (range(1, 2), range(2, 20)):
        for day in days:
            MeetingFactory(held_on=date(2026, 12, day))
        with CaptureQueriesContext(connection) as queries:
            events_of_year(standing(team), YEAR)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# The feed


def address_made_by(client: Client) -> str:
    page = client.post("/calendar/address/", {"move": "make"}, follow=True).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    assert address.startswith("http://testserver/calendar/feed/")
    return urlsplit(address).path


def test_an_address_opens_without_signing_in_until_it_is_revoked_or_replaced() -> None:
    member = holder(Role.SCRUTINY)
    MeetingFactory()
    client, stranger = signed_in(member), Client()
    first = address_made_by(client)
    assert first not in text_of(client, "/calendar/address/"), "it is shown once"
    answer = stranger.get(first)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    token = first.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 40
    assert not CalendarFeed.objects.filter(token_hash=token).exists(), "only its hash is kept"
    second = address_made_by(client)
    assert (stranger.get(first).status_code, stranger.get(second).status_code) == (404, 200)
    client.post("/calendar/address/", {"move": "revoke"})
    assert stranger.get(second).status_code == 404
    third = address_made_by(client)
    member.is_active = False
    member.save()
    assert stranger.get(third).status_code == 404, "who cannot sign in any more reads nothing"


def test_a_calendar_program_reads_the_dates_with_their_times_in_london() -> None:
    member = holder(Role.SCRUTINY)
    winter, summer = MeetingFactory(), MeetingFactory(held_on=date(2027, 6, 8))
    gone = MeetingFactory(held_on=date(2027, 3, 4))
    with clock.taken_to_be(TODAY):
        cancel_meeting(gone, "Snow", by=holder(Role.DEMOCRATIC_SERVICES))
    path = address_made_by(signed_in(member))
    first, second = Client().get(path).content, Client().get(path).content
    assert first == second, "the same dates are the same bytes"
    read = Calendar.from_ical(first)
    entries = {str(one["uid"]): one for one in read.walk("VEVENT")}
    assert set(entries) == {f"meeting-{one.pk}@council-performance" for one in (winter, summer, gone)}
    held = entries[f"meeting-{winter.pk}@council-performance"]
    assert held.decoded("dtstart").astimezone(UTC) == datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    in_summer = entries[f"meeting-{summer.pk}@council-performance"]
    assert in_summer.decoded("dtstart").astimezone(UTC) == datetime(2027, 6, 8, 18, 0, tzinfo=UTC)
    assert str(held["dtstart"].params["TZID"]) == "Europe/London"
    assert str(held["location"]) == "Civic Suite"
    assert str(held["url"]) == f"http://testserver{winter.get_absolute_url()}"
    cancelled = entries[f"meeting-{gone.pk}@council-performance"]
    assert (str(cancelled["status"]), str(cancelled["summary"])) == ("CANCELLED", "Cancelled: Overview and scrutiny")
    assert read.walk("VTIMEZONE"), "the zone is in the file, so no program has to know it"
    assert all(one.decoded("dtstamp") < datetime.now(UTC) for one in entries.values())


def test_words_in_a_date_cannot_break_out_of_it() -> None:
    nasty = "Room 1; really, \\ yes\r\nBEGIN:VEVENT\nSUMMARY:Mine"
    event = Event("one", date(2026, 12, 1), EventKind.MEETING, nasty, detail=nasty, place=nasty)
    (entry,) = Calendar.from_ical(as_icalendar([event], "A name", "https://council.example")).walk("VEVENT")
    assert str(entry["summary"]).replace("\r\n", "\n") == nasty.replace("\r\n", "\n")
    assert entry.decoded("dtstart") == date(2026, 12, 1)


# Assurance


def test_the_dates_of_the_yearly_assurance_stand_in_it(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 4, 13))
    AssuranceRoundFactory()
    MeetingFactory(body=Meeting.Body.GOVERNANCE.value, held_on=date(2026, 5, 20))
    MeetingFactory(body=Meeting.Body.GOVERNANCE.value, held_on=date(2026, 7, 15))
    about = "Statements of assurance for 2025/26"
    report = "Assurance on data quality for 2025/26: report to the Corporate Governance Committee"
    manager = mine(holder(Role.SERVICE_MANAGER))
    assert (manager[f"{about}: asked for"], manager[f"{about}: due"]) == ("13 Apr", "29 May")
    assert report not in manager
    assert mine(holder(Role.GOVERNANCE))[report] == "15 Jul", "the first meeting once the statements are due"
    found = {one.title: one for one in events_of_year(standing(holder(Role.PERFORMANCE_TEAM)), YEAR)}
    assert found[report].usual
    assert found[report].href == "/dataquality/assurance/2025-26/report/"
    assert found[f"{about}: due"].href == "/dataquality/assurance/2025-26/"
    assert found[f"{about}: due"].mine


def test_a_report_that_was_given_stands_on_its_day(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 6, 23))
    AssuranceRoundFactory(reported=True)
    MeetingFactory(body=Meeting.Body.GOVERNANCE.value, held_on=date(2026, 7, 15))
    found = {one.key: one for one in events_of_year(standing(holder(Role.GOVERNANCE)), YEAR)}
    one = found["assurance-2025-26-report"]
    assert (one.on, one.usual, one.mine) == (date(2026, 6, 22), False, True)


def test_assurance_is_of_those_who_see_data_quality_and_in_their_own_feed() -> None:
    AssuranceRoundFactory(year=2026, due_on=date(2027, 3, 19))
    for role in (Role.COUNCILLOR, Role.DEMOCRATIC_SERVICES):
        assert not [one for one in events_of_year(standing(holder(role)), YEAR) if "assurance" in one.key]
    manager = signed_in(holder(Role.SERVICE_MANAGER))
    read = Calendar.from_ical(Client().get(address_made_by(manager)).content)
    titles = {str(one["SUMMARY"]) for one in read.walk("VEVENT")}
    assert "Statements of assurance for 2026/27: due" in titles
