"""What day it is for the council's work."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hdcperf import clock


def test_the_day_is_the_settings_when_it_is_set(settings):
    settings.TODAY = date(2026, 11, 5)
    assert clock.today() == date(2026, 11, 5)
    assert clock.local_day(clock.now()) == date(2026, 11, 5)


def test_the_setting_may_be_an_iso_date(settings):
    settings.TODAY = "2026-11-05"
    assert clock.today() == date(2026, 11, 5)


def test_the_day_is_otherwise_the_real_one(settings):
    settings.TODAY = None
    real = datetime.now(UTC)
    assert abs(clock.now() - real) < timedelta(seconds=30)
    assert clock.today() in (real.astimezone(clock.LONDON).date(), clock.local_day(clock.now()))


def test_a_set_day_keeps_the_real_time_of_day(settings):
    settings.TODAY = date(2026, 11, 5)
    real, ours = datetime.now(clock.LONDON), clock.now().astimezone(clock.LONDON)
    apart = abs(ours.replace(year=real.year, month=real.month, day=real.day, fold=0) - real)
    assert min(apart, timedelta(days=1) - apart) < timedelta(seconds=30)


def test_an_evening_in_summer_is_the_day_it_is_in_london():
    assert clock.local_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_moment_needs_its_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        clock.local_day(datetime(2026, 6, 30))


def test_it_can_be_taken_to_be_another_day_for_a_while(settings):
    settings.TODAY = date(2026, 11, 5)
    with clock.taken_to_be(date(2026, 4, 9)):
        assert clock.today() == date(2026, 4, 9)
        with pytest.raises(RuntimeError), clock.taken_to_be(date(2025, 4, 1)):
            raise RuntimeError
        assert clock.local_day(clock.now()) == date(2026, 4, 9)
    assert clock.today() == date(2026, 11, 5)
