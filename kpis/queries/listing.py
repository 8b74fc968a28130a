"""The KPIs of a year, filtered and in order."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hdcperf.codes import code_key
from hdcperf.organisation.filters import in_place
from kpis.models import KpiYear, TargetSet

__all__ = ["filtered", "in_order", "years_held"]


def filtered(year: int, asked: dict[str, Any]) -> QuerySet[KpiYear]:
    """The KPI years of ``year`` that the filters leave, with their service, outcome and portfolio.

    ``asked`` holds what the filter form cleaned: words, service, aim (``p3`` a priority, ``o5`` an outcome),
    portfolio, direction, target. RAG is not here: it depends on what the person may see.
    """
    rows: QuerySet[KpiYear] = KpiYear.objects.filter(year=year, is_live=True).select_related(
        "service", "outcome__priority", "portfolio"
    )
    if words := asked.get("words"):
        named = Q(name__icontains=words) | Q(definition__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(code_key=code_key(words)))
    rows = in_place(rows, asked)
    if asked.get("direction"):
        rows = rows.filter(direction=asked["direction"])
    if asked.get("target") == "awaiting":
        sets = TargetSet.objects.filter(kpi_year=OuterRef("pk"), state=TargetSet.State.AWAITING)
        rows = rows.filter(Exists(sets))
    return rows


def in_order(kpi_years: list[KpiYear], sort: str) -> list[KpiYear]:
    """In the order asked for: ``code``, ``name`` or ``service``, with a minus sign for the other way round."""
    keys = {
        "code": lambda one: one.code_key,
        "name": lambda one: one.name.casefold(),
        "service": lambda one: (one.service.name.casefold(), one.code_key),
    }
    key = keys[sort.removeprefix("-")]
    return sorted(kpi_years, key=key, reverse=sort.startswith("-"))


def years_held() -> list[int]:
    """The financial years there are KPIs for, newest first."""
    return list(KpiYear.objects.filter(is_live=True).order_by("-year").values_list("year", flat=True).distinct())
