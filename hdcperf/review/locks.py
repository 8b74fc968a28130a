"""The lock of a collection round, and lifting it for one record with a reason and a last day (framework C.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.ui import day

__all__ = ["LONGEST", "end_exception", "expiry_refusal", "grant_exception", "lock_sentence"]

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


def expiry_refusal(period: ReportingPeriod, expires_on: date) -> str:
    """The sentence that says why the lock of ``period`` is not lifted until ``expires_on``, or nothing."""
    if expires_on < clock.today():
        return "The last day must be today or later."
    if expires_on <= period.locks_on:
        return f"{period} is open until {day(period.locks_on)}: choose a later day."
    if expires_on > clock.today() + LONGEST:
        return f"A lock is lifted for at most {LONGEST.days} days: choose an earlier day."
    return ""


def grant_exception(record: Any, *, reason: str, asked_by: str, expires_on: date, by: User) -> Any:
    """Lift the lock for ``record`` up to and including ``expires_on``; the same again changes nothing.

    Who may and when is asked by the app first.
    """
    exceptions = record.lock_exceptions
    same = exceptions.filter(reason=reason, asked_by=asked_by, expires_on=expires_on, granted_by=by)
    if (there := same.first()) is not None:
        return there
    exception = exceptions.model(
        reason=reason, asked_by=asked_by, granted_by=by, granted_at=clock.now(), expires_on=expires_on
    )
    setattr(exception, exceptions.field.name, record)
    save_as(exception, by=by, reason=reason)
    return exception


def end_exception(exception: Any, *, by: User) -> None:
    """Let the lock apply again from today. One that is over already is left as it is."""
    yesterday = clock.today() - timedelta(days=1)
    if exception.expires_on > yesterday:
        exception.expires_on = yesterday
        exception.ended_by, exception.ended_at = by, clock.now()
        save_as(exception, by=by, reason="Ended early: the lock applies again")
