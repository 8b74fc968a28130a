"""Wrong passwords: a pause for one person from one place, that says when it ends and locks nobody else out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.checks import run_checks
from django.test import Client, RequestFactory
from django.utils import timezone

from hdcperf.organisation.models import Delegation, User
from hdcperf.organisation.sign_in_limits import client_address
from tests.factories.organisation import UserFactory
from tests.hdcperf.organisation.test_signing_in import DELEGATES, SIGN_IN, hidden, typed

pytestmark = pytest.mark.django_db
LIMIT = 10


@pytest.fixture
def kim() -> User:
    user: User = UserFactory(name="Kim Example", email="Kim@council.example")
    return user


def wrong(client: Client, email: str, times: int = 1, **extra: Any) -> Any:
    for _ in range(times):
        answer = client.post(SIGN_IN, {"email": email, "password": "wrong"}, **extra)
    return answer


def right(client: Client, email: str, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"email": email, "password": "demo"}, **extra)


def sentence(answer: Any) -> str:
    (said,) = answer.context["form"].non_field_errors()
    return str(said)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_ten_wrong_passwords_pause_signing_in_and_say_what_to_do_and_when(client: Client, kim: User) -> None:
    answer = wrong(client, kim.email, LIMIT)
    assert answer.status_code == 429
    assert sentence(answer) == (
        "There were too many wrong passwords, so signing in with this email address is paused. "
        "Try again in 15 minutes, or reset your password now."
    )
    assert 'href="/password/forgotten/"' in answer.content.decode()
    answer = right(client, kim.email)
    assert answer.status_code == 429
    assert "is paused" in sentence(answer)
    assert not is_in(client)


def test_the_last_tries_are_announced(client: Client, kim: User) -> None:
    assert "After" not in sentence(wrong(client, kim.email, LIMIT - 4))
    assert "After 3 more tries signing in is paused for 15 minutes." in sentence(wrong(client, kim.email))
    assert "After 1 more try signing in is paused" in sentence(wrong(client, kim.email, 2))


def test_the_pause_ends_by_itself_and_waiting_in_vain_does_not_lengthen_it(client: Client, kim: User) -> None:
    wrong(client, kim.email, LIMIT)
    before = AccessAttempt.objects.get().attempt_time
    wrong(client, kim.email, 3)
    attempt = AccessAttempt.objects.get()
    assert (attempt.attempt_time, attempt.failures_since_start) == (before, LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=8, seconds=30))
    assert "Try again in 7 minutes" in sentence(wrong(client, kim.email))
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert right(client, kim.email).status_code == 302
    assert is_in(client)


def test_what_no_longer_counts_is_deleted_and_who_signed_in_is_not_kept(client: Client, kim: User) -> None:
    wrong(client, "stranger@council.example", 2)
    wrong(client, kim.email)
    AccessAttempt.objects.filter(username__startswith="stranger").update(
        attempt_time=timezone.now() - timedelta(hours=1)
    )
    right(client, kim.email)
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()


def test_nothing_that_was_typed_is_kept_with_a_wrong_password(client: Client, kim: User) -> None:
    client.post(SIGN_IN, {"email": kim.email, "password": "my-secret", "carried": "long words", "next": "/private/"})
    kept = AccessAttempt.objects.get()
    for secret in ("my-secret", "long words", "/private/", "im@council"):
        assert secret not in kept.post_data + kept.get_data


def test_the_address_counts_whatever_its_case(client: Client, kim: User) -> None:
    for email in ("KIM@COUNCIL.EXAMPLE", "kim@council.example", " Kim@Council.example "):
        wrong(client, email, 3)
    assert wrong(client, kim.email).status_code == 429


def test_one_that_signs_in_starts_from_nought_again(client: Client, kim: User) -> None:
    wrong(client, kim.email, LIMIT - 1)
    right(client, kim.email)
    client.post("/sign-out/")
    assert wrong(client, kim.email, LIMIT - 1).status_code == 200


def test_an_address_without_an_account_is_answered_the_same(client: Client, kim: User) -> None:
    answers = [wrong(client, email, LIMIT) for email in (kim.email, "nobody@council.example")]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert sentence(answers[0]) == sentence(answers[1])


def test_changing_the_browser_does_not_start_again(client: Client, kim: User) -> None:
    for number in range(LIMIT):
        answer = wrong(client, kim.email, HTTP_USER_AGENT=f"Browser {number}")
    assert answer.status_code == 429


def test_a_stranger_pauses_nobody_who_signs_in_from_elsewhere(client: Client, kim: User) -> None:
    wrong(client, kim.email, LIMIT + 5, REMOTE_ADDR="203.0.113.9")
    assert right(client, kim.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_colleague_at_the_same_address_signs_in(client: Client, kim: User) -> None:
    other = UserFactory()
    wrong(client, kim.email, LIMIT + 5)
    assert right(client, other.email).status_code == 302


def test_behind_a_proxy_the_visitors_address_counts_and_not_the_proxys(
    client: Client, kim: User, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    proxy = "10.0.0.1"
    wrong(client, kim.email, LIMIT, REMOTE_ADDR=proxy, HTTP_X_FORWARDED_FOR="203.0.113.9")
    elsewhere = {"REMOTE_ADDR": proxy, "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert right(client, kim.email, **elsewhere).status_code == 302


def test_behind_a_proxy_a_visitor_cannot_pretend_to_be_elsewhere(client: Client, kim: User, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for number in range(LIMIT):
        forged = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}, 203.0.113.9"}
        answer = wrong(client, kim.email, REMOTE_ADDR="10.0.0.1", **forged)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("behind", "count", "forwarded", "found"),
    [
        (False, 1, "203.0.113.9", "10.0.0.1"),
        (True, 1, "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        (True, 2, "192.0.2.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (True, 2, "203.0.113.9", "203.0.113.9"),
        (True, 1, "", "10.0.0.1"),
        (True, 1, "nonsense", None),
        (True, 1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (True, 1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_whose_address_a_request_comes_from(
    rf: RequestFactory, settings: Any, behind: bool, count: int, forwarded: str, found: str | None
) -> None:
    settings.BEHIND_PROXY, settings.PROXY_COUNT = behind, count
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == found


def test_a_form_carried_over_an_expired_sign_in_outlives_the_pause(client: Client, kim: User) -> None:
    delegate = UserFactory()
    carried = hidden(client.post(DELEGATES, typed(kim, delegate)).content.decode(), "carried")
    for _ in range(LIMIT):
        page = client.post(SIGN_IN, {"email": kim.email, "password": "wrong", "carried": carried}).content.decode()
        carried = hidden(page, "carried")
    assert "What you typed is kept" in page
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client.post(SIGN_IN, {"email": kim.email, "password": "demo", "carried": carried})
    assert Delegation.objects.get().reason == "A long reason, typed with care"


def test_the_admin_is_signed_in_to_on_the_same_page(client: Client) -> None:
    chief = UserFactory(is_staff=True, is_superuser=True)
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    answer = client.post(SIGN_IN, {"email": chief.email, "password": "demo", "next": "/admin/"})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/login/", {"username": chief.email, "password": "demo"}).status_code == 302


def test_an_administrator_can_end_a_pause(client: Client, kim: User) -> None:
    wrong(client, kim.email, LIMIT)
    chief = Client()
    chief.force_login(UserFactory(is_staff=True, is_superuser=True))
    pk = AccessAttempt.objects.get().pk
    page = chief.get("/admin/axes/accessattempt/").content.decode()
    assert re.search(rf"/admin/axes/accessattempt/{pk}/", unescape(page))
    chief.post(f"/admin/axes/accessattempt/{pk}/delete/", {"post": "yes"})
    assert right(client, kim.email).status_code == 302


def test_the_checks_find_nothing_wrong_with_the_limits() -> None:
    assert [str(one) for one in run_checks() if one.id and one.id.startswith("axes")] == []
