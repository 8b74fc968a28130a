"""Mail that goes wherever a test's script says: taken, refused, lost on the way, or the end of its process."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from hdcperf.outbox.delivery import deliver

__all__ = ["Killed", "Scripted", "World"]


class Killed(BaseException):
    """The process ended there and then: nothing of ours may catch it."""


class World:
    """A clock, a mail server, and any number of processes. ``next_step`` draws what happens as a message is sent."""

    STEPS = ("take", "later", "never", "lost", "die", "take and die", "take and lose", "others", "slow")
    now: datetime
    next_step: Callable[[], str]

    def __init__(self, now: datetime, next_step: Callable[[], str]) -> None:
        self.now = now
        self.next_step = next_step
        self.taken: Counter[str] = Counter()
        self.in_the_window: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.depth = 0

    def run(self) -> None:
        """A process begins, sends what is due, and ends one way or the other."""
        with suppress(Killed):
            deliver(lambda: self.now)

    def send(self, name: str) -> None:
        step = self.next_step()
        if step == "others" and self.depth < 2:  # while this one sends, another process comes by
            self.depth += 1
            self.run()
            self.depth -= 1
        elif step == "slow" and not self.depth:  # an exchange with a server ends within four minutes
            self.now += timedelta(minutes=4)
        elif step == "die":
            raise Killed
        elif step == "later":
            raise smtplib.SMTPDataError(451, b"Full")
        elif step == "never":
            self.refused.add(name)
            raise smtplib.SMTPRecipientsRefused({name: (550, b"Nobody")})
        elif step == "lost":
            raise smtplib.SMTPServerDisconnected
        self.taken[name] += 1
        if step in ("take and die", "take and lose"):
            self.in_the_window[name] += 1
            raise Killed if step == "take and die" else smtplib.SMTPServerDisconnected


class Scripted(BaseEmailBackend):
    """Every connection leads into the one world there is."""

    world: World

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> Any:
        for mail in email_messages:
            self.world.send(mail.extra_headers["Message-ID"])
        return len(email_messages)
