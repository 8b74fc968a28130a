"""Whether work in the background gets done: the broker answers, the beat was seen lately, no job waits long."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from hdcperf.jobs.models import Job, Run
from hdcperf.jobs.tasks import SWEEP

__all__ = ["background"]

logger = logging.getLogger(__name__)

SEEN_WITHIN = timedelta(minutes=5)
"""The beat sends the sweep every minute, and a worker runs it."""
ASLEEP = timedelta(hours=2)
"""Nothing is scheduled between 01:00 and 02:00: two hours in October."""
WAITS_AT_MOST = timedelta(minutes=15)


def background(now: datetime | None = None) -> dict[str, str]:
    """Each part as ``ok`` or what is wrong, for the health page; ``not used`` where there is no broker."""
    if settings.JOBS_RUN != "worker":
        return {"queue": "not used"}
    now = now or timezone.now()
    return {
        "queue": "ok" if _broker_answers() else "failing",
        "schedule": "ok" if _sweep_seen(now) else "not seen",
        "oldest_job": "ok" if not _waits_long(now) else "waits too long",
    }


def _broker_answers() -> bool:
    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            return bool(broker.ping())
    except (RedisError, OSError):
        logger.exception("The health page could not reach the broker")
        return False


def _sweep_seen(now: datetime) -> bool:
    since = now - SEEN_WITHIN
    if 1 in (timezone.localtime(since).hour, timezone.localtime(now).hour):
        since -= ASLEEP
    return Run.objects.filter(name=SWEEP, started_at__gte=since).exists()


def _waits_long(now: datetime) -> bool:
    """By the day it was first asked for: the sweep queues a waiting job again, and says so in ``queued_at``."""
    return Job.objects.filter(state=Job.State.WAITING, asked_at__lt=now - WAITS_AT_MOST).exists()
