"""The days before a meeting, counted in England's working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import working_days
from reports.models import Meeting
from reports.rules.timetable import (
    CLEAR_DAYS,
    STATUTORY,
    agenda_sentence,
    clear_days,
    timetable,
)

DAYS = st.dates(date(2019, 6, 1), date(2027, 12, 31))
"""Bank holidays are known for these years."""


def in_words(body: str, meeting: date) -> list[str]:
    return [f"{step.on:%a %d %b}: {step.label}" for step in timetable(body, meeting).steps]


@pytest.mark.parametrize(
    ("body", "meeting", "expected"),
    [
        (
            "scrutiny",
            date(2026, 12, 1),
            [
                "Thu 05 Nov: Draft ready",
                "Mon 09 Nov: Corporate leadership comments",
                "Thu 12 Nov: Finance and legal comments",
                "Tue 17 Nov: Portfolio holder comments",
                "Thu 19 Nov: With democratic services",
                "Mon 23 Nov: Published",
            ],
        ),
        # Christmas Day, the substitute for Boxing Day, and New Year's Day do not count.
        (
            "cabinet",
            date(2027, 1, 5),
            [
                "Mon 07 Dec: Draft ready",
                "Wed 09 Dec: Corporate leadership comments",
                "Mon 14 Dec: Finance and legal comments",
                "Thu 17 Dec: Portfolio holder comments",
                "Mon 21 Dec: With democratic services",
                "Wed 23 Dec: Published",
            ],
        ),
        # Good Friday and Easter Monday do not count; a meeting on a Saturday is counted back from as any day.
        (
            "governance",
            date(2027, 4, 3),
            [
                "Mon 08 Mar: Draft ready",
                "Wed 10 Mar: Corporate leadership comments",
                "Mon 15 Mar: Finance and legal comments",
                "Thu 18 Mar: Portfolio holder comments",
                "Mon 22 Mar: With democratic services",
                "Wed 24 Mar: Published",
            ],
        ),
        ("board", date(2026, 11, 19), ["Thu 12 Nov: Draft ready", "Mon 16 Nov: Papers sent"]),
    ],
)
def test_each_step_has_its_last_day(body: str, meeting: date, expected: list[str]) -> None:
    assert in_words(body, meeting) == expected


@pytest.mark.parametrize(
    ("published", "meeting", "days"),
    [
        (date(2026, 11, 23), date(2026, 12, 1), 5),  # Monday; Tuesday the week after
        (date(2026, 11, 24), date(2026, 12, 1), 4),
        (date(2026, 11, 30), date(2026, 12, 1), 0),  # the days between, of which there are none
        (date(2026, 12, 23), date(2027, 1, 5), 5),  # over Christmas and New Year
    ],
)
def test_neither_the_day_of_publication_nor_that_of_the_meeting_is_a_clear_day(
    published: date, meeting: date, days: int
) -> None:
    assert clear_days(published, meeting) == days


@given(body=st.sampled_from([body.value for body in Meeting.Body]), meeting=DAYS)
def test_steps_are_working_days_in_order_and_a_public_agenda_has_exactly_its_clear_days(
    body: str, meeting: date
) -> None:
    found, calendar = timetable(body, meeting), working_days()
    days = [step.on for step in found.steps]
    assert days == sorted(days)
    assert days[-1] < meeting
    assert all(calendar.is_working_day(day) for day in days)
    if body in STATUTORY:
        # Counted one by one, not as the rule counts.
        between = [found.publication + timedelta(n) for n in range(1, (meeting - found.publication).days)]
        assert sum(calendar.is_working_day(day) for day in between) == CLEAR_DAYS == clear_days(days[-1], meeting)


@pytest.mark.parametrize(
    ("today", "sentence", "next_one"),
    [
        (date(2026, 11, 5), "12 working days to the agenda", "Draft ready"),
        (date(2026, 11, 20), "1 working day to the agenda", "Published"),
        (date(2026, 11, 21), "1 working day to the agenda", "Published"),
        (date(2026, 11, 23), "The agenda goes out today", "Published"),
        (date(2026, 11, 24), "The agenda is out", None),
        (date(2026, 12, 1), "The agenda is out", None),
        (date(2026, 12, 2), "The meeting is over", None),
    ],
)
def test_the_days_to_the_agenda_in_words(today: date, sentence: str, next_one: str | None) -> None:
    found = timetable("scrutiny", date(2026, 12, 1))
    assert agenda_sentence(found, today) == sentence
    following = found.next_step(today)
    assert (following.label if following else None) == next_one
