"""Each person once a day, each step once for ever, each in the end: whatever the order of events and dates."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.periods import working_days
from hdcperf.reminders.kinds import Notice
from hdcperf.reminders.models import Digest, Reminder
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.reminders.operations.preferences import choose_days
from hdcperf.reminders.queries.planning import plan_of
from hdcperf.reminders.rules import standing
from hdcperf.roles import Role
from tests.bench.bulk import insert
from tests.factories.organisation import DelegationFactory, ServiceFactory, UserFactory, holder
from tests.hdcperf.reminders.world import HAPPENED, WORK, declared, piece

OPENED, DUE = date(2026, 11, 2), date(2026, 11, 12)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    with declared():
        yield


def told() -> list[tuple[str, str, str]]:
    """Who was told which step of what, in the order it was sent."""
    rows = Reminder.objects.order_by("digest__day", "pk").values_list("recipient__name", "step", "subject")
    return [(name, step, subject) for name, step, subject in rows]


# One day


@pytest.mark.django_db
def test_everything_due_is_one_message_most_urgent_first_with_links_what_happens_and_guidelines() -> None:
    person = UserFactory(name="Ann Example")
    WORK.extend(
        [
            piece("later", OPENED, date(2026, 12, 1), person.pk),
            piece("late", OPENED, date(2026, 11, 3), person.pk),
        ]
    )
    WORK.append(replace(piece("soon", OPENED, date(2026, 11, 6), person.pk), note="It is small & new."))
    assert send_reminders(date(2026, 11, 5)) == 1
    message = Message.objects.get()
    assert message.subject == "Overdue since 3 November 2026: 1 example return, and 2 other reminders"
    order = [
        "Overdue since 3 November 2026",
        "Due in 1 working day, on 6 November 2026",
        "Open now, due by 1 December",
    ]
    for words in (message.text, message.html):
        places = [words.index(each) for each in order]
        assert places == sorted(places)
        assert words.count("http://localhost:8000/") >= 4
        assert words.count("the example locks.") == 3
        assert words.count("Say what happened.") == 1
    assert "* Example soon\n  It is small & new.\n  http://localhost:8000/" in message.text
    assert "It is small &amp; new." in message.html
    assert message.compulsory
    assert "\n\n\n" not in message.text


@pytest.mark.django_db
def test_a_second_run_tells_nobody_anything_and_what_comes_later_that_day_waits_for_the_next() -> None:
    person = UserFactory(name="Ann")
    WORK.append(piece("a", OPENED, DUE, person.pk))
    assert [send_reminders(OPENED) for _ in range(2)] == [1, 0]
    WORK.append(piece("b", OPENED, DUE, person.pk))
    assert send_reminders(OPENED) == 0
    assert send_reminders(OPENED + DAY) == 1
    assert told() == [("Ann", "opened", "a"), ("Ann", "opened", "b")]


@pytest.mark.django_db
def test_a_day_that_was_missed_is_not_made_up_for_with_a_pile() -> None:
    person = UserFactory(name="Ann")
    WORK.append(piece("a", OPENED, DUE, person.pk))
    for day in (OPENED, date(2026, 11, 14), date(2026, 11, 20)):  # the second is a Saturday
        send_reminders(day)
    assert told() == [("Ann", "opened", "a"), ("Ann", "overdue-2", "a")]


@pytest.mark.django_db
def test_a_due_date_that_moved_is_told_anew() -> None:
    person = UserFactory(name="Ann")
    WORK.append(piece("a", OPENED, DUE, person.pk))
    send_reminders(OPENED)
    WORK[0] = replace(WORK[0], due=DUE + DAY)
    send_reminders(OPENED + DAY)
    assert list(Reminder.objects.values_list("step", "due_on")) == [("opened", DUE), ("opened", DUE + DAY)]


@pytest.mark.django_db
def test_chosen_days_hold_back_what_can_wait_and_nothing_else() -> None:
    friday_only, never, always = UserFactory(name="Friday"), UserFactory(name="Never"), UserFactory(name="Always")
    choose_days(friday_only, ["friday"])
    choose_days(never, [])
    WORK.append(piece("a", OPENED, date(2026, 11, 16), friday_only.pk, never.pk, always.pk))
    names: dict[date, list[str]] = {}
    for number in range(20):
        day = OPENED + number * DAY
        before = set(told())
        send_reminders(day)
        if sent := sorted(f"{name} {step}" for name, step, _ in set(told()) - before):
            names[day] = sent
    # Five working days before is 9 November, a Monday: Friday's falls on the last before it is due, who always comes.
    assert names == {
        date(2026, 11, 2): ["Always opened", "Friday opened", "Never opened"],  # the framework's own request
        date(2026, 11, 9): ["Always before-5"],
        date(2026, 11, 13): ["Always before-1", "Friday before-1", "Never before-1"],
        date(2026, 11, 17): ["Always overdue-1", "Friday overdue-1", "Never overdue-1"],
        date(2026, 11, 20): ["Always overdue-2", "Friday overdue-2", "Never overdue-2"],
    }


@pytest.mark.django_db
def test_whoever_begins_to_cover_is_told_what_stands_open_and_the_one_away_hears_on_their_return() -> None:
    ann, ben = UserFactory(name="Ann"), UserFactory(name="Ben")
    DelegationFactory(user=ann, delegate=ben, starts_on=date(2026, 11, 6), ends_on=date(2026, 11, 9))
    WORK.append(piece("a", OPENED, DUE, ann.pk))
    for day in (2, 3, 4, 5, 6, 9, 10, 11):
        send_reminders(date(2026, 11, day))
    assert told() == [
        ("Ann", "opened", "a"),
        ("Ann", "before-5", "a"),
        ("Ben", "before-5", "a"),
        ("Ann", "before-1", "a"),
    ]
    assert "You cover for Ann, who is away." in Message.objects.get(recipient=ben).text


@pytest.mark.django_db
def test_nobody_whose_account_is_closed_or_who_has_no_address_is_sent_anything_and_the_team_sees_who() -> None:
    service = ServiceFactory()
    manager = holder(Role.SERVICE_MANAGER, service=service)
    closed, without = UserFactory(is_active=False), UserFactory(email="not an address")
    WORK.append(piece("a", OPENED, DUE, closed.pk, without.pk, service=service.pk))
    send_reminders(OPENED)
    assert list(Message.objects.values_list("recipient", flat=True)) == [manager.pk]
    assert plan_of(OPENED).unreachable == {closed.pk, without.pk}


@pytest.mark.django_db
def test_a_digest_is_not_lost_with_its_rows_or_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies while it writes leaves nothing half done: the next run sends it."""
    person = UserFactory()
    WORK.append(piece("a", OPENED, DUE, person.pk))

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hdcperf.reminders.operations.daily.post_many", dies)
        with pytest.raises(KeyboardInterrupt):
            send_reminders(OPENED)
    assert (Digest.objects.count(), Reminder.objects.count(), Message.objects.count()) == (0, 0, 0)
    assert send_reminders(OPENED) == 1


