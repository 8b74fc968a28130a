"""Personal data is not kept for ever: a message's words go, and in years the fact that somebody was told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hdcperf.outbox.models import Attempt, Message, Resend
from hdcperf.outbox.rules import FORGOTTEN_AFTER

__all__ = ["clear_old", "forget_old"]

AT_A_TIME = 20_000
"""Messages that one night forgets; the rest are the next night's."""


def clear_old(now: datetime | None = None) -> int:
    """Delete subject, texts, address and what servers said, ``OUTBOX_KEEP_DAYS`` after posting; give how many.

    Who was told, of what kind, under which key, when, and how often it was tried stay: nobody is told again. What
    still waits is left.
    """
    now = now or timezone.now()
    with transaction.atomic():
        old = Message.objects.filter(
            state__in=[Message.State.SENT, Message.State.FAILED],
            cleared_at=None,
            created_at__lt=now - timedelta(days=settings.OUTBOX_KEEP_DAYS),
        )
        keys = list(old.select_for_update().values_list("pk", flat=True))
        Attempt.objects.filter(message__in=keys).delete()
        return Message.objects.filter(pk__in=keys).update(
            cleared_at=now, address="", subject="", text="", html="", error=""
        )


def forget_old(now: datetime | None = None) -> int:
    """Delete messages whose words went, ``TOLD_KEEP_DAYS`` and a week after posting; give how many.

    Keys name a day or a thing of it, so what is as old is not posted again; what still waits is left.
    """
    now = now or timezone.now()
    with transaction.atomic():
        old = Message.objects.filter(
            state__in=[Message.State.SENT, Message.State.FAILED],
            cleared_at__isnull=False,
            created_at__lt=now - timedelta(days=settings.TOLD_KEEP_DAYS) - FORGOTTEN_AFTER,
        )
        keys = list(old.select_for_update().values_list("pk", flat=True)[:AT_A_TIME])
        QuerySet(Resend).filter(message__in=keys).delete()  # rows that are kept as written, as long as they are kept
        Message.objects.filter(pk__in=keys).delete()
    return len(keys)
