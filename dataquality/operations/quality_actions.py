"""The actions of a data quality review: named while it is written, then followed until done or dropped (B.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from dataquality.models import QualityAction, QualityReview
from dataquality.review_workflow import move_action, move_review, refuse_stale
from hdcperf import clock
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, refuse

__all__ = ["Asked", "amend", "confirm", "drop", "name_action", "not_done", "remove_action", "say_done"]


@dataclass(frozen=True)
class Asked:
    """What is to be put right, by whom and by when."""

    what: str
    owner: User
    due_on: date


def name_action(
    review: QualityReview, action: QualityAction | None, asked: Asked, *, by: User, version: int = 0
) -> QualityAction:
    """Name an action while the review is written, or change one (then ``version`` is the action's as it was seen).

    Raises ProposalRefused for a day that is past, StaleRecord, and the errors of ``move_review``.
    """
    _not_past(asked.due_on)
    with transaction.atomic():
        if action is not None:
            action = QualityAction.objects.select_for_update().get(pk=action.pk)
            refuse_stale(action, version)
            action.version += 1
        else:
            held = review.actions.filter(what=asked.what, owner=asked.owner, due_on=asked.due_on).first()
            if held is not None:  # a double click
                return held
            action = QualityAction(review=review)
        _move_on(review, by, f"Action: {asked.what}")
        action.what, action.owner, action.due_on = asked.what, asked.owner, asked.due_on
        save_as(action, by=by, reason="Named while the review is written")
    return action


def remove_action(action: QualityAction, *, by: User) -> None:
    """Take it out again while the review is written. Raises the errors of ``move_review``."""
    with transaction.atomic():
        _move_on(action.review, by, f"Action taken out: {action.what}")
        delete_as(action, by=by, reason="Taken out while the review is written")


def _move_on(review: QualityReview, by: User, reason: str) -> None:
    def changed(record: QualityReview) -> None:
        record.version += 1

    move_review(review, "save", by=by, comment=reason, change=changed)


def _not_past(due_on: date) -> None:
    refuse([] if due_on >= clock.today() else [Problem("due_on", "Choose a day that is not past")])


def say_done(action: QualityAction, *, by: User, words: str) -> QualityAction:
    """Its owner says what was done, and where that can be seen."""

    def kept(record: QualityAction) -> None:
        record.done_on, record.done_words = clock.today(), words

    return move_action(action, "done", by=by, comment=words, change=kept)


def confirm(action: QualityAction, *, by: User) -> QualityAction:
    """The reviewer or the Performance Team confirms that it is done."""

    def closed(record: QualityAction) -> None:
        record.closed_by, record.closed_on = by, clock.today()

    return move_action(action, "confirm", by=by, change=closed)


def not_done(action: QualityAction, *, by: User, why: str) -> QualityAction:
    """It goes back to its owner, with what is still to be done."""

    def reopened(record: QualityAction) -> None:
        record.done_on, record.done_words = None, ""

    return move_action(action, "not_done", by=by, comment=why, change=reopened)


def drop(action: QualityAction, *, by: User, why: str) -> QualityAction:
    """It is not done after all, because."""

    def closed(record: QualityAction) -> None:
        record.done_on, record.done_words, record.dropped_why = None, "", why
        record.closed_by, record.closed_on = by, clock.today()

    return move_action(action, "drop", by=by, comment=why, change=closed)


def amend(action: QualityAction, owner: User, due_on: date, *, by: User, why: str, version: int) -> QualityAction:
    """Another owner or day, because. Raises ProposalRefused for a day that is past, StaleRecord and MoveRefused."""

    def changed(record: QualityAction) -> None:
        refuse_stale(record, version)
        record.owner, record.due_on = owner, due_on
        record.version += 1

    _not_past(due_on)
    return move_action(action, "amend", by=by, comment=why, change=changed)
