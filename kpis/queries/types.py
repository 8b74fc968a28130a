"""A KPI's type, which stays once it has figures: its successor has the new one (framework C.1)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from kpis.models import KpiYear, MonthlyReturn

__all__ = ["TYPE", "type_refusals"]

TYPE = frozenset({"unit", "ytd_rule", "entry", "direction", "rate_per"})
"""What cannot change once there are figures: the KPI is ended and its successor started."""

_INSTEAD = (
    "End it and start its successor: set its last month under KPIs, add a KPI there with this one as its "
    "predecessor, and give that one its own year."
)


def type_refusals(kpi_year: KpiYear, changed: Collection[str]) -> dict[str, str]:
    """Which of the ``changed`` facts of a KPI's year must stay, each with a sentence that says what to do instead.

    Figures keep the whole type; targets keep the direction, which their levels stand on the worse side of.
    """
    touched = sorted(TYPE & set(changed))
    if not touched or kpi_year.pk is None:
        return {}
    entered = Q(value__isnull=False) | Q(denominator__isnull=False)
    if MonthlyReturn.objects.filter(entered, kpi_year=kpi_year).exists():
        return dict.fromkeys(touched, f"This KPI has figures, so its type stays as it is. {_INSTEAD}")
    if "direction" in touched and kpi_year.target_sets.exists():
        return {"direction": f"This KPI has a target for this direction. {_INSTEAD}"}
    return {}
