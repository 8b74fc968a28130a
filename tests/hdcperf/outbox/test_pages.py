"""Who reads which message, what its page says, and what an administrator can do about one that failed."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hdcperf.organisation.models import User
from hdcperf.outbox.models import Attempt, Message, Resend
from hdcperf.outbox.operations import clear_old, post
from tests.factories.organisation import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser("admin@council.example", "Ada Example", "demo")


def posted(person: User, key: str = "a", state: str = "waiting", **changes: Any) -> Message:
    message = post(
        person, key, kind="digest", subject=f"Due: {key}", text="One\n<b>two</b>", html="<script>alert(1)</script>"
    )
    assert message is not None
    if state == "failed":
        changes |= {"state": state, "next_try_at": None, "error": "550 Nobody"}
        Attempt.objects.create(message=message, number=1, at=timezone.now(), outcome="refused", error="550 Nobody")
    if state == "sent":
        changes |= {"state": state, "next_try_at": None, "sent_at": timezone.now()}
    Message.objects.filter(pk=message.pk).update(**changes)
    return message


def read(client: Client, person: User, address: str) -> BeautifulSoup:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def subjects(page: BeautifulSoup) -> set[str]:
    """Of the links, without what is only read out."""
    return {str(link.contents[0]) for link in page.select("#messages a")}


def test_people_see_their_own_messages_administrators_all_and_in_a_demonstration_everybody_all(
    client: Client, admin: User, settings: Any
) -> None:
    one, other = UserFactory(), UserFactory()
    posted(one, "mine")
    theirs = posted(other, "theirs")
    assert subjects(read(client, one, "/outbox/")) == {"Due: mine"}
    assert client.get(f"/outbox/{theirs.pk}/").status_code == 404
    assert subjects(read(client, admin, "/outbox/")) == {"Due: mine", "Due: theirs"}
    assert read(client, admin, f"/outbox/{theirs.pk}/").h1.get_text() == "MessageDue: theirs"  # type: ignore[union-attr]
    settings.DEMO_MODE = settings.DEBUG = True
    assert subjects(read(client, one, "/outbox/")) == {"Due: mine", "Due: theirs"}
    assert client.post(f"/outbox/{theirs.pk}/again/").status_code == 403


def test_the_list_is_narrowed_by_state_person_kind_and_words(client: Client, admin: User) -> None:
    one, other = UserFactory(), UserFactory(email="other@council.example")
    posted(one, "a", "sent")
    posted(one, "b", "failed")
    posted(other, "c", kind="chase_list")
    for query, found in [
        ("state=failed", {"Due: b"}),
        (f"person={one.pk}", {"Due: a", "Due: b"}),
        ("kind=chase_list", {"Due: c"}),
        ("words=other%40council", {"Due: c"}),
        (f"person={one.pk}&state=sent", {"Due: a"}),
        ("kind=nothing&person=x&state=lost", {"Due: a", "Due: b", "Due: c"}),
        ("words=nowhere", set()),
    ]:
        assert subjects(read(client, admin, f"/outbox/?{query}")) == found, query


def test_a_messages_html_is_shown_in_a_frame_that_runs_nothing_and_its_text_as_text(
    client: Client, admin: User
) -> None:
    page = read(client, admin, f"/outbox/{posted(UserFactory()).pk}/")
    frame = page.select_one("iframe")
    assert frame is not None
    assert frame.has_attr("sandbox")
    assert not frame["sandbox"]  # nothing is let through
    assert frame["srcdoc"] == "<script>alert(1)</script>"
    text = page.select_one(".app-mail")
    assert text is not None
    assert "<b>two</b>" in text.get_text()


def test_a_failed_message_says_why_leads_to_the_person_and_is_sent_again_by_administrators_alone(
    client: Client, admin: User
) -> None:
    person = UserFactory(email="now@council.example")
    message = posted(person, "a", "failed", address="then@council.example")
    page = read(client, admin, f"/outbox/{message.pk}/")
    assert page.select_one(f"a[href='/admin/organisation/user/{person.pk}/change/']")
    assert "then@council.example" in page.get_text()
    assert "550 Nobody" in page.get_text()
    assert "Look at 1 message that could not be sent" in read(client, admin, "/").get_text()
    address = f"/outbox/{message.pk}/again/"
    client.force_login(person)
    assert client.post(address).status_code == 403
    client.force_login(admin)
    said = [str(list(get_messages(client.post(address).wsgi_request))[-1]) for _ in range(2)]
    assert said[0] == "It is sent again within a minute."
    assert said[1].startswith("There is nothing to send again")
    message.refresh_from_db()
    assert (message.state, message.address) == ("waiting", "now@council.example")
    assert "Ada Example had it sent again" in read(client, admin, f"/outbox/{message.pk}/").get_text()


def test_the_list_and_a_message_cost_the_same_however_many_there_are(client: Client, admin: User) -> None:
    message = posted(UserFactory(), "first", "failed")
    client.force_login(admin)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    addresses = ["/outbox/", "/outbox/?state=failed", f"/outbox/{message.pk}/", "/"]
    few = [cost(one) for one in addresses]
    for number in range(20):
        posted(UserFactory(password="x"), "many", "failed", kind=f"kind {number}")
        Attempt.objects.create(message=message, number=2, at=timezone.now(), outcome="postponed", error="451")
        Resend.objects.create(message=message, by=admin, by_name=admin.name, at=timezone.now())
    assert [cost(one) for one in addresses] == few


def test_all_that_failed_is_sent_again_at_once(client: Client, admin: User) -> None:
    person = UserFactory()
    for key in "abc":
        posted(person, key, "failed")
    assert "3 messages" in read(client, admin, "/outbox/?state=failed").get_text()
    client.post("/outbox/again/")
    assert not Message.objects.filter(state="failed").exists()


def test_a_cleared_message_says_so_and_is_not_sent_again(client: Client, admin: User, settings: Any) -> None:
    message = posted(UserFactory(), "a", "failed")
    settings.OUTBOX_KEEP_DAYS = 0
    assert clear_old() == 1
    words = read(client, admin, f"/outbox/{message.pk}/").get_text()
    assert "Its words and the address were deleted" in words
    assert "Send again" not in words


def test_without_a_mail_server_the_list_says_that_messages_wait(client: Client, admin: User, settings: Any) -> None:
    settings.OUTBOX_BACKEND = ""
    assert "No mail server is set, so messages wait" in read(client, admin, "/outbox/").get_text()
    settings.OUTBOX_BACKEND = "hdcperf.outbox.backends.ShownOnly"
    assert "No mail server is set" not in read(client, admin, "/outbox/").get_text()
