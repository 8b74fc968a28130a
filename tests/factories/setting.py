"""The yearly window, invented and looking it: a window in any of its states, and proposals in theirs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from dataquality.models import Proposal, ProposalTransition, SettingDecision, SettingRound, SettingRoundTransition
from dataquality.setting_workflow import PROPOSAL_MOVES, ROUND_MOVES
from hdcperf import clock
from hdcperf.organisation.models import User
from kpis.models import KpiYear
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import UserFactory

__all__ = ["SettingDecisionFactory", "SettingRoundFactory", "next_year_of", "proposal_in", "round_in"]


class SettingRoundFactory(DjangoModelFactory[SettingRound]):
    """The window for 2027/28, in which services propose on 5 November 2026."""

    class Meta:
        model = SettingRound

    year = 2027
    holders_from = date(2026, 10, 1)
    services_from = date(2026, 10, 15)
    closes_on = date(2026, 12, 11)


def round_in(state: str, year: int = 2027, by: User | None = None) -> SettingRound:
    """A window whose set is in ``state``, with the moves that led there but without the decisions."""
    made: SettingRound = SettingRoundFactory(year=year, state=state)
    person = by or UserFactory()
    for name, move in ROUND_MOVES.items():
        source = next(iter(move.sources))
        if name == "send_back" or source == state:
            break
        SettingRoundTransition.objects.create(
            setting_round=made,
            move=name,
            from_state=source,
            to_state=str(move.target),
            by=person,
            by_name=person.name,
            at=clock.now(),
        )
    return made


def next_year_of(before: KpiYear, **facts: Any) -> KpiYear:
    """The KPI's next year, as this year's and not live."""
    same = ("code", "name", "unit", "service", "portfolio", "direction", "ytd_rule", "headline", "entry", "decimals")
    copied = {name: getattr(before, name) for name in same}
    made: KpiYear = KpiYearFactory(
        **{
            **copied,
            "kpi": before.kpi,
            "year": before.year + 1,
            "is_live": False,
            "template_signed_on": None,
            **facts,
        }
    )
    return made


_PATH = {"submitted": ("submit",), "agreed": ("submit", "agree"), "signed": ("submit", "agree", "sign")}


def proposal_in(
    state: str,
    window: SettingRound,
    before: KpiYear | None = None,
    *,
    verdict: str = "keep",
    by: User | None = None,
    **facts: Any,
) -> Proposal:
    """A proposal in ``state`` with the moves that led there; one that goes on has its next year and a flat target.

    ``by`` proposed it. An empty ``verdict`` is a draft nobody has touched.
    """
    if before is None:
        before = KpiYearFactory(latest=True)
    goes_on = verdict in ("keep", "amend", "new")
    next_year = facts.pop("kpi_year", None) or (next_year_of(before) if goes_on else None)
    target: dict[str, Any] = {}
    if goes_on and before.direction != "none":
        target = {
            "method": Proposal.Method.OTHER,
            "target": Decimal(130),
            "intervention": Decimal(100),
            "intervention_why": "As last year.",
        }
    if verdict:
        target |= {"is_important": verdict != "drop", "why": "Because it is so."}
    made = Proposal(
        setting_round=window,
        kpi=before.kpi,
        service=before.service,
        before=None if verdict == "new" else before,
        kpi_year=next_year,
        verdict=verdict,
        state=state,
        **{**target, **facts},
    )
    made.save()
    _lived_through(made, state, by or UserFactory())
    return made


def _lived_through(made: Proposal, state: str, by: User) -> None:
    before = "draft"
    for number, name in enumerate(_PATH.get(state, ())):
        person = by if number == 0 else UserFactory()
        target = str(PROPOSAL_MOVES[name].target)
        ProposalTransition.objects.create(
            proposal=made,
            move=name,
            from_state=before,
            to_state=target,
            by=person,
            by_name=person.name,
            at=clock.now(),
        )
        before = target


class SettingDecisionFactory(DjangoModelFactory[SettingDecision]):
    """What a body agreed; for a portfolio holder give the ``portfolio``."""

    class Meta:
        model = SettingDecision

    setting_round = factory.SubFactory(SettingRoundFactory)
    body = SettingDecision.Body.CABINET
    kind = SettingDecision.Kind.AGREED
    met_on = factory.LazyFunction(clock.today)
    minute = factory.Sequence(lambda n: f"{n + 1}")
    wording = "That the KPIs and their targets be approved."
    recorded_by = factory.SubFactory(UserFactory)
    recorded_by_name = factory.SelfAttribute("recorded_by.name")
    recorded_at = factory.LazyFunction(clock.now)
