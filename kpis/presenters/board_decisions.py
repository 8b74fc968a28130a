"""What the board is asked to decide, whichever month it is about: the first thing on its page (framework E.1)."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui import TaskRow, day, mark_tag
from kpis.models import Challenge

__all__ = ["decisions"]


def decisions(who: Standing) -> list[TaskRow]:
    """Each dispute waiting for the board that ``who`` may read, the longest waiting first. One query."""
    reach = who.reach(Permission.SEE_DISPUTED)
    if not reach:
        return []
    waiting = (
        Challenge.objects.with_the_board()
        .filter(reach.rows("monthly_return__kpi_year__"))
        .select_related("monthly_return__kpi_year__service")
        .order_by("escalated_at", "pk")
    )
    verb = "Decide" if who.may(Permission.RULE_ON_CHALLENGES) else "Read"
    return [_row(verb, challenge) for challenge in waiting]


def _row(verb: str, challenge: Challenge) -> TaskRow:
    record = challenge.monthly_return
    kpi_year = record.kpi_year
    return TaskRow(
        title=f"{verb} the dispute about {record.measured} for {kpi_year.code} {kpi_year.name}",
        href=reverse("ruling", args=[record.measured, kpi_year.code]),
        hint=f"{kpi_year.service.name}. {challenge.get_about_display()}. With the board since "
        f"{day(challenge.escalated_at)}.",
        status=mark_tag("disputed"),
    )
