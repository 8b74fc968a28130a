"""A pack's moves: draft, out for comment, frozen, signed off by somebody else, issued to its body, published (C.2.3).

Issuing and publishing are apart: a body reads its papers before everyone does, and some packs are never published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import by_name
from hdcperf.roles import Permission
from hdcperf.ui import day
from hdcperf.workflow import Move, MoveRefused, NotPermitted, SomebodyElseDidIt, StaleRecord, perform, refuse_stale
from reports.models import Pack, PackText
from reports.rules.timetable import CLEAR_DAYS, STATUTORY, clear_days

__all__ = [
    "PACK_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "may_comment",
    "may_issue",
    "may_manage",
    "may_sign",
    "move_pack",
]


def may_manage(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_PACKS):
        return None
    return "Only the Performance Team puts packs together."


def may_comment(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.COMMENT_PACKS):
        return None
    return "Only portfolio holders, corporate leadership and the statutory officers comment on a pack."


def may_sign(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.SIGN_PACKS):
        return None
    return "Only a member of the corporate leadership team signs off a pack."


def may_issue(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.ISSUE_PACKS):
        return None
    return "Only the Performance Team and democratic services issue and publish packs."


def _may_send_back(record: Any, by: User) -> str | None:
    if may_manage(record, by) is None or may_sign(record, by) is None:
        return None
    return "Only the Performance Team, and whoever signs it off, takes a frozen pack back to a draft."


def _not_their_own(record: Pack, by: User) -> str | None:
    """Whoever began, wrote or froze it cannot sign it off; nor can their delegate."""
    people = standing(by).people
    worked = record.transitions.filter(move__in=("begin", "consult", "freeze"), by__in=people)
    wrote = PackText.history.filter(pack=record, history_user__in=people)
    if worked.exists() or wrote.exists():
        return "You put this pack together, so somebody else must sign it off."
    return None


def _has_its_meeting(record: Pack, by: User) -> str | None:
    if record.meeting is None:
        return "Say first which meeting it goes to."
    if record.meeting.is_cancelled:
        return "Its meeting was cancelled: say first which meeting it goes to."
    return None


def _is_for_everyone(record: Pack, by: User) -> str | None:
    if record.audience_of.is_public:
        return None
    return f"A pack for the {record.audience_of.label.lower()} is not published: it stays within the council."


def _has_its_clear_days(record: Pack, by: User) -> str | None:
    """Published five clear working days before the meeting, or late for the chair's reason (framework C.2.3)."""
    meeting = record.meeting
    if meeting is None or record.late_reason or record.audience not in STATUTORY or record.number > 1:
        return None
    today = clock.today()
    if today >= meeting.held_on or clear_days(today, meeting.held_on) >= CLEAR_DAYS:
        return None
    return (
        f"There are fewer than five clear working days to the meeting on {day(meeting.held_on)}. It can go out as a "
        "late item: take it back to a draft and record the chair's reason, which is printed."
    )


_State = Pack.State
_OPEN = frozenset({_State.DRAFT.value, _State.CONSULTING.value})
_FROZEN, _SIGNED = frozenset({_State.FROZEN.value}), frozenset({_State.SIGNED.value})

PACK_MOVES: dict[str, Move] = by_name(
    Move("save", "Save", _OPEN, None, may_manage, quiet=True),
    Move("consult", "Send out for comment", frozenset({_State.DRAFT.value}), _State.CONSULTING.value, may_manage),
    Move("take_back", "Take back from comment", frozenset({_State.CONSULTING.value}), _State.DRAFT.value, may_manage),
    Move("freeze", "Freeze", _OPEN, _State.FROZEN.value, may_manage, guards=(_has_its_meeting,)),
    Move(
        "unfreeze",
        "Take back to a draft",
        _FROZEN,
        _State.DRAFT.value,
        _may_send_back,
        comment_needed="Say why it goes back to a draft.",
    ),
    Move("sign", "Sign off", _FROZEN, _State.SIGNED.value, may_sign, guards=(_not_their_own,)),
    Move("issue", "Issue to its body", _SIGNED, _State.ISSUED.value, may_issue, guards=(_has_its_meeting,)),
    Move(
        "publish",
        "Publish to everyone",
        frozenset({_State.ISSUED.value}),
        _State.PUBLISHED.value,
        may_issue,
        guards=(_is_for_everyone, _has_its_clear_days),
    ),
)


def move_pack(
    record: Pack,
    name: str,
    *,
    by: User,
    version: int,
    comment: str = "",
    change: Callable[[Pack], None] | None = None,
) -> Pack:
    """Make the named move of a pack, as it stood when the page of ``version`` was made.

    What the move does besides is its operation's (``operations.packs``): call that, not this, to freeze, issue or
    publish. Raises StaleRecord when it has changed since, and the errors of ``hdcperf.workflow.perform``.
    """

    def checked(fresh: Pack) -> None:
        refuse_stale(fresh, version)
        fresh.version += 1
        if change is not None:
            change(fresh)

    return perform(record, PACK_MOVES[name], by=by, comment=comment, change=checked)
