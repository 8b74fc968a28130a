"""What happens to an action between refreshes: it ends by decision, another officer answers for it, its words are
corrected. Each keeps who, when and why (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from actions.models import Action, ActionUpdate, ActionYear, PlanDecision, PlanYear
from actions.operations.deciding import keep_decision
from actions.operations.the_set import as_it_was_seen, held, refuse
from actions.plan_workflow import DECIDES, may_manage, may_propose
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.decisions import Decided, decision_problems
from hdcperf.review.problems import Problem
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused, NotPermitted, SomebodyElseDidIt

__all__ = [
    "Words",
    "change_responsible",
    "correct_wording",
    "end_action",
    "may_correct",
    "may_hand_over",
    "take_up_again",
]

Proposal = ActionYear.Proposal
Body = PlanDecision.Body


@dataclass(frozen=True)
class Words:
    """An action's words in the plan."""

    title: str
    wording: str
    success: str


def may_hand_over(row: ActionYear, by: User) -> str | None:
    """Whether ``by`` may say that another officer answers for the action."""
    return may_propose(row.scope, by) and (
        "Only the service an action belongs to and the Performance Team say who answers for it."
    )


def may_correct(row: ActionYear, by: User) -> str | None:
    """Whether ``by`` may correct the plan's words, or end an action as a body decided."""
    return may_manage(row.plan_year, by) and "Only the Performance Team changes the plan during the year."


def end_action(row: ActionYear, how: str, body: str, decided: Decided, *, by: User) -> PlanDecision:
    """The action is completed or dropped, as ``body`` decided, from the day that takes effect.

    An update not handed in yet says so and is no longer owed; a later year's proposal ends with it. The same again
    (a double click) changes nothing. Raises ProposalRefused, NotPermitted, MoveRefused, or SomebodyElseDidIt.
    """
    with transaction.atomic():
        fresh = _held(row, may_correct(row, by), "end")
        action = Action.objects.select_for_update().get(pk=fresh.action_id)
        if action.ended_on is not None:
            return _ended_already(fresh, action, decided, by)
        problems = decision_problems(body, decided, DECIDES)
        ended_on = decided.takes_effect_on or decided.met_on
        if ended_on < fresh.starts_on:
            problems.append(Problem("takes_effect_on", f"The action only starts on {day(fresh.starts_on)}."))
        refuse(problems)
        decision = keep_decision(
            held(fresh.plan_year),
            body,
            decided,
            by=by,
            portfolio=fresh.portfolio if body == Body.PORTFOLIO else None,
            about=fresh,
        )
        label = Action.End(how).label
        action.ended_on, action.ended_how, action.ended_why = ended_on, how, decided.wording
        save_as(action, by=by, reason=f"{label}: {decision}")
        words = f"{label} on {day(ended_on)}: {decision}. No update is owed for it."
        for update in ActionUpdate.objects.filter(action=action).owed():
            _excuse(update, words, by)
        _end_proposals(fresh, how, decided.wording, by)
    return decision


def _ended_already(row: ActionYear, action: Action, decided: Decided, by: User) -> PlanDecision:
    last = row.decisions.order_by("-pk").first()
    if last is not None and last.recorded_by_id == by.pk and last.wording == decided.wording:
        return last
    assert action.ended_on is not None
    who = f" {last.recorded_by_name} recorded it." if last is not None else ""
    sentence = f"The action was {action.ended_how} on {day(action.ended_on)} already.{who}"
    raise SomebodyElseDidIt(sentence, state=row.plan_year.state, move="end")


def _excuse(update: ActionUpdate, words: str, by: User) -> None:
    update.excused = words
    update.version += 1
    save_as(update, by=by, reason=words or "Owed again")


def _end_proposals(row: ActionYear, how: str, reason: str, by: User) -> None:
    """What a set that is not adopted yet proposes for the action: it has ended."""
    waiting = row.action.years.in_the_set().exclude(plan_year__state=PlanYear.State.ADOPTED)
    for one in waiting.filter(plan_year__year__gt=row.plan_year.year):
        one.proposal = Proposal.COMPLETE if how == Action.End.COMPLETED else Proposal.DROP
        one.proposal_reason = reason[:1000]
        one.version += 1
        save_as(one, by=by, reason=f"Ended during {row.plan_year.financial_year}: {reason}")


def take_up_again(row: ActionYear, *, reason: str, by: User) -> None:
    """The action goes on after all: it was ended by mistake, or a body decided so. Its open updates are owed again.

    Raises ProposalRefused, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = _held(row, may_correct(row, by), "take_up_again")
        action = Action.objects.select_for_update().get(pk=fresh.action_id)
        if action.ended_on is None:
            return
        if not reason.strip():
            refuse([Problem("reason", "Say why it goes on")])
        action.ended_on, action.ended_how, action.ended_why = None, "", ""
        save_as(action, by=by, reason=reason)
        for update in ActionUpdate.objects.filter(action=action).exclude(excused=""):
            _excuse(update, "", by)


def change_responsible(row: ActionYear, officer: User, *, reason: str, by: User, version: int) -> ActionYear:
    """Another officer answers for the action from now on, in this year and in a later set that named the same one.

    Raises ProposalRefused, StaleRecord, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = _held(row, may_hand_over(row, by), "change_responsible")
        if fresh.responsible_id == officer.pk and fresh.version != version:
            return fresh  # a double click
        as_it_was_seen(fresh, version)
        if fresh.responsible_id == officer.pk:
            refuse([Problem("responsible", f"{officer.name} answers for it already.")])
        before = fresh.responsible
        for one in _with_later(fresh, responsible=before):
            one.responsible = officer
            one.version += 1
            save_as(one, by=by, reason=reason or f"{officer.name} answers for it in place of {before.name}")
    return fresh


def correct_wording(row: ActionYear, words: Words, *, reason: str, by: User, version: int) -> ActionYear:
    """Correct the plan's words; a later set that has the same words is corrected with them.

    Raises ProposalRefused, StaleRecord, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = _held(row, may_correct(row, by), "correct")
        before = Words(fresh.title, fresh.wording, fresh.success)
        if before == words and fresh.version != version:
            return fresh  # a double click
        as_it_was_seen(fresh, version)
        if before == words:
            refuse([Problem("wording", "Nothing is changed.")])
        if not reason.strip():
            refuse([Problem("reason", "Say why the words are corrected")])
        for one in _with_later(fresh, **vars(before)):
            for name, value in vars(words).items():
                setattr(one, name, value)
            one.version += 1
            save_as(one, by=by, reason=reason)
    return fresh


def _held(row: ActionYear, refused: str | None, name: str) -> ActionYear:
    """The action in its year, fresh and held; only what is in the plan changes here."""
    state = row.plan_year.state
    if refused:
        raise NotPermitted(refused, state=state, move=name)
    found: ActionYear = (
        ActionYear.objects.select_for_update(of=("self",))
        .select_related("plan_year", "action", "service", "portfolio", "responsible")
        .get(pk=row.pk)
    )
    if not found.plan_year.is_adopted or not found.is_in_the_set:
        sentence = f"This is not in the plan yet: change it in the set of {found.plan_year.financial_year}."
        raise MoveRefused(sentence, state=state, move=name)
    return found


def _with_later(row: ActionYear, **same: object) -> Iterable[ActionYear]:
    """The action in its year, and in later years' sets where it is the same."""
    later = ActionYear.objects.filter(action=row.action_id, plan_year__year__gt=row.plan_year.year, **same)
    return [row, *later]
