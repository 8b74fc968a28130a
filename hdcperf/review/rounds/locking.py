"""What the lock of a round does by itself: old challenges go to the board (framework E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.review.dialogue import Dialogue

__all__ = ["escalate_at_lock"]


def escalate_at_lock(kind: str, dialogues: Sequence[Dialogue[Any]], today: date) -> int:
    """Send to the board every challenge that was older than three working days when its round locked.

    ``kind`` is of months or of quarters, ``dialogues`` those of the records they collect. Returns how many went. Safe
    to run any number of times: a locked round is done once, each in a transaction of its own.
    """
    locked = ReportingPeriod.objects.opened().filter(kind=kind, locks_on__lt=today, escalated_on__isnull=True)
    waiting = list(locked.order_by("starts_on").values_list("pk", flat=True))
    return sum(_escalate_one(pk, dialogues, today) for pk in waiting)


def _escalate_one(pk: int, dialogues: Sequence[Dialogue[Any]], today: date) -> int:
    """The challenges of one locked round; nothing where another run did it meanwhile."""
    with transaction.atomic():
        waiting = ReportingPeriod.objects.filter(pk=pk, locks_on__lt=today, escalated_on__isnull=True)
        period = waiting.select_for_update().first()
        if period is None:
            return 0
        sent = sum(dialogue.escalate_at_lock(period) for dialogue in dialogues)
        period.escalated_on = today
        save_as(period, by=None, reason="Locked: old challenges went to the board")
    return sent
