"""The pages of the monthly cycle in the navigation bar: each only for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link
from kpis.queries.sight import reads_board

__all__ = ["board_links", "links"]


def links(who: Standing, works_on_returns: bool) -> list[Link]:
    """The KPIs for everybody; returns, revisions, months, events and the import for those who work on them."""
    found = [Link("All KPIs", reverse("kpi-list"))]
    if works_on_returns:
        found.append(Link("Returns", reverse("returns", args=[_collected(who).slug]), within="/returns/"))
        found.append(Link("Revisions", reverse("revisions")))
    if who.may(Permission.MANAGE_PERIODS):
        found.append(Link("Months", reverse("periods")))
    if who.may(Permission.NOTE_EVENTS):
        found.append(Link("Events", reverse("events")))
    if who.may(Permission.IMPORT_KPIS):
        found.append(Link("Import", reverse("import")))
    return found


def board_links(who: Standing) -> list[Link]:
    """The board's page of the month last collected, for whoever reads it."""
    return (
        [Link("Board", reverse("board", args=[_collected(who).slug]), within="/board/")] if reads_board(who) else []
    )


def _collected(who: Standing) -> Month:
    return Month.from_date(who.today).previous
