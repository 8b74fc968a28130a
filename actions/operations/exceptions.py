"""Lifting a quarter's lock for one update, with its reason and last day, and ending that early (framework C.2)."""

from __future__ import annotations

from actions.models import ActionUpdate
from hdcperf.review.locks import Lifting

__all__ = ["LIFTING", "end_exception", "exception_refusal", "grant_exception"]


def _no_lock(record: ActionUpdate) -> str:
    if record.is_accepted:
        return "This update is accepted, so it is changed by a revision: no lock is in the way."
    return f"{record.excused} No lock is in the way." if record.excused else ""


LIFTING = Lifting("update", _no_lock)
exception_refusal, grant_exception, end_exception = LIFTING.refusal, LIFTING.grant, LIFTING.end
