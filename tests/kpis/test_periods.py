"""Opening months, and setting the dates of one or of a whole year, from the pages (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import FinancialYear, Month, RoundDates, round_dates
from hdcperf.review.rounds.setting import DatesRefused, Wanted, set_dates
from hdcperf.roles import Permission, Role
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.periods import escalate_at_lock, open_period
from kpis.workflow import MoveRefused
from tests.factories.kpis import ChallengeFactory, KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory
from tests.factories.organisation import ReportingPeriodFactory, holder

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
YEAR = FinancialYear(2026)
SetToday = Callable[[date], None]


@pytest.fixture(autouse=True)
def _in_november(set_today: SetToday) -> None:
    set_today(TODAY)


@pytest.fixture
def team(client: Client) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


def list_page(client: Client) -> Any:
    return client.get(reverse("periods"))


def open_month(client: Client, month: Month) -> Any:
    return client.post(reverse("period-open", args=[month]), follow=True)


def filled(form: Any, **changes: str) -> dict[str, str]:
    """The form as it stands on the page, with some boxes typed over."""
    found = {name: form[name].field.prepare_value(form.initial.get(name)) for name in form.fields}
    return {name: value or "" for name, value in (found | changes).items()}


def month_form(client: Client, month: Month, **changes: str) -> Any:
    address = reverse("period", args=[month])
    form = client.get(address).context["form"]
    typed = {f"{name}_{month.slug}" if name != "reason" else name: value for name, value in changes.items()}
    return client.post(address, filled(form, **typed))


def year_form(client: Client, changes: dict[str, str], year: FinancialYear = YEAR) -> Any:
    address = reverse("period-year", args=[year])
    return client.post(address, filled(client.get(address).context["form"], **changes))


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(sentences) for name, sentences in response.context["form"].errors.items()}


# Who


@pytest.mark.parametrize("role", [role for role in Role if Permission.MANAGE_PERIODS not in role.permissions])
def test_only_the_performance_team_opens_months_and_sets_dates(client: Client, role: Role) -> None:
    client.force_login(holder(role))
    for name, argument in (("period", OCTOBER), ("period-year", YEAR)):
        assert client.get(reverse(name, args=[argument])).status_code == 403
        assert client.post(reverse(name, args=[argument]), {}).status_code == 403
    assert list_page(client).status_code == 403
    assert client.post(reverse("period-open", args=[OCTOBER])).status_code == 403
    assert not ReportingPeriod.objects.exists()


# Opening


def test_the_month_that_is_over_is_opened_from_the_page(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    (card,) = list_page(client).context["cards"]
    assert (card.month, card.creates, card.button) == (OCTOBER, "Opening it creates 1 return.", "Open October 2026")
    assert "October 2026 is open: 1 return created." in open_month(client, OCTOBER).content.decode()
    period = ReportingPeriod.objects.get()
    assert period.dates == round_dates(OCTOBER)
    assert (period.is_opened, period.opened_by) == (True, team)


def test_opening_twice_changes_nothing(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    open_month(client, OCTOBER)
    before = ReportingPeriod.objects.get().opened_at
    assert "0 returns created" in open_month(client, OCTOBER).content.decode()
    assert ReportingPeriod.objects.get().opened_at == before
    assert MonthlyReturn.objects.count() == 1


def test_another_month_than_the_next_is_chosen_and_opened(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    ReportingPeriodFactory(month=Month(2026, 9))
    page = list_page(client)
    offered = [slug for slug, _ in page.context["choose"].fields["month"].choices]
    assert "2026-09" not in offered
    assert "2026-06" in offered
    answer = client.get(reverse("periods"), {"month": "2026-06"})
    assert answer["Location"] == reverse("period", args=["2026-06"])
    assert "Open June 2026" in client.get(answer["Location"]).content.decode()
    open_month(client, Month(2026, 6))
    june = ReportingPeriod.objects.get(starts_on=date(2026, 6, 1))
    # Its own dates have passed, so it is not locked at once: the same working days are counted from today.
    assert june.dates == RoundDates(TODAY, date(2026, 11, 17), date(2026, 11, 24))
    assert MonthlyReturn.objects.get().period == june


@pytest.mark.parametrize("nonsense", ["2026-13", "tomorrow", "\x00", "9999-99", "2026-12"])
def test_a_month_that_cannot_be_chosen_is_answered_beside_the_list(client: Client, team: User, nonsense: str) -> None:
    page = client.get(reverse("periods"), {"month": nonsense})
    assert page.status_code == 200
    assert page.context["choose"].errors


def test_a_month_still_running_can_be_opened_early_and_is_entered_once_it_opens(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    ReportingPeriodFactory(month=OCTOBER)
    (card,) = list_page(client).context["cards"]
    assert card.month == NOVEMBER
    assert "returns are entered from 1 December 2026" in card.note
    open_month(client, NOVEMBER)
    assert ReportingPeriod.objects.collecting(NOVEMBER) is not None


def test_a_month_that_has_not_begun_is_not_opened(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    page = client.get(reverse("period", args=[Month(2026, 12)]))
    assert page.context["card"].button == ""
    assert "has not begun" in open_month(client, Month(2026, 12)).content.decode()
    assert not ReportingPeriod.objects.exists()
    with pytest.raises(CommandError, match="has not begun"):
        call_command("open_period", "2026-12")


def test_several_months_that_wait_are_each_opened_from_the_page(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    ReportingPeriodFactory(month=Month(2026, 8))
    assert [card.month for card in list_page(client).context["cards"]] == [Month(2026, 9), OCTOBER]


def test_what_is_lacking_is_said_before_a_month_is_opened(client: Client, team: User) -> None:
    KpiYearFactory(year=2026, code="PI 2", name="Nobody")
    KpiYearFactory(year=2025, code="PI 9", name="Left behind")
    named = KpiYearFactory(year=2026, code="PI 10", name="Somebody", direction="none")
    KpiPersonFactory(kpi_year=named)
    (card,) = list_page(client).context["cards"]
    assert {one.label: one.kpis for one in card.lacking} == {
        "Nobody is named for": "PI 2 Nobody",
        "No approved target for the month": "PI 2 Nobody",
        "Collected last year and not set up for this one": "PI 9 Left behind",
    }


def test_kpis_set_up_since_a_month_was_opened_are_added_to_it(client: Client, team: User) -> None:
    open_period(OCTOBER, by=team)
    KpiYearFactory(year=2026)
    address = reverse("period", args=[OCTOBER])
    assert client.get(address).context["card"].button == "Add 1 return to October 2026"
    open_month(client, OCTOBER)
    assert client.get(address).context["card"] is None
    assert MonthlyReturn.objects.count() == 1


# The year end


def test_april_shows_the_outturn_of_the_old_year_beside_the_first_month_of_the_new(
    client: Client, team: User, set_today: SetToday
) -> None:
    set_today(date(2027, 4, 6))
    old: KpiYear = KpiYearFactory(year=2026)
    KpiYearFactory(year=2027, kpi=old.kpi)
    cards = list_page(client).context["year_end"]
    assert (cards.old.month, cards.new.month) == (Month(2027, 3), Month(2027, 4))
    assert (cards.old.button, cards.new.button) == ("Open March 2027", "Open April 2027")
    assert not list_page(client).context["cards"]
    open_month(client, Month(2027, 3))
    open_month(client, Month(2027, 4))
    march, april = MonthlyReturn.objects.order_by("month")
    assert (march.kpi_year, march.outturn) == (old, MonthlyReturn.Outturn.PROVISIONAL)
    assert (april.kpi_year.year, april.outturn) == (2027, MonthlyReturn.Outturn.NONE)


def test_outturns_are_counted_provisional_then_final_until_none_is_left(
    client: Client, team: User, set_today: SetToday
) -> None:
    kinds = MonthlyReturn.Outturn
    for outturn in (kinds.PROVISIONAL, kinds.FINAL):
        kpi_year = KpiYearFactory(year=2025)
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 3, 1), accepted=True, value=1, outturn=outturn)
    set_today(date(2026, 7, 1))
    cards = list_page(client).context["year_end"]
    assert cards.old.outturns.startswith("1 final, 1 provisional")
    assert cards.old.progress.words == "2 of 2 outturns accepted"
    last = MonthlyReturn.objects.get(outturn=kinds.PROVISIONAL)
    ReportingPeriodFactory(month=Month(2026, 4))
    listed = client.get(reverse("period", args=[Month(2026, 4)])).context["outturns"]
    assert listed == [last]
    last.outturn = kinds.FINAL
    last.save()
    assert list_page(client).context["year_end"] is None


# A whole year's dates


def test_a_years_dates_are_set_on_one_page_with_the_usual_ones_beside_them(client: Client, team: User) -> None:
    page = client.get(reverse("period-year", args=[YEAR.next]))
    assert "Usually 4 May 2027" in page.content.decode()
    answer = year_form(client, {"due_on_2027-12": "20/1/2028", "locks_on_2027-12": "2028-01-27"}, YEAR.next)
    assert answer.status_code == 302
    rounds = {one.month: one for one in ReportingPeriod.objects.all()}
    assert sorted(rounds) == list(YEAR.next.months)
    assert rounds[Month(2027, 12)].dates == RoundDates(date(2028, 1, 4), date(2028, 1, 20), date(2028, 1, 27))
    assert rounds[Month(2027, 4)].dates == round_dates(Month(2027, 4))
    assert not any(one.is_opened for one in rounds.values())


def test_setting_dates_opens_nothing(client: Client, team: User) -> None:
    KpiYearFactory(year=2026)
    set_dates({NOVEMBER: Wanted(round_dates(NOVEMBER), round_dates(NOVEMBER))}, by=team)
    assert ReportingPeriod.objects.collecting(NOVEMBER) is None
    assert not MonthlyReturn.objects.exists()
    assert "This month has not been opened" in client.get(reverse("returns", args=[NOVEMBER])).content.decode()
    assert escalate_at_lock(date(2027, 6, 1)) == 0
    assert ReportingPeriod.objects.get().escalated_on is None


def test_a_month_is_opened_with_the_dates_set_for_it(client: Client, team: User) -> None:
    dates = RoundDates(date(2026, 11, 5), date(2026, 11, 20), date(2026, 11, 30))
    set_dates({OCTOBER: Wanted(dates, round_dates(OCTOBER))}, by=team)
    KpiYearFactory(year=2026)
    open_month(client, OCTOBER)
    assert ReportingPeriod.objects.get().dates == dates


def test_a_month_whose_set_dates_have_passed_is_not_opened_already_locked(client: Client, team: User) -> None:
    ReportingPeriodFactory(month=Month(2026, 6), planned=True)
    assert "have passed, so it would be locked at once" in open_month(client, Month(2026, 6)).content.decode()
    with pytest.raises(MoveRefused):
        open_period(Month(2026, 6))
    assert month_form(client, Month(2026, 6), opens_on="5/11/2026", due_on="12/11/2026", locks_on="19/11/2026")
    open_month(client, Month(2026, 6))
    assert ReportingPeriod.objects.collecting(Month(2026, 6)) is not None


def test_one_bad_date_saves_none_of_the_year_and_keeps_what_was_typed(client: Client, team: User) -> None:
    answer = year_form(client, {"due_on_2026-11": "31 February 2026", "locks_on_2026-12": "1/1/2027"})
    assert errors(answer) == {"due_on_2026-11": ["The due date of November 2026 must be a real date"]}
    assert answer.context["form"]["due_on_2026-11"].value() == "31 February 2026"
    answer = year_form(client, {"locks_on_2026-12": "1/1/2027", "opens_on_2027-01": "1/3/2028"})
    assert set(errors(answer)) == {"locks_on_2026-12", "opens_on_2027-01", "due_on_2027-01"}
    assert not ReportingPeriod.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter when November 2026 falls due"),
        ("soon", "must be a date, for example 12 November 2026 or 12/11/2026"),
        ("12/11/26", "must have a year of 4 numbers"),
        ("2026", "must be a date"),
        ("1/2/3/4", "must be a date"),
        ("11/30/2026", "must have a month between 1 and 12"),
        ("12/11/2026\x00", "must be a date"),
        ("1" * 100_000, "must be a date"),
    ],
)
def test_what_is_not_a_date_is_answered_beside_its_box(client: Client, team: User, typed: str, said: str) -> None:
    answer = year_form(client, {"due_on_2026-11": typed})
    assert said in errors(answer)["due_on_2026-11"][0]
    assert not ReportingPeriod.objects.exists()


def test_the_usual_dates_are_filled_in_without_saving(client: Client, team: User) -> None:
    ReportingPeriodFactory(month=NOVEMBER, planned=True, due_on=date(2026, 12, 14))
    form = client.get(reverse("period-year", args=[YEAR])).context["form"]
    answer = client.post(reverse("period-year", args=[YEAR]), filled(form, fill="usual", reason="Kept"))
    shown = answer.context["form"]
    assert shown["due_on_2026-11"].value() == "11 December 2026"
    assert ReportingPeriod.objects.get().due_on == date(2026, 12, 14)


@pytest.mark.parametrize("address", ["/periods/year/2026/", "/periods/year/2026-28/", "/periods/year/2199-00/"])
def test_a_year_that_is_not_the_councils_is_not_found(client: Client, team: User, address: str) -> None:
    assert client.get(address).status_code == 404


# Dates that people were told


def test_a_date_people_were_told_moves_only_with_a_reason_that_is_kept(client: Client, team: User) -> None:
    ReportingPeriodFactory(month=OCTOBER)
    refused = month_form(client, OCTOBER, due_on="16 November 2026")
    assert errors(refused) == {"reason": ["Say why: people were told the dates that move."]}
    assert (
        month_form(client, OCTOBER, due_on="16 November 2026", reason="The finance system is down").status_code == 302
    )
    period = ReportingPeriod.objects.get()
    assert period.due_on == date(2026, 11, 16)
    assert period.history.latest().history_change_reason == "The finance system is down"
    assert period.history.latest().history_by_name == team.name
    assert "The finance system is down" in client.get(reverse("period", args=[OCTOBER])).content.decode()


def test_the_year_page_asks_the_reason_only_for_months_that_are_open(client: Client, team: User) -> None:
    ReportingPeriodFactory(month=OCTOBER)
    assert year_form(client, {"due_on_2026-12": "15/1/2027"}).status_code == 302
    assert "reason" in errors(year_form(client, {"due_on_2026-10": "16/11/2026"}))
    assert year_form(client, {"due_on_2026-10": "16/11/2026", "reason": "Storm"}).status_code == 302


def test_a_month_that_has_locked_has_no_boxes_in_its_year_and_only_its_lock_on_its_own_page(
    client: Client, team: User
) -> None:
    ReportingPeriodFactory(month=Month(2026, 9))
    year = client.get(reverse("period-year", args=[YEAR])).context["form"]
    assert not [name for name in year.fields if "2026-09" in name]
    own = client.get(reverse("period", args=[Month(2026, 9)])).context["form"]
    assert [name for name in own.fields if name != "reason"] == ["locks_on_2026-09", "seen_2026-09"]


def test_a_forged_date_of_a_month_that_has_locked_moves_nothing(client: Client, team: User) -> None:
    period = ReportingPeriodFactory(month=Month(2026, 9))
    before = period.dates
    month_form(client, Month(2026, 9), due_on="30/11/2026", opens_on="10/11/2026", reason="Forged")
    moved = RoundDates(before.opens_on, date(2026, 11, 9), date(2026, 11, 10))
    with pytest.raises(DatesRefused, match="That day has passed"):
        set_dates({Month(2026, 9): Wanted(moved, before)}, by=team, reason="Forged")
    period.refresh_from_db()
    assert period.dates == before


def test_a_month_that_has_locked_opens_again_for_all_with_a_later_last_day(
    client: Client, team: User, set_today: SetToday
) -> None:
    record = MonthlyReturnFactory(month=date(2026, 9, 1), draft=True, value=1)
    ChallengeFactory(monthly_return=record)
    escalate_at_lock(TODAY)
    assert ReportingPeriod.objects.get().escalated_on == TODAY
    month_form(client, Month(2026, 9), locks_on="9/11/2026", reason="All were late")
    period = ReportingPeriod.objects.get()
    assert period.is_open(TODAY)
    assert period.escalated_on is None


def test_dates_somebody_else_moved_meanwhile_are_not_moved_back(client: Client, team: User) -> None:
    """Two people have the year open: each keeps what they changed, and a clash is said, with nothing lost."""
    period = ReportingPeriodFactory(month=NOVEMBER, planned=True)
    usual, address = period.dates, reverse("period-year", args=[YEAR])
    stale = filled(client.get(address).context["form"])
    theirs = RoundDates(usual.opens_on, date(2026, 12, 14), usual.locks_on)
    set_dates({NOVEMBER: Wanted(theirs, usual)}, by=holder(Role.PERFORMANCE_TEAM))
    client.post(address, stale | {"due_on_2026-12": "15/1/2027"})
    period.refresh_from_db()
    assert period.dates == theirs
    clash = client.post(address, stale | {"due_on_2026-11": "15/12/2026"})
    assert "Somebody else moved “Due on” of November 2026 to 14 December 2026" in errors(clash)["due_on_2026-11"][0]
    period.refresh_from_db()
    assert period.dates == theirs


def test_a_date_that_is_no_working_day_is_saved_and_said(client: Client, team: User) -> None:
    answer = month_form(client, NOVEMBER, due_on="12 December 2026")
    page = client.get(answer["Location"]).content.decode()
    assert "Not a working day: November 2026 due on Saturday 12 December 2026." in page


def test_the_command_opens_a_month_and_says_its_dates(team: User) -> None:
    KpiYearFactory(year=2026)
    said = StringIO()
    call_command("open_period", "2026-10", stdout=said)
    assert "1 return created. It opens on 2 November 2026, is due on 12 November 2026" in said.getvalue()
    assert ReportingPeriod.objects.get().opened_by is None
    with pytest.raises(CommandError, match="Give the month"):
        call_command("open_period", "October")
