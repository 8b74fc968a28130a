"""Proposing an action for next year's set: a new one, or one with other words, people or dates."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from actions.models import Action, ActionYear, PlanDecision, PlanYear
from actions.operations.carrying import found_in, gather_parts, keep_milestones, scopes
from actions.operations.the_set import as_it_was_seen, held, move_on, refuse, require_editable, why
from actions.queries.proposals import Facts, facts_problems
from hdcperf.codes import code_key
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem

__all__ = ["amend", "propose_new"]

Proposal = ActionYear.Proposal


def propose_new(plan_year: PlanYear, facts: Facts, *, by: User, decision: PlanDecision | None = None) -> ActionYear:
    """Add an action the year before did not have. The same again by the same person (a double click) adds nothing.

    Raises ProposalRefused, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = held(plan_year)
        require_editable(fresh, by, [facts.scope], decision)
        if (same := _just_proposed(fresh, facts, by)) is not None:
            return same
        refuse(facts_problems(fresh, facts))
        action = Action(reference=_reference(facts.title))
        save_as(action, by=by, reason=f"Proposed for {fresh.financial_year}")
        row = ActionYear(action=action, plan_year=fresh, proposal=Proposal.NEW, **facts.columns())
        save_as(row, by=by, reason=why(f"Proposed for {fresh.financial_year}", decision))
        keep_milestones(row, facts.milestones, by)
        move_on(fresh)
    return row


def amend(
    plan_year: PlanYear,
    action: Action,
    facts: Facts,
    *,
    reason: str,
    by: User,
    version: int,
    decision: PlanDecision | None = None,
) -> ActionYear:
    """Propose ``action`` with other words, people or dates; or change what was proposed for a new one.

    ``version`` is that of the proposal as it was seen, 0 where there was none. Raises ProposalRefused, StaleRecord,
    NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh, row, source = found_in(plan_year, action)
        require_editable(fresh, by, [facts.scope, *scopes(row, source)], decision)
        as_it_was_seen(row, version)
        is_new = source is None
        problems = facts_problems(fresh, facts, action, row)
        if not is_new and not reason.strip():
            problems.append(Problem("proposal_reason", "Say why it is amended"))
        refuse(problems)
        row = row or ActionYear(action=action, plan_year=fresh, version=0)
        for name, value in facts.columns().items():
            setattr(row, name, value)
        row.proposal = Proposal.NEW if is_new else Proposal.AMEND
        row.proposal_reason = "" if is_new else reason
        row.version += 1
        words = "Changed before it was decided" if is_new else f"Amended for {fresh.financial_year}: {reason}"
        save_as(row, by=by, reason=why(words, decision))
        keep_milestones(row, facts.milestones, by)
        gather_parts(row, by)
        move_on(fresh)
    return row


def _just_proposed(fresh: PlanYear, facts: Facts, by: User) -> ActionYear | None:
    """This very proposal, when it is the second half of a double click."""
    there = fresh.actions.filter(
        code_key=code_key(facts.code), title=facts.title, wording=facts.wording, proposal=Proposal.NEW
    ).first()
    if there is None or there.version != 1:
        return None
    first = there.history.last()
    return there if first is not None and first.history_user_id == by.pk else None


def _reference(title: str) -> str:
    """A reference for life, from the title; never one that another action has."""
    stem = slugify(title)[:50].strip("-") or "action"
    taken = set(Action.objects.filter(reference__startswith=stem).values_list("reference", flat=True))
    taken |= set(Action.history.filter(reference__startswith=stem).values_list("reference", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)
