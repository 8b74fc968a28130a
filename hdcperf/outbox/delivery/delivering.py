"""One run over the messages that are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from hdcperf.outbox.delivery.claims import Claim, claim, give_back, stamp
from hdcperf.outbox.delivery.line import Line
from hdcperf.outbox.models import Message
from hdcperf.outbox.rules import LEASE

__all__ = ["Delivered", "deliver"]


@dataclass(frozen=True)
class Delivered:
    """What came of one run: how many were taken by the server, are tried again later, and are failed."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


def deliver(clock: Callable[[], datetime] = timezone.now) -> Delivered:
    """Send what is due, for at most ``LEASE`` minutes; the rest waits for the next run. Any number may run at once.

    Each message is stamped in a statement of its own as soon as the server has taken it. The one window in which
    somebody can be told twice lies between those two: the process or its database dies there, or the line breaks
    after the server took the message and before its answer arrived. It is a few milliseconds wide, and the second
    copy bears the Message-ID of the first. Stamping before sending would close it, and lose messages instead.

    Without a backend (no mail server is set, outside debug) nothing is claimed and everything waits. Queries: two for
    a batch of 50, one for a message sent, two for one that was not. Raises RuntimeError inside a transaction.
    """
    counts: Counter[str] = Counter()
    if settings.OUTBOX_BACKEND:
        until = clock() + timedelta(minutes=LEASE)
        with Line() as line:
            while not line.down and clock() < until and (batch := claim(clock())):
                counts.update(_send(batch, line, until, clock))
    return Delivered(counts[Message.State.SENT], counts[Message.State.WAITING], counts[Message.State.FAILED])


def _send(batch: Claim, line: Line, until: datetime, clock: Callable[[], datetime]) -> list[str]:
    """The state that each message of the batch came to; those not begun are given back."""
    states = []
    for place, message in enumerate(batch.messages):
        if line.down or clock() >= until:
            give_back(batch.messages[place:], batch.token, clock())
            break
        answer = line.send(message)
        states.append(stamp(message, batch.token, answer, clock()))
    return states
