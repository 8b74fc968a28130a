"""The yearly setting of KPIs: from a holder's review to the year's set (framework C.1).

A proposal passes the head of service and corporate leadership by moves; portfolio holders, scrutiny and cabinet
decide in meetings, and an officer records it. One move makes the set the year's KPIs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from dataquality.models import Proposal, SettingDecision, SettingRound
from dataquality.rules.windows import Phase, phase_of, phase_sentence
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review import bodies
from hdcperf.review.bodies import ToRecord, decided, in_effect, last_decision
from hdcperf.review.moves import by_name
from hdcperf.roles import Permission
from hdcperf.workflow import (
    Guard,
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
    "BODIES",
    "DECIDES",
    "PROPOSAL_MOVES",
    "ROUND_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "may_manage",
    "may_propose",
    "may_record",
    "may_review",
    "move_proposal",
    "move_round",
    "portfolios_of",
    "refusal",
    "refuse_stale",
    "silent_portfolios",
]

Body, Kind = SettingDecision.Body, SettingDecision.Kind
State = SettingRound.State

BODIES: dict[str, str] = {
    State.PORTFOLIO.value: Body.PORTFOLIO.value,
    State.SCRUTINY.value: Body.SCRUTINY.value,
    State.CABINET.value: Body.CABINET.value,
}
"""The body the set is with at each stage."""

DECIDES = frozenset({Body.CABINET.value})
"""The bodies that must agree, from a date; a comment is enough from the others."""


def may_manage(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.MANAGE_SETTING):
        return None
    return "Only the Performance Team runs the setting of KPIs and takes the set through."


def may_record(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.RECORD_DECISIONS):
        return None
    return "Only the Performance Team and democratic services record what a body decided."


# A proposal for one KPI


def _is_named(record: Proposal, people: Iterable[int]) -> bool:
    years = [year.pk for year in (record.kpi_year, record.before) if year is not None]
    return bool(record.kpi.years.filter(pk__in=years, people__user__in=people).exists())


def may_propose(record: Proposal, by: User) -> str | None:
    """Service leads, heads of service and the Performance Team propose (framework C.1.1)."""
    if standing(by).may(Permission.COMPLETE_TEMPLATES, record.scope):
        return None
    return "Only the KPI's service manager, its head of service and the Performance Team propose what becomes of it."


def may_review(record: Proposal, by: User) -> str | None:
    """KPI holders review theirs first; whoever proposes may fill in for them."""
    if may_propose(record, by) is None or _is_named(record, standing(by).people):
        return None
    return "Only the people of this KPI, their service's managers and the Performance Team review it."


def _may_agree(record: Proposal, by: User) -> str | None:
    if standing(by).may(Permission.AGREE_PROPOSALS, record.scope):
        return None
    return "Only the head of service agrees what the service proposes."


def _may_lead(record: Proposal, by: User) -> str | None:
    if standing(by).may(Permission.SIGN_PROPOSALS, record.scope):
        return None
    return "Only a member of the corporate leadership team signs this off."


def _round_is_open(record: Proposal, by: User) -> str | None:
    if record.setting_round.state == State.PROPOSING:
        return None
    return "The year's KPIs have gone to their bodies: the Performance Team sends the set back first."


def _during(*phases: Phase) -> Guard:
    """The window is in one of ``phases`` today."""

    def guard(record: Proposal, by: User) -> str | None:
        window = record.setting_round
        phase = phase_of(window.holders_from, window.services_from, window.closes_on, clock.today())
        if phase in phases:
            return None
        return phase_sentence(phase, window.holders_from, window.services_from, window.closes_on)

    return guard


def _not_their_proposal(record: Proposal, by: User) -> str | None:
    last = record.transitions.filter(move="submit").order_by("-at", "-pk").first()
    if last is not None and last.by_id in standing(by).people:
        return "You proposed this yourself, so a colleague must agree it."
    return None


def _is_decided(record: Proposal, by: User) -> str | None:
    if not record.verdict or not record.why:
        return "Say first what becomes of the KPI, and why."
    return None


def _has_its_target(record: Proposal, by: User) -> str | None:
    """A KPI that goes on says how its target is set; one that is context only has none."""
    if record.kpi_year is None or record.kpi_year.direction == "none" or record.method:
        return None
    return "Say first how next year's target is set."


_OPEN = (_round_is_open, _during(Phase.SERVICES))
_DRAFT, _SUBMITTED = frozenset({"draft"}), frozenset({"submitted"})
PROPOSAL_MOVES: dict[str, Move] = by_name(
    Move(
        "review",
        "Save the review",
        _DRAFT,
        "draft",
        may_review,
        guards=(_round_is_open, _during(Phase.HOLDERS, Phase.SERVICES)),
        quiet=True,
    ),
    Move("save", "Save", _DRAFT, "draft", may_propose, guards=_OPEN, quiet=True),
    Move("submit", "Propose", _DRAFT, "submitted", may_propose, guards=(*_OPEN, _is_decided, _has_its_target)),
    Move("take_back", "Take back", _SUBMITTED, "draft", may_propose, guards=(_round_is_open,)),
    Move(
        "agree",
        "Agree as head of service",
        _SUBMITTED,
        "agreed",
        _may_agree,
        guards=(_round_is_open, _not_their_proposal),
    ),
    Move(
        "send_back",
        "Send back",
        _SUBMITTED,
        "draft",
        _may_agree,
        comment_needed="Say what must change.",
        guards=(_round_is_open,),
    ),
    Move(
        "sign", "Sign off", frozenset({"agreed"}), "signed", _may_lead, guards=(_round_is_open, _not_their_proposal)
    ),
    Move(
        "return",
        "Send back to the service",
        frozenset({"agreed", "signed"}),
        "draft",
        _may_lead,
        comment_needed="Say what must change.",
        guards=(_round_is_open,),
    ),
)


def move_proposal(
    record: Proposal,
    name: str,
    *,
    by: User,
    version: int,
    comment: str = "",
    change: Callable[[Proposal], None] | None = None,
) -> Proposal:
    """Make the named move of a proposal, as it stood when the page of ``version`` was made.

    Raises StaleRecord when it has changed since, and the errors of ``hdcperf.workflow.perform``.
    """

    def checked(fresh: Proposal) -> None:
        refuse_stale(fresh, version)
        fresh.version += 1
        if change is not None:
            change(fresh)

    return perform(record, PROPOSAL_MOVES[name], by=by, comment=comment, change=checked)


# The year's set


def portfolios_of(record: SettingRound) -> QuerySet[Portfolio]:
    """The portfolios with KPIs in the set: next year's, and those that are to be dropped."""
    next_year = Q(kpi_years__proposal__setting_round=record)
    dropped = Q(kpi_years__proposed_from__setting_round=record, kpi_years__proposed_from__verdict="drop")
    return Portfolio.objects.filter(next_year | dropped).distinct()


