"""A round as it stands: its dates, set or usual, and what of them can still be moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, Quarter, RoundDates, opening_dates, round_dates
from hdcperf.review.rounds.rules import DATES, has_passed

__all__ = ["Round", "load_rounds"]


@dataclass(frozen=True)
class Round:
    """The round of a month or a quarter, whether or not anybody has set its dates or opened it."""

    span: Month | Quarter
    period: ReportingPeriod | None
    today: date

    @property
    def month(self) -> Month:
        """The month collected (the last of a quarter)."""
        return self.span if isinstance(self.span, Month) else self.span.last_month

    @property
    def usual(self) -> RoundDates:
        """The dates it has when nobody sets others."""
        return round_dates(self.month)

    @property
    def dates(self) -> RoundDates:
        """Those set, else those it would be opened with today."""
        return self.period.dates if self.period is not None else opening_dates(self.month, self.today)

    @property
    def is_opened(self) -> bool:
        return self.period is not None and self.period.is_opened

    @property
    def is_over(self) -> bool:
        """Locked; or one that nobody opened, whose usual dates have all passed."""
        if self.period is None:
            return self.usual.locks_on < self.today
        return self.is_opened and self.period.is_locked(self.today)

    @property
    def is_due(self) -> bool:
        """What it collects is over."""
        return self.span.last_day < self.today

    @property
    def movable(self) -> tuple[str, ...]:
        """The names of the dates that can be moved: of an open round those to come, and the lock in any case."""
        return tuple(
            name
            for name in DATES
            if name == "locks_on" or not self.is_opened or not has_passed(name, self.dates, self.today)
        )


def load_rounds(spans: Collection[Month | Quarter], today: date) -> list[Round]:
    """The rounds of these months or quarters, in one query."""
    there = {one.span: one for one in ReportingPeriod.objects.of(spans)}
    return [Round(span, there.get(span), today) for span in spans]
