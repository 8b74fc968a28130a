"""The Corporate Plan's years, a year's set as it stands, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from actions.models import ActionYear, CorporatePlan, PlanYear
from actions.models.actions import IN_THE_SET
from actions.plan_workflow import BODIES
from actions.queries.readiness import silent_portfolios
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear
from hdcperf.review.stages import StageState, stages_of
from hdcperf.roles import Permission

__all__ = [
    "PlanShown",
    "find_set",
    "next_to_begin",
    "plans_shown",
    "proposers_services",
    "sees_proposals",
    "set_rows",
    "stages",
]


def sees_proposals(who: Standing) -> bool:
    """Whether a set that is not adopted may be read: whole, since whoever proposes must see what else is there."""
    seeing = (
        Permission.SEE_PLAN_PROPOSALS,
        Permission.PROPOSE_ACTIONS,
        Permission.MANAGE_PLAN,
        Permission.RECORD_DECISIONS,
    )
    return any(who.may(permission) for permission in seeing)


def find_set(who: Standing, year: FinancialYear) -> PlanYear | None:
    """The set of a year, for those who may see it."""
    found = PlanYear.objects.filter(year=year.start_year).select_related("plan").first()
    if found is None or not (found.is_adopted or sees_proposals(who)):
        return None
    return found


@dataclass(frozen=True)
class PlanShown:
    """A Corporate Plan with those of its years' sets that may be seen, newest first."""

    plan: CorporatePlan
    sets: list[PlanYear]


def plans_shown(who: Standing) -> list[PlanShown]:
    """Every plan and its sets, each with ``held``: how many actions it has; two queries."""
    sets = PlanYear.objects.order_by("-year").annotate(
        held=Count("actions", filter=Q(actions__proposal__in=IN_THE_SET))
    )
    if not sees_proposals(who):
        sets = sets.filter(state=PlanYear.State.ADOPTED)
    by_plan: dict[int, list[PlanYear]] = {}
    for one in sets:
        by_plan.setdefault(one.plan_id, []).append(one)
    return [PlanShown(plan, by_plan.get(plan.pk, [])) for plan in CorporatePlan.objects.order_by("-first_year")]


def next_to_begin(today_year: FinancialYear) -> FinancialYear | None:
    """The year whose set comes next to be drawn up; None while one is, or when no plan covers it."""
    if PlanYear.objects.exclude(state=PlanYear.State.ADOPTED).exists():
        return None
    newest = PlanYear.objects.order_by("-year").values_list("year", flat=True).first()
    year = FinancialYear(newest + 1) if newest is not None else today_year
    covered = CorporatePlan.objects.filter(first_year__lte=year.start_year, last_year__gte=year.start_year)
    return year if covered.exists() else None


def set_rows(plan_year: PlanYear) -> list[ActionYear]:
    """Everything proposed for the set, in the order of the codes, with what its page prints."""
    rows = plan_year.actions.select_related(
        "action", "plan_year", "service", "portfolio", "outcome__priority", "responsible", "parent"
    )
    return list(rows.order_by("code_key", "pk"))


def proposers_services(who: Standing, services: Iterable[tuple[int, int]]) -> set[int]:
    """Of ``services`` (id, directorate id), those for which ``who`` may propose actions."""
    if who.may(Permission.MANAGE_PLAN):
        return {pk for pk, _ in services}
    reach = who.reach(Permission.PROPOSE_ACTIONS)
    return {
        pk
        for pk, directorate in services
        if reach.council or pk in reach.services or directorate in reach.directorates
    }


def stages(plan_year: PlanYear) -> list[StageState]:
    """The stages in order, each with what its body decided since the set last came to it."""
    held = plan_year.decisions.filter(about__isnull=True).select_related("portfolio").order_by("recorded_at")
    silent = silent_portfolios(plan_year) if plan_year.state == PlanYear.State.PORTFOLIO else []
    return stages_of(plan_year, held, BODIES, silent)