@pytest.mark.django_db
def test_the_hour_that_comes_twice_in_october_sends_nothing_twice() -> None:
    person = UserFactory()
    HAPPENED.append(Notice("x", date(2026, 10, 25), "It happened", "/", frozenset({person.pk})))
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]  # 01:30 by the clock on the wall, both
    assert [clock.local_day(moment) for moment in twice] == [date(2026, 10, 25)] * 2
    assert [send_notices(moment) for moment in twice] == [1, 0]


# Notices


@pytest.mark.django_db
def test_what_happened_is_told_at_once_and_once_and_what_is_long_past_is_not() -> None:
    ann, ben = UserFactory(name="Ann"), UserFactory(name="Ben")
    now = datetime(2026, 11, 5, 10, tzinfo=UTC)
    HAPPENED.append(Notice("old", date(2026, 10, 20), "Long past", "/", frozenset({ann.pk})))
    HAPPENED.append(Notice("1", date(2026, 11, 5), "A challenge", "/x/", frozenset({ann.pk})))
    HAPPENED.append(Notice("2", date(2026, 11, 5), "Another", "/y/", frozenset({ann.pk, ben.pk})))
    assert send_notices(now) == 2
    assert send_notices(now + timedelta(minutes=1)) == 0
    subjects = dict(Message.objects.values_list("recipient__name", "subject"))
    assert subjects == {"Ann": "A challenge, and 1 other notice", "Ben": "Another"}
    HAPPENED.append(Notice("3", date(2026, 11, 5), "A third", "/z/", frozenset({ann.pk})))
    assert send_notices(now + timedelta(minutes=2)) == 1


# At most once, and in the end


