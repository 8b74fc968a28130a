"""Handing a job to whoever runs it: the workers; a thread where there is no broker; this very call in tests."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from celery import current_app
from django.conf import settings
from django.db import connections
from kombu.exceptions import OperationalError

from hdcperf.jobs.running import run

__all__ = ["RUN_JOB", "queue"]

logger = logging.getLogger(__name__)

RUN_JOB = "hdcperf.jobs.tasks.run_job"


def queue(pk: int) -> None:
    """Have the job run. A broker that does not answer is no error: the sweep queues what waits."""
    if settings.JOBS_RUN == "at once":
        run(pk)
    elif settings.JOBS_RUN == "thread":
        _thread().submit(_run_in_thread, pk)
    else:
        try:
            current_app.send_task(RUN_JOB, [pk], retry=False)
        except OperationalError as problem:
            logger.error("Job %s could not be queued, and waits for the sweep: %s", pk, problem)


@cache
def _thread() -> ThreadPoolExecutor:
    """One after the other: SQLite takes one writer. Ending the server waits for the job under way."""
    return ThreadPoolExecutor(1, thread_name_prefix="jobs")


def _run_in_thread(pk: int) -> None:
    try:
        run(pk)
    except Exception:
        logger.exception("Job %s could not be run", pk)
    finally:
        connections.close_all()
