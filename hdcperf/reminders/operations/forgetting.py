"""Who was told of what is not kept for ever, and never let go while it could be sent again."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from hdcperf.outbox.rules import FORGOTTEN_AFTER
from hdcperf.reminders.models import Digest, Reminder
from hdcperf.reminders.rules import kept_from

__all__ = ["forget_old"]


def forget_old(today: date) -> int:
    """Delete reminders and digests that are older than ``TOLD_KEEP_DAYS`` and a week; give how many reminders.

    Only those of what was due before then: nothing as old is sent (``queries.planning``, ``operations.notices``), so
    what is forgotten is never told a second time. What was told early of something due later stays.
    """
    before = kept_from(today, settings.TOLD_KEEP_DAYS) - FORGOTTEN_AFTER
    # Rows that are kept as written, as long as they are kept: hence not by their own manager.
    told: QuerySet[Reminder] = QuerySet(Reminder)
    old = told.filter(Q(digest=None) | Q(digest__day__lt=before), due_on__lt=before)
    with transaction.atomic():
        forgotten, _ = old.delete()
        QuerySet(Digest).filter(day__lt=before, reminders=None).delete()
    return forgotten
