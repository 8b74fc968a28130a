"""After an election the whole council is re-appointed in one go, shown first, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from hdcperf.organisation.models import Appointment, User
from hdcperf.organisation.operations import NewCouncillor, PostRefused, hold_election, plan_election
from hdcperf.roles import Role
from tests.factories.organisation import AppointmentFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
STARTS = date(2026, 11, 9)
BEFORE = date(2026, 11, 8)
PAGE = "/posts/councillors/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def keeper(client: Client) -> User:
    user = holder(Role.DEMOCRATIC_SERVICES)
    client.force_login(user)
    return user


def seat(**more: object) -> Appointment:
    post: Appointment = AppointmentFactory(role=Role.COUNCILLOR, **more)
    return post


def held_on(day: date) -> set[tuple[str, str]]:
    return {(row.user.email, row.role) for row in Appointment.objects.on(day).select_related("user")}


def carry_out(by: User, ticked: list[Appointment], new: list[NewCouncillor]) -> str:
    ids = [row.pk for row in ticked]
    shown = plan_election(STARTS, ids, new).fingerprint
    return hold_election(STARTS, ids, new, shown=shown, by=by)


def test_those_ticked_hold_their_posts_again_and_everybody_else_stops(keeper: User) -> None:
    stays, leaves = seat(), seat()
    panel = AppointmentFactory(user=stays.user, role=Role.SCRUTINY, title="Chair of the panel", chairs=True)
    carry_out(keeper, [stays, panel], [NewCouncillor("New Example", "new@council.example")])
    assert held_on(BEFORE) >= {(stays.user.email, "councillor"), (leaves.user.email, "councillor")}
    assert held_on(STARTS) == {
        (keeper.email, "democratic_services"),
        (stays.user.email, "councillor"),
        (stays.user.email, "scrutiny"),
        ("new@council.example", "councillor"),
    }
    again = Appointment.objects.get(user=stays.user, role="scrutiny", starts_on=STARTS)
    assert (again.title, again.chairs) == ("Chair of the panel", True)


def test_officers_posts_are_left_alone(keeper: User) -> None:
    manager = AppointmentFactory(role=Role.SERVICE_MANAGER)
    seat()
    carry_out(keeper, [], [])
    manager.refresh_from_db()
    assert manager.ends_on is None


def test_doing_it_twice_changes_nothing(keeper: User) -> None:
    stays = seat()
    seat()
    new = [NewCouncillor("New Example", "new@council.example")]
    carry_out(keeper, [stays], new)
    rows, history = list(Appointment.objects.values()), Appointment.history.count()
    assert carry_out(keeper, [stays], new).endswith("nothing was changed.")
    assert list(Appointment.objects.values()) == rows
    assert (Appointment.history.count(), User.objects.filter(email="new@council.example").count()) == (history, 1)


def test_it_can_be_done_after_the_day(keeper: User, set_today: Callable[[date], None]) -> None:
    stays = seat()
    set_today(date(2026, 11, 20))
    carry_out(keeper, [stays], [])
    assert held_on(STARTS) >= {(stays.user.email, "councillor")}
    assert Appointment.objects.filter(user=stays.user).count() == 2


def test_every_row_of_history_names_the_person_and_the_reason(keeper: User) -> None:
    stays = seat()
    carry_out(keeper, [stays], [NewCouncillor("New Example", "new@council.example")])
    rows = [*Appointment.history.filter(history_user=keeper), *User.history.filter(history_user=keeper)]
    assert len(rows) == 4
    assert {row.history_change_reason for row in rows} == {"Council re-appointed from 9 November 2026"}


def test_a_former_councillors_account_is_used_again(keeper: User) -> None:
    back = UserFactory(email="back@council.example", is_active=False, name="Bo Example")
    carry_out(keeper, [], [NewCouncillor("Another name", "Back@council.example")])
    back.refresh_from_db()
    assert (back.is_active, back.name) == (True, "Bo Example")
    assert held_on(STARTS) >= {("back@council.example", "councillor")}


def test_a_new_account_has_no_password(keeper: User) -> None:
    carry_out(keeper, [], [NewCouncillor("New Example", "new@council.example")])
    assert not User.objects.get(email="new@council.example").has_usable_password()


def test_a_panel_member_who_lost_their_seat_is_asked_about(keeper: User) -> None:
    panel = AppointmentFactory(user=seat().user, role=Role.SCRUTINY)
    with pytest.raises(PostRefused, match="is ticked as Scrutiny panel member but not as a councillor"):
        plan_election(STARTS, [panel.pk], [])


def test_a_member_who_is_no_councillor_can_be_kept(keeper: User) -> None:
    """A panel may co-opt somebody."""
    panel = AppointmentFactory(role=Role.SCRUTINY)
    carry_out(keeper, [panel], [])
    assert held_on(STARTS) >= {(panel.user.email, "scrutiny")}


def test_a_post_that_changed_since_it_was_shown_is_shown_again(keeper: User) -> None:
    stays = seat()
    shown = plan_election(STARTS, [stays.pk], []).fingerprint
    seat()
    with pytest.raises(PostRefused, match="A post changed since"):
        hold_election(STARTS, [stays.pk], [], shown=shown, by=keeper)
    assert held_on(STARTS) >= {(stays.user.email, "councillor")}
    assert not Appointment.objects.filter(starts_on=STARTS).exists()


class TestPage:
    def typed(self, *ticked: Appointment, **more: str) -> dict[str, object]:
        return {
            "starts_on_day": "9",
            "starts_on_month": "11",
            "starts_on_year": "2026",
            "councillors": [str(row.pk) for row in ticked],
            "new": "New Example, new@council.example",
            **more,
        }

    def test_shows_first_and_changes_nothing(self, client: Client, keeper: User) -> None:
        stays, leaves = seat(), seat()
        answer = client.post(PAGE, self.typed(stays))
        page = answer.content.decode()
        assert "Nothing has been changed yet" in page
        assert leaves.user.name in page
        assert not Appointment.objects.filter(starts_on=STARTS).exists()

    def test_confirms_what_was_shown(self, client: Client, keeper: User) -> None:
        stays = seat()
        page = client.post(PAGE, self.typed(stays)).content.decode()
        form = next(part for part in page.split("<form") if 'value="confirm"' in part)
        fields: dict[str, list[str]] = {"step": ["confirm"]}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
            fields.setdefault(name, []).append(unescape(value))
        answer = client.post(PAGE, fields, follow=True)
        assert "1 post held again, 1 new councillor, 0 posts ended." in answer.content.decode()
        assert held_on(STARTS) >= {(stays.user.email, "councillor"), ("new@council.example", "councillor")}

    def test_a_forged_confirmation_is_shown_first(self, client: Client, keeper: User) -> None:
        stays = seat()
        answer = client.post(PAGE, self.typed(stays, step="confirm", shown="forged"))
        assert "confirm again" in answer.content.decode()
        assert not Appointment.objects.filter(starts_on=STARTS).exists()

    def test_change_goes_back_with_what_was_typed(self, client: Client, keeper: User) -> None:
        stays = seat()
        page = client.post(PAGE, self.typed(stays, step="change")).content.decode()
        assert "New Example, new@council.example" in page
        assert re.search(rf'value="{stays.pk}"[^>]* checked', page)

    @pytest.mark.parametrize(
        ("new", "sentence"),
        [
            ("Just a name", "Line 1: write a name, then a comma, then an email address"),
            ("Kim, kim@council.example\nLee, not-an-address", "Line 2: “not-an-address” is not an email address"),
            ("Kim, k@council.example\n\nKim, K@council.example", "Line 3: K@council.example is on an earlier line"),
            ("K" * 201 + ", k@council.example", "Line 1: the name must be 200 characters or fewer"),
            ("Kim\x00, k@council.example", "contains a character that cannot be kept"),
        ],
    )
    def test_a_line_that_cannot_be_read_is_named(self, client: Client, keeper: User, new: str, sentence: str) -> None:
        answer = client.post(PAGE, self.typed(new=new))
        assert sentence in " ".join(str(one) for one in answer.context["form"].errors["new"])
        assert not User.objects.filter(email="k@council.example").exists()
