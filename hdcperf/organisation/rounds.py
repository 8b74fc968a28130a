"""Collection rounds: one for a month or a quarter, made once with its dates (framework C.2, E.1)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict

from django.db import IntegrityError, transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month, Quarter, opening_dates

__all__ = ["hold_round"]

OPENED = "Opened for collection"


def hold_round(span: Month | Quarter, by: User | None) -> ReportingPeriod:
    """The round of ``span``, opened, and held so that two who open it at once take turns.

    Call it in a transaction. Dates that were set for it stay; a new round's are counted in working days of the month
    that follows ``span``, or from today when that month's have passed.
    """
    is_month = isinstance(span, Month)
    kind = ReportingPeriod.MONTH if is_month else ReportingPeriod.QUARTER
    rounds = ReportingPeriod.objects.filter(kind=kind, starts_on=span.first_day)
    if not rounds.exists():
        dates = opening_dates(span if isinstance(span, Month) else span.last_month, clock.today())
        fresh = ReportingPeriod(
            kind=kind, starts_on=span.first_day, opened_at=clock.now(), opened_by=by, **asdict(dates)
        )
        # Somebody who opens it at the same moment comes first: theirs is as good.
        with suppress(IntegrityError), transaction.atomic():
            save_as(fresh, by=by, reason=OPENED)
    period: ReportingPeriod = rounds.select_for_update().get()
    if not period.is_opened:
        period.opened_at, period.opened_by = clock.now(), by
        save_as(period, by=by, reason=OPENED)
    return period
