"""By when each of the sign-off chain is to do its part with a pack. Pure: no ORM, no today (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from hdcperf.periods import working_days
from hdcperf.roles import Role
from reports.rules.timetable import StepName, Timetable

__all__ = ["COMMENTS_AT", "ISSUED_AT", "SIGNED_AT", "WITHOUT_A_MEETING", "comments_at", "due_on"]

COMMENTS_AT: Mapping[Role, StepName] = {
    Role.DIRECTOR: StepName.LEADERSHIP,
    Role.SECTION_151: StepName.STATUTORY_COMMENTS,
    Role.MONITORING_OFFICER: StepName.STATUTORY_COMMENTS,
    Role.PORTFOLIO_HOLDER: StepName.PORTFOLIO,
    Role.EXECUTIVE_LEADER: StepName.PORTFOLIO,
}
"""The step of the timetable by which each role that comments does."""
SIGNED_AT = StepName.DEMOCRATIC
"""It is signed off before democratic services have it."""
ISSUED_AT = StepName.PUBLICATION
WITHOUT_A_MEETING = 5
"""Working days for what has no timetable: its meeting is not known yet, or was cancelled."""
_ORDER = tuple(StepName)


def comments_at(roles: Iterable[Role], *, is_public: bool) -> StepName | None:
    """The step by which somebody of these roles comments, the earliest of theirs; None for those who need not.

    Members are asked about what the public will read; what stays within the council they may comment on.
    """
    found = [COMMENTS_AT[role] for role in roles if role in COMMENTS_AT]
    asked = [step for step in found if is_public or step is not StepName.PORTFOLIO]
    return min(asked, key=_ORDER.index) if asked else None


def due_on(times: Timetable | None, step: StepName, begun: date) -> date:
    """By when ``step`` is to be done of a pack that has waited for it since ``begun``: never before it could be.

    Papers of a private body have fewer steps: what is not among them is due when they are sent.
    """
    if times is None:
        return working_days().add_working_days(begun, WITHOUT_A_MEETING)
    return max(times.on(step) or times.publication, begun)
