"""What a reviewer reads beside a return: what changed since it was last submitted, and earlier challenges."""

from __future__ import annotations

from dataclasses import dataclass

from hdcperf.review.merging import Difference
from kpis.models import Challenge, MonthlyReturn, MonthlyReturnTransition
from kpis.operations.entering import Entry
from kpis.operations.merging import PARTS

__all__ = ["Resubmission", "last_challenges", "resubmission", "submissions"]

EARLIER_CHALLENGES = 3


@dataclass(frozen=True)
class Resubmission:
    """What was submitted before, and the parts that are different now."""

    before: Entry
    first: MonthlyReturnTransition
    different: list[Difference]


def submissions(record: MonthlyReturn) -> list[MonthlyReturnTransition]:
    """Each time the return reached the Performance Team, oldest first."""
    return [one for one in record.transitions.all() if one.move in ("submit", "answer")]


def resubmission(record: MonthlyReturn) -> Resubmission | None:
    """What changed since the submission before the last; None when it was submitted once."""
    sent = submissions(record)
    if len(sent) < 2:
        return None
    earlier = sent[-2]
    row = record.history.filter(history_date__lte=earlier.at).order_by("-history_date", "-history_id").first()
    if row is None:
        return None
    before, now = Entry.of(row), Entry.of(record)
    different = [
        Difference(part, label, names, "mine")
        for part, (label, names) in PARTS.items()
        if any(getattr(before, name) != getattr(now, name) for name in names)
    ]
    return Resubmission(before, earlier, different)


def last_challenges(record: MonthlyReturn) -> list[Challenge]:
    """The last three challenges on this KPI's other months, newest first."""
    earlier = Challenge.objects.filter(monthly_return__kpi=record.kpi_id).exclude(monthly_return=record.pk)
    return list(
        earlier.select_related("monthly_return", "raised_by").order_by("-raised_at", "-pk")[:EARLIER_CHALLENGES]
    )
