"""The claim on a batch of messages, and what is written when each was handed over.

Two processes never hold the same message: PostgreSQL's rows are locked as they are taken, SQLite's transactions begin
one after the other, and every later change asks for the claim again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from hdcperf.outbox.delivery.answers import Answer, Outcome
from hdcperf.outbox.models import Attempt, Message
from hdcperf.outbox.rules import next_try, tries_left

__all__ = ["BATCH", "Claim", "claim", "give_back", "stamp"]

BATCH = 50
GONE = "The process that was sending it ended, so it is not known whether it arrived."
logger = logging.getLogger(__name__)
State = Message.State


@dataclass(frozen=True)
class Claim:
    """The messages taken, oldest first, under one token."""

    token: UUID
    messages: Sequence[Message]


def claim(now: datetime, size: int = BATCH) -> Claim | None:
    """Claim the oldest messages due at ``now`` and commit that; None when none is due.

    A claim gone stale is taken over, and the attempt it began counts: a message whose process ended at every attempt
    is failed after the last.
    """
    token = uuid4()
    with transaction.atomic(durable=True):
        due = (
            Message.objects.due(now)
            .select_related("recipient")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("created_at", "pk")
        )
        taken = list(due[:size])
        _note_lost([one for one in taken if one.state == State.CLAIMED], now)
        tried = [one for one in taken if tries_left(one.attempts)]
        Message.objects.filter(pk__in=[one.pk for one in tried]).update(
            state=State.CLAIMED, claim=token, claimed_at=now, next_try_at=None, attempts=F("attempts") + 1
        )
        worn_out = [one.pk for one in taken if not tries_left(one.attempts)]
        if worn_out:
            Message.objects.filter(pk__in=worn_out).update(**_ENDED, state=State.FAILED, error=GONE)
    for one in tried:
        one.attempts += 1
    return Claim(token, tried) if taken else None


_ENDED: dict[str, None] = {"claim": None, "claimed_at": None, "next_try_at": None}


def _note_lost(stale: Sequence[Message], now: datetime) -> None:
    Attempt.objects.bulk_create(
        [
            Attempt(
                message=one,
                number=one.attempts,
                at=one.claimed_at or now,
                outcome=Attempt.Outcome.UNKNOWN,
                error=GONE,
            )
            for one in stale
        ]
    )


def stamp(message: Message, token: UUID, answer: Answer, now: datetime) -> str:
    """Write what came of ``message``, if the claim still holds; give its state (empty when the claim was lost)."""
    if answer.outcome is Outcome.TAKEN:
        return _write(message, token, {**_ENDED, "state": State.SENT, "sent_at": now, "error": ""})
    again = answer.outcome is Outcome.LATER and tries_left(message.attempts)
    with transaction.atomic():
        Attempt.objects.create(
            message=message,
            number=message.attempts,
            at=now,
            outcome=Attempt.Outcome.POSTPONED if again else Attempt.Outcome.REFUSED,
            error=answer.words,
        )
        changes: dict[str, object] = {**_ENDED, "error": answer.words, "state": State.FAILED}
        if again:
            changes |= {"state": State.WAITING, "next_try_at": next_try(message.attempts, now)}
        return _write(message, token, changes)


def _write(message: Message, token: UUID, changes: dict[str, object]) -> str:
    if Message.objects.filter(pk=message.pk, claim=token).update(**changes):
        return str(changes["state"])
    logger.error("Message %s was taken up by another process while this one was sending it", message.pk)
    return ""


def give_back(messages: Sequence[Message], token: UUID, now: datetime) -> None:
    """Set free what was claimed and not begun: it waits as before, and no attempt is counted."""
    if messages:
        Message.objects.filter(pk__in=[one.pk for one in messages], claim=token).update(
            claim=None, claimed_at=None, state=State.WAITING, next_try_at=now, attempts=F("attempts") - 1
        )
