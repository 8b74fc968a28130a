"""The KPIs of a year, filtered and in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hdcperf.codes import code_key
from hdcperf.organisation.models import Outcome, Portfolio, Priority, Service
from kpis.models import KpiYear, TargetSet

__all__ = ["Choices", "filter_choices", "filtered", "in_order", "years_held"]

Choices = list[tuple[str, str]]


def filtered(year: int, asked: Mapping[str, Any]) -> QuerySet[KpiYear]:
    """The KPI years of ``year`` that the filters leave, with their service, outcome and portfolio.

    ``asked`` holds what the filter form cleaned: words, service, aim (``p3`` a priority, ``o5`` an outcome),
    portfolio, direction, target. RAG is not here: it depends on what the person may see.
    """
    rows: QuerySet[KpiYear] = KpiYear.objects.filter(year=year).select_related(
        "service", "outcome__priority", "portfolio"
    )
    if words := asked.get("words"):
        named = Q(name__icontains=words) | Q(definition__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(code_key=code_key(words)))
    if aim := asked.get("aim"):
        column = "outcome__priority__number" if aim[0] == "p" else "outcome__number"
        rows = rows.filter(**{column: int(aim[1:])})
    for name in ("service", "portfolio"):
        if asked.get(name):
            rows = rows.filter(**{name: int(asked[name])})
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


def filter_choices() -> dict[str, Choices]:
    """What can be chosen, by filter, in three queries: services, priorities with their outcomes, portfolios."""
    aims: Choices = []
    seen: set[int] = set()
    outcomes = Outcome.objects.select_related("priority").order_by("priority__number", "number")
    for outcome in outcomes:
        priority: Priority = outcome.priority
        if priority.number not in seen:
            seen.add(priority.number)
            aims.append((f"p{priority.number}", f"Priority {priority.number}: {priority.name}"))
        aims.append((f"o{outcome.number}", f"Outcome {outcome.number}: {outcome.name}"))
    return {
        "service": [(str(one.pk), one.name) for one in Service.objects.all()],
        "aim": aims,
        "portfolio": [(str(one.pk), one.name) for one in Portfolio.objects.all()],
    }


def years_held() -> list[int]:
    """The financial years there are KPIs for, newest first."""
    return list(KpiYear.objects.order_by("-year").values_list("year", flat=True).distinct())
