"""The night of 25 October 2026, whose hour from one to two comes twice: nobody is told twice, and nobody is missed.

The schedule's own entries are asked at every minute, as a beat asks them, and what they name is run for real. Only
the clock is made up.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from celery.schedules import crontab

from hdcperf import clock
from hdcperf.celery import SCHEDULE
from hdcperf.clock import LONDON
from hdcperf.organisation.models import User
from hdcperf.outbox.delivery import deliver
from hdcperf.outbox.models import Message
from hdcperf.reminders.kinds import Notice
from hdcperf.reminders.models import Digest, Reminder
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.reminders.tasks import send_the_days_reminders, send_the_notices
from tests.factories.organisation import UserFactory
from tests.hdcperf.outbox.mail_server import MailServer, mail_server
from tests.hdcperf.reminders.world import HAPPENED, WORK, declared, piece

FRIDAY, SUNDAY, MONDAY = date(2026, 10, 23), date(2026, 10, 25), date(2026, 10, 26)
MINUTE = timedelta(minutes=1)
DIGESTS, NOTICES, MESSAGES = "Send the day’s reminders", "Send notices", "Send messages"


class Night:
    """A clock of its own, and a beat that asks an entry of the schedule whether it is due at each minute."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 10, 23, 0, 0, tzinfo=UTC)
        night = self

        class Made(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return night.now.astimezone(tz)

        monkeypatch.setattr(clock, "datetime", Made)
        self.entries = {name: self._entry(name) for name in (DIGESTS, NOTICES, MESSAGES)}
        self.last = dict.fromkeys(self.entries, self.now)
        self.ran: dict[str, list[datetime]] = {name: [] for name in self.entries}

    def _entry(self, name: str) -> crontab:
        made = copy.copy(SCHEDULE[name]["schedule"])
        assert isinstance(made, crontab)
        made.nowfun = lambda: self.now.astimezone(LONDON)
        return made

    def due(self, name: str) -> bool:
        if not self.entries[name].is_due(self.last[name].astimezone(LONDON)).is_due:
            return False
        self.last[name] = self.now
        self.ran[name].append(self.now)
        return True

    def live_until(self, end: datetime, each: Callable[[Night], None]) -> None:
        while self.now < end:
            self.now += MINUTE
            each(self)


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Night:
    settings.TODAY = None
    return Night(monkeypatch)


@pytest.fixture
def box(settings: Any) -> Iterator[MailServer]:
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = False
        settings.OUTBOX_BACKEND = ""
        yield box


def london(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=LONDON, fold=fold).astimezone(UTC)  # type: ignore[misc]


def test_the_hour_that_comes_twice_runs_nothing_and_eight_is_eight_before_and_after_it(night: Night) -> None:
    night.live_until(london(2026, 10, 25, 0, 30), lambda one: one.due(DIGESTS))
    night.last = dict.fromkeys(night.entries, night.now)
    night.live_until(london(2026, 10, 25, 3, 0), lambda one: [one.due(name) for name in one.entries])
    night.live_until(london(2026, 10, 27, 12, 0), lambda one: one.due(DIGESTS))
    assert night.ran[DIGESTS] == [london(2026, 10, day, 8, 0) for day in (23, 26, 27)]
    assert night.ran[DIGESTS][1] - night.ran[DIGESTS][0] == timedelta(days=3, hours=1)
    asleep = [one for one in night.ran[NOTICES] if one.astimezone(LONDON).hour == 1]
    assert asleep == []
    first, last = london(2026, 10, 25, 1, 0), london(2026, 10, 25, 2, 0)
    assert last - first == timedelta(hours=2)
    assert [one for one in night.ran[NOTICES] if first - MINUTE <= one <= last] == [first - MINUTE, last]
    assert night.ran[NOTICES] == night.ran[MESSAGES]


@pytest.mark.django_db
def test_over_that_night_each_person_is_told_once_of_everything(night: Night, box: MailServer, settings: Any) -> None:
    people: list[User] = [UserFactory(name=f"P{n}", email=f"p{n}@council.example", password="x") for n in range(4)]
    box.plans["p3@council.example"] = ["450 Try later"]

    def a_minute(one: Night) -> None:
        local = one.now.astimezone(LONDON)
        if local.date() == SUNDAY and local.hour == 1 and local.minute == 30:
            # Something happens at half past one, both times it comes; and somebody runs the commands by hand.
            subject = f"at-{local.fold}"
            HAPPENED.append(Notice(subject, SUNDAY, f"Example {subject}", "/", frozenset({people[3].pk})))
            assert send_reminders(clock.today()) == 0  # a Sunday
            send_notices(clock.now())
            sent(one)
        if one.due(DIGESTS):
            send_the_days_reminders()
            send_the_days_reminders()  # and by a second beat
        if one.due(NOTICES):
            send_the_notices()
        if one.due(MESSAGES):
            sent(one)

    def sent(one: Night) -> None:
        """What waits goes now; messages keep real time, so theirs is made this night's."""
        Message.objects.filter(state="waiting", attempts=0).update(next_try_at=one.now, created_at=one.now)
        settings.OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        deliver(lambda: one.now)
        settings.OUTBOX_BACKEND = ""

    with declared():
        WORK[:] = [
            piece("opened on Friday", FRIDAY, date(2026, 11, 20), people[0].pk),
            piece("opened on Sunday", SUNDAY, date(2026, 11, 20), people[1].pk),
            piece("due on Friday", date(2026, 10, 1), FRIDAY, people[2].pk),
        ]
        night.now = london(2026, 10, 23, 7, 30)
        night.last = dict.fromkeys(night.entries, night.now)
        night.live_until(london(2026, 10, 23, 8, 30), a_minute)
        night.now = london(2026, 10, 25, 0, 30)
        night.last = {**dict.fromkeys(night.entries, night.now), DIGESTS: night.last[DIGESTS]}
        night.live_until(london(2026, 10, 25, 3, 0), a_minute)
        night.now = london(2026, 10, 26, 7, 30)
        night.live_until(london(2026, 10, 26, 8, 30), a_minute)

    told = Reminder.objects.filter(digest__isnull=False).values_list("recipient__name", "digest__day", "step")
    assert Counter(told) == Counter(
        {
            ("P0", FRIDAY, "opened"): 1,
            ("P1", MONDAY, "opened"): 1,
            ("P2", FRIDAY, "before-1"): 1,
            ("P2", MONDAY, "overdue-1"): 1,
        }
    )
    assert Digest.objects.count() == 4
    notices = Reminder.objects.filter(step="at-once").values_list("recipient__name", "subject")
    assert Counter(notices) == Counter({("P3", "at-0"): 1, ("P3", "at-1"): 1})
    assert not Message.objects.exclude(state="sent").exists()
    assert box.counts == Counter({one.message_id: 1 for one in Message.objects.all()})
    assert len(box.counts) == 6
    (first,) = Message.objects.filter(attempts=2)
    # Refused in the first hour from one to two, it was tried again within the second: no hour of waiting was added.
    assert first.sent_at is not None
    assert london(2026, 10, 25, 1, 30) < first.sent_at <= london(2026, 10, 25, 1, 30, fold=1)
