"""Who was told is forgotten in the end, and never so that anybody could be told a second time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.reminders.kinds import Notice, NoticeSource
from hdcperf.reminders.models import Digest, Reminder, Timing
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.operations.forgetting import forget_old
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.reminders.tasks import forget_reminders
from tests.factories.organisation import UserFactory
from tests.hdcperf.reminders.world import HAPPENED, WORK, declared, piece

pytestmark = pytest.mark.django_db

FIRST = date(2026, 11, 2)
DAY = timedelta(days=1)
KEPT = 366


@pytest.fixture(autouse=True)
def _declared(settings: Any) -> Iterator[None]:
    settings.TOLD_KEEP_DAYS = KEPT
    with declared():
        yield


@pytest.fixture
def person() -> User:
    made: User = UserFactory(name="Ann")
    return made


def rows() -> set[tuple[str, str]]:
    return set(Reminder.objects.values_list("subject", "step"))


def test_what_was_due_longer_ago_than_is_kept_goes_with_its_digest_and_what_is_due_later_stays(person: User) -> None:
    WORK[:] = [
        piece("soon due", FIRST, date(2026, 11, 12), person.pk),
        piece("due in years", FIRST, date(2030, 11, 12), person.pk),
    ]
    send_reminders(FIRST)
    WORK[0] = piece("of another day", FIRST, date(2026, 11, 13), person.pk)
    send_reminders(date(2026, 11, 6))
    week_after = date(2026, 11, 12) + timedelta(days=KEPT + 7)
    assert forget_old(week_after) == 0
    assert forget_old(week_after + DAY) == 1
    assert rows() == {("due in years", "opened"), ("of another day", "before-5")}
    assert Digest.objects.count() == 2  # the first still holds what is due in years
    assert forget_old(week_after + 2 * DAY) == 1
    assert rows() == {("due in years", "opened")}
    assert Digest.objects.get().day == FIRST
    assert Message.objects.count() == 2  # messages are forgotten by their own


def test_the_schedules_task_counts_what_it_forgot(person: User, settings: Any) -> None:
    WORK[:] = [piece("w", FIRST, date(2026, 11, 12), person.pk)]
    send_reminders(FIRST)
    settings.TODAY = date(2028, 1, 4)
    assert forget_reminders() == 1
    assert forget_reminders() == 0
    assert not Digest.objects.exists()


@pytest.mark.parametrize(
    "later",
    [
        {},
        {"overdue_after": 3000},  # what was last sent before it was due stands again
        {"again_every": 200},  # an early reminder falls on a late day
        {"first_before": 400, "last_before": 300, "overdue_after": 3000},
    ],
)
def test_over_years_with_timings_changed_meanwhile_nobody_is_told_a_second_time(
    person: User, later: dict[str, int]
) -> None:
    """Open for ever: one long overdue, and one due after longer than rows are kept."""
    WORK[:] = [
        piece("never done", FIRST, date(2026, 11, 12), person.pk),
        piece("due in years", FIRST, FIRST + timedelta(days=3 * KEPT), person.pk),
    ]
    told: Counter[tuple[object, ...]] = Counter()
    last, forgotten = 0, 0
    day = FIRST
    while day < FIRST + timedelta(days=3 * KEPT):
        send_reminders(day)
        new = Reminder.objects.filter(pk__gt=last).order_by("pk")
        for row in new:
            told[row.subject, row.step, row.due_on, row.recipient_id] += 1
            last = row.pk
        forgotten += forget_old(day)
        if later and day >= FIRST + timedelta(days=KEPT + 60) and not Timing.objects.exists():
            Timing.objects.create(kind="", **later)
        day += DAY if day < FIRST + timedelta(days=30) else 9 * DAY
    assert told["never done", "overdue-1", date(2026, 11, 12), person.pk] == 1
    assert set(told.values()) == {1}
    assert forgotten > 20
    assert not Reminder.objects.filter(subject="never done").exists()


def _all_that_happened(moment: datetime) -> list[Notice]:
    return list(HAPPENED)


GIVES_TOO_MUCH = (
    NoticeSource("example-notice", "A source that gives more than it is asked for", _all_that_happened),
)


def test_notices_are_forgotten_and_a_source_that_brings_one_up_again_is_not_heard(
    person: User, settings: Any
) -> None:
    settings.REMINDER_NOTICES = [f"{__name__}.GIVES_TOO_MUCH"]
    moment = datetime(2026, 11, 2, 9, tzinfo=UTC)
    HAPPENED[:] = [Notice("said", FIRST, "Something", "/", frozenset({person.pk}))]
    assert send_notices(moment) == 1
    assert forget_old(FIRST + timedelta(days=KEPT + 7)) == 0
    assert forget_old(FIRST + timedelta(days=KEPT + 8)) == 1
    assert not Reminder.objects.exists()
    assert send_notices(moment + timedelta(days=KEPT + 8)) == 0
    assert not Reminder.objects.exists()
