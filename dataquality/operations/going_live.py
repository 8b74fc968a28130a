"""Taking a year's set through its bodies, and making it the year's KPIs: all or nothing, once (framework C.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction

from dataquality.models import Proposal, SettingDecision, SettingRound
from dataquality.operations.replacing import link_replacement
from dataquality.operations.windows import held_round
from dataquality.queries.proposed_targets import Ground, plan_of, spread
from dataquality.queries.results import NO_PAST, past_of
from dataquality.rules.yearly_targets import Method, arithmetic, is_beaten
from dataquality.setting_workflow import (
    BODIES,
    DECIDES,
    MoveRefused,
    NotPermitted,
    may_record,
    move_round,
)
from hdcperf.history import save_as
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review.bodies import last_decision
from hdcperf.review.decisions import Decided, decision_problems, keep_once
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from kpis.operations.targets import set_targets
from kpis.rules.profiles import ProfileRefused

__all__ = ["advance", "approved_words", "body_of", "record_decision"]

State, Body = SettingRound.State, SettingDecision.Body


def body_of(record: SettingRound) -> str:
    """The body whose decision is recorded now: the one the set is with, and cabinet still once it has approved."""
    return Body.CABINET.value if record.state == State.APPROVED else BODIES.get(record.state, "")


def record_decision(
    record: SettingRound, decided: Decided, *, by: User, portfolio: Portfolio | None = None
) -> SettingDecision:
    """Record what the body the set is with decided. The same again (a double click) is recorded once.

    Raises ProposalRefused, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = held_round(record.pk)
        if sentence := may_record(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="record")
        body = body_of(fresh)
        if not body:
            sentence = f"The set is {fresh.get_state_display().lower()}: no body is to decide about it now."
            raise MoveRefused(sentence, state=fresh.state, move="record")
        if (body == Body.PORTFOLIO) != (portfolio is not None):
            refuse([Problem("portfolio", "Select whose portfolio holder said it")])
        refuse(decision_problems(body, decided, DECIDES))
        made: SettingDecision
        made, is_new = keep_once(fresh.decisions, decided, by=by, body=body, portfolio=portfolio)
        if is_new:
            fresh.version += 1
            save_as(fresh, by=by, reason=f"Recorded: {made}")
    return made


def advance(
    record: SettingRound, name: str, *, by: User, version: int, comment: str = "", tell: Tell = nobody
) -> SettingRound:
    """Make the named move of the set, with all that follows from it. Raises the errors of ``move_round``."""
    change: Callable[[SettingRound], None] | None = {"go_live": lambda fresh: _go_live(fresh, by, tell)}.get(name)
    try:
        return move_round(record, name, by=by, version=version, comment=comment, change=change)
    except IntegrityError as refused:
        sentence = "Two KPIs would have the same code, or one is in the year already: nothing was changed."
        raise MoveRefused(sentence, state=record.state, move=name) from refused


def _go_live(fresh: SettingRound, by: User, tell: Tell) -> None:
    """The proposals of ``fresh`` (held by the move) become the year's KPIs, with their targets, and others end."""
    decision = last_decision(fresh, Body.CABINET)
    rows = fresh.proposals.select_related("kpi", "kpi_year__service", "before", "replaced_by").prefetch_related(
        "months"
    )
    past = past_of([one.kpi_id for one in rows], fresh.year)
    for number, proposal in enumerate(rows):
        tell(number, len(rows))
        if proposal.kpi_year is None:
            _end(proposal, decision, by)
        else:
            _begin(Ground(proposal.kpi_year, past.get(proposal.kpi_id, NO_PAST)), proposal, decision, by)
    for proposal in rows:
        link_replacement(proposal, decision, by)


def _end(proposal: Proposal, decision: SettingDecision, by: User) -> None:
    kpi, before = proposal.kpi, proposal.before
    if before is not None and kpi.ended_after is None:
        kpi.ended_after = before.months[-1].first_day
        save_as(kpi, by=by, reason=f"Dropped: {proposal.why} ({decision})")


def _begin(ground: Ground, proposal: Proposal, decision: SettingDecision, by: User) -> None:
    next_year, plan = ground.kpi_year, plan_of(proposal)
    next_year.is_live = True
    save_as(next_year, by=by, reason=f"One of the KPIs of {next_year.financial_year} ({decision})")
    if plan is None or plan.year.target is None or next_year.target_sets.exists():
        return
    try:
        months = spread(ground, plan)
    except ProfileRefused as refused:
        raise MoveRefused(f"{next_year.code}: {refused} Nothing was changed.", state="", move="go_live") from refused
    set_targets(
        next_year,
        plan.year,
        from_month=next_year.months[0],
        profile=plan.profile,
        reason=approved_words(ground, proposal),
        by=by,
        approved_by=f"{decision.get_body_display()}, {day(decision.met_on)}, minute {decision.minute}",
        approved_body=decision.body,
        approved_on=decision.met_on,
        months=months,
    )


def approved_words(ground: Ground, proposal: Proposal) -> str:
    """Why this target, kept with it: the arithmetic, and why a beaten one is not raised."""
    plan = plan_of(proposal)
    if plan is None or plan.year.target is None:
        return proposal.why
    sentence = arithmetic(
        ground.measure, Method(plan.method), percent=plan.percent, result=plan.result, target=plan.year.target
    )
    result = plan.result.value if plan.result is not None else None
    beaten = plan.beaten_why if is_beaten(result, plan.year, ground.direction) else ""
    return " ".join(words for words in (sentence, beaten, proposal.why) if words)
