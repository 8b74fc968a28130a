"""Objectives, ready for their page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.models import ActionYear
from kpis.models import KpiYear
from reports.models import Objective

__all__ = ["ObjectiveRow", "objective_rows"]


@dataclass(frozen=True)
class ObjectiveRow:
    pk: int
    words: str
    whose: str
    manager: str
    serves: str


def objective_rows(found: Iterable[Objective]) -> list[ObjectiveRow]:
    """A row for each, with what it serves as it is called now, in two queries."""
    rows = list(found)
    # The newest year of each comes last, and so is what it is called.
    plans = ActionYear.objects.adopted().filter(action__in={one.action_id for one in rows if one.action_id})
    actions = {one.action_id: one.name for one in plans.order_by("plan_year__year")}
    years = KpiYear.objects.filter(is_live=True, kpi__in={one.kpi_id for one in rows if one.kpi_id})
    measures = {one.kpi_id: f"{one.code} {one.name}" for one in years.order_by("year")}
    return [
        ObjectiveRow(one.pk, one.words, one.user.name, one.manager.name, _serves(one, actions, measures))
        for one in rows
    ]


def _serves(one: Objective, actions: dict[int, str], measures: dict[int, str]) -> str:
    if one.outcome is not None:
        return f"Outcome: {one.outcome.name}"
    if one.action_id is not None:
        return f"Action: {actions.get(one.action_id, str(one.action))}"
    assert one.kpi_id is not None
    return f"KPI: {measures.get(one.kpi_id, str(one.kpi))}"
