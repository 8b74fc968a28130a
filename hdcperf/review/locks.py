"""The lock of a collection round, and lifting it for one record with a reason and a last day (framework C.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.roles import Permission
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused, NotPermitted

__all__ = ["LONGEST", "Lifting", "lock_sentence"]

LONGEST = timedelta(days=60)
"""A lock is lifted for at most this long; it can be lifted again."""


def lock_sentence(record: Any, today: date, noun: str) -> str | None:
    """The sentence that says which lock applies to entering ``record``, and who can lift it; None when it is open."""
    period: ReportingPeriod = record.period
    if today < period.opens_on:
        return f"{period} opens on {day(period.opens_on)}."
    if not period.is_locked(today) or record.lock_exceptions.filter(expires_on__gte=today).exists():
        return None
    return f"{period} locked after {day(period.locks_on)}. The Performance Team can lift the lock for this {noun}."


@dataclass(frozen=True)
class Lifting:
    """How an app lifts its locks: ``link`` names the exception's key to its record.

    ``no_lock`` says in a sentence why there is no lock in the way of a record, or nothing.
    """

    link: str
    no_lock: Callable[[Any], str]

    def refusal(self, record: Any, expires_on: date | None = None) -> str:
        """The sentence that says why the lock of ``record`` is not lifted (until that day), or nothing."""
        sentence = self.no_lock(record)
        return sentence if sentence or expires_on is None else _expiry_refusal(record.period, expires_on)

    def grant(self, record: Any, *, reason: str, asked_by: str, expires_on: date, by: User) -> Any:
        """Lift the lock for ``record`` up to and including ``expires_on``; the same again changes nothing.

        Raises NotPermitted, and MoveRefused where there is no lock or the day would open nothing.
        """
        self._permit(record, by, "grant_exception")
        if sentence := self.refusal(record, expires_on):
            raise MoveRefused(sentence, state=record.state, move="grant_exception")
        exceptions = record.lock_exceptions
        same = exceptions.filter(reason=reason, asked_by=asked_by, expires_on=expires_on, granted_by=by)
        if (there := same.first()) is not None:
            return there
        exception = exceptions.model(
            reason=reason, asked_by=asked_by, granted_by=by, granted_at=clock.now(), expires_on=expires_on
        )
        setattr(exception, self.link, record)
        save_as(exception, by=by, reason=reason)
        return exception

    def end(self, exception: Any, *, by: User) -> Any:
        """Let the lock apply again from today. One that is over already is left as it is. Raises NotPermitted."""
        self._permit(getattr(exception, self.link), by, "end_exception")
        yesterday = clock.today() - timedelta(days=1)
        if exception.expires_on > yesterday:
            exception.expires_on = yesterday
            exception.ended_by, exception.ended_at = by, clock.now()
            save_as(exception, by=by, reason="Ended early: the lock applies again")
        return exception

    def _permit(self, record: Any, by: User, move: str) -> None:
        if not standing(by).may(Permission.MANAGE_PERIODS, record.scope):
            raise NotPermitted("Only the Performance Team can lift the lock.", state=record.state, move=move)


def _expiry_refusal(period: ReportingPeriod, expires_on: date) -> str:
    """The sentence that says why the lock of ``period`` is not lifted until ``expires_on``, or nothing."""
    if expires_on < clock.today():
        return "The last day must be today or later."
    if expires_on <= period.locks_on:
        return f"{period} is open until {day(period.locks_on)}: choose a later day."
    if expires_on > clock.today() + LONGEST:
        return f"A lock is lifted for at most {LONGEST.days} days: choose an earlier day."
    return ""
