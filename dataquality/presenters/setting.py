"""The year's window in rows: its dates, counts, what is needed and by whom, and each KPI with what is proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from dataquality.models import Proposal, SettingRound
from dataquality.operations.going_live import body_of
from dataquality.operations.replacing import replaced_of
from dataquality.presenters.targets import ResultCell, level_words, result_cell, target_words, this_years_words
from dataquality.queries.setting import Line, criteria_of
from dataquality.rules.windows import Phase, phase_sentence
from dataquality.setting_workflow import ROUND_MOVES, may_manage, may_record, refusal
from hdcperf.organisation.models import User
from hdcperf.ui import Count, Link, Step, SummaryRow, Tag, day, lower_first

__all__ = [
    "ProposalRow",
    "counts",
    "needed",
    "proposal_href",
    "proposal_rows",
    "replaced_words",
    "round_tag",
    "setting_steps",
    "state_tag_of",
    "verdict_tag",
    "who_acts",
    "window_facts",
]

State, Verdict = SettingRound.State, Proposal.Verdict
_VERDICTS = {
    Verdict.KEEP.value: "grey",
    Verdict.AMEND.value: "blue",
    Verdict.DROP.value: "outline",
    Verdict.NEW.value: "purple",
}
_STATES = {"draft": "grey", "submitted": "blue", "agreed": "purple", "signed": "teal"}


def round_tag(record: SettingRound) -> Tag:
    """How far the set has come."""
    colour = "teal" if record.state == State.LIVE else "blue" if record.state == State.PROPOSING else "purple"
    return Tag(record.get_state_display(), colour)


def verdict_tag(proposal: Proposal) -> Tag:
    if not proposal.verdict:
        return Tag("Nothing yet", "yellow")
    return Tag(proposal.get_verdict_display(), _VERDICTS[proposal.verdict])


def state_tag_of(proposal: Proposal) -> Tag:
    return Tag(proposal.get_state_display(), _STATES[proposal.state])


def window_facts(record: SettingRound, phase: Phase) -> list[SummaryRow]:
    """The window's dates, and what may be done now."""
    now = phase_sentence(phase, record.holders_from, record.services_from, record.closes_on)
    rows = [
        ("KPI holders review from", day(record.holders_from)),
        ("Services propose from", day(record.services_from)),
        ("Last day to propose", day(record.closes_on)),
        ("Now", now if record.state == State.PROPOSING else ""),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


def who_acts(proposal: Proposal) -> str:
    """Whose turn it is."""
    match proposal.state:
        case "draft":
            unseen = proposal.before_id is not None and proposal.reviewed_on is None
            return "KPI holder, then service manager" if unseen else "Service manager"
        case "submitted":
            return "Head of service"
        case "agreed":
            return "Corporate leadership"
    return ""


def counts(found: Iterable[Line], href: Callable[[str, str | None], str]) -> list[Count]:
    """How many are where; ``href`` gives the address with one filter set."""
    rows = list(found)
    states = [one.proposal.state for one in rows]
    unseen = sum(one.proposal.before_id is not None and one.proposal.reviewed_on is None for one in rows)
    tiles = [
        (len(rows), "KPIs in the window", href("state", None)),
        (unseen, "Not reviewed by their holder", href("shows", "not_reviewed")),
        *((states.count(state.value), state.label, href("state", state.value)) for state in Proposal.State),
        (sum(one.is_beaten for one in rows), "Targets beaten already", href("shows", "beaten")),
    ]
    return [Count(number, label, address if number else "") for number, label, address in tiles]


def replaced_words(proposal: Proposal) -> str:
    """What replaces a KPI that is dropped, or what a new one replaces; nothing for the others."""
    new, dropped = proposal.replaced_by, replaced_of(proposal)
    if new is not None and new.kpi_year is not None:
        return f"Replaced by {new.kpi_year.code} {new.kpi_year.name}"
    if dropped is not None and dropped.before is not None:
        return f"Replaces {dropped.before.code} {dropped.before.name}"
    return ""


@dataclass(frozen=True)
class ProposalRow:
    """One KPI of the window. ``was`` is its code this year where that differs; ``replaced`` what takes its place."""

    link: Link
    was: str
    replaced: str
    service: str
    verdict: Tag
    criteria: str
    this_year: str
    result: ResultCell
    target: str
    level: str
    beaten: bool
    state: Tag
    acts: str


def proposal_rows(found: Iterable[Line]) -> list[ProposalRow]:
    return [_row(line) for line in found]


def _row(line: Line) -> ProposalRow:
    proposal, year = line.proposal, line.year
    before = proposal.before
    was = before.code if before is not None and before.code != year.code else ""
    return ProposalRow(
        link=Link(f"{year.code} {year.name}", proposal_href(proposal)),
        was=was,
        replaced=replaced_words(proposal),
        service=year.service.name,
        verdict=verdict_tag(proposal),
        criteria=", ".join(criteria_of(proposal).met),
        this_year=this_years_words(line),
        result=result_cell(line),
        target=target_words(line),
        level=level_words(line),
        beaten=line.is_beaten,
        state=state_tag_of(proposal),
        acts=who_acts(proposal),
    )


def proposal_href(proposal: Proposal, name: str = "proposal") -> str:
    return reverse(name, args=[proposal.setting_round.financial_year, proposal.kpi.reference])


_NOBODY = User()
"""The guards of these moves look at the set alone."""


def needed(record: SettingRound) -> str:
    """What is still needed before the set goes on, in a sentence; empty once it is live."""
    if record.state == State.LIVE:
        return ""
    onward = next(one for one in ROUND_MOVES.values() if record.state in one.sources and one.name != "send_back")
    stopped = next((said for guard in onward.guards if (said := guard(record, _NOBODY))), None)
    return stopped or f"Nothing is missing: the Performance Team can {lower_first(onward.label)}."


def setting_steps(record: SettingRound, user: User, phase: Phase, *, sees_panel: bool, proposes: bool) -> list[Step]:
    """What the person can do with the window."""
    place = [record.financial_year]
    found: list[Step] = []
    if record.state == State.PROPOSING:
        if proposes and phase is Phase.SERVICES:
            found.append(Step("Propose a new KPI", reverse("setting-new", args=place), kind="secondary"))
        if may_manage(record, user) is None:
            found.append(Step("Change the window’s dates", reverse("setting-dates", args=place)))
    if record.state != State.LIVE:
        if may_manage(record, user) is None:
            found.append(Step("Renumber the codes", reverse("setting-codes", args=place)))
        if body_of(record) and may_record(record, user) is None:
            found.append(Step("Record what was decided", reverse("setting-decision", args=place), kind="secondary"))
    found += [
        Step(
            one.label,
            reverse("setting", args=place),
            method="post",
            name="move",
            value=one.name,
            kind="primary",
            fields=(("version", str(record.version)),),
        )
        for one in ROUND_MOVES.values()
        if one.name != "send_back" and refusal(record, one, user) is None
    ]
    if sees_panel:
        found.append(Step("See the page for the panel", reverse("setting-panel", args=place)))
    return found
