"""``manage.py send_notices``: tell people at once of what happened, where no worker does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hdcperf import clock
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.ui import count_of


class Command(BaseCommand):
    help = "Post what people are told at once. Run it every minute where no worker does; twice at once does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{count_of(send_notices(clock.now()), 'message')} posted.")