def silent_portfolios(record: SettingRound) -> list[Portfolio]:
    """The portfolios with KPIs in the set whose holder has said nothing since it was sent to them."""
    return bodies.silent_portfolios(record, portfolios_of(record), State.PORTFOLIO)


def _every_portfolio_spoke(record: SettingRound, by: User) -> str | None:
    if silent := silent_portfolios(record):
        names = ", ".join(one.name for one in silent)
        return ToRecord(f"Record first what these portfolio holders said: {names}.")
    for portfolio in portfolios_of(record):
        last = last_decision(record, Body.PORTFOLIO, portfolio=portfolio)
        if last is not None and last.kind == Kind.NOT_AGREED:
            return f"The portfolio holder for {portfolio} did not agree: send the set back to be proposed again."
    return None


def _every_proposal_is_signed(record: SettingRound, by: User) -> str | None:
    if not record.proposals.exists():
        return "There are no proposals yet."
    waiting = record.proposals.exclude(state=Proposal.State.SIGNED).count()
    if waiting == 1:
        return "One proposal is not signed off by corporate leadership yet."
    return f"{waiting} proposals are not signed off by corporate leadership yet." if waiting else None


def _on(name: str, label: str, source: State, target: State, *guards: Guard) -> Move:
    return Move(name, label, frozenset({source.value}), target.value, may_manage, guards=guards)


ROUND_MOVES: dict[str, Move] = by_name(
    _on(
        "to_portfolio_holders",
        "Send to portfolio holders",
        State.PROPOSING,
        State.PORTFOLIO,
        _every_proposal_is_signed,
    ),
    _on("to_scrutiny", "Send to scrutiny", State.PORTFOLIO, State.SCRUTINY, _every_portfolio_spoke),
    _on("to_cabinet", "Send to cabinet", State.SCRUTINY, State.CABINET, decided(Body.SCRUTINY)),
    _on(
        "approved",
        "Mark as approved by cabinet",
        State.CABINET,
        State.APPROVED,
        decided(Body.CABINET, must_agree=True),
    ),
    _on("go_live", "Make them the year's KPIs", State.APPROVED, State.LIVE, in_effect(Body.CABINET)),
    Move(
        "send_back",
        "Send back to be proposed again",
        frozenset({*BODIES, State.APPROVED.value}),
        State.PROPOSING.value,
        may_manage,
        comment_needed="Say why it goes back, and what is to change.",
    ),
)


def move_round(
    record: SettingRound,
    name: str,
    *,
    by: User,
    version: int,
    comment: str = "",
    change: Callable[[SettingRound], None] | None = None,
) -> SettingRound:
    """Make the named move of a year's set of KPIs, as it stood when the page of ``version`` was made.

    Raises StaleRecord when the set has changed since, and the errors of ``hdcperf.workflow.perform``.
    """

    def checked(fresh: SettingRound) -> None:
        refuse_stale(fresh, version)
        fresh.version += 1
        if change is not None:
            change(fresh)

    return perform(record, ROUND_MOVES[name], by=by, comment=comment, change=checked)
