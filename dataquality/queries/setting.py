"""A year's window: who may see it, and its proposals with what they are read beside, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dataquality.models import Proposal, SettingRound
from dataquality.queries.proposed_targets import Ground, TargetPlan, plan_of
from dataquality.queries.results import NO_PAST, Past, past_of
from dataquality.rules.criteria import CRITERIA, Criteria
from dataquality.rules.windows import Phase, phase_of
from dataquality.rules.yearly_targets import is_beaten
from dataquality.setting_workflow import BODIES, silent_portfolios
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction
from hdcperf.review.stages import StageState, stages_of
from hdcperf.roles import Permission
from kpis.models import KpiPerson, KpiYear

__all__ = [
    "Line",
    "criteria_of",
    "filtered",
    "find_round",
    "lines",
    "phase_now",
    "proposals_of",
    "proposed_replacements",
    "replacements_for",
    "seen_proposals",
    "sees_panel",
    "sees_setting",
    "stages",
]

State = SettingRound.State
PUBLIC = frozenset({State.SCRUTINY.value, State.CABINET.value, State.APPROVED.value, State.LIVE.value})
"""The stages at which the set is in the papers of a meeting."""


def sees_setting(who: Standing) -> bool:
    """Whether a window holds anything for them: whoever sees data quality, records decisions, or holds a KPI."""
    seeing = (Permission.SEE_QUALITY, Permission.SEE_ACCEPTED, Permission.RECORD_DECISIONS)
    return any(who.may(one) for one in seeing) or KpiPerson.objects.filter(user__in=who.people).exists()


def find_round(year: FinancialYear) -> SettingRound | None:
    """The window of a year, if it was opened."""
    found: SettingRound | None = SettingRound.objects.filter(year=year.start_year).first()
    return found


def sees_panel(who: Standing, record: SettingRound) -> bool:
    """The page for the panel: everybody's once it goes to scrutiny; before, of those who see every proposal."""
    if record.state in PUBLIC:
        return True
    council = any(who.reach(one).council for one in (Permission.SEE_QUALITY, Permission.RECORD_DECISIONS))
    return council


def phase_now(record: SettingRound, who: Standing) -> Phase:
    return phase_of(record.holders_from, record.services_from, record.closes_on, who.today)


def proposals_of(record: SettingRound) -> QuerySet[Proposal]:
    """Every proposal with what a page prints of it."""
    years = [f"{name}__{link}" for name in ("before", "kpi_year") for link in ("service", "portfolio", "outcome")]
    linked = ("replaced_by__kpi", "replaced_by__kpi_year", "replaces__kpi", "replaces__before")
    rows: QuerySet[Proposal] = record.proposals.select_related(
        "setting_round", "kpi", "service__directorate", *years, *linked
    )
    return rows.prefetch_related("months")


def replacements_for(who: Standing, one: Proposal) -> QuerySet[Proposal]:
    """The new KPIs of the window that may replace this one: those the person sees that replace no other.

    One that somebody else named already stays among them, so that saving again does not take it out.
    """
    seen = seen_proposals(who, one.setting_round).filter(verdict=Proposal.Verdict.NEW, replaces__isnull=True)
    rows = Proposal.objects.filter(Q(pk__in=seen.values("pk")) | Q(replaces=one.pk))
    return rows.select_related("kpi_year").order_by("kpi_year__code_key")


def seen_proposals(who: Standing, record: SettingRound) -> QuerySet[Proposal]:
    """Those of the person's services, portfolios and own KPIs; all of them with a reach over the council."""
    seen = Q(pk__in=[])
    for permission in (Permission.SEE_QUALITY, Permission.SEE_ACCEPTED):
        reach = who.reach(permission)
        seen |= reach.rows("before__") | reach.rows("kpi_year__")
    named = KpiPerson.objects.filter(user__in=who.people)
    seen |= Exists(named.filter(kpi_year=OuterRef("before"))) | Exists(named.filter(kpi_year=OuterRef("kpi_year")))
    return proposals_of(record).filter(seen)