class AnyOrder(TestCase):
    """Any work, opened, due and done on any days, people coming and going, days missed, runs doubled."""

    @given(data=st.data())
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    def test_each_step_is_sent_at_most_once_and_each_due_one_in_the_end(self, data: st.DataObject) -> None:
        people = [UserFactory(name=f"P{number}") for number in range(3)]
        length = st.integers(0, 12)
        with declared():
            for day in (OPENED + number * DAY for number in range(18)):
                self._something_happens(data, people, day, length)
                for _ in range(data.draw(st.integers(0, 2), label="runs")):
                    send_reminders(day)
                    self._once_a_person_a_day(day)
                    self._everything_due_is_sent(day)
                assert not Message.objects.values("recipient", "key").exclude(key__startswith="digest-").exists()
            self._rows_and_messages_agree()

    def _something_happens(self, data: st.DataObject, people: list[User], day: date, length: Any) -> None:
        what = data.draw(st.sampled_from(["nothing", "opens", "is done", "moves", "closes", "comes back", "chooses"]))
        who = data.draw(st.sampled_from(people))
        if what == "opens":
            subject = f"w{len(WORK)}-{day.day}"
            WORK.append(piece(subject, day, day + data.draw(length) * DAY, who.pk))
        elif what == "is done" and WORK:
            WORK.pop(data.draw(st.integers(0, len(WORK) - 1)))
        elif what == "moves" and WORK:
            WORK[-1] = replace(WORK[-1], due=WORK[-1].due + data.draw(length) * DAY)
        elif what in ("closes", "comes back"):
            who.is_active = what == "comes back"
            save_as(who, by=None, reason="For a test")
        elif what == "chooses":
            choose_days(who, data.draw(st.lists(st.sampled_from(["monday", "friday"]), unique=True)))

    def _once_a_person_a_day(self, day: date) -> None:
        digests = Counter(Message.objects.filter(key=f"digest-{day}").values_list("recipient", flat=True))
        assert set(digests.values()) <= {1}

    def _everything_due_is_sent(self, day: date) -> None:
        """After a run, whoever must be told of a step has been, or had their one message of the day before."""
        plan = plan_of(day)
        assert plan.parcels == ()
        for parcel in plan.waiting:
            assert not parcel.is_compulsory

    def _rows_and_messages_agree(self) -> None:
        assert Digest.objects.count() == Message.objects.count()
        for reminder in Reminder.objects.select_related("digest", "recipient"):
            assert reminder.digest is not None
            text = Message.objects.get(recipient=reminder.recipient, key=f"digest-{reminder.digest.day}").text
            assert f"Example {reminder.subject}" in text
            step = standing(OPENED, reminder.due_on, reminder.digest.day)
            assert step is not None
            assert working_days().is_working_day(reminder.digest.day)


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_reminder_of_a_step() -> None:
    person = UserFactory()
    given_row: dict[str, Any] = {
        "kind": "k",
        "step": "opened",
        "subject": "s",
        "due_on": DUE,
        "recipient": person,
        "told_as": "acts",
    }
    Reminder.objects.create(**given_row, digest=Digest.objects.create(recipient=person, day=OPENED))
    for wrong in (
        {"digest": Digest.objects.create(recipient=person, day=DUE)},
        {"digest": None, "step": "before-1"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(**given_row | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(recipient=person, day=OPENED)


# Many at once


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_runs_and_two_sweeps_at_once_tell_each_person_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    people = [UserFactory() for _ in range(130)]
    WORK.extend(piece(f"w{n}-{person.pk}", OPENED, DUE, person.pk) for person in people for n in range(2))
    HAPPENED.extend(Notice(f"n{one.pk}", OPENED, "It happened", "/", frozenset({one.pk})) for one in people[:20])
    begin, sent = threading.Barrier(4), []

    def run(work: Any, given_to: Any) -> None:
        try:
            begin.wait()
            sent.append(work(given_to))
        finally:
            connections.close_all()

    moment = datetime(2026, 11, 2, 9, tzinfo=UTC)
    jobs = [(send_reminders, OPENED)] * 2 + [(send_notices, moment)] * 2
    threads = [threading.Thread(target=run, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send_reminders(OPENED)
    send_notices(moment)
    assert Message.objects.filter(kind="reminders").count() == len(people)
    assert Message.objects.filter(kind="notice").count() == 20
    assert Reminder.objects.count() == 2 * len(people) + 20
    assert len(sent) == 4


@pytest.mark.django_db
def test_the_queries_of_2000_digests_grow_with_people_and_not_with_what_they_are_told() -> None:
    password = User(email="x", name="x")
    password.set_unusable_password()
    people = insert(
        [User(email=f"p{n}@council.example", name=f"P{n}", password=password.password) for n in range(2000)]
    )

    def queries(items: int, day: date, tellees: list[User]) -> int:
        WORK[:] = [piece(f"{day}-{n}-{one.pk}", day, day + 20 * DAY, one.pk) for one in tellees for n in range(items)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert send_reminders(day) == len(tellees)
        return len(seen)

    one, five = queries(1, date(2026, 11, 2), people), queries(5, date(2026, 11, 3), people)
    few = queries(1, date(2026, 11, 4), people[:100])
    assert one == five
    assert one <= 20 * 12 + 20  # twelve for each hundred people
    assert few < one / 10
