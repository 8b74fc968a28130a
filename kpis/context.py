"""The sections of the navigation bar that the monthly cycle has: each only for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link
from kpis.queries.duties import works_on_returns
from kpis.queries.sight import reads_board

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    collected = Month.from_date(who.today).previous.slug
    found = [Link("KPIs", reverse("kpi-list"))]
    if works_on_returns(who):
        found.append(Link("Returns", reverse("returns", args=[collected])))
    if who.may(Permission.MANAGE_PERIODS):
        found.append(Link("Months", reverse("periods")))
    if reads_board(who):
        found.append(Link("Board", reverse("board", args=[collected])))
    if who.may(Permission.NOTE_EVENTS):
        found.append(Link("Events", reverse("events")))
    if who.may(Permission.IMPORT_KPIS):
        found.append(Link("Import", reverse("import")))
    return found
