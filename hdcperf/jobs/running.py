"""Running a job: one process claims it, gives a sign of life while it works, and ends it once.

A work function must be *idempotent*: where its process dies, or is taken for dead, another does the work again from
the start. What is done already it leaves, and its last write goes with ``Working.hold`` in one transaction, so that
of two processes that both work only the one that holds the claim can write.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from hdcperf.jobs.beating import Beat
from hdcperf.jobs.models import Job
from hdcperf.organisation.models import User

__all__ = ["MOST_ATTEMPTS", "ClaimLost", "JobRefused", "Result", "Working", "run"]

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""How often a job is begun; after that its process has died each time."""
UNEXPECTED = "Something went wrong that nobody planned for. An administrator can see what, and take it up again."


class ClaimLost(Exception):
    """Somebody cancelled the job or another process has taken it up: stop, and write nothing more."""


class JobRefused(Exception):
    """Raised by a work function with a sentence for whoever started it: what is wrong and what to do."""


@dataclass(frozen=True)
class Result:
    """What came of a job, in words, and the address of it."""

    words: str
    href: str = ""


class Working:
    """What a work function is given: whose job it is, and the way to say how far it is."""

    def __init__(self, job: Job, beat: Beat) -> None:
        self._job = job
        self._beat = beat

    @property
    def by(self) -> User | None:
        """Whoever started it; None where the product did."""
        return self._job.by

    def progress(self, done: int, of: int) -> None:
        """Say that ``done`` parts of ``of`` are done. Costs no query. Raises ClaimLost: let it through."""
        self._beat.tell(done, of)
        if self._beat.lost:
            raise ClaimLost

    def hold(self) -> None:
        """In a transaction, before its last write: keep the claim until it commits. Raises ClaimLost."""
        claimed = Job.objects.select_for_update().filter(pk=self._job.pk, token=self._job.token)
        if not claimed.values_list("pk", flat=True):
            raise ClaimLost


def run(pk: int, *, apart: bool | None = None) -> bool:
    """Claim the job and do its work; whether this call did it. A job that is claimed or ended is left alone.

    ``apart``: give its signs of life from a thread; not in tests, nor inside a transaction, whose rows no other sees.
    """
    job = _claim(pk)
    if job is None:
        return False
    with Beat(job.pk, job.token, apart=settings.JOBS_RUN != "at once" if apart is None else apart) as beat:
        try:
            work: Callable[..., Result] = import_string(settings.JOB_KINDS[job.kind])
            result = work(Working(job, beat), **job.arguments)
        except ClaimLost:
            logger.warning("Job %s stopped: its claim was taken from it", pk)
            return False
        except JobRefused as refused:
            ending = _failed(str(refused))
        except SoftTimeLimitExceeded:
            ending = _failed("It took too long and was stopped. An administrator can take it up again.")
        except Exception:
            logger.exception("Job %s failed", pk)
            ending = _failed(UNEXPECTED, traceback.format_exc())
        else:
            ending = {"state": Job.State.DONE, "outcome": result.words, "href": result.href}
    return _end(job, beat, ending)


def _claim(pk: int) -> Job | None:
    """Take a waiting job for this process. Of any number who try at once, one gets it."""
    now = timezone.now()
    token = uuid.uuid4()
    waiting = Q(pk=pk, state=Job.State.WAITING, attempts__lt=MOST_ATTEMPTS)
    taken = Job.objects.filter(waiting).update(
        state=Job.State.RUNNING, token=token, beat_at=now, started_at=now, attempts=F("attempts") + 1, done=0, of=0
    )
    return Job.objects.select_related("by").get(pk=pk) if taken else None


def _failed(error: str, detail: str = "") -> dict[str, Any]:
    return {"state": Job.State.FAILED, "error": error, "detail": detail}


def _end(job: Job, beat: Beat, ending: dict[str, Any]) -> bool:
    """Write how it ended, if the claim is still ours."""
    ended = Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING).update(
        **ending, token=None, ended_at=timezone.now(), done=beat.done, of=beat.of
    )
    return bool(ended)
