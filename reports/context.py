"""The navigation bar: each section only for those who find something in it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

import actions.context
import kpis.context
from actions.queries.sight import works_on_updates
from hdcperf.organisation.access import standing
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Link, mark_current
from kpis.queries.duties import works_on_returns


def navigation(request: HttpRequest) -> dict[str, object]:
    """The context processor of the navigation bar."""
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return {}
    who = standing(request.user)
    links = [Link("My tasks", reverse("home")), *kpis.context.links(who), *actions.context.links(who)]
    links.append(Link("Golden thread", reverse("golden-thread")))
    if who.may(Permission.SEE_HISTORY):
        links.append(Link("Audit", reverse("audit")))
    if who.may(Permission.MANAGE_PEOPLE):
        links.append(Link("Posts", reverse("posts")))
    elif works_on_returns(who) or works_on_updates(who) or who.roles - MEMBER_ROLES:
        links.append(Link("Delegates", reverse("delegations")))
    if request.user.is_staff:
        links.append(Link("Admin", reverse("admin:index")))
    return {"navigation": mark_current(links, request.path)}
