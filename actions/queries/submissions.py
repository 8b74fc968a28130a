"""What a reviewer reads beside an update: what changed since it was last handed in, and earlier challenges."""

from __future__ import annotations

from dataclasses import dataclass

from actions.models import ActionUpdate, ActionUpdateTransition, Challenge
from actions.operations.entry import Entry, entry_at
from actions.operations.merging import PARTS
from hdcperf.review.merging import Difference

__all__ = ["Resubmission", "last_challenges", "resubmission", "submissions"]

EARLIER_CHALLENGES = 3


@dataclass(frozen=True)
class Resubmission:
    """What was handed in before, and the parts that are different now."""

    before: Entry
    first: ActionUpdateTransition
    different: list[Difference]


def submissions(record: ActionUpdate) -> list[ActionUpdateTransition]:
    """Each time the update reached the Performance Team, oldest first."""
    return [one for one in record.transitions.all() if one.move in ("submit", "answer")]


def resubmission(record: ActionUpdate) -> Resubmission | None:
    """What changed since the submission before the last; None when it was handed in once."""
    sent = submissions(record)
    if len(sent) < 2:
        return None
    earlier = sent[-2]
    row = record.history.filter(history_date__lte=earlier.at).order_by("-history_date", "-history_id").first()
    if row is None:
        return None
    before, now = entry_at(record, row), Entry.of(record)
    different = [
        Difference(part, label, names, "mine")
        for part, (label, names) in PARTS.items()
        if any(getattr(before, name) != getattr(now, name) for name in names)
    ]
    return Resubmission(before, earlier, different)


def last_challenges(record: ActionUpdate) -> list[Challenge]:
    """The last three challenges on this action's other quarters, newest first."""
    earlier = Challenge.objects.filter(update__action=record.action_id).exclude(update=record.pk)
    return list(
        earlier.select_related("update__action_year", "raised_by").order_by("-raised_at", "-pk")[:EARLIER_CHALLENGES]
    )
