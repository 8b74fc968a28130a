"""Sending again what failed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message, Resend
from hdcperf.outbox.soon import send_soon

__all__ = ["send_again"]


def send_again(messages: QuerySet[Message], *, by: User) -> int:
    """Have those of ``messages`` that failed tried anew, at each person's address of today; give how many.

    Who asked is kept. What is waiting, sent or cleared of its words is left alone, so a second click changes nothing.
    """
    now = timezone.now()
    with transaction.atomic():
        failed = messages.filter(state=Message.State.FAILED, cleared_at=None).order_by()
        keys = list(failed.select_for_update().values_list("pk", flat=True))
        Resend.objects.bulk_create([Resend(message_id=key, by=by, by_name=by.name, at=now) for key in keys])
        Message.objects.filter(pk__in=keys).update(
            state=Message.State.WAITING,
            next_try_at=now,
            attempts=0,
            error="",
            address=Subquery(User.objects.filter(pk=OuterRef("recipient")).values("email")),
        )
        if keys:
            transaction.on_commit(send_soon, robust=True)
    return len(keys)
