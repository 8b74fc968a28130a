"""Sending what was just posted without waiting for the next minute: by a worker; by a thread where there is none."""

from __future__ import annotations

import logging

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from hdcperf.jobs.aside import Aside
from hdcperf.outbox.delivery import deliver

__all__ = ["SEND_MESSAGES", "send_soon"]

SEND_MESSAGES = "hdcperf.outbox.tasks.send_messages"
logger = logging.getLogger(__name__)
_BESIDE = Aside("messages", deliver)  # not the thread of jobs: a mail server that stalls holds up no import


def send_soon() -> None:
    """Have what is due sent. A broker that does not answer is no error: each minute's run finds what waits."""
    if settings.JOBS_RUN == "at once":
        deliver()
    elif settings.JOBS_RUN == "thread":
        _BESIDE.ask()
    else:
        try:
            current_app.send_task(SEND_MESSAGES, retry=False)
        except OperationalError:
            logger.exception("The workers could not be told of a message: it waits for the next minute's run")
