"""Forgotten and changed passwords: by e-mail to their owner alone, strong enough, and with history."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from tests.factories.organisation import UserFactory
from tests.hdcperf.organisation.test_sign_in_limits import LIMIT, right, wrong

pytestmark = pytest.mark.django_db
NEW = "three quiet wooden boats"


@pytest.fixture(autouse=True)
def _sends_mail(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.council.example"  # Django's test runner keeps what would be sent


@pytest.fixture
def kim() -> User:
    user: User = UserFactory(name="Kim Example", email="kim@council.example")
    return user


def ask(client: Client, email: str) -> Any:
    return client.post(reverse("password-forgotten"), {"email": email})


def link() -> str:
    found = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(client: Client, address: str, first: str = NEW, again: str | None = None) -> Any:
    there = client.get(address)
    typed = {"new_password1": first, "new_password2": first if again is None else again}
    return client.post(there["Location"] if there.status_code == 302 else address, typed)


def change(client: Client, now: str, first: str, again: str) -> Any:
    typed = {"old_password": now, "new_password1": first, "new_password2": again}
    return client.post(reverse("password-change"), typed)


def test_the_pages_for_a_forgotten_password_need_no_sign_in(client: Client) -> None:
    for address in (reverse("password-forgotten"), reverse("password-sent"), "/password/new/x/y/"):
        assert client.get(address).status_code == 200
    assert client.get(reverse("password-change")).status_code == 302


def test_a_link_is_sent_to_the_owner_and_lets_them_choose_a_new_password(client: Client, kim: User) -> None:
    assert ask(client, "KIM@council.example")["Location"] == reverse("password-sent")
    (message,) = mail.outbox
    assert message.to == [kim.email]
    assert message.subject == "Council performance: choose a new password"
    assert "for 24 hours" in message.body
    answer = choose(client, link())
    assert answer["Location"] == "/sign-in/"
    assert "Your new password is saved" in client.get("/sign-in/").content.decode()
    kim.refresh_from_db()
    assert kim.check_password(NEW)
    last = kim.history.latest()
    assert (last.history_by_name, last.history_change_reason) == (kim.name, "Chose a new password by e-mail")


def test_a_link_works_once(client: Client, kim: User) -> None:
    ask(client, kim.email)
    address = link()
    choose(client, address)
    assert "has been used already, or it is too old" in Client().get(address).content.decode()


@pytest.mark.parametrize("email", ["nobody@council.example", "closed@council.example"])
def test_nothing_is_sent_to_others_and_the_answer_is_the_same(client: Client, email: str) -> None:
    UserFactory(email="closed@council.example", is_active=False)
    assert ask(client, email)["Location"] == reverse("password-sent")
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["", "kim", "kim\x00@council.example", "x" * 300 + "@council.example"])
def test_what_is_no_address_is_answered_beside_the_box(client: Client, email: str) -> None:
    answer = ask(client, email)
    assert answer.context["form"].errors["email"]
    assert mail.outbox == []


def test_nobody_can_fill_anothers_inbox(client: Client, kim: User) -> None:
    for _ in range(3):
        ask(client, kim.email)
    assert len(mail.outbox) == 1


def test_a_new_password_ends_a_pause_at_once(client: Client, kim: User) -> None:
    wrong(client, kim.email, LIMIT)
    ask(client, kim.email)
    choose(client, link())
    answer = client.post("/sign-in/", {"email": kim.email, "password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("", "", "Enter your new password"),
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        ("123456789012345", "123456789012345", "entirely numeric"),
        ("kim@council.example", "kim@council.example", "too similar to the email address"),
        (NEW, NEW + "!", "The two new passwords are not the same"),
        ("x" * 201, "x" * 201, "at most 200 characters"),
    ],
)
def test_a_password_that_will_not_do_says_why(client: Client, kim: User, first: str, again: str, said: str) -> None:
    client.force_login(kim)
    answer = change(client, "demo", first, again)
    sentences = " ".join(str(one) for errors in answer.context["form"].errors.values() for one in errors)
    assert said in sentences
    kim.refresh_from_db()
    assert kim.check_password("demo")


def test_a_password_like_ones_name_will_not_do(client: Client) -> None:
    client.force_login(UserFactory(name="Wilhelmina Placeholder", email="x1@council.example"))
    assert "too similar to the name" in change(client, "demo", "WilhelminaPlace", "WilhelminaPlace").content.decode()


def test_ones_own_password_is_changed_and_other_sign_ins_end(client: Client, kim: User) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        right(browser, kim.email)
    answer = change(client, "demo", NEW, NEW)
    assert answer["Location"] == "/"
    assert client.get(reverse("password-change")).status_code == 200
    assert elsewhere.get(reverse("password-change")).status_code == 302
    last = kim.history.latest()
    assert (last.history_by_name, last.history_change_reason) == (kim.name, "Changed their password")


def test_the_password_now_is_asked_for(client: Client, kim: User) -> None:
    client.force_login(kim)
    assert "That is not your password as it is now" in change(client, "wrong", NEW, NEW).content.decode()
    kim.refresh_from_db()
    assert kim.check_password("demo")


def test_the_longest_password_that_can_be_chosen_can_sign_in(client: Client, kim: User) -> None:
    client.force_login(kim)
    longest = "long wooden boat " * 11 + "abcdefghijklm"
    assert len(longest) == 200
    change(client, "demo", longest, longest)
    assert client.post("/sign-out/").status_code == 302
    assert client.post("/sign-in/", {"email": kim.email, "password": longest}).status_code == 302


def test_an_example_account_keeps_its_printed_password(client: Client, settings: Any) -> None:
    settings.DEMO_MODE = True
    board: User = UserFactory(email="board@demo.example")
    ask(client, board.email)
    assert mail.outbox == []
    client.force_login(board)
    assert "keeps the password that is printed" in change(client, "demo", NEW, NEW).content.decode()
    board.refresh_from_db()
    assert board.check_password("demo")


def test_an_installation_without_mail_says_whom_to_ask(client: Client, settings: Any) -> None:
    settings.EMAIL_HOST, settings.DEBUG = "", False
    assert "sends no e-mail yet" in client.get(reverse("password-forgotten")).content.decode()
    assert "hdcperf.W002" in [one.id for one in run_checks(include_deployment_checks=True)]


def test_the_admin_changes_passwords_on_the_same_page(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/password_change/")["Location"] == reverse("password-change")


def test_the_session_cookie_is_for_the_browser_alone(client: Client, kim: User) -> None:
    right(client, kim.email)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 8 * 60 * 60)
