"""The navigation bar: each section, and each page in it, only for those who find something there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

import actions.context
import dataquality.context
import hdcperf.jobs.context
import hdcperf.outbox.context
import kpis.context
from actions.queries.project_sight import works_on_reports
from actions.queries.sight import works_on_updates
from hdcperf.organisation.access import Standing, standing
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Link, Section
from hdcperf.ui import navigation as sections_at
from kpis.queries.duties import works_on_returns


def navigation(request: HttpRequest) -> dict[str, object]:
    """The context processor of the navigation bar."""
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return {}
    who = standing(request.user)
    returns = works_on_returns(who)
    updates = works_on_updates(who) or works_on_reports(who)
    sections = [
        Section("My tasks", tuple(_tasks(who))),
        Section("KPIs", (*kpis.context.links(who, returns), *_feed(who))),
        Section("Board", tuple(kpis.context.board_links(who))),
        Section(
            "Corporate Plan", (*actions.context.links(who, updates), Link("Golden thread", reverse("golden-thread")))
        ),
        Section("Reports", (Link("Performance reports", reverse("packs")),)),
        Section("Data quality", tuple(dataquality.context.links(who))),
        Section("Meetings", tuple(_meetings())),
        Section("Audit", tuple(_audit(who))),
        *(Section(link.text, (link,)) for link in _people(who, works=returns or updates)),
        Section("Messages", tuple(hdcperf.outbox.context.links(who))),
        Section("Jobs", tuple(hdcperf.jobs.context.links(who))),
    ]
    if request.user.is_staff:
        sections.append(Section("Admin", (Link("Admin", reverse("admin:index")),)))
    return sections_at(sections, request.path)


def _tasks(who: Standing) -> list[Link]:
    """One's tasks and reminders; who is late everywhere for the Performance Team."""
    found = [Link("My tasks", reverse("home")), Link("Reminders", reverse("reminders"))]
    if who.may(Permission.REVIEW_RETURNS):
        found.append(Link("Who is late", reverse("reminders-late")))
    return found


def _feed(who: Standing) -> list[Link]:
    return [Link("Feed", reverse("feed"))] if who.may(Permission.MANAGE_FEED) else []


def _meetings() -> list[Link]:
    """Open to everybody: what each reads there is their own to see."""
    return [
        Link("Questions", reverse("questions")),
        Link("Meetings", reverse("meetings")),
        Link("Calendar", reverse("calendar")),
    ]


def _audit(who: Standing) -> list[Link]:
    return [Link("Audit", reverse("audit"))] if who.may(Permission.SEE_HISTORY) else []


def _people(who: Standing, works: bool) -> list[Link]:
    """Posts for whoever keeps them; one's own delegate for the officers, whose posts pass to one."""
    if who.may(Permission.MANAGE_PEOPLE):
        return [Link("Posts", reverse("posts"))]
    if works or who.roles - MEMBER_ROLES:
        return [Link("Delegates", reverse("delegations"))]
    return []
