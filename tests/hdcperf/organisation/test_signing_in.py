"""Signing in: nothing typed is lost, nothing is posted for somebody else, and no address leads elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hdcperf.organisation.carrying import TYPED_BY, carry, person_mark, typist, unpack
from hdcperf.organisation.models import Delegation, User
from tests.factories.organisation import UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
DELEGATES = "/posts/delegates/"


@pytest.fixture
def kim() -> User:
    user: User = UserFactory(name="Kim Example", email="kim@council.example")
    return user


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def typed(person: User, delegate: User) -> dict[str, str]:
    """A delegation as its form posts it, a long way in the future."""
    return {
        TYPED_BY: person_mark(person.pk),
        "delegate": str(delegate.pk),
        "starts_on_day": "1",
        "starts_on_month": "4",
        "starts_on_year": "2190",
        "ends_on_day": "2",
        "ends_on_month": "4",
        "ends_on_year": "2190",
        "reason": "A long reason, typed with care",
    }


class TestPassword:
    def test_a_wrong_password_keeps_the_address(self, client: Client, kim: User) -> None:
        answer = client.post(SIGN_IN, {"email": kim.email, "password": "wrong"})
        page = answer.content.decode()
        assert "The email address or the password is not right" in page
        assert 'value="kim@council.example"' in page
        assert "wrong" not in page

    def test_the_page_does_not_say_which_accounts_exist(self, client: Client, kim: User) -> None:
        def sentences(email: str) -> list[str]:
            answer = client.post(SIGN_IN, {"email": email, "password": "wrong"})
            return [str(one) for one in answer.context["form"].non_field_errors()]

        assert sentences(kim.email) == sentences("nobody@council.example")

    def test_the_address_is_found_whatever_its_case(self, client: Client, kim: User) -> None:
        answer = client.post(SIGN_IN, {"email": "KIM@council.example", "password": "demo"})
        assert (answer.status_code, answer["Location"]) == (302, "/")

    def test_a_closed_account_cannot_sign_in(self, client: Client, kim: User) -> None:
        kim.is_active = False
        kim.save()
        assert client.post(SIGN_IN, {"email": kim.email, "password": "demo"}).status_code == 200

    @pytest.mark.parametrize("email", ["", "kim\x00@council.example", "x" * 300])
    def test_bad_input_is_a_sentence(self, client: Client, email: str) -> None:
        answer = client.post(SIGN_IN, {"email": email, "password": "demo"})
        assert answer.status_code == 200
        assert answer.context["form"].errors


class TestWhereItLeads:
    def test_it_leads_where_the_person_was_going(self, client: Client, kim: User) -> None:
        asked = client.get(DELEGATES)
        assert asked["Location"] == f"{SIGN_IN}?next={DELEGATES}"
        answer = client.post(SIGN_IN, {"email": kim.email, "password": "demo", "next": DELEGATES})
        assert answer["Location"] == DELEGATES

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "javascript:alert(1)",
            "/\\evil.example",
            "http:///evil.example",
        ],
    )
    def test_it_leads_to_no_other_site(self, client: Client, kim: User, target: str) -> None:
        answer = client.post(SIGN_IN, {"email": kim.email, "password": "demo", "next": target})
        assert answer["Location"] == reverse("home")


class TestDemoAccounts:
    @pytest.fixture
    def board(self) -> User:
        user: User = UserFactory(email="board@demo.example", name="Bo Example")
        return user

    def test_are_listed_in_demo_mode_alone(self, client: Client, board: User, settings: object) -> None:
        assert b"board@demo.example" not in client.get(SIGN_IN).content
        settings.DEMO_MODE = True  # type: ignore[attr-defined]
        assert b"board@demo.example" in client.get(SIGN_IN).content

    def test_a_button_signs_in_in_demo_mode_alone(self, client: Client, board: User, settings: object) -> None:
        assert client.post(SIGN_IN, {"demo_account": board.email}).status_code == 200
        assert "_auth_user_id" not in client.session
        settings.DEMO_MODE = True  # type: ignore[attr-defined]
        assert client.post(SIGN_IN, {"demo_account": board.email}).status_code == 302
        assert client.session["_auth_user_id"] == str(board.pk)

    def test_a_button_signs_in_as_no_other_account(self, client: Client, kim: User, settings: object) -> None:
        settings.DEMO_MODE = True  # type: ignore[attr-defined]
        client.post(SIGN_IN, {"demo_account": kim.email})
        assert "_auth_user_id" not in client.session


class TestCarriedForm:
    """A form posted after the sign-in ran out."""

    def carried(self, client: Client, person: User, delegate: User) -> tuple[str, str]:
        """The address the sign-in page posts to, and the form it carries."""
        answer = client.post(DELEGATES, typed(person, delegate))
        page = answer.content.decode()
        assert answer.status_code == 401
        assert "What you typed is kept" in page
        action = re.search(r'<form method="post"[^>]*action="([^"]*)"', page)
        return action[1] if action else DELEGATES, hidden(page, "carried")

    def test_is_posted_again_after_the_same_person_signs_in(self, client: Client, kim: User) -> None:
        delegate = UserFactory()
        address, carried = self.carried(client, kim, delegate)
        answer = client.post(address, {"email": kim.email, "password": "demo", "carried": carried})
        assert (answer.status_code, answer["Location"]) == (302, DELEGATES)
        made = Delegation.objects.get()
        assert (made.user, made.delegate, made.reason) == (kim, delegate, "A long reason, typed with care")

    def test_outlives_a_mistyped_password(self, client: Client, kim: User) -> None:
        address, carried = self.carried(client, kim, UserFactory())
        again = client.post(address, {"email": kim.email, "password": "wrong", "carried": carried})
        kept = hidden(again.content.decode(), "carried")
        client.post(address, {"email": kim.email, "password": "demo", "carried": kept})
        assert Delegation.objects.count() == 1

    def test_is_not_posted_for_somebody_else(self, client: Client, kim: User) -> None:
        address, carried = self.carried(client, kim, UserFactory())
        other = UserFactory()
        answer = client.post(address, {"email": other.email, "password": "demo", "carried": carried}, follow=True)
        assert "because a different person signed in" in answer.content.decode()
        assert not Delegation.objects.exists()

    @pytest.mark.parametrize("change", ["forged", "old"])
    def test_is_refused_when_forged_or_too_old(
        self, client: Client, kim: User, change: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address, carried = self.carried(client, kim, UserFactory())
        if change == "forged":
            carried = carried[:-3] + ("abc" if not carried.endswith("abc") else "xyz")
        else:
            later = (timezone.now() + timedelta(hours=13)).timestamp()
            monkeypatch.setattr(signing.time, "time", lambda: later)
        assert unpack(carried) is None
        client.post(address, {"email": kim.email, "password": "demo", "carried": carried})
        assert not Delegation.objects.exists()

    @pytest.mark.parametrize("mark", ["", "1", "1:forged"])
    def test_is_not_carried_without_its_persons_mark(self, client: Client, kim: User, mark: str) -> None:
        answer = client.post(DELEGATES, typed(kim, UserFactory()) | {TYPED_BY: mark})
        assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next={DELEGATES}")

    def test_a_button_pressed_too_late_leads_back_to_its_page(self, client: Client) -> None:
        for sender, leads in (
            ("http://testserver/import/7/?status=new", "/import/7/%3Fstatus%3Dnew"),
            ("http://elsewhere.example/import/7/", "/import/7/apply/"),
            ("not an address", "/import/7/apply/"),
        ):
            answer = client.post("/import/7/apply/", {"fingerprint": "1"}, headers={"Referer": sender})
            assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next={leads}")

    def test_a_mark_is_no_carried_form(self, kim: User) -> None:
        assert unpack(person_mark(kim.pk)) is None

    def test_carries_every_value_and_the_whole_address(self, rf: object, kim: User) -> None:
        words = {"what": "Línea uno\nline two & 3 = 4", TYPED_BY: person_mark(kim.pk)}
        request = rf.post("/returns/2026-10/PI10/?from=queue", words)  # type: ignore[attr-defined]
        token = carry(request)
        assert token is not None
        found = unpack(token)
        assert found is not None
        assert typist(request) == found.user_id == kim.pk
        assert found.path == "/returns/2026-10/PI10/?from=queue"
        assert dict(parse_qsl(found.data.urlencode())) == dict(parse_qsl(urlencode(words)))


def test_signing_out_is_a_post(client: Client, kim: User) -> None:
    client.force_login(kim)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session
