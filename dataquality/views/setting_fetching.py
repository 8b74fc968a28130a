"""Fetching a year's window and a proposal in it: what a person may not see does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from dataquality.models import Proposal, SettingRound
from dataquality.queries.setting import Line, find_round, lines, seen_proposals, sees_setting
from dataquality.setting_workflow import PROPOSAL_MOVES, MoveRefused, refusal
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link

__all__ = ["Found", "Window", "find_proposal", "find_window", "require_move", "setting_crumbs"]


@dataclass(frozen=True)
class Window:
    """A year's window and who asks for it."""

    record: SettingRound
    user: User
    who: Standing


@dataclass(frozen=True)
class Found(Window):
    """A proposal of the window, with the KPI's past."""

    line: Line

    @property
    def proposal(self) -> Proposal:
        return self.line.proposal


def find_window(request: HttpRequest, year: FinancialYear) -> Window:
    """The window of the year, for those who find something in it."""
    user = signed_in(request)
    who = standing(user)
    record = find_round(year)
    if record is None or not sees_setting(who):
        raise Http404(f"There is no setting of KPIs for {year} that you can see.")
    return Window(record, user, who)


def find_proposal(request: HttpRequest, year: FinancialYear, reference: str) -> Found:
    """The proposal for the KPI with this reference, for those who may see it."""
    window = find_window(request, year)
    proposal = seen_proposals(window.who, window.record).filter(kpi__reference=reference).first()
    if proposal is None:
        raise Http404("There is no such KPI in this window that you can see.")
    return Found(window.record, window.user, window.who, lines([proposal], year.start_year)[0])


def require_move(found: Found, name: str) -> None:
    """Refuse whoever may not make the move (403); raise MoveRefused when nobody may now."""
    move = PROPOSAL_MOVES[name]
    if sentence := move.permitted(found.proposal, found.user):
        raise PermissionDenied(sentence)
    if sentence := refusal(found.proposal, move, found.user):
        raise MoveRefused(sentence, state=found.proposal.state, move=name)


def setting_crumbs(record: SettingRound, *last: str) -> tuple[Link, ...]:
    """The way back from a page of the window."""
    year = record.financial_year
    return (
        Link("Setting KPIs", reverse("setting-rounds")),
        Link(str(year), reverse("setting", args=[year]) if last else ""),
        *(Link(words, "") for words in last),
    )
