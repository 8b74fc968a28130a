"""Moving a date of a project: asked for, decided by its board, recorded by an officer (framework, *Quarterly
Reporting*).

The date moves in the transaction that records the board's approval, and the old one is kept with the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.models import ChangeRequest, Project, ProjectMilestone
from actions.operations.projects import held_project
from actions.project_workflow import may_ask, move_change
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused, NotPermitted

__all__ = ["BoardDecision", "approve", "ask", "decline", "withdraw"]

State = ChangeRequest.State


@dataclass(frozen=True)
class BoardDecision:
    """What a project's board decided about a date: when it met, and its words."""

    met_on: date
    words: str


def ask(
    project: Project, *, milestone: ProjectMilestone | None, new_on: date, reason: str, by: User
) -> ChangeRequest:
    """Ask the board to move the project's end (``milestone`` None), or a milestone, to ``new_on``.

    The same again (a double click) is asked once. Raises NotPermitted, MoveRefused for a project that is closed, or
    ProposalRefused.
    """
    with transaction.atomic():
        fresh = held_project(project.pk)
        if sentence := may_ask(fresh, by):
            raise NotPermitted(sentence, state="", move="request")
        if fresh.closed_on is not None:
            raise MoveRefused("This project is closed, so its dates do not move.", state="", move="request")
        waiting = fresh.change_requests.filter(state=State.REQUESTED, milestone=milestone).first()
        if waiting is not None:
            if (waiting.new_on, waiting.reason, waiting.requested_by_id) == (new_on, reason, by.pk):
                return waiting
            sentence = f"A change of this date, from {waiting}, is waiting for the board already."
            refuse([Problem("which", sentence)])
        step = fresh.milestones.get(pk=milestone.pk) if milestone is not None else None
        refuse(_problems(fresh, step, new_on))
        request = ChangeRequest(
            project=fresh,
            milestone=step,
            old_on=_now(fresh, step),
            new_on=new_on,
            reason=reason,
            requested_by=by,
            requested_at=clock.now(),
        )
        save_as(request, by=by, reason=reason)
        return move_change(request, "request", by=by, comment=reason)


def approve(request: ChangeRequest, decision: BoardDecision, *, by: User) -> ChangeRequest:
    """Record that the board approved the change: the date moves with it.

    Raises ProposalRefused, MoveRefused when the new date no longer fits the project's others, or the errors of
    ``move_change``; a change that a colleague decided meanwhile is refused, naming them.
    """

    def change(fresh: ChangeRequest) -> None:
        _keep(fresh, decision)
        project = held_project(fresh.project_id)
        step = project.milestones.get(pk=fresh.milestone_id) if fresh.milestone_id is not None else None
        if problems := _problems(project, step, fresh.new_on, as_asked=True):
            raise MoveRefused(problems[0].sentence, state=fresh.state, move="approve")
        why = f"Approved by {project.board} on {day(decision.met_on)}: {fresh.reason}"
        if step is not None:
            step.due_on = fresh.new_on
            save_as(step, by=by, reason=why)
        else:
            project.ends_on = fresh.new_on
            project.version += 1
            save_as(project, by=by, reason=why)

    with transaction.atomic():
        held_project(request.project_id)  # the project first, as whoever asks or closes it holds it
        refuse(_decision_problems(decision))
        return move_change(request, "approve", by=by, comment=decision.words, change=change)


def decline(request: ChangeRequest, decision: BoardDecision, *, by: User) -> ChangeRequest:
    """Record that the board declined the change: the date stays. Raises ProposalRefused, or as ``move_change``."""
    refuse(_decision_problems(decision))
    return move_change(request, "decline", by=by, comment=decision.words, change=lambda fresh: _keep(fresh, decision))


def withdraw(request: ChangeRequest, *, by: User) -> ChangeRequest:
    """Take back a request one made. Raises the errors of ``move_change``."""
    return move_change(request, "withdraw", by=by)


# Parts


def _keep(request: ChangeRequest, decision: BoardDecision) -> None:
    request.met_on, request.decision = decision.met_on, decision.words


def _now(project: Project, step: ProjectMilestone | None) -> date:
    return step.due_on if step is not None else project.ends_on


def _decision_problems(decision: BoardDecision) -> list[Problem]:
    if decision.met_on > clock.today():
        return [Problem("met_on", "The board has not met yet: record what it decides afterwards.")]
    return []


def _problems(
    project: Project, step: ProjectMilestone | None, new_on: date, *, as_asked: bool = False
) -> list[Problem]:
    """Why the date cannot move to ``new_on``; ``as_asked``: one asked for in time may have passed meanwhile."""
    if new_on == _now(project, step):
        return [Problem("new_on", "This is the date it has now.")]
    if step is not None and step.reached_on is not None:
        return [Problem("which", f"“{step.name}” was reached on {day(step.reached_on)}, so its date does not move.")]
    if new_on < project.starts_on:
        return [Problem("new_on", f"The project starts on {day(project.starts_on)}: choose a later date.")]
    if new_on < clock.today() and not as_asked:
        return [Problem("new_on", f"{day(new_on)} has passed: choose a date from today on.")]
    if step is not None and new_on > project.ends_on:
        sentence = f"The project ends on {day(project.ends_on)}: ask for a change of its end as well, and first."
        return [Problem("new_on", sentence)]
    if step is None:
        last = project.milestones.filter(reached_on__isnull=True, due_on__gt=new_on).order_by("-due_on").first()
        if last is not None:
            sentence = f"“{last.name}” is due on {day(last.due_on)}, after the new end: ask for a change of it first."
            return [Problem("new_on", sentence)]
    return []
