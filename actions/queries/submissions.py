"""What a reviewer reads beside an update: what changed since it was last handed in, and earlier challenges."""

from __future__ import annotations

from actions.models import ActionUpdate, Challenge
from actions.operations.entry import Entry, entry_at
from actions.operations.merging import PARTS
from hdcperf.review import submissions
from hdcperf.review.submissions import EARLIER_CHALLENGES, Resubmission

__all__ = ["last_challenges", "resubmission"]


def resubmission(record: ActionUpdate) -> Resubmission[Entry] | None:
    """What changed since the submission before the last; None when it was handed in once."""
    return submissions.resubmission(record, PARTS, Entry.of(record), lambda row: entry_at(record, row))


def last_challenges(record: ActionUpdate) -> list[Challenge]:
    """The last three challenges on this action's other quarters, newest first."""
    earlier = Challenge.objects.filter(update__action=record.action_id).exclude(update=record.pk)
    return list(
        earlier.select_related("update__action_year", "raised_by").order_by("-raised_at", "-pk")[:EARLIER_CHALLENGES]
    )
