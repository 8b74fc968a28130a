"""What acceptance does: milestones are reached, moved and added, the due date moves, and facts are frozen.

A date that moves leaves its old one with the reason; what the update was read beside (last quarter's RAG, the due
date, the next milestone) is kept with it, so that a later change does not rewrite it.
"""

from __future__ import annotations

from actions.models import Action, ActionUpdate, ActionYear, Milestone, MilestoneReport
from actions.operations.dates import move_due_date, move_milestone
from actions.rules.colours import ActionRag
from actions.workflow import MoveRefused
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["hand_on", "take_effect"]

Outcome = MilestoneReport.Outcome


def take_effect(record: ActionUpdate, *, by: User) -> None:
    """Apply what ``record`` (locked) says to its action, and freeze what it was read beside. The caller saves it.

    Raises MoveRefused when a new milestone's name has been taken since.
    """
    # Two updates of one action that are accepted at once take turns.
    Action._base_manager.select_for_update().get(pk=record.action_id)
    officer = _handed_in_by(record)
    for report in record.milestone_reports.select_related("milestone__action"):
        _apply(report, record, officer, by)
    action_year = ActionYear.objects.select_for_update().get(pk=record.action_year_id)
    if record.new_due_on is not None:
        move_due_date(action_year, record.new_due_on, reason=record.new_due_reason, by=officer, update=record)
    before = ActionUpdate.objects.filter(action=record.action_id, quarter=record.span.previous.first_day).first()
    record.rag_before = before.colour.value if before is not None else ""
    record.due_on = action_year.due_on
    coming = Milestone.objects.planned().filter(action=record.action_id, reached_on__isnull=True)
    first = coming.order_by("due_on", "pk").first()
    record.next_milestone = first.name if first is not None else ""
    record.next_milestone_on = first.due_on if first is not None else None
    _tell_next(record, ActionRag(record.rag), by, f"{record.span} was accepted after it")


def hand_on(record: ActionUpdate, *, by: User, reason: str) -> None:
    """Tell the quarter after, if it is accepted, how this one stands now."""
    _tell_next(record, record.colour, by, reason)


def _tell_next(record: ActionUpdate, rag: ActionRag, by: User, reason: str) -> None:
    following = ActionUpdate.objects.select_for_update().filter(
        action=record.action_id, quarter=record.span.next.first_day, state=ActionUpdate.State.ACCEPTED
    )
    for later in following.exclude(rag_before=rag.value):
        later.rag_before = rag.value
        later.version += 1
        save_as(later, by=by, reason=f"RAG the quarter before: {reason}")


def _apply(report: MilestoneReport, record: ActionUpdate, officer: User, by: User) -> None:
    milestone = report.milestone
    if report.outcome == Outcome.NEW:
        _add(report, record, by)
        return
    assert milestone is not None
    if milestone.reached_on is not None or report.on is None:
        return  # an update accepted meanwhile said so already; or it is still due
    if report.outcome == Outcome.REACHED:
        milestone.reached_on = report.on
        save_as(milestone, by=by, reason=f"Reached: {record}")
    elif report.outcome == Outcome.MOVED:
        move_milestone(milestone, report.on, reason=report.reason, by=officer, update=record)


def _add(report: MilestoneReport, record: ActionUpdate, by: User) -> None:
    assert report.on is not None
    if Milestone.objects.filter(action=record.action_id, name__iexact=report.name).exists():
        sentence = (
            f"The action has been given a milestone called “{report.name}” since this was written. Return the "
            "update, so that the new one gets another name."
        )
        raise MoveRefused(sentence, state=record.state, move="accept")
    fresh = Milestone(action_id=record.action_id, name=report.name, due_on=report.on)
    save_as(fresh, by=by, reason=f"Added: {record}")


def _handed_in_by(record: ActionUpdate) -> User:
    """The officer who moves its dates: whoever handed it in last."""
    sent = record.transitions.filter(move__in=("submit", "answer")).order_by("-at", "-pk").first()
    assert sent is not None
    return sent.by
