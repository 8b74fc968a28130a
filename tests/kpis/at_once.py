"""Several people act at the same moment, each on a connection of their own, all waiting for the same row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, models, transaction

__all__ = ["at_once", "holding"]

PATIENCE = 30


def at_once(*acts: Callable[[], Any], hold: Callable[[], Any]) -> list[Any]:
    """Start every act while ``hold`` keeps what they need; let go when all wait for it, or are done already.

    Gives what each act returned, or the exception it raised, in their order.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            hold()
            started = [pool.submit(_apart, act) for act in acts]
            _until_they_wait(started)
        return [one.result(timeout=PATIENCE) for one in started]


def holding(*records: models.Model) -> Callable[[], None]:
    """Holds the rows of ``records``."""

    def hold() -> None:
        for record in records:
            type(record)._base_manager.select_for_update().get(pk=record.pk)

    return hold


def _apart(act: Callable[[], Any]) -> Any:
    with _own_connection():
        try:
            return act()
        except Exception as refused:
            return refused


@contextmanager
def _own_connection() -> Iterator[None]:
    try:
        yield
    finally:
        connections.close_all()


def _until_they_wait(started: list[Future[Any]]) -> None:
    if connection.vendor != "postgresql":
        time.sleep(0.3)  # SQLite does not say who waits: the writer that holds it is what they wait for
        return
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        going = sum(not one.done() for one in started)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # what it shows is kept for a transaction otherwise
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            waiting = cursor.fetchone()[0]
        if waiting >= going:
            return
        time.sleep(0.02)
    raise AssertionError("they did not all come to wait for the row that is held")
