"""A proposal's page: what is proposed and why, the four criteria, its target, who did what, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from dataquality.models import Proposal, SettingRound
from dataquality.operations.replacing import replaced_of
from dataquality.presenters.setting import proposal_href, state_tag_of, verdict_tag, who_acts
from dataquality.queries.setting import Line, seen_proposals
from dataquality.rules.criteria import CRITERIA
from dataquality.setting_workflow import PROPOSAL_MOVES, refusal
from hdcperf.control import Control
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import User
from hdcperf.ui import Link, Step, SummaryRow, Tag, day, moment
from kpis.models import KpiYear

__all__ = ["CriterionRow", "Difference", "Said", "criteria_rows", "differences", "facts_of", "proposal_steps", "said"]


@dataclass(frozen=True)
class CriterionRow:
    """One of the four criteria, and whether the KPI meets it."""

    label: str
    met: Tag


def criteria_rows(proposal: Proposal) -> list[CriterionRow]:
    judged = bool(proposal.verdict) or proposal.reviewed_on is not None
    rows = []
    for name, label in CRITERIA.items():
        met = Tag("Yes", "teal") if getattr(proposal, name) else Tag("No" if judged else "Not judged yet")
        rows.append(CriterionRow(label, met))
    return rows


def facts_of(line: Line, who: Standing) -> list[SummaryRow]:
    """What is proposed, what replaces what, by whom it was reviewed, and with whom it is."""
    proposal, year = line.proposal, line.year
    reviewed = (
        f"{proposal.reviewed_by_name}, {day(proposal.reviewed_on)}" if proposal.reviewed_on is not None else "Not yet"
    )
    rows: list[tuple[str, object]] = [
        ("Proposed", verdict_tag(proposal)),
        *_replacement_rows(proposal, who),
        ("Why", proposal.why),
        ("With", state_tag_of(proposal)),
        ("To act next", who_acts(proposal) if proposal.setting_round.state == SettingRound.State.PROPOSING else ""),
        ("Service", year.service.name),
        ("Portfolio", year.portfolio.name if year.portfolio is not None else "None"),
        ("Reviewed by its holder", reviewed if proposal.before_id is not None else ""),
        ("What the holder found", proposal.holder_words),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


def _replacement_rows(proposal: Proposal, who: Standing) -> list[tuple[str, object]]:
    """The other KPI of a replacement, linked for those who see its proposal."""
    new, dropped = proposal.replaced_by, replaced_of(proposal)
    other, year = (new, new.kpi_year) if new is not None else (dropped, dropped.before if dropped else None)
    if other is None or year is None:
        return []
    name = f"{year.code} {year.name}"
    seen = seen_proposals(who, proposal.setting_round).filter(pk=other.pk).exists()
    href = reverse("proposal", args=[proposal.setting_round.financial_year, other.kpi.reference])
    return [("Replaced by" if new is not None else "Replaces", Link(name, href) if seen else name)]


@dataclass(frozen=True)
class Difference:
    """A fact that changes: as it is this year, and as it would be."""

    label: str
    before: str
    after: str


_COMPARED = ("code", "name", "definition", "why", "service", "portfolio", "outcome", "control")
_LABELS = {"why": "Why it is measured", "control": "Do, Enable or Influence"}


def differences(proposal: Proposal) -> list[Difference]:
    """What changes from this year to next."""
    before, after = proposal.before, proposal.kpi_year
    if before is None or after is None:
        return []
    return [
        Difference(
            _LABELS.get(name, name.capitalize()), _words(before, name) or "None", _words(after, name) or "None"
        )
        for name in _COMPARED
        if _words(before, name) != _words(after, name)
    ]


def _words(year: KpiYear, name: str) -> str:
    value = getattr(year, name)
    if name == "control":
        return Control(value).word
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Said:
    """A move that was made, and what was said with it."""

    who: str
    when: str
    what: str
    words: str


_DONE = {
    "submit": "proposed it",
    "take_back": "took it back",
    "agree": "agreed it as head of service",
    "send_back": "sent it back",
    "sign": "signed it off for corporate leadership",
    "return": "sent it back to the service",
}


def said(proposal: Proposal) -> list[Said]:
    """Its moves, oldest first."""
    return [
        Said(row.who, moment(row.at), _DONE[row.move], row.comment)
        for row in proposal.transitions.order_by("at", "pk")
        if row.move in _DONE
    ]


_NEXT = (
    ("proposal-review", "review", "Review it as its holder"),
    ("proposal-verdict", "save", "Say what becomes of it"),
)
_BACK = ("send_back", "return")


def proposal_steps(proposal: Proposal, user: User) -> list[Step]:
    """What the person can do with the proposal now; what goes back has a form of its own."""
    found = [
        Step(text, proposal_href(proposal, name), kind="secondary" if name == "proposal-verdict" else "link")
        for name, move, text in _NEXT
        if refusal(proposal, PROPOSAL_MOVES[move], user) is None
        and not (name == "proposal-review" and proposal.before_id is None)
    ]
    if proposal.kpi_year is not None and refusal(proposal, PROPOSAL_MOVES["save"], user) is None:
        found.append(Step("Change its words or place", proposal_href(proposal, "proposal-facts")))
        if proposal.kpi_year.direction != "none":
            found.append(Step("Set its target", proposal_href(proposal, "proposal-target"), kind="secondary"))
    return found + [
        Step(
            one.label,
            proposal_href(proposal),
            method="post",
            name="move",
            value=one.name,
            kind="secondary" if one.name == "take_back" else "primary",
            fields=(("version", str(proposal.version)),),
        )
        for one in PROPOSAL_MOVES.values()
        if one.name not in (*_BACK, "review", "save") and refusal(proposal, one, user) is None
    ]
