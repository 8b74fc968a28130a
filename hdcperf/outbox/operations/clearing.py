"""Personal data is not kept for ever: a message's words go, the fact that somebody was told stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hdcperf.outbox.models import Attempt, Message

__all__ = ["clear_old"]


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