def proposed_replacements(kpi_year: KpiYear) -> list[tuple[str, KpiYear]]:
    """What the KPI is to replace in this year, and what is to replace it after this year, while that is proposed."""
    rows = Proposal.objects.filter(replaced_by__isnull=False).exclude(setting_round__state=State.LIVE)
    of_it = rows.filter(Q(before=kpi_year) | Q(replaced_by__kpi_year=kpi_year))
    found = []
    for one in of_it.select_related("before", "replaced_by__kpi_year"):
        is_old = one.before_id == kpi_year.pk
        other = one.replaced_by.kpi_year if is_old else one.before  # type: ignore[union-attr]
        if other is not None:
            found.append(("Is to be replaced by" if is_old else "Is to replace", other))
    return found


@dataclass(frozen=True)
class Line:
    """A proposal with the KPI's past: what the list, the panel's page and the proposal's own page print."""

    proposal: Proposal
    past: Past

    @property
    def year(self) -> KpiYear:
        """The KPI as it would be; as it is now, while nobody proposed or it is dropped."""
        found = self.proposal.kpi_year or self.proposal.before
        assert found is not None
        return found

    @cached_property
    def plan(self) -> TargetPlan | None:
        return plan_of(self.proposal)

    @property
    def ground(self) -> Ground:
        return Ground(self.year, self.past)

    @cached_property
    def is_beaten(self) -> bool:
        """Whether last year's result beats the target proposed, by the result as it was when it was proposed."""
        plan = self.plan
        if plan is None or plan.result is None:
            return False
        return is_beaten(plan.result.value, plan.year, Direction(self.year.direction))

    @property
    def sort_key(self) -> tuple[str, int]:
        return self.year.code_key, self.proposal.pk


def lines(rows: Iterable[Proposal], year: int) -> list[Line]:
    """A line for each, in the order of the codes; four queries beside the rows'."""
    held = list(rows)
    past = past_of([one.kpi_id for one in held], year)
    found = [Line(one, past.get(one.kpi_id, NO_PAST)) for one in held]
    return sorted(found, key=lambda line: line.sort_key)


def filtered(found: Iterable[Line], asked: dict[str, Any]) -> list[Line]:
    """The lines that the filters leave; ``asked`` is what the filter form cleaned."""
    return [line for line in found if _matches(line, asked)]


def _matches(line: Line, asked: dict[str, Any]) -> bool:
    proposal, year = line.proposal, line.year
    words = asked.get("words", "").casefold()
    named = words in year.name.casefold() or words in year.code.casefold() or year.code_key == code_key(words or "-")
    shows = _SHOWS.get(asked.get("shows", ""))
    checks = (
        not words or named,
        not asked.get("service") or str(year.service_id) == asked["service"],
        not asked.get("portfolio") or str(year.portfolio_id) == asked["portfolio"],
        not asked.get("verdict") or (proposal.verdict or "none") == asked["verdict"],
        not asked.get("state") or proposal.state == asked["state"],
        not asked.get("criterion") or bool(getattr(proposal, asked["criterion"])),
        shows is None or shows(line),
    )
    return all(checks)


_SHOWS: dict[str, Callable[[Line], bool]] = {
    "beaten": lambda line: line.is_beaten,
    "not_reviewed": lambda line: line.proposal.reviewed_on is None and line.proposal.before_id is not None,
}


def criteria_of(proposal: Proposal) -> Criteria:
    """The four criteria as they stand on a proposal."""
    return Criteria(**{name: getattr(proposal, name) for name in CRITERIA})


def stages(record: SettingRound) -> list[StageState]:
    """The stages of the set in order, with what each body decided since it last came to it."""
    held = record.decisions.select_related("portfolio").order_by("recorded_at")
    silent = silent_portfolios(record) if record.state == State.PORTFOLIO else []
    return stages_of(record, held, BODIES, silent)
