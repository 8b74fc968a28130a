"""The pages of reminders, the command, and the timings an administrator keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hdcperf.organisation.models import Service, User
from hdcperf.outbox.models import Message
from hdcperf.reminders.models import Preference, Timing
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.roles import Role
from tests.factories.organisation import CouncilFactory, ServiceFactory, UserFactory, holder
from tests.hdcperf.reminders.world import WORK, declared, piece

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _declared(set_today: Callable[[date], None]) -> Iterator[None]:
    set_today(TODAY)
    CouncilFactory()
    with declared():
        yield


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def main_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split("<main", 1)[1]


@pytest.fixture
def service() -> Service:
    """A service whose Ann Example is late with one piece of work and has another to do by 12 November."""
    made: Service = ServiceFactory(name="Example Parks")
    ann = UserFactory(name="Ann Example")
    WORK.append(piece("hedges", date(2026, 10, 20), date(2026, 10, 30), ann.pk, service=made.pk))
    WORK.append(piece("lawns", date(2026, 11, 2), date(2026, 11, 12), ann.pk, service=made.pk))
    return made


def test_a_person_chooses_days_and_each_choice_leaves_history() -> None:
    person = holder(Role.SERVICE_MANAGER)
    client = client_of(person)
    assert main_of(client, "/reminders/").count("checked") == 5
    for days, said in ((["monday", "friday"], "come on Monday, Friday"), ([], "only what is compulsory")):
        answer = client.post("/reminders/", {"days": days}, follow=True)
        assert said in answer.content.decode()
        assert Preference.objects.get(user=person).days == days
    client.post("/reminders/", {"days": []})
    assert Preference.history.count() == 2
    answer = client.post("/reminders/", {"days": ["sunday"]})
    assert "Select days from Monday to Friday" in answer.content.decode()


def test_the_page_the_dry_run_and_the_sending_say_the_same(service: Service) -> None:
    page = main_of(client_of(holder(Role.PERFORMANCE_TEAM)), "/reminders/preview/?on=5+November+2026")
    printed = StringIO()
    call_command("send_reminders", "--date", "2026-11-05", "--dry-run", stdout=printed)
    assert Message.objects.count() == 0
    send_reminders(TODAY)
    message = Message.objects.get()
    for said in (page, printed.getvalue()):
        assert "On 5 November 2026: 1 message with 2 reminders." in said
        assert said.index("Example hedges") < said.index("Example lawns")
        for heading in (
            "Overdue since 30 October 2026: 1 example return",
            "Due in 5 working days, on 12 November 2026",
        ):
            assert heading in said
            assert heading in message.text
    again = StringIO()
    call_command("send_reminders", "--date", "2026-11-05", "--dry-run", stdout=again)
    said = "Nobody else receives a reminder on 5 November 2026: 1 message of the day went out before."
    assert said in again.getvalue()


def test_the_command_sends_today_and_refuses_another_day_or_none(service: Service) -> None:
    with pytest.raises(CommandError, match="Only today’s reminders are sent"):
        call_command("send_reminders", "--date", "2026-11-06")
    with pytest.raises(CommandError, match="is not a day"):
        call_command("send_reminders", "--date", "soon")
    said = StringIO()
    call_command("send_reminders", stdout=said)
    assert said.getvalue() == "1 message posted.\n"


def test_who_is_late_is_listed_with_one_message_to_the_service_sent_once(service: Service) -> None:
    manager = holder(Role.SERVICE_MANAGER, service=service)
    client = client_of(holder(Role.PERFORMANCE_TEAM))
    page = main_of(client, "/reminders/late/")
    assert "Example Parks" in page
    assert "Ann Example" in page
    assert "Example hedges" in page
    assert "Example lawns" not in page
    address = f"/reminders/late/{service.pk}/"
    words = main_of(client, address)
    assert f"Send to {manager.name}" in words
    assert "- Example hedges, due on 30 October 2026" in words
    typed = "Please see to <the hedges>.\n\nhttp://localhost:8000/"
    for said in (f"1 message posted to {manager.name}", "had this message already"):
        assert said in client.post(address, {"message": typed}, follow=True).content.decode()
    message = Message.objects.get()
    assert (message.recipient, message.subject) == (manager, "What is late in Example Parks")
    assert message.text == typed
    assert "&lt;the hedges&gt;" in message.html
    refused = client.post(address, {"message": ""}).content.decode()
    assert "Enter the message" in refused
    WORK.clear()
    answer = client.get(address, follow=True).content.decode()
    assert "Nothing is late in Example Parks any more." in answer


def test_a_service_nobody_manages_can_only_be_copied(service: Service) -> None:
    client = client_of(holder(Role.PERFORMANCE_TEAM))
    address = f"/reminders/late/{service.pk}/"
    words = main_of(client, address)
    assert "Nobody manages this service today" in words
    assert "Send to" not in words
    assert client.post(address, {"message": "x"}).status_code == 200
    assert Message.objects.count() == 0


def test_an_administrator_sets_the_timings_with_a_reason_and_the_preview_follows(service: Service) -> None:
    admin = User.objects.create_superuser("admin@council.example", "Example Admin", "demo")
    client = client_of(admin)
    typed = {
        "kind": "example-return",
        "first_before": 6,
        "last_before": 2,
        "overdue_after": 1,
        "again_every": 5,
        "manager_after": 1,
        "head_after": 3,
    }
    wrong = client.post("/admin/reminders/timing/add/", typed | {"first_before": 1}).content.decode()
    assert "The first reminder comes more working days before the due date than the last" in wrong
    client.post("/admin/reminders/timing/add/", typed)
    row = Timing.objects.get()
    page = main_of(client, "/reminders/preview/?on=4+November+2026")
    assert "6 and 2 working days before" in page
    assert "Due in 6 working days, on 12 November 2026" in page
    client.post(f"/admin/reminders/timing/{row.pk}/change/", typed | {"again_every": 4})
    row.refresh_from_db()
    assert row.again_every == 5  # not without its reason
    client.post(f"/admin/reminders/timing/{row.pk}/change/", typed | {"again_every": 4, "change_reason": "Too slow"})
    assert Timing.history.latest().history_change_reason == "Too slow"
