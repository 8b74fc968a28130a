"""Keeping the dates of the bodies' meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused, NotPermitted, StaleRecord
from reports.models import Meeting

__all__ = ["cancel_meeting", "may_keep", "save_meeting", "version_of"]


def may_keep(by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_MEETINGS):
        return None
    return "Only democratic services and the Performance Team keep the dates of meetings."


def version_of(meeting: Meeting | None) -> int:
    """How often the meeting was saved; 0 for one not saved yet."""
    return 0 if meeting is None else int(meeting.history.count())


def _hold(meeting: Meeting, by: User) -> Meeting:
    """The meeting, held for this transaction. Raises NotPermitted."""
    if sentence := may_keep(by):
        raise NotPermitted(sentence, state="", move="save")
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def save_meeting(meeting: Meeting | None, facts: Mapping[str, Any], *, by: User, version: int = 0) -> Meeting:
    """Save a meeting with its body, date, time and place; ``meeting`` None adds one.

    Raises NotPermitted, StaleRecord where it was changed since ``version``, and MoveRefused for a cancelled one and
    for a day on which the body meets already.
    """
    if sentence := may_keep(by):
        raise NotPermitted(sentence, state="", move="save")
    with transaction.atomic():
        found = Meeting() if meeting is None else _hold(meeting, by)
        if meeting is not None and version_of(found) != version:
            raise StaleRecord(found)
        if found.is_cancelled:
            raise MoveRefused("This meeting is cancelled: add another.", state="", move="save")
        for name, value in facts.items():
            setattr(found, name, value)
        others = Meeting.objects.going_ahead().filter(body=found.body, held_on=found.held_on).exclude(pk=found.pk)
        if others.exists():
            sentence = f"{found.get_body_display()} meets on {day(found.held_on)} already."
            raise MoveRefused(sentence, state="", move="save")
        save_as(found, by=by, reason="Meeting")
    return found


def cancel_meeting(meeting: Meeting, because: str, *, by: User) -> Meeting:
    """Cancel a meeting that has not been held, with the reason; a second click finds it cancelled.

    What was asked for it stays, and is taken at the body's next meeting. Raises NotPermitted and MoveRefused.
    """
    with transaction.atomic():
        found = _hold(meeting, by)
        if found.is_cancelled:
            return found
        if found.held_on < clock.today():
            raise MoveRefused("This meeting was held: it cannot be cancelled.", state="", move="cancel")
        found.cancelled_at, found.cancelled_because = clock.now(), because
        save_as(found, by=by, reason=because)
    return found
