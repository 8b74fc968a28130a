"""The navigation: each section only for those who find something in it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.periods import Month
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Link, mark_current
from kpis.models import KpiPerson


def navigation(request: HttpRequest) -> dict[str, object]:
    """The context processor of the navigation bar."""
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return {}
    who = standing(request.user)
    collected = Month.from_date(clock.today()).previous.slug
    links = [Link("My tasks", reverse("home")), Link("KPIs", reverse("kpi-list"))]
    in_the_cycle = who.may(Permission.SEE_WORKING_RETURNS) or who.may(Permission.ENTER_RETURNS) or _is_named(who)
    if in_the_cycle:
        links.append(Link("Returns", reverse("returns", args=[collected])))
    if who.may(Permission.SEE_ACCEPTED) or who.may(Permission.SEE_DISPUTED):
        links.append(Link("Board", reverse("board", args=[collected])))
    if who.may(Permission.NOTE_EVENTS):
        links.append(Link("Events", reverse("events")))
    if who.may(Permission.IMPORT_KPIS):
        links.append(Link("Import", reverse("import")))
    if who.may(Permission.SEE_HISTORY):
        links.append(Link("Audit", reverse("audit")))
    if who.may(Permission.MANAGE_PEOPLE):
        links.append(Link("Posts", reverse("posts")))
    elif in_the_cycle or who.roles - MEMBER_ROLES:
        links.append(Link("Delegates", reverse("delegations")))
    if request.user.is_staff:
        links.append(Link("Admin", reverse("admin:index")))
    return {"navigation": mark_current(links, request.path)}


def _is_named(who: Standing) -> bool:
    """Whether the person, or somebody they cover for, is named on any KPI."""
    return KpiPerson.objects.filter(user__in=who.people).exists()
