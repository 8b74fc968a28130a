"""The six-monthly review of targets: what counts as a stretch, and whose decision a change needs.

Framework, *Acting on Performance Information*: targets are assessed and stretched, where possible, every six months.
"""

from __future__ import annotations

from datetime import date

from hdcperf.rag import Direction
from hdcperf.review.models import AbstractDecision
from hdcperf.ui import day
from kpis.rules.year_to_date import Levels

__all__ = ["body_refusal", "is_stretch", "window_sentence"]

Body = AbstractDecision.Body


def is_stretch(before: Levels, after: Levels, direction: Direction) -> bool:
    """Whether ``after`` asks for more than ``before``: a better target, or a narrower band within the old one.

    A target where there was none, or none where there was one, is a change of another kind.
    """
    if before.target is None or after.target is None:
        return False
    match direction:
        case Direction.HIGHER:
            return after.target > before.target
        case Direction.LOWER:
            return after.target < before.target
        case Direction.RANGE:
            if before.target_upper is None or after.target_upper is None:
                return False
            within = after.target >= before.target and after.target_upper <= before.target_upper
            return within and (after.target, after.target_upper) != (before.target, before.target_upper)
    return False


def body_refusal(approved: str, approved_by: str, body: str) -> str:
    """Why ``body`` cannot change a target that the body ``approved`` approved, as a sentence; empty when it can.

    What members approved is changed by the same body; where the council approved, nobody else does. What an officer
    approved (no body) any body may change. ``approved_by`` is who approved it in words.
    """
    if not approved or approved == body:
        return ""
    return (
        f"The target was approved by {approved_by}, so the same body decides, or whoever it gave a delegation: "
        f"choose {Body(approved).label.lower()}."
    )


def window_sentence(opens_on: date, closes_on: date, today: date) -> str:
    """Why the review cannot be answered today; empty while it is open."""
    if today < opens_on:
        return f"The review opens on {day(opens_on)}."
    if today > closes_on:
        return f"The review closed on {day(closes_on)}: the Performance Team can give it a later last day."
    return ""
