"""The example's messages: what the last days' runs told people, and one person who chose their days."""

from __future__ import annotations

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.periods import working_days
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.reminders.operations.preferences import choose_days

__all__ = ["tell"]


def tell() -> None:
    """Send what the working day before and the example's day itself would have sent, and what is told at once."""
    today = clock.today()
    before = working_days().add_working_days(today, -1)
    with clock.taken_to_be(before):
        choose_days(User.objects.get(email="service-manager@demo.example"), ["monday", "wednesday"])
        send_reminders(before)
    send_reminders(today)
    send_notices(clock.now())
