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
    actions = _newest(ActionYear.objects.adopted(), "action", {one.action_id for one in rows}, "title")
    measures = _newest(KpiYear.objects.filter(is_live=True), "kpi", {one.kpi_id for one in rows}, "name")
    return [
        ObjectiveRow(one.pk, one.words, one.user.name, one.manager.name, _serves(one, actions, measures))
        for one in rows
    ]


def _newest(years: object, column: str, wanted: set[int | None], name: str) -> dict[int, str]:
    """What each of ``wanted`` is called in its newest year, by id."""
    found = years.filter(**{f"{column}__in": wanted - {None}}).order_by("code_key")  # type: ignore[attr-defined]
    in_order = sorted(found, key=lambda one: getattr(one, "year", None) or one.plan_year_id)
    return {getattr(one, f"{column}_id"): f"{one.code} {getattr(one, name)}" for one in in_order}


def _serves(one: Objective, actions: dict[int, str], measures: dict[int, str]) -> str:
    if one.outcome is not None:
        return f"Outcome: {one.outcome.name}"
    if one.action_id is not None:
        return f"Action: {actions.get(one.action_id, str(one.action))}"
    assert one.kpi_id is not None
    return f"KPI: {measures.get(one.kpi_id, str(one.kpi))}"
