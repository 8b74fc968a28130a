"""Which KPI's figure is printed beside another's to give it context (framework C.2.3)."""

from __future__ import annotations

from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.workflow import NotPermitted
from kpis.models import KpiYear

__all__ = ["companions_for", "may_set_companion", "set_companion"]


def may_set_companion(kpi_year: KpiYear, by: User) -> str | None:
    """The sentence that refuses ``by``; None for those who run the setting of KPIs."""
    if standing(by).may(Permission.MANAGE_SETTING, kpi_year.scope):
        return None
    return "Only the Performance Team says which KPI is printed beside another."


def companions_for(kpi_year: KpiYear) -> list[KpiYear]:
    """The others of its year, by code."""
    others = KpiYear.objects.filter(year=kpi_year.year, is_live=True).exclude(kpi=kpi_year.kpi_id)
    return list(others.order_by("code_key"))


def set_companion(kpi_year: KpiYear, companion: KpiYear | None, *, by: User) -> None:
    """Print ``companion`` beside this KPI in packs from now on, or nothing. Raises NotPermitted."""
    if sentence := may_set_companion(kpi_year, by):
        raise NotPermitted(sentence, state="", move="companion")
    fresh = KpiYear.objects.get(pk=kpi_year.pk)
    chosen = companion.kpi_id if companion is not None else None
    if fresh.companion_id != chosen:
        fresh.companion_id = chosen
        save_as(fresh, by=by, reason="Printed beside it" if companion is not None else "Nothing printed beside it")
