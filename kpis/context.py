"""The sections of the navigation bar that the monthly cycle has: each only for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link
from kpis.models import KpiPerson

__all__ = ["in_the_cycle", "links"]


def in_the_cycle(who: Standing) -> bool:
    """Whether the person enters or reads working returns."""
    return who.may(Permission.SEE_WORKING_RETURNS) or who.may(Permission.ENTER_RETURNS) or _is_named(who)


def links(who: Standing) -> list[Link]:
    collected = Month.from_date(who.today).previous.slug
    found = [Link("KPIs", reverse("kpi-list"))]
    if in_the_cycle(who):
        found.append(Link("Returns", reverse("returns", args=[collected])))
    if who.may(Permission.MANAGE_PERIODS):
        found.append(Link("Months", reverse("periods")))
    if who.may(Permission.SEE_ACCEPTED) or who.may(Permission.SEE_DISPUTED):
        found.append(Link("Board", reverse("board", args=[collected])))
    if who.may(Permission.NOTE_EVENTS):
        found.append(Link("Events", reverse("events")))
    if who.may(Permission.IMPORT_KPIS):
        found.append(Link("Import", reverse("import")))
    return found


def _is_named(who: Standing) -> bool:
    """Whether the person, or somebody they cover for, is named on any KPI."""
    return KpiPerson.objects.filter(user__in=who.people).exists()
