"""Lifting a month's lock for one return, with its reason and its last day, and ending that early (framework C.2)."""

from __future__ import annotations

from hdcperf.review.locks import LONGEST, Lifting
from kpis.models import MonthlyReturn

__all__ = ["LIFTING", "LONGEST", "end_exception", "exception_refusal", "grant_exception"]


def _no_lock(record: MonthlyReturn) -> str:
    if record.is_accepted or record.period is None:
        return "This return is accepted, so it is changed by a revision: no lock is in the way."
    return ""


LIFTING = Lifting("monthly_return", _no_lock)
exception_refusal, grant_exception, end_exception = LIFTING.refusal, LIFTING.grant, LIFTING.end
