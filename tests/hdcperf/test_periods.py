"""Financial years, quarters, months and England's working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import FinancialYear, Month, Quarter, months_between, round_dates, working_days

months = st.builds(Month, st.integers(1950, 2150), st.integers(1, 12))
years = st.builds(FinancialYear, st.integers(1950, 2150))
quarters = st.builds(Quarter, years, st.integers(1, 4))
days = st.dates(date(2013, 1, 1), date(2028, 12, 1))


def test_periods_print_as_people_write_them():
    assert str(FinancialYear(2026)) == "2026/27"
    assert str(FinancialYear(1999)) == "1999/00"
    assert str(FinancialYear(2009, first_month=1)) == "2009"
    assert str(Quarter(FinancialYear(2026), 2)) == "Q2 2026/27"
    assert str(Month(2026, 10)) == "October 2026"
    assert Month(2026, 10).short == "Oct 2026"


def test_slugs_are_for_addresses():
    assert FinancialYear(2026).slug == "2026-27"
    assert Quarter(FinancialYear(2026), 2).slug == "2026-27-Q2"
    assert Month(2026, 4).slug == "2026-04"


@given(years)
def test_a_year_reads_back_from_what_it_prints(year):
    assert FinancialYear.parse(str(year)) == FinancialYear.parse(year.slug) == year


@given(quarters)
def test_a_quarter_reads_back_from_what_it_prints(quarter):
    assert Quarter.parse(str(quarter)) == Quarter.parse(quarter.slug) == quarter


@given(months)
def test_a_month_reads_back_from_what_it_prints(month):
    assert Month.parse(str(month)) == Month.parse(month.slug) == month


@pytest.mark.parametrize(
    "text", ["2026", "2026/28", "2026-26", "26/27", "2026/27 ", "２０２６/27", "", "1800/01", "\0"]
)
def test_a_year_is_read_strictly(text):
    with pytest.raises(ValueError, match=r"[.]$"):
        FinancialYear.parse(text)


@pytest.mark.parametrize("text", ["Q5 2026/27", "Q0 2026/27", "2026-27-q2", "Q2 2026-27", "Q2", "2026-28-Q1", ""])
def test_a_quarter_is_read_strictly(text):
    with pytest.raises(ValueError, match=r"[.]$"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "october 2026", "Octember 2026", "2026-10-01", "0202-10", "٢٠٢٦-10", ""]
)
def test_a_month_is_read_strictly(text):
    with pytest.raises(ValueError, match=r"[.]$"):
        Month.parse(text)


def test_the_refusal_shows_what_was_typed_cut_short_and_printable():
    with pytest.raises(ValueError, match=r"“�x{29}…” is not a month: write it like 2026-10 or October 2026[.]"):
        Month.parse("\0" + "x" * 100_000)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Month(2026, 0),
        lambda: Month(2026, 13),
        lambda: Month(20266, 1),
        lambda: FinancialYear(1899),
        lambda: FinancialYear(2026, first_month=13),
        lambda: Quarter(FinancialYear(2026), 5),
        lambda: Month(2199, 12) + 1,
    ],
)
def test_a_period_that_cannot_be_is_refused(make):
    with pytest.raises(ValueError, match=r"[.]$"):
        make()


def test_the_councils_year_runs_from_april_to_march():
    year = FinancialYear(2026)
    assert (year.first_day, year.last_day) == (date(2026, 4, 1), date(2027, 3, 31))
    assert year.months[0] == Month(2026, 4)
    assert year.months[-1] == Month(2027, 3)
    assert Month(2026, 3) not in year
    assert Month(2026, 4) in year
    assert FinancialYear.from_date(date(2027, 3, 31)) == year
    assert (year.previous, year.next) == (FinancialYear(2025), FinancialYear(2027))


def test_a_year_can_start_in_january():
    year = FinancialYear(2009, first_month=1)
    assert year.months[0] == Month(2009, 1)
    assert year.last_day == date(2009, 12, 31)
    assert Month(2009, 12).year_from(1) == year
    assert Month(2009, 12) in year


@pytest.mark.parametrize(
    ("month", "quarter"),
    [(4, "Q1 2026/27"), (6, "Q1 2026/27"), (7, "Q2 2026/27"), (10, "Q3 2026/27"), (12, "Q3 2026/27")],
)
def test_a_month_knows_its_quarter(month, quarter):
    assert str(Month(2026, month).quarter) == quarter


def test_january_belongs_to_the_fourth_quarter_of_the_year_before():
    assert str(Month(2027, 1).quarter) == "Q4 2026/27"


@given(months)
def test_every_month_is_in_its_quarter_and_its_year(month):
    assert month in month.quarter
    assert month in month.financial_year
    assert month.financial_year.months[month.number_in_year - 1] == month
    assert month.quarter in month.financial_year.quarters
    assert month.quarter.first_day <= month.first_day <= month.last_day <= month.quarter.last_day


@given(quarters, st.integers(-40, 40))
def test_quarters_count_on_and_back(quarter, by):
    assert (quarter + by) - by == quarter
    assert quarter.next.previous == quarter
    assert quarter.next.first_month == quarter.last_month.next


@given(months, st.integers(-400, 400))
def test_months_count_on_and_back(month, by):
    assert (month + by) - month == by
    assert (month + by) - by == month
    assert (month + by > month) == (by > 0)
    assert Month.from_date(month.last_day + timedelta(days=1)) == month.next == month.next.previous.next


def test_months_between_includes_both_ends():
    assert [one.slug for one in months_between(Month(2026, 11), Month(2027, 1))] == ["2026-11", "2026-12", "2027-01"]
    assert months_between(Month(2026, 11), Month(2026, 10)) == ()


def test_the_last_day_of_february_knows_leap_years():
    assert Month(2028, 2).last_day == date(2028, 2, 29)
    assert Month(2026, 2).last_day == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 11, 5), True),
        (date(2026, 11, 7), False),  # Saturday
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day was a Saturday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 3, 17), True),  # St Patrick's Day is not one in England
    ],
)
def test_weekends_and_englands_bank_holidays_are_not_working_days(day, is_working):
    assert working_days().is_working_day(day) is is_working


def test_octobers_round_opens_falls_due_and_locks_on_november_working_days():
    dates = round_dates(Month(2026, 10))
    assert (dates.opens_on, dates.due_on, dates.locks_on) == (
        date(2026, 11, 2),
        date(2026, 11, 12),
        date(2026, 11, 19),
    )


def test_decembers_round_opens_after_new_years_day():
    assert round_dates(Month(2026, 12)).opens_on == date(2027, 1, 4)


def test_a_round_opens_then_falls_due_then_locks():
    with pytest.raises(ValueError, match="opens, then falls due, then locks"):
        round_dates(Month(2026, 10), opens=5, due=4)


def test_working_days_are_counted_from_one():
    with pytest.raises(ValueError, match="from 1"):
        working_days().nth_working_day(Month(2026, 10), 0)


@given(days, st.integers(1, 40))
def test_adding_working_days_counts_them(day, number):
    calendar = working_days()
    later = calendar.add_working_days(day, number)
    assert calendar.is_working_day(later)
    assert calendar.working_days_between(day, later) == number
    assert calendar.working_days_between(later, day) == -number


@given(days)
def test_taking_off_a_working_day_undoes_adding_one(day):
    calendar = working_days()
    assert calendar.add_working_days(day, 0) == day
    before = calendar.add_working_days(day, -1)
    assert before < day
    assert calendar.is_working_day(before)
    if calendar.is_working_day(day):
        assert calendar.add_working_days(before, 1) == day


def test_it_is_known_how_far_bank_holidays_are_known():
    assert working_days().known_until >= date(2027, 12, 31)
