"""What a reviewer reads beside a return: what changed since it was last submitted, and earlier challenges."""

from __future__ import annotations

from hdcperf.review import submissions
from hdcperf.review.submissions import EARLIER_CHALLENGES, Resubmission
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.entering import Entry
from kpis.operations.merging import PARTS

__all__ = ["last_challenges", "resubmission"]


def resubmission(record: MonthlyReturn) -> Resubmission[Entry] | None:
    """What changed since the submission before the last; None when it was submitted once."""
    return submissions.resubmission(record, PARTS, Entry.of(record), Entry.of)


def last_challenges(record: MonthlyReturn) -> list[Challenge]:
    """The last three challenges on this KPI's other months, newest first."""
    earlier = Challenge.objects.filter(monthly_return__kpi=record.kpi_id).exclude(monthly_return=record.pk)
    rows = earlier.select_related("monthly_return__kpi_year", "raised_by").order_by("-raised_at", "-pk")
    return list(rows[:EARLIER_CHALLENGES])
