"""Posting messages: the row is written with whatever it tells of, in the caller's own transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from hdcperf.organisation.models import User
from hdcperf.outbox.models import SUBJECT_LENGTH, Message
from hdcperf.outbox.soon import send_soon

__all__ = ["Letter", "post", "post_many"]

BATCH = 500
_KEY_LENGTH = 200
_NEVER_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Letter:
    """A message to be posted. ``key`` says what it tells of (its kind, step, subject and day, say)."""

    recipient: User
    key: str
    kind: str
    subject: str
    text: str
    html: str = ""
    compulsory: bool = False


def post(
    recipient: User, key: str, *, kind: str, subject: str, text: str, html: str = "", compulsory: bool = False
) -> Message | None:
    """Write the message unless ``recipient`` was told under ``key`` already: then write nothing and return None.

    In the caller's transaction, if there is one: what the caller wrote and the message stand or fall together. A
    second caller at the same moment waits for the first to end. The subject is put in one line of at most 200
    characters. A key is kept for ``TOLD_KEEP_DAYS``: name what cannot come up again later (a day, a row). Raises
    ValueError for a key that is empty or longer than 200 characters.
    """
    posted = post_many([Letter(recipient, key, kind, subject, text, html, compulsory)])
    return posted[0] if posted else None


def post_many(letters: Iterable[Letter]) -> list[Message]:
    """Post many at once, as ``post``; return those written now. Queries grow with batches of 500."""
    # In one order for everybody: two callers with the same letters then wait for each other, not both for both.
    rows = [_row(letter) for letter in sorted(letters, key=lambda one: (one.recipient.pk, one.key))]
    written: list[Message] = []
    with transaction.atomic():
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            Message.objects.bulk_create(batch, ignore_conflicts=True)
            # The database says which of them it kept: the others' identifications are nowhere.
            kept = set(Message.objects.filter(pk__in=[row.pk for row in batch]).values_list("pk", flat=True))
            written += [row for row in batch if row.pk in kept]
        if written:
            transaction.on_commit(send_soon, robust=True)
    return written


def _row(letter: Letter) -> Message:
    if not 0 < len(letter.key) <= _KEY_LENGTH:
        raise ValueError(f"A message's key has 1 to {_KEY_LENGTH} characters: {letter.key!r}")
    return Message(
        id=uuid.uuid4(),
        recipient=letter.recipient,
        address=letter.recipient.email,
        key=letter.key,
        kind=letter.kind,
        compulsory=letter.compulsory,
        subject=_one_line(letter.subject),
        text=_NEVER_PRINTED.sub("", letter.text),
        html=_NEVER_PRINTED.sub("", letter.html),
    )


def _one_line(words: str) -> str:
    """The subject as a header can hold it: a line break in a name must not begin a header of its own."""
    line = " ".join(_NEVER_PRINTED.sub(" ", words).split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"
