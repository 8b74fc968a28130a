"""Lifting a month's lock for one return, with its reason and its last day, and ending that early (framework C.2)."""

from __future__ import annotations

from datetime import date, timedelta

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import day
from kpis.models import LockException, MonthlyReturn
from kpis.workflow import MoveRefused, NotPermitted

__all__ = ["LONGEST", "end_exception", "grant_exception"]

LONGEST = timedelta(days=60)
"""A lock is lifted for at most this long; it can be lifted again."""


def _refuse(record: MonthlyReturn, by: User) -> None:
    if not standing(by).may(Permission.MANAGE_PERIODS, record.scope):
        sentence = "Only the Performance Team can lift the lock of a return."
        raise NotPermitted(sentence, state=record.state, move="grant_exception")


def grant_exception(
    record: MonthlyReturn, *, reason: str, asked_by: str, expires_on: date, by: User
) -> LockException:
    """Lift the lock for one return up to and including ``expires_on``; the same again changes nothing.

    Raises NotPermitted, and MoveRefused for an accepted or imported return or a day that would open nothing.
    """
    _refuse(record, by)
    if sentence := exception_refusal(record, expires_on):
        raise MoveRefused(sentence, state=record.state, move="grant_exception")
    same = record.lock_exceptions.filter(reason=reason, asked_by=asked_by, expires_on=expires_on, granted_by=by)
    if (there := same.first()) is not None:
        return there
    exception = LockException(
        monthly_return=record,
        reason=reason,
        asked_by=asked_by,
        granted_by=by,
        granted_at=clock.now(),
        expires_on=expires_on,
    )
    save_as(exception, by=by, reason=reason)
    return exception


def exception_refusal(record: MonthlyReturn, expires_on: date | None = None) -> str:
    """The sentence that says why the lock of ``record`` is not lifted, or nothing."""
    if record.is_accepted or record.period is None:
        return "This return is accepted, so it is changed by a revision: no lock is in the way."
    if expires_on is None:
        return ""
    if expires_on < clock.today():
        return "The last day must be today or later."
    if expires_on <= record.period.locks_on:
        return f"{record.period} is open until {day(record.period.locks_on)}: choose a later day."
    if expires_on > clock.today() + LONGEST:
        return f"A lock is lifted for at most {LONGEST.days} days: choose an earlier day."
    return ""


def end_exception(exception: LockException, *, by: User) -> LockException:
    """Let the lock apply again from today. One that is over already is left as it is."""
    _refuse(exception.monthly_return, by)
    yesterday = clock.today() - timedelta(days=1)
    if exception.expires_on > yesterday:
        exception.expires_on = yesterday
        save_as(exception, by=by, reason="Ended early: the lock applies again")
    return exception
