"""One connection to whatever carries messages: opened when first needed, and again after it broke."""

from __future__ import annotations

import logging
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import get_connection

from hdcperf.outbox.delivery.answers import TAKEN, Answer, Outcome, explain
from hdcperf.outbox.delivery.mail import as_mail
from hdcperf.outbox.models import Message

__all__ = ["Line"]

MOST_FAULTS = 3
logger = logging.getLogger(__name__)


class Line:
    """Hands messages over one at a time. ``down``: it could not be opened, or broke three times on end."""

    def __init__(self) -> None:
        self.connection = get_connection(settings.OUTBOX_BACKEND)
        self.down = False
        self._faults = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: Message) -> Answer:
        """Hand ``message`` over; what goes wrong is an answer, not an error."""
        try:
            mail = as_mail(message)
        except ValueError as problem:
            return explain(problem)
        try:
            self.connection.open()
        except Exception as problem:
            self._close()
            self.down = True
            return Answer(Outcome.LATER, f"The mail server could not be reached: {explain(problem).words}", True)
        try:
            self.connection.send_messages([mail])
        except Exception as problem:
            answer = explain(problem)
            logger.info("Message %s was not taken: %s", message.pk, answer.words)
        else:
            answer = TAKEN
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        if not answer.line_lost:
            self._faults = 0
            return
        self._close()
        self._faults += 1
        self.down = self._faults >= MOST_FAULTS

    def _close(self) -> None:
        with suppress(Exception):  # the message was answered for already: how the line ends changes nothing
            self.connection.close()
