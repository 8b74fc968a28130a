"""Collection rounds: one for a month or a quarter, made once with its dates (framework C.2, E.1)."""

from __future__ import annotations

from contextlib import suppress

from django.db import IntegrityError, transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month, Quarter, round_dates

__all__ = ["hold_round"]


def hold_round(span: Month | Quarter, by: User | None) -> ReportingPeriod:
    """The round of ``span``, made where there is none, and held so that two who open it at once take turns.

    Call it in a transaction. A new round's dates are counted in working days of the month that follows ``span``.
    """
    is_month = isinstance(span, Month)
    kind = ReportingPeriod.MONTH if is_month else ReportingPeriod.QUARTER
    rounds = ReportingPeriod.objects.filter(kind=kind, starts_on=span.first_day)
    if not rounds.exists():
        dates = round_dates(span if isinstance(span, Month) else span.last_month)
        period = ReportingPeriod(
            kind=kind,
            starts_on=span.first_day,
            opens_on=dates.opens_on,
            due_on=dates.due_on,
            locks_on=dates.locks_on,
            opened_by=by,
        )
        # Somebody who opens it at the same moment comes first: theirs is as good.
        with suppress(IntegrityError), transaction.atomic():
            save_as(period, by=by, reason="Opened for collection")
    return rounds.select_for_update().get()
