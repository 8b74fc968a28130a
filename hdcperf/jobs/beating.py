"""The sign of life of a process that runs a job, and how far it is."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from hdcperf.jobs.models import Job

__all__ = ["Beat"]

logger = logging.getLogger(__name__)


class Beat:
    """Writes every few seconds, while it is entered, that the job's process lives and how far it is.

    ``apart``: from a thread with a connection of its own. The work may be one long transaction, whose writes nobody
    sees before its end, or one long step that says nothing; what hangs is ended by the worker's time limit.
    """

    def __init__(self, pk: int, token: UUID | None, *, apart: bool) -> None:
        self.pk = pk
        self.token = token
        self.done = 0
        self.of = 0
        self.lost = False
        self._apart = apart
        self._over = Event()
        self._thread = Thread(target=self._keep_beating, name=f"beat of job {pk}", daemon=True)

    def tell(self, done: int, of: int) -> None:
        """Take note of how far the work is."""
        self.of = max(of, 0)
        self.done = min(max(done, 0), self.of) if self.of else max(done, 0)
        if not self._apart:
            self._write()

    def __enter__(self) -> Self:
        if self._apart:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._apart:
            self._thread.join()

    def _keep_beating(self) -> None:
        try:
            while not self.lost and not self._over.wait(settings.JOBS_BEAT_SECONDS):
                try:
                    self._write()
                except DatabaseError:  # busy or away: the next beat tries again
                    logger.warning("Job %s could not give a sign of life", self.pk, exc_info=True)
                    connection.close()
        finally:
            connection.close()

    def _write(self) -> None:
        alive = Job.objects.filter(pk=self.pk, token=self.token, state=Job.State.RUNNING).update(
            beat_at=timezone.now(), done=self.done, of=self.of
        )
        self.lost = not alive
