"""``manage.py send_messages``: send what waits, where no worker does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hdcperf.outbox.delivery import deliver
from hdcperf.ui import count_of


class Command(BaseCommand):
    help = "Send the messages that are due. Run it every minute where no worker does; twice at once does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OUTBOX_BACKEND:
            raise CommandError("No mail server is set, so messages wait: set EMAIL_HOST or GOVUK_NOTIFY_API_KEY.")
        came = deliver()
        self.stdout.write(
            f"{count_of(came.sent, 'message')} sent, {came.postponed} to be tried again, {came.failed} failed."
        )
