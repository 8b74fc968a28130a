"""``manage.py lock_periods``: at a round's lock, challenges older than three working days go to the board."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

import actions.operations.quarters
import kpis.operations.periods
from hdcperf import clock
from hdcperf.ui import count_of


class Command(BaseCommand):
    help = "Send old challenges of locked months and quarters to the board. Run it daily: again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        sent = kpis.operations.periods.escalate_at_lock(today) + actions.operations.quarters.escalate_at_lock(today)
        self.stdout.write(f"{count_of(sent, 'challenge')} went to the board.")
