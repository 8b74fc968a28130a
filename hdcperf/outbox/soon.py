"""Sending what was just posted without waiting for the next minute: by a worker; by a thread where there is none."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event

from celery import current_app
from django.conf import settings
from django.db import connections
from kombu.exceptions import OperationalError

from hdcperf.outbox.delivery import deliver

__all__ = ["SEND_MESSAGES", "send_soon"]

SEND_MESSAGES = "hdcperf.outbox.tasks.send_messages"
logger = logging.getLogger(__name__)
_asked = Event()


def send_soon() -> None:
    """Have what is due sent. A broker that does not answer is no error: each minute's run finds what waits."""
    if settings.JOBS_RUN == "at once":
        deliver()
    elif settings.JOBS_RUN == "thread":
        if not _asked.is_set():  # one that has not begun yet will find this message too
            _asked.set()
            _thread().submit(_run_in_thread)
    else:
        try:
            current_app.send_task(SEND_MESSAGES, retry=False)
        except OperationalError:
            logger.exception("The workers could not be told of a message: it waits for the next minute's run")


@cache
def _thread() -> ThreadPoolExecutor:
    """Not the one of jobs: a mail server that stalls holds up no import. Ending the server waits for the run."""
    return ThreadPoolExecutor(1, thread_name_prefix="messages")


def _run_in_thread() -> None:
    _asked.clear()
    try:
        deliver()
    except Exception:
        logger.exception("Messages could not be sent: they wait for the next run")
    finally:
        connections.close_all()
