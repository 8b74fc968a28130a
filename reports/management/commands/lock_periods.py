"""``manage.py lock_periods``: at a month's lock, challenges older than three working days go to the board."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hdcperf import clock
from hdcperf.ui import count_of
from kpis.operations.periods import escalate_at_lock


class Command(BaseCommand):
    help = "Send old challenges of locked months to the board. Run it daily; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = escalate_at_lock(clock.today())
        self.stdout.write(f"{count_of(sent, 'challenge')} went to the board.")
