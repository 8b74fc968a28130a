"""Naming a delegate for dates: one's own, or anybody's for those who keep posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from hdcperf.organisation.models import Delegation, User
from hdcperf.organisation.operations import PostRefused, end_delegation, name_delegate
from hdcperf.roles import Role
from tests.factories.organisation import DelegationFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
DAY = timedelta(days=1)
PAGE = "/posts/delegates/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def kim(client: Client) -> User:
    user: User = UserFactory(name="Kim Example")
    client.force_login(user)
    return user


def typed(delegate: User | None, starts: date, ends: date, **more: str) -> dict[str, str]:
    boxes = {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in (("starts_on", starts), ("ends_on", ends))
        for part in ("day", "month", "year")
    }
    return {"delegate": str(delegate.pk) if delegate else "", "reason": "Annual leave", **boxes, **more}


class TestNaming:
    def test_a_person_names_their_own_delegate(self, client: Client, kim: User) -> None:
        delegate = UserFactory(name="Lee Example")
        answer = client.post(PAGE, typed(delegate, TODAY, TODAY + DAY), follow=True)
        made = Delegation.objects.get()
        assert (made.user, made.delegate, made.starts_on, made.ends_on) == (kim, delegate, TODAY, TODAY + DAY)
        assert (
            "Lee Example can act for Kim Example from 5 November 2026 to 6 November 2026." in answer.content.decode()
        )
        row = made.history.get()
        assert (row.history_by_name, row.history_change_reason) == ("Kim Example", "Annual leave")

    def test_a_person_names_nobody_elses(self, client: Client, kim: User) -> None:
        other = UserFactory()
        client.post(PAGE, typed(UserFactory(), TODAY, TODAY, person=str(other.pk)))
        assert Delegation.objects.get().user == kim

    def test_who_keeps_posts_names_anybodys(self, client: Client) -> None:
        client.force_login(holder(Role.DEMOCRATIC_SERVICES))
        away = UserFactory()
        client.post(PAGE, typed(UserFactory(), TODAY, TODAY, person=str(away.pk)))
        assert Delegation.objects.get().user == away

    def test_a_double_click_names_one(self, client: Client, kim: User) -> None:
        delegate = UserFactory()
        for _ in range(2):
            name_delegate(kim, delegate, TODAY, TODAY, by=kim, today=TODAY)
        assert Delegation.objects.count() == 1


class TestBadInput:
    def refused(self, client: Client, data: dict[str, str]) -> dict[str, list[str]]:
        answer = client.post(PAGE, data)
        assert answer.status_code == 200
        assert not Delegation.objects.filter(reason="Annual leave").exists()
        assert "Annual leave" in answer.content.decode()
        return {name: [str(one) for one in errors] for name, errors in answer.context["form"].errors.items()}

    def test_oneself_is_not_offered(self, client: Client, kim: User) -> None:
        assert "delegate" in self.refused(client, typed(kim, TODAY, TODAY))

    def test_a_person_is_not_their_own(self, client: Client) -> None:
        client.force_login(holder(Role.DEMOCRATIC_SERVICES))
        away = UserFactory()
        found = self.refused(client, typed(away, TODAY, TODAY, person=str(away.pk)))
        assert found["delegate"] == ["Name somebody else: a person cannot be their own delegate."]

    def test_nobody_is_given_leave_in_the_past(self, client: Client, kim: User) -> None:
        found = self.refused(client, typed(UserFactory(), TODAY - DAY, TODAY))
        assert found["starts_on"][0].startswith("The first day must be today or later")

    def test_it_does_not_end_before_it_starts(self, client: Client, kim: User) -> None:
        found = self.refused(client, typed(UserFactory(), TODAY + DAY, TODAY))
        assert found["ends_on"] == ["The last day must be the same as or after the first day."]

    @pytest.mark.parametrize("shift", [-2, 0, 2])
    def test_a_person_has_one_delegate_at_a_time(self, client: Client, kim: User, shift: int) -> None:
        first = TODAY + DAY * 4
        DelegationFactory(
            user=kim, starts_on=first, ends_on=first + DAY * 2, delegate=UserFactory(name="Lee Example")
        )
        starts = first + DAY * shift
        found = self.refused(client, typed(UserFactory(), starts, starts + DAY * 2))
        assert found["starts_on"][0].startswith("Lee Example is already Kim Example’s delegate from 9 November 2026")

    def test_the_day_after_another_ends_is_free(self, client: Client, kim: User) -> None:
        DelegationFactory(user=kim, starts_on=TODAY, ends_on=TODAY)
        client.post(PAGE, typed(UserFactory(), TODAY + DAY, TODAY + DAY))
        assert Delegation.objects.filter(reason="Annual leave").exists()

    def test_a_closed_account_is_not_a_delegate(self, kim: User) -> None:
        gone = UserFactory(is_active=False)
        with pytest.raises(PostRefused, match="account is closed"):
            name_delegate(kim, gone, TODAY, TODAY, by=kim, today=TODAY)

    @pytest.mark.parametrize("end", ["x", "\x00", "9" * 40, "-1", "²"])
    def test_a_forged_id_is_not_found(self, client: Client, kim: User, end: str) -> None:
        assert client.post(PAGE, {"end": end}).status_code == 404


class TestEnding:
    def test_one_in_force_ended_yesterday(self, client: Client, kim: User) -> None:
        named = DelegationFactory(user=kim, starts_on=TODAY - DAY * 3, ends_on=TODAY + DAY)
        client.post(PAGE, {"end": str(named.pk)})
        named.refresh_from_db()
        assert named.ends_on == TODAY - DAY
        assert named.history.first().history_change_reason == "Ended early"

    def test_one_begun_today_ends_with_today(self, kim: User) -> None:
        named = DelegationFactory(user=kim, starts_on=TODAY, ends_on=TODAY + DAY)
        end_delegation(named, by=kim, today=TODAY)
        named.refresh_from_db()
        assert named.ends_on == TODAY

    def test_one_not_begun_is_removed_and_its_history_stays(self, kim: User) -> None:
        named = DelegationFactory(user=kim, starts_on=TODAY + DAY)
        end_delegation(named, by=kim, today=TODAY)
        assert not Delegation.objects.exists()
        row = Delegation.history.first()
        assert (row.history_type, row.history_by_name) == ("-", "Kim Example")

    def test_twice_is_harmless(self, client: Client, kim: User) -> None:
        named = DelegationFactory(user=kim, starts_on=TODAY - DAY * 3)
        end_delegation(named, by=kim, today=TODAY)
        assert end_delegation(named, by=kim, today=TODAY) == "That delegation was already over."

    def test_a_delegate_cannot_end_it(self, client: Client, kim: User) -> None:
        named = DelegationFactory(delegate=kim)
        assert client.post(PAGE, {"end": str(named.pk)}).status_code == 403

    def test_somebody_elses_does_not_exist(self, client: Client, kim: User) -> None:
        assert client.post(PAGE, {"end": str(DelegationFactory().pk)}).status_code == 404


def test_a_person_sees_their_own_and_those_they_cover(client: Client, kim: User) -> None:
    mine, covered = DelegationFactory(user=kim), DelegationFactory(delegate=kim)
    other = DelegationFactory()
    page = client.get(PAGE).content.decode()
    assert mine.delegate.name in page
    assert covered.user.name in page
    assert f">{other.user.name}<" not in page


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.SERVICE_MANAGER, True), (Role.FINANCE, True), (Role.SCRUTINY, False)]
)
def test_the_navigation_leads_officers_to_it(client: Client, role: Role, offered: bool) -> None:
    """A member's posts do not pass to a delegate, so a member is not led there."""
    client.force_login(holder(role))
    assert (f'href="{PAGE}"' in client.get("/kpis/").content.decode()) is offered
