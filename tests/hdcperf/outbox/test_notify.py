"""GOV.UK Notify carries messages where it is configured: a server of its interface on loopback answers for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from hdcperf.outbox.delivery import Delivered, deliver
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import Letter, post_many
from tests.factories.organisation import UserFactory

pytestmark = pytest.mark.django_db
ID = "5d4a7b1e-0000-4000-8000-000000000000"


class Notify(BaseHTTPRequestHandler):
    """Answers with the status that the address begins with."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(sent)
        status = int(sent["email_address"][:3])
        wrong = "Template not found" if "template" in sent["email_address"] else "email_address is not valid"
        body = json.dumps({"id": ID} if status == 201 else {"errors": [{"message": wrong}]})
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    settings.OUTBOX_BACKEND = settings.NOTIFY_BACKEND
    settings.GOVUK_NOTIFY_API_KEY = f"example-{ID}-{ID}"
    settings.GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID = ID
    Notify.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Notify) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = partial(NotificationsAPIClient, base_url=f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr("django_gov_notify.backends.NotificationsAPIClient", there)
        yield Notify.asked
        server.shutdown()


@pytest.mark.parametrize(
    ("name", "came", "state"),
    [
        ("201", Delivered(sent=1), "sent"),
        ("400", Delivered(failed=1), "failed"),
        ("400-template", Delivered(postponed=1), "waiting"),  # ours to mend
        ("403", Delivered(postponed=1), "waiting"),
        ("429", Delivered(postponed=1), "waiting"),
        ("500", Delivered(postponed=1), "waiting"),
    ],
)
def test_a_message_goes_as_text_with_our_reference_and_its_answer_is_understood(
    asked: list[dict[str, Any]], name: str, came: Delivered, state: str
) -> None:
    person = UserFactory(email=f"{name}@council.example")
    (message,) = post_many([Letter(person, "a", "digest", "Two things are due", "KPI 5", "<p>KPI 5</p>")])
    assert deliver() == came
    assert asked == [
        {
            "email_address": f"{name}@council.example",
            "template_id": ID,
            "personalisation": {"subject": "Two things are due", "body": "KPI 5"},
            "reference": str(message.pk),
        }
    ]
    message.refresh_from_db()
    assert message.state == state
    assert ("GOV.UK Notify refused it" in message.error) == (name != "201")
    assert Message.objects.count() == 1
