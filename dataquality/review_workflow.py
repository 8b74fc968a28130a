"""Who may do what to a data quality review, and to the actions that come of it (framework B.1, Appendix A).

The Performance Team plans it; the reviewer it names, never one of the KPI's own people, writes what was found; the
service comments on its accuracy; once finished, each action is followed until it is done or dropped.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from dataquality.models import QualityAction, QualityReview
from dataquality.queries.review_sections import left_of
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import by_name, lender
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day, lower_first
from hdcperf.workflow import (
    Move,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    StaleRecord,
    perform,
    refusal,
    refuse_stale,
)

__all__ = [
    "ACTION_MOVES",
    "REVIEW_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "is_of_the_kpi",
    "may_plan",
    "may_review",
    "move_action",
    "move_review",
    "refusal",
    "refuse_stale",
]

_answers_for = lender(Permission.SIGN_TEMPLATES)


def may_plan(record: Any, by: User) -> str | None:
    """``record`` is a review, or the KPI year one is planned of."""
    if standing(by).may(Permission.MANAGE_SETTING, record.scope):
        return None
    return "Only the Performance Team plans data quality reviews."


def may_review(record: QualityReview, by: User) -> str | None:
    """The reviewer it names, or somebody of the Performance Team for them."""
    if record.reviewer_id in standing(by).people or may_plan(record, by) is None:
        return None
    return f"Only {record.reviewer.name}, who reviews it, and the Performance Team do this."


def _may_answer(record: QualityReview, by: User) -> str | None:
    if standing(by).may(Permission.SIGN_TEMPLATES, record.scope):
        return None
    return "Only the service manager or the head of service answers for the service."


def is_of_the_kpi(kpi_year: Any, people: frozenset[int]) -> bool:
    """Whether one of ``people`` is one of the KPI's own, or is named by a template of its year."""
    if kpi_year.people.filter(user__in=people).exists():
        return True
    return bool(kpi_year.templates.filter(people__user__in=people).exists())


def _independent(record: QualityReview, by: User) -> str | None:
    if is_of_the_kpi(record.kpi_year, standing(by).people):
        return "You are one of this KPI’s people, or stand in for one, so a colleague reviews it."
    return None


def _is_written(record: QualityReview, by: User) -> str | None:
    left = left_of(record)
    if not left:
        return None
    return f"{count_of(len(left), 'part is', 'parts are')} not written yet, the first: {lower_first(left[0].words)}."


def _service_was_heard(record: QualityReview, by: User) -> str | None:
    if record.transitions.filter(move__in=("agree", "comment")).exists():
        return None
    if record.state != QualityReview.State.SHARED or record.answer_by is None:
        return "Share it with the service first: its manager comments on the accuracy before it is finished."
    if clock.today() <= record.answer_by:
        return f"The service has until {day(record.answer_by)} to comment on its accuracy."
    return None


def _actions_are_closed(record: QualityReview, by: User) -> str | None:
    waiting = record.actions.filter(~Q(state__in=("confirmed", "dropped"))).count()
    if not waiting:
        return None
    are = "of its actions is" if waiting == 1 else "of its actions are"
    return f"{waiting} {are} neither done nor dropped yet."


_UNDER_WAY, _SHARED = frozenset({"under_way"}), frozenset({"shared"})

REVIEW_MOVES: dict[str, Move] = by_name(
    Move("replan", "Change the plan", frozenset({"planned", "under_way", "shared"}), None, may_plan, quiet=True),
    Move(
        "withdraw",
        "Withdraw the review",
        frozenset({"planned", "under_way"}),
        "withdrawn",
        may_plan,
        comment_needed="Say why it is not carried out.",
    ),
    Move("start", "Start the review", frozenset({"planned"}), "under_way", may_review, guards=(_independent,)),
    Move("save", "Save", _UNDER_WAY, "under_way", may_review, guards=(_independent,), quiet=True),
    Move("share", "Share it with the service", _UNDER_WAY, "shared", may_review, guards=(_independent, _is_written)),
    Move("take_back", "Take it back", _SHARED, "under_way", may_review, guards=(_independent,)),
    Move("agree", "Agree that it is accurate", _SHARED, "under_way", _may_answer, for_whom=_answers_for),
    Move(
        "comment",
        "Comment on its accuracy",
        _SHARED,
        "under_way",
        _may_answer,
        comment_needed="Say what is not accurate, and what is.",
        for_whom=_answers_for,
    ),
    Move(
        "report",
        "Finish the review",
        _UNDER_WAY | _SHARED,
        "reported",
        may_review,
        guards=(_independent, _is_written, _service_was_heard),
    ),
    Move("close", "Close the review", frozenset({"reported"}), "closed", may_review, guards=(_actions_are_closed,)),
)


def move_review(record: QualityReview, name: str, *, by: User, **how: object) -> QualityReview:
    """Make the named move of a data quality review; see ``hdcperf.workflow.perform`` for ``how`` and the errors."""
    return perform(record, REVIEW_MOVES[name], by=by, **how)  # type: ignore[arg-type]


# An action that came of it


def _owns(record: QualityAction, by: User) -> str | None:
    if record.owner_id in standing(by).people:
        return None
    return f"Only {record.owner.name}, who owns it, says that it is done."


def _for_the_owner(record: QualityAction, by: User) -> User | None:
    return None if record.owner_id == by.pk else record.owner


def _follows(record: QualityAction, by: User) -> str | None:
    return may_review(record.review, by)


def _is_finished(record: QualityAction, by: User) -> str | None:
    return None if record.review.is_finished else "The review is not finished yet, so this is not asked of anybody."


def _not_their_own(record: QualityAction, by: User) -> str | None:
    return "It is yours, or a colleague’s you stand in for, so somebody else decides." if _mine(record, by) else None


def _mine(record: QualityAction, by: User) -> bool:
    return record.owner_id in standing(by).people


_OPEN, _DONE = frozenset({"open"}), frozenset({"done"})

ACTION_MOVES: dict[str, Move] = by_name(
    Move(
        "done",
        "Say that it is done",
        _OPEN,
        "done",
        _owns,
        comment_needed="Say what was done, and where that can be seen.",
        guards=(_is_finished,),
        for_whom=_for_the_owner,
    ),
    Move("confirm", "Confirm that it is done", _DONE, "confirmed", _follows, guards=(_not_their_own,)),
    Move(
        "not_done",
        "Send it back: not done",
        _DONE,
        "open",
        _follows,
        comment_needed="Say what is still to be done.",
        guards=(_not_their_own,),
    ),
    Move(
        "drop",
        "Drop the action",
        _OPEN | _DONE,
        "dropped",
        _follows,
        comment_needed="Say why it is dropped.",
        guards=(_is_finished, _not_their_own),
    ),
    Move(
        "amend",
        "Change its owner or date",
        _OPEN,
        None,
        _follows,
        comment_needed="Say why its owner or date changes.",
        guards=(_is_finished, _not_their_own),
    ),
)


def move_action(record: QualityAction, name: str, *, by: User, **how: object) -> QualityAction:
    """Make the named move of an action; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, ACTION_MOVES[name], by=by, **how)  # type: ignore[arg-type]
