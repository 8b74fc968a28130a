"""Work beside a request in a thread of the server, where there is no worker to give it to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Event

from django.db import connections

__all__ = ["Aside"]

logger = logging.getLogger(__name__)


class Aside:
    """One function in a thread of its own. Asked for again before it has begun, it runs once.

    Ending the server waits for the run. What a run raises is logged: the next one finds what it left.
    """

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name = name
        self._work = work
        self._asked = Event()

    def ask(self) -> None:
        if not self._asked.is_set():  # one that has not begun yet will find this too
            self._asked.set()
            self._thread.submit(self._run)

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, thread_name_prefix=self._name)

    def _run(self) -> None:
        self._asked.clear()
        try:
            self._work()
        except Exception:
            logger.exception(
                "What was left to a thread (%s) could not be done: it waits for the next run", self._name
            )
        finally:
            connections.close_all()
