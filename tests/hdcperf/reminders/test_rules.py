"""When somebody is reminded: by hand, and for any dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.periods import working_days
from hdcperf.reminders.rules import USUAL, Timings, sending_day, standing, timing_problems

OPENED, DUE = date(2026, 11, 2), date(2026, 11, 12)

STEPS = {
    date(2026, 11, 1): None,
    date(2026, 11, 2): "opened",
    date(2026, 11, 4): "opened",
    date(2026, 11, 5): "before-5",
    date(2026, 11, 10): "before-5",
    date(2026, 11, 11): "before-1",
    date(2026, 11, 12): "before-1",  # on the day itself nothing new is sent
    date(2026, 11, 13): "overdue-1",
    date(2026, 11, 17): "overdue-1",
    date(2026, 11, 18): "overdue-2",
    date(2026, 11, 23): "overdue-3",
    date(2026, 11, 26): "overdue-4",
    date(2026, 12, 1): "overdue-5",
}


@pytest.mark.parametrize(("day", "code"), STEPS.items())
def test_the_step_of_each_day_of_november(day: date, code: str | None) -> None:
    step = standing(OPENED, DUE, day)
    assert (step.code if step else None) == code


@pytest.mark.parametrize(
    ("opened", "due", "day", "code"),
    [
        # Opened on a Saturday: told on Monday. Over Easter the working days are England's.
        (date(2026, 11, 7), date(2026, 11, 20), date(2026, 11, 8), None),
        (date(2026, 11, 7), date(2026, 11, 20), date(2026, 11, 9), "opened"),
        (date(2027, 3, 15), date(2027, 3, 30), date(2027, 3, 24), "before-5"),
        (date(2027, 3, 15), date(2027, 3, 30), date(2027, 3, 25), "before-1"),
        # Opened so late that the first reminder before it was due has passed.
        (date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 10), "opened"),
        (date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 11), "before-1"),
        # Opened when it was overdue: first opened, then overdue.
        (date(2026, 11, 18), date(2026, 11, 12), date(2026, 11, 18), "opened"),
        (date(2026, 11, 18), date(2026, 11, 12), date(2026, 11, 20), "opened"),
        (date(2026, 11, 18), date(2026, 11, 12), date(2026, 11, 23), "overdue-3"),
    ],
)
def test_steps_at_the_edges(opened: date, due: date, day: date, code: str | None) -> None:
    step = standing(opened, due, day)
    assert (step.code if step else None) == code


def test_the_manager_is_told_after_the_second_and_the_head_and_the_team_after_the_fourth() -> None:
    told = {}
    for step in (standing(OPENED, DUE, day) for day in STEPS):
        if step is not None:
            told[step.code] = (step.tells_manager(USUAL), step.tells_head(USUAL))
    assert [code for code, (manager, _) in told.items() if manager] == ["overdue-3", "overdue-4", "overdue-5"]
    assert [code for code, (_, head) in told.items() if head] == ["overdue-5"]


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
timings = st.builds(
    Timings,
    first_before=st.integers(6, 12),
    last_before=st.integers(1, 5),
    overdue_after=st.integers(1, 4),
    again_every=st.integers(1, 6),
)


@given(opened=days, length=st.integers(-10, 40), kept=timings, later=st.integers(0, 60))
def test_a_step_falls_on_a_working_day_never_in_the_future_and_they_come_in_order(
    opened: date, length: int, kept: Timings, later: int
) -> None:
    due, today = opened + timedelta(days=length), opened + timedelta(days=later)
    step, before = standing(opened, due, today, kept), standing(opened, due, today - timedelta(days=1), kept)
    if step is None:
        assert before is None
        return
    assert sending_day(step.on)
    assert opened <= step.on <= today
    # A new step begins on its own day and on no other: a run each working day meets every one.
    assert (step == before) == (step.on < today)
    if step.is_overdue:
        since = working_days().working_days_between(due, step.on)
        assert since == kept.overdue_after + kept.again_every * (step.number - 1)


def test_timings_somebody_typed_are_answered_in_sentences() -> None:
    assert timing_problems(USUAL) == {}
    wrong = timing_problems(Timings(1, 1, 0, 0, 4, 2))
    assert set(wrong) == {"first_before", "overdue_after", "again_every", "head_after"}
    assert "last_before" in timing_problems(Timings(5, 0))
