"""What is due is sent once, what the server refuses is tried again or failed, and what was not sent says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hdcperf.organisation.models import User
from hdcperf.outbox.delivery import Delivered, deliver
from hdcperf.outbox.delivery.claims import claim
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import Letter, post_many
from hdcperf.outbox.rules import STALE_AFTER, WAITS
from tests.factories.organisation import UserFactory
from tests.hdcperf.outbox.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)


@pytest.fixture
def box(settings: Any) -> Iterator[MailServer]:
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 1
        settings.OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield box


def posted(*emails: str, names: dict[str, str] | None = None, **words: str) -> list[Message]:
    """One message to each address, in that order of time."""
    written = []
    for place, email in enumerate(emails):
        person = User.objects.filter(email=email).first() or UserFactory(
            email=email, name=(names or {}).get(email, f"Example {place}"), password="x"
        )
        said = {"kind": "digest", "subject": "Two things are due", "text": "KPI 5\n", "html": "<p>KPI 5</p>", **words}
        written += post_many([Letter(person, "2026-11-05", **said)])
        Message.objects.filter(pk=written[-1].pk).update(created_at=NOON + timedelta(seconds=place), next_try_at=NOON)
    return written


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_what_is_due_is_sent_over_one_line_and_stamped_and_never_again(box: MailServer) -> None:
    messages = posted("a@council.example", "b@council.example", "c@council.example")
    Message.objects.filter(pk=messages[2].pk).update(next_try_at=NOON + timedelta(minutes=1))
    assert deliver(at(NOON)) == Delivered(sent=2)
    assert deliver(at(NOON)) == Delivered()
    assert [str(mail["To"]) for mail in box.arrived] == [
        "Example 0 <a@council.example>",
        "Example 1 <b@council.example>",
    ]
    assert box.connections == 1
    assert (now(messages[0]).state, messages[0].sent_at, messages[0].attempts) == ("sent", NOON, 1)
    assert deliver(at(NOON + timedelta(minutes=1))) == Delivered(sent=1)
    assert set(box.counts.values()) == {1}


def test_mail_has_both_texts_its_own_identification_and_asks_for_no_holiday_replies(box: MailServer) -> None:
    (message,) = posted("a@council.example")
    deliver(at(NOON))
    (mail,) = box.arrived
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Two things are due"
    bodies = {part.get_content_type(): part.get_content().strip() for part in mail.iter_parts()}  # type: ignore[union-attr]
    assert bodies == {"text/plain": "KPI 5", "text/html": "<p>KPI 5</p>"}


@pytest.mark.parametrize(
    "name",
    [
        'Dwayne "The Rock" O\'Brien',
        "Zoë Żółć-Łęcka",
        "Smith, Jo <evil@elsewhere.example>",
        "Jo\r\nBcc: everyone@council.example",
        "名前 氏",
        "x" * 200,
    ],
)
def test_a_name_is_quoted_or_encoded_and_reaches_nobody_else(box: MailServer, name: str) -> None:
    posted("a@council.example", names={"a@council.example": name}, subject=f"Due: {name}")
    assert deliver(at(NOON)) == Delivered(sent=1)
    (mail,) = box.arrived
    to = mail["To"].addresses
    assert [(one.display_name, one.addr_spec) for one in to] == [(" ".join(name.split()), "a@council.example")]
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).strip().startswith("Due: " + " ".join(name.split())[:20])


@pytest.mark.parametrize(
    "address", ["nobody", "a@b@c.example", "zoë@council.example", "a@council.example\r\nRCPT TO:<b>"]
)
def test_an_address_that_mail_cannot_reach_is_failed_at_once_and_holds_up_nobody(
    box: MailServer, address: str
) -> None:
    bad, good = posted("bad@council.example", "good@council.example")
    Message.objects.filter(pk=bad.pk).update(address=address)
    assert deliver(at(NOON)) == Delivered(sent=1, failed=1)
    assert now(bad).state == "failed"
    assert "is not an e-mail address" in bad.error
    assert now(good).state == "sent"
    assert len(box.arrived) == 1


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("550 No such person", "The mail server refused the address: 550 No such person"),
        ("data 554 Looks like spam", "The mail server refused the message: 554 Looks like spam"),
    ],
)
def test_what_the_server_refuses_for_good_is_failed_at_once(box: MailServer, plan: str, said: str) -> None:
    box.plans = {"a@council.example": [plan]}
    first, second = posted("a@council.example", "b@council.example")
    assert deliver(at(NOON)) == Delivered(sent=1, failed=1)
    assert (now(first).state, first.error) == ("failed", said)
    assert [(one.number, one.outcome, one.error) for one in first.tries.all()] == [(1, "refused", said)]
    assert now(second).state == "sent"
    assert box.connections == 1


@pytest.mark.parametrize(
    ("plan", "said", "arrives", "lines"),
    [
        ("450 Try later", "450 Try later", 1, 1),
        ("data 451 Full", "451 Full", 1, 1),
        ("421 Closing", "421 Closing", 1, 2),
        ("hang up", "The line to the mail server broke", 1, 2),
        ("stall", "The line to the mail server broke", 1, 2),
        ("take and hang up", "The line to the mail server broke", 2, 2),  # the window, told by one Message-ID
    ],
)
def test_what_goes_wrong_for_now_costs_that_message_a_retry_and_the_next_nothing(
    box: MailServer, plan: str, said: str, arrives: int, lines: int
) -> None:
    box.plans = {"a@council.example": [plan]}
    first, second = posted("a@council.example", "b@council.example")
    assert deliver(at(NOON)) == Delivered(sent=1, postponed=1)
    assert (now(first).state, first.next_try_at) == ("waiting", NOON + timedelta(minutes=1))
    assert said in first.error
    assert now(second).state == "sent"
    assert box.connections == lines
    assert deliver(at(NOON + timedelta(seconds=59))) == Delivered()
    assert deliver(at(NOON + timedelta(minutes=1))) == Delivered(sent=1)
    assert (now(first).state, first.error, first.attempts) == ("sent", "", 2)
    assert box.counts == {first.message_id: arrives, second.message_id: 1}


def test_a_line_cut_half_way_through_a_message_costs_it_a_retry_and_it_arrives_whole_and_once(
    box: MailServer,
) -> None:
    box.plans = {"a@council.example": ["drop half way", "drop half way"]}
    body = "".join(f"KPI {n} is due.\n" for n in range(20_000))
    first, second = posted("a@council.example", "b@council.example", text=body)
    assert deliver(at(NOON)) == Delivered(sent=1, postponed=1)
    assert b"KPI 1 is due." in box.cut_short[0]
    assert "The line to the mail server broke" in now(first).error
    assert deliver(at(NOON + timedelta(minutes=1))) == Delivered(postponed=1)
    assert deliver(at(NOON + timedelta(minutes=6))) == Delivered(sent=1)
    assert box.counts == {first.message_id: 1, second.message_id: 1}
    for mail in box.arrived:
        text = mail.get_body(("plain",))
        assert text is not None
        assert text.get_content().count("is due.") == 20_000


def test_waits_grow_and_after_the_last_attempt_it_is_failed(box: MailServer) -> None:
    box.plans = {"a@council.example": ["450 Full"] * 20}
    (message,) = posted("a@council.example")
    moment = NOON
    for minutes in WAITS:
        assert deliver(at(moment)) == Delivered(postponed=1)
        assert now(message).next_try_at == moment + timedelta(minutes=minutes)
        moment += timedelta(minutes=minutes)
    assert deliver(at(moment)) == Delivered(failed=1)
    assert (now(message).state, message.attempts) == ("failed", len(WAITS) + 1)
    assert message.tries.count() == len(WAITS) + 1
    assert "450 Full" in message.error
    assert deliver(at(moment + timedelta(days=9))) == Delivered()


def test_a_server_that_is_not_there_costs_one_message_an_attempt_and_the_rest_nothing(
    box: MailServer, settings: Any
) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    first, *rest = posted(*(f"{n}@council.example" for n in range(4)))
    assert deliver(at(NOON)) == Delivered(postponed=1)
    assert "could not be reached" in now(first).error
    assert [(now(one).state, one.attempts) for one in rest] == [("waiting", 0)] * 3
    settings.EMAIL_PORT = there
    assert deliver(at(NOON + timedelta(minutes=1))) == Delivered(sent=4)


def test_a_server_that_breaks_every_line_is_left_alone_after_the_third(box: MailServer) -> None:
    emails = [f"{n}@council.example" for n in range(6)]
    box.plans = {email: ["hang up"] for email in emails}
    posted(*emails)
    assert deliver(at(NOON)) == Delivered(postponed=3)
    assert Message.objects.filter(attempts=0, state="waiting").count() == 3


def test_a_wrong_password_is_ours_to_mend_so_the_message_waits(box: MailServer, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "council", "wrong"
    (message,) = posted("a@council.example")
    assert deliver(at(NOON)) == Delivered(postponed=1)
    assert now(message).state == "waiting"


def test_whoever_is_slow_gives_back_what_was_not_begun_before_anybody_takes_it_for_dead(box: MailServer) -> None:
    messages = posted(*(f"{n}@council.example" for n in range(5)))
    moments = iter([NOON, NOON, NOON, NOON, *([NOON + timedelta(minutes=6)] * 20)])
    assert deliver(lambda: next(moments)) == Delivered(sent=1)
    assert [now(one).state for one in messages] == ["sent", *(["waiting"] * 4)]
    assert [one.attempts for one in messages] == [1, 0, 0, 0, 0]
    assert not Message.objects.exclude(claim=None).exists()


def test_a_claim_whose_process_died_is_taken_up_after_a_quarter_of_an_hour_and_says_so(box: MailServer) -> None:
    (message,) = posted("a@council.example")
    assert claim(NOON) is not None  # and the process dies
    assert deliver(at(NOON + timedelta(minutes=STALE_AFTER))) == Delivered()
    assert deliver(at(NOON + timedelta(minutes=STALE_AFTER, seconds=1))) == Delivered(sent=1)
    assert [(one.number, one.outcome, one.at) for one in message.tries.all()] == [(1, "unknown", NOON)]
    assert now(message).attempts == 2


def test_a_message_that_ends_its_process_every_time_is_failed_in_the_end(box: MailServer) -> None:
    (message,) = posted("a@council.example")
    moment = NOON
    for _ in range(len(WAITS) + 1):
        assert claim(moment) is not None
        moment += timedelta(minutes=STALE_AFTER + 1)
    assert deliver(at(moment)) == Delivered()
    assert now(message).state == "failed"
    assert "not known whether it arrived" in message.error


def test_without_a_mail_server_messages_wait(settings: Any) -> None:
    settings.OUTBOX_BACKEND = ""
    (message,) = posted("a@council.example")
    assert deliver(at(NOON)) == Delivered()
    assert (now(message).state, message.attempts) == ("waiting", 0)


def test_the_hour_that_comes_twice_in_october_changes_nothing(box: MailServer) -> None:
    """At 01:30 UTC on 25 October the clocks in London show 01:30 for the second time."""
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    box.plans = {"a@council.example": ["450 Full"] * 3}
    (message,) = posted("a@council.example")
    Message.objects.update(next_try_at=before)
    for minutes in (0, 1, 6):
        deliver(at(before + timedelta(minutes=minutes)))
    assert now(message).next_try_at == before + timedelta(minutes=21)
    assert deliver(at(before + timedelta(minutes=20))) == Delivered()
    assert deliver(at(before + timedelta(minutes=60))) == Delivered(sent=1)


def test_two_thousand_messages_cost_queries_by_the_batch_and_one_stamp_each(settings: Any) -> None:
    settings.OUTBOX_BACKEND = "hdcperf.outbox.backends.ShownOnly"
    people = [UserFactory(password="x") for _ in range(40)]

    def cost(name: str, each: int) -> int:
        """Statements beside the stamps (a transaction's own words are none)."""
        post_many([Letter(one, f"{name} {n}", "digest", "Due", "Due") for one in people for n in range(each)])
        Message.objects.filter(state="waiting").update(next_try_at=NOON)
        with CaptureQueriesContext(connection) as asked:
            assert deliver(at(NOON)) == Delivered(sent=40 * each)
        return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries) - 40 * each

    look_that_finds_no_more = 1
    assert cost("few", 5) == 2 * 4 + look_that_finds_no_more
    assert cost("many", 50) == 2 * 40 + look_that_finds_no_more
