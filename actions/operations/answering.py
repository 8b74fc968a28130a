"""What becomes of each of this year's actions: carried forward, completed, dropped; and taking a proposal back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from actions.models import Action, ActionYear, PlanDecision, PlanYear
from actions.operations.carrying import copy_facts, found_in, gather_parts, keep_milestones, parent_in, scopes
from actions.operations.the_set import ProposalRefused, as_it_was_seen, held, move_on, refuse, require_editable, why
from actions.queries.proposals import code_problems
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused

__all__ = ["answer", "carry_forward", "take_out"]

Proposal = ActionYear.Proposal


def answer(
    plan_year: PlanYear,
    action: Action,
    proposal: str,
    *,
    by: User,
    version: int,
    reason: str = "",
    code: str = "",
    decision: PlanDecision | None = None,
) -> ActionYear:
    """Say that ``action`` is carried forward as it is (with this ``code``), completed or dropped.

    Raises ProposalRefused, StaleRecord, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh, row, source = found_in(plan_year, action)
        if source is None:
            raise MoveRefused("It was not in the plan of the year before.", state=fresh.state, move=proposal)
        require_editable(fresh, by, scopes(row, source), decision)
        as_it_was_seen(row, version)
        row = _answered(
            fresh, source, row, proposal, reason=reason, code=code or source.code, by=by, decision=decision
        )
        move_on(fresh)
    return row


def _answered(
    fresh: PlanYear,
    source: ActionYear,
    row: ActionYear | None,
    proposal: str,
    *,
    reason: str,
    code: str,
    by: User,
    decision: PlanDecision | None = None,
) -> ActionYear:
    problems: list[Problem] = []
    if proposal == Proposal.CARRY:
        problems = code_problems(fresh, code, row)
        if source.due_on < fresh.financial_year.first_day:
            sentence = (
                f"It is due on {day(source.due_on)}, before {fresh.financial_year} starts. Amend it with a new date, "
                "or say that it is completed or dropped."
            )
            problems.append(Problem("proposal", sentence))
    elif not reason.strip():
        field_name = "achieved" if proposal == Proposal.COMPLETE else "dropped_why"
        problems.append(Problem(field_name, "Say why the action is not in the new year"))
    refuse(problems)
    row = row or ActionYear(action=source.action, plan_year=fresh, version=0)
    copy_facts(source, row)
    row.code = code if proposal == Proposal.CARRY else source.code
    row.parent = parent_in(fresh, source)
    row.proposal = proposal
    row.proposal_reason = "" if proposal == Proposal.CARRY else reason
    row.version += 1
    words = f"{Proposal(proposal).label}{': ' + reason if reason and proposal != Proposal.CARRY else ''}"
    save_as(row, by=by, reason=why(words, decision))
    keep_milestones(row, (), by)
    gather_parts(row, by)
    return row


def carry_forward(plan_year: PlanYear, actions: Iterable[int], *, by: User) -> list[ActionYear]:
    """Carry forward, as they are, those of ``actions`` (ids) that nobody has answered for yet; all or none.

    Raises ProposalRefused naming each that cannot be, NotPermitted or MoveRefused.
    """
    made: list[ActionYear] = []
    with transaction.atomic():
        fresh = held(plan_year)
        sources = list(
            ActionYear.objects.adopted()
            .filter(plan_year__year=fresh.year - 1, action__in=list(actions))
            .exclude(action__in=fresh.actions.values("action"))
            .select_related("service", "action", "parent")
            .order_by("code_key")
        )
        require_editable(fresh, by, [one.scope for one in sources], None)
        refused: list[Problem] = []
        for source in sources:
            try:
                with transaction.atomic():
                    made.append(_answered(fresh, source, None, Proposal.CARRY, reason="", code=source.code, by=by))
            except ProposalRefused as problem:
                refused += [Problem("", f"{source.name}: {one.sentence}") for one in problem.problems]
        refuse(refused)
        if made:
            move_on(fresh)
    return made


def take_out(row: ActionYear, *, by: User, version: int, decision: PlanDecision | None = None) -> None:
    """Take a proposal out of a set that is not adopted: what becomes of the action is open again, a new one is gone.

    Raises StaleRecord, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = held(row.plan_year)
        found = ActionYear.objects.select_related("service", "action").filter(pk=row.pk).first()
        if found is None:
            return  # a double click: it is out already
        require_editable(fresh, by, [found.scope], decision)
        as_it_was_seen(found, version)
        reason = why(f"Taken out of the set of {fresh.financial_year}", decision)
        for part in ActionYear.objects.filter(parent=found):
            part.parent = None
            part.version += 1
            save_as(part, by=by, reason=f"{reason}: it was a part of it")
        action = found.action
        for step in found.proposed_milestones.all():
            delete_as(step, by=by, reason=reason)
        delete_as(found, by=by, reason=reason)
        if not action.years.exists():
            delete_as(action, by=by, reason=reason)
        move_on(fresh)
