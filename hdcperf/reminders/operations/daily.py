"""A day's reminders: at most one message a person, its rows written with it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from hdcperf.organisation.models import User
from hdcperf.outbox.operations import post_many
from hdcperf.reminders.models import Digest, Reminder
from hdcperf.reminders.presenters.messages import digest_letter
from hdcperf.reminders.queries.planning import Parcel, Plan, plan_of

__all__ = ["send_reminders"]

BATCH = 100
"""People in one transaction."""

logger = logging.getLogger(__name__)


def send_reminders(day: date) -> int:
    """Post the reminders of ``day`` and return how many messages; doing it again posts only what is new.

    The digest's row is the claim: of two runs at once only the one that wrote it tells its person anything. Rows and
    message are one transaction, so a run that dies leaves whole people told and the others to the next run. Queries
    grow with every hundred people, never with the work they are told of.
    """
    plan = plan_of(day)
    return sum(_send(batch, plan) for batch in _batches(plan.parcels))


def _batches(parcels: Sequence[Parcel]) -> Iterator[Sequence[Parcel]]:
    for start in range(0, len(parcels), BATCH):
        yield parcels[start : start + BATCH]


def _send(batch: Sequence[Parcel], plan: Plan) -> int:
    """Post for those of ``batch`` whom no other run has taken."""
    run = uuid.uuid4()
    try:
        with transaction.atomic():
            rows = [Digest(recipient_id=parcel.person, day=plan.day, run=run) for parcel in batch]
            Digest.objects.bulk_create(rows, ignore_conflicts=True)
            digests = {row.recipient_id: row for row in Digest.objects.filter(run=run)}
            mine = [parcel for parcel in batch if parcel.person in digests]
            Reminder.objects.bulk_create(
                _reminder(parcel, digests[parcel.person], index)
                for parcel in mine
                for index in range(len(parcel.lines))
            )
            people = User.objects.in_bulk([parcel.person for parcel in mine])
            post_many(digest_letter(parcel, people[parcel.person], plan) for parcel in mine)
    except IntegrityError:
        # A run of another day told one of them the same at this moment. The next run sends what is still to be sent.
        logger.warning("Reminders of %s: %s people left to the next run", plan.day, len(batch))
        return 0
    return len(mine)


def _reminder(parcel: Parcel, digest: Digest, index: int) -> Reminder:
    line = parcel.lines[index]
    return Reminder(
        kind=line.kind.code,
        step=line.step.code,
        subject=line.piece.subject,
        due_on=line.piece.due,
        recipient_id=parcel.person,
        told_as=line.told.told_as.value,
        digest=digest,
    )
