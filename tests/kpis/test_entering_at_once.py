"""Two people save one return at the same moment, on two connections: one is saved, the other is shown both."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from tests.factories.kpis import KpiPersonFactory
from tests.kpis.entering import FULL, TODAY, collected


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_kept_and_the_other_loses_nothing(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    one = collected(months=1)
    people = [one.user, KpiPersonFactory(kpi_year=one.kpi_year).user]
    clients = [one.client(person) for person in people]
    ready = Barrier(2)

    def save(number: int) -> tuple[int, str]:
        try:
            ready.wait(timeout=10)
            typed = {**FULL, "why": f"The words of person {number}.", "version": "1", "move": "save"}
            reply = clients[number].post(one.url, typed)
            return reply.status_code, reply.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        replies = sorted(pool.map(save, (0, 1)))
    assert [status for status, _ in replies] == [302, 409]
    for number in (0, 1):
        assert f"The words of person {number}." in replies[1][1]
