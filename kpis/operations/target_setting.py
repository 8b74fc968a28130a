"""Proposing a target and recording its approval: a later set governs later months only (framework C.1.2).

What was judged keeps its target, and nothing here changes a set that was approved: another one follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.ui import day
from kpis.models import KpiYear, TargetSet
from kpis.operations.targets import set_targets
from kpis.queries.targets import TargetGround, target_ground
from kpis.queries.years import levels_of
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels
from kpis.workflow import TARGET_MOVES, MoveRefused, NotPermitted, may_propose_target, move_target

__all__ = ["Proposal", "approve_target", "propose_target", "send_target_back", "start_refusal", "take_target_back"]

CONTEXT_ONLY = "This KPI is context only, so it has no target."


@dataclass(frozen=True)
class Proposal:
    """A year's target and every month's from ``start`` on. No target at all is ``Levels()``, which is not nought."""

    start: Month
    year: Levels
    profile: Profile
    reason: str
    months: Mapping[Month, Levels] = field(default_factory=dict)


def start_refusal(ground: TargetGround, start: Month) -> str:
    """Why a set cannot govern from ``start``, as a sentence; empty when it can."""
    if start in ground.starts:
        return ""
    if not ground.starts:
        return "Every month of this year is judged, so its target can no longer change."
    return (
        f"It would govern from {start}, but months from then on are judged or have a later target: it can govern "
        f"from {ground.starts[0]} at the earliest."
    )


def propose_target(kpi_year: KpiYear, proposal: Proposal, *, by: User) -> TargetSet:
    """Save a new set as awaiting approval, with its monthly rows.

    The same person proposing the same again (a double click) changes nothing. Raises NotPermitted, or MoveRefused
    when another set awaits approval or the month it would govern from is judged; ValidationError on a wrong level.
    """
    with transaction.atomic():
        held = _hold(kpi_year.pk)
        if sentence := may_propose_target(held, by):
            raise NotPermitted(sentence, state="", move="propose")
        ground = target_ground(held)
        if ground.awaiting is not None:
            if _is_the_same(ground.awaiting, proposal, by):
                return ground.awaiting
            raise MoveRefused(_waits(ground.awaiting), state=ground.awaiting.state, move="propose")
        if sentence := _cannot_start(ground, proposal.start):
            raise MoveRefused(sentence, state="", move="propose")
        made = set_targets(
            held,
            proposal.year,
            from_month=proposal.start,
            profile=proposal.profile,
            reason=proposal.reason,
            by=by,
            months=proposal.months,
        )
        return move_target(made, "propose", by=by, comment=proposal.reason)


def _hold(kpi_year: int) -> KpiYear:
    """The KPI's year, held until the transaction ends: its months are judged and its targets set one at a time."""
    held: KpiYear = KpiYear.objects.select_for_update(of=("self",)).select_related("service").get(pk=kpi_year)
    return held


def _cannot_start(ground: TargetGround, start: Month) -> str:
    return CONTEXT_ONLY if ground.direction == "none" else start_refusal(ground, start)


def _is_the_same(there: TargetSet, proposal: Proposal, by: User) -> bool:
    mine = (there.set_by_id, there.start, levels_of(there), there.profile, there.reason)
    return mine == (by.pk, proposal.start, proposal.year, proposal.profile.value, proposal.reason)


def _waits(there: TargetSet) -> str:
    last = there.transitions.order_by("-at", "-pk").first()
    who = f" {last.who} proposed it on {day(last.at)}." if last is not None else ""
    return (
        f"A target from {there.start} is awaiting approval already.{who} It must be approved, sent back or taken "
        "back first."
    )


def approve_target(
    target_set: TargetSet,
    *,
    approved_by: str,
    approved_on: date,
    by: User,
    approved_body: str = "",
    followed: bool = True,
) -> TargetSet:
    """Record that ``approved_by`` (a body or a post) approved the set on ``approved_on``; it then governs.

    ``approved_body`` is the body, where it was one (``review.models.AbstractDecision.Body``). Whoever follows targets
    (``settings.TARGET_APPROVED``) acts in the same transaction, unless not ``followed``: they act themselves.

    A set approved earlier from the same month has judged nothing, and is marked as replaced. Raises NotPermitted,
    SomebodyElseDidIt, or MoveRefused when ``by`` proposed it or a month it would govern has been judged meanwhile.
    """

    def record(fresh: TargetSet) -> None:
        fresh.approved_by, fresh.approved_on, fresh.approved_body = approved_by, approved_on, approved_body

    with transaction.atomic():
        held = _hold(target_set.kpi_year_id)
        fresh = TargetSet.objects.select_for_update().get(pk=target_set.pk)
        if fresh.state == TargetSet.State.AWAITING and TARGET_MOVES["approve"].permitted(fresh, by) is None:
            if sentence := start_refusal(target_ground(held), fresh.start):
                raise MoveRefused(
                    f"{sentence} Send it back, so that it can be proposed again from a later month.",
                    state=fresh.state,
                    move="approve",
                )
            _replace_one_from(fresh, by=by)
        approved = move_target(
            fresh, "approve", by=by, comment=f"Approved by {approved_by}, {day(approved_on)}", change=record
        )
        for name in settings.TARGET_APPROVED if followed else ():
            import_string(name)(approved, by=by)
        return approved


def _replace_one_from(target_set: TargetSet, *, by: User) -> None:
    there = TargetSet.objects.filter(
        kpi_year=target_set.kpi_year_id, from_month=target_set.from_month, state=TargetSet.State.APPROVED
    ).first()
    if there is not None:
        move_target(there, "replace", by=by, comment="Another target from the same month was approved.")


def send_target_back(target_set: TargetSet, *, reason: str, by: User) -> TargetSet:
    """Send a proposed set back to whoever proposed it, with a reason; raises as ``hdcperf.workflow.perform``."""
    return move_target(target_set, "send_back", by=by, comment=reason)


def take_target_back(target_set: TargetSet, *, reason: str, by: User) -> TargetSet:
    """Take back a set one proposed, with a reason; raises as ``hdcperf.workflow.perform``."""
    return move_target(target_set, "take_back", by=by, comment=reason)
