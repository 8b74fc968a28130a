"""The Corporate Plan's pages: its years, a year's set, who has decided what, and what is still needed and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from actions.models import ActionYear, PlanYear
from actions.operations.deciding import body_of
from actions.plan_workflow import PLAN_MOVES, may_manage, may_propose, may_record, onward, refusal, stopped_by
from actions.queries.plan import PlanShown
from actions.queries.readiness import problems
from hdcperf.control import Control
from hdcperf.organisation.models import User
from hdcperf.review.bodies import ToRecord
from hdcperf.ui import Link, Step, Tag, count_of, day, lower_first, short_day

__all__ = [
    "PlanCard",
    "ProposalRow",
    "needed",
    "plan_cards",
    "proposal_rows",
    "set_steps",
    "state_of_set",
]

Proposal = ActionYear.Proposal
State = PlanYear.State


def state_of_set(plan_year: PlanYear) -> Tag:
    """How far a set has come."""
    colour = "teal" if plan_year.is_adopted else "blue" if plan_year.state == State.DRAWING_UP else "purple"
    return Tag(plan_year.get_state_display(), colour)


@dataclass(frozen=True)
class SetRow:
    """A year's set, in a list of them."""

    year: Link
    state: Tag
    actions: str
    changes: Link


@dataclass(frozen=True)
class PlanCard:
    """A Corporate Plan and its years."""

    title: str
    years: str
    rows: tuple[SetRow, ...]


def plan_cards(shown: Iterable[PlanShown]) -> list[PlanCard]:
    return [
        PlanCard(
            title=one.plan.title,
            years=f"From April {one.plan.first_year} to March {one.plan.last_year + 1}",
            rows=tuple(
                SetRow(
                    year=Link(str(row.financial_year), reverse("plan-year", args=[row.financial_year])),
                    state=state_of_set(row),
                    actions=count_of(vars(row)["held"], "action"),
                    changes=Link(
                        "What changed",
                        reverse("plan-changes", args=[row.financial_year]),
                        f"in {row.financial_year}",
                    ),
                )
                for row in one.sets
            ),
        )
        for one in shown
    ]


def needed(plan_year: PlanYear) -> list[str]:
    """What is still needed before the set goes on, and by whom, a sentence each."""
    if plan_year.is_adopted:
        return []
    if plan_year.state == State.DRAWING_UP:
        found = list(problems(plan_year))
        return found or ["Nothing is missing: the Performance Team can send it to senior leadership."]
    stopped = stopped_by(plan_year)
    if stopped is None:
        return [f"Nothing is missing: the Performance Team can {lower_first(onward(plan_year).label)}."]
    if isinstance(stopped, ToRecord):
        return [f"{stopped.rstrip('.')} (the Performance Team or democratic services)."]
    return [stopped]


@dataclass(frozen=True)
class ProposalRow:
    """One action of a set: what is proposed, where it belongs, and what the person can do with it."""

    code: str
    title: str
    href: str
    proposal: Tag
    reason: str
    outcome: str
    service: str
    control: str
    officer: str
    due: str
    part_of: str
    edit: Link | None


_PROPOSALS = {
    Proposal.NEW: "purple",
    Proposal.CARRY: "grey",
    Proposal.AMEND: "blue",
    Proposal.COMPLETE: "teal",
    Proposal.DROP: "outline",
}
_WORDS = {Proposal.COMPLETE: "Completed", Proposal.DROP: "Dropped"}


def proposal_tag(proposal: str) -> Tag:
    one = Proposal(proposal)
    return Tag(_WORDS.get(one, one.label), _PROPOSALS[one])


def proposal_rows(rows: Iterable[ActionYear], plan_year: PlanYear, user: User, officer: bool) -> list[ProposalRow]:
    """A row for each proposal; those the person may change have a link to do so."""
    return [_proposal_row(row, plan_year, user, officer) for row in rows]


def _proposal_row(row: ActionYear, plan_year: PlanYear, user: User, officer: bool) -> ProposalRow:
    place = [plan_year.financial_year, row.action.reference]
    return ProposalRow(
        code=row.code,
        title=row.title,
        href=reverse("action", args=[plan_year.financial_year, row.code])
        if plan_year.is_adopted and row.is_in_the_set
        else "",
        proposal=proposal_tag(row.proposal),
        reason=row.proposal_reason,
        outcome=row.outcome.name,
        service=row.service.name,
        control=Control(row.control).word,
        officer=row.responsible.name if officer else "",
        due=short_day(row.due_on),
        part_of=row.parent.name if row.parent else "",
        edit=Link("Change", reverse("plan-action", args=place), row.name) if may_change(row, user) else None,
    )


def may_change(row: ActionYear, user: User) -> bool:
    """Whether the person may change what is proposed: while it is drawn up, or as a body decided."""
    plan_year = row.plan_year
    if plan_year.is_adopted:
        return False
    if plan_year.state == State.DRAWING_UP:
        return may_propose(row.scope, user) is None
    return may_manage(plan_year, user) is None


def set_steps(plan_year: PlanYear, user: User) -> list[Step]:
    """What the person can do with the set: propose, renumber, record a decision, send it on."""
    place = [plan_year.financial_year]
    found: list[Step] = []
    if not plan_year.is_adopted:
        drawing_up = plan_year.state == State.DRAWING_UP
        if may_propose(None, user) is None if drawing_up else may_manage(plan_year, user) is None:
            found.append(Step("Add a new action", reverse("plan-new", args=place), kind="secondary"))
        if may_manage(plan_year, user) is None:
            found.append(Step("Renumber the codes", reverse("plan-codes", args=place)))
        if body_of(plan_year) and may_record(plan_year, user) is None:
            found.append(Step("Record what was decided", reverse("plan-decision", args=place), kind="secondary"))
        found += _onward(plan_year, user)
    found.append(Step("See what changes from the year before", reverse("plan-changes", args=place)))
    return found


def _onward(plan_year: PlanYear, user: User) -> list[Step]:
    """The move to the next body, when nothing stands in its way."""
    return [
        Step(
            one.label,
            reverse("plan-year", args=[plan_year.financial_year]),
            method="post",
            name="move",
            value=one.name,
            kind="primary",
            fields=(("version", str(plan_year.version)),),
        )
        for one in PLAN_MOVES.values()
        if one.name != "send_back" and refusal(plan_year, one, user) is None
    ]


def adopted_words(plan_year: PlanYear) -> str:
    """Since when a set is the plan, and by what decision."""
    last = plan_year.transitions.filter(to_state=State.ADOPTED).order_by("-at").first()
    council = plan_year.decisions.filter(body="council", about__isnull=True).order_by("-recorded_at").first()
    since = f" It was made the plan on {day(last.at)}." if last is not None else ""
    by = f" Council decided on {day(council.met_on)}, minute {council.minute}." if council is not None else ""
    return f"This is the plan for {plan_year.financial_year}.{by}{since}"
