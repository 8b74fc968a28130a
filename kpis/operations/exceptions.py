"""Lifting a month's lock for one return, with its reason and its last day, and ending that early (framework C.2)."""

from __future__ import annotations

from datetime import date

from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review import locks
from hdcperf.review.locks import LONGEST
from hdcperf.roles import Permission
from kpis.models import LockException, MonthlyReturn
from kpis.workflow import MoveRefused, NotPermitted

__all__ = ["LONGEST", "end_exception", "grant_exception"]


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
    exception: LockException = locks.grant_exception(
        record, reason=reason, asked_by=asked_by, expires_on=expires_on, by=by
    )
    return exception


def exception_refusal(record: MonthlyReturn, expires_on: date | None = None) -> str:
    """The sentence that says why the lock of ``record`` is not lifted, or nothing."""
    if record.is_accepted or record.period is None:
        return "This return is accepted, so it is changed by a revision: no lock is in the way."
    return "" if expires_on is None else locks.expiry_refusal(record.period, expires_on)


def end_exception(exception: LockException, *, by: User) -> LockException:
    """Let the lock apply again from today. One that is over already is left as it is."""
    _refuse(exception.monthly_return, by)
    locks.end_exception(exception, by=by)
    return exception
