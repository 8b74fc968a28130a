"""Whose reports of projects a person may see, decided here alone, on the grounds of ``sight``.

Reports in the making are the project's people's, the service's and those of the teams that check reports or oversee
projects; accepted ones are for the board, the corporate leadership team, audit and governance, and a portfolio
holder's own; a disputed one is seen, marked, by the board and the leadership. Everybody else sees a report as it was
issued. The register itself, with its dates, is open to everybody signed in.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from actions.models import IssuedReport, IssuedUpdate, Project, ProjectReport, ReportChallenge
from actions.queries.sight import Access
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission

__all__ = [
    "issued_reports",
    "issued_to",
    "project_access",
    "seen_report_disputes",
    "seen_reports",
    "working_reports",
    "works_on_reports",
]


def project_access(who: Standing, projects: Iterable[Project]) -> Access:
    """Sort ``projects`` (with their service) by what ``who`` may see of their reports. No queries."""
    by_id = {one.pk: one for one in projects}

    def held(permission: Permission) -> frozenset[int]:
        return frozenset(pk for pk, one in by_id.items() if who.may(permission, one.scope))

    own = frozenset(pk for pk, one in by_id.items() if {one.manager_id, one.sponsor_id} & who.people)
    working = own | held(Permission.SEE_WORKING_RETURNS) | held(Permission.REPORT_PROJECTS)
    accepted = held(Permission.SEE_ACCEPTED)
    return Access(
        working=working,
        accepted=accepted,
        disputed=held(Permission.SEE_DISPUTED),
        issued=frozenset(by_id) - working - accepted,
        panel=who.may(Permission.SEE_ISSUED),
    )


def _own(who: Standing, prefix: str = "") -> Q:
    return Q(**{f"{prefix}manager__in": who.people}) | Q(**{f"{prefix}sponsor__in": who.people})


def working_reports(who: Standing) -> QuerySet[ProjectReport]:
    """The reports ``who`` works on: of their own projects, of those they cover, and of their services."""
    reach = who.reach(Permission.SEE_WORKING_RETURNS).rows("project__")
    oversees = who.reach(Permission.REPORT_PROJECTS).rows("project__")
    rows: QuerySet[ProjectReport] = ProjectReport.objects.filter(_own(who, "project__") | reach | oversees)
    return rows


def works_on_reports(who: Standing) -> bool:
    """Whether there can be reports this person works on."""
    if who.may(Permission.REPORT_PROJECTS) or who.may(Permission.SEE_WORKING_RETURNS):
        return True
    return Project.objects.filter(_own(who)).exists()


def seen_reports(allowed: Access) -> QuerySet[ProjectReport]:
    """The reports that may be seen: the one condition every reader of them goes through."""
    with_board = ReportChallenge.objects.with_the_board().filter(report=OuterRef("pk"))
    return _seen(allowed, ProjectReport.objects.annotate(with_board=Exists(with_board)))


def seen_report_disputes(allowed: Access) -> QuerySet[ProjectReport]:
    """The same for the page of a dispute: whoever sees disputes is told of one that was decided meanwhile."""
    escalated = ReportChallenge.objects.filter(report=OuterRef("pk"), escalated_at__isnull=False)
    return _seen(allowed, ProjectReport.objects.annotate(with_board=Exists(escalated)))


def issued_to(panel: bool) -> QuerySet[IssuedReport]:
    """What was issued to the panel and published, or published alone; oldest issue first."""
    rows = IssuedReport.objects.order_by("issued_on", "pk")
    return rows if panel else rows.filter(audience=IssuedUpdate.Audience.PUBLIC)


def issued_reports(allowed: Access) -> QuerySet[IssuedReport]:
    """The issued reports that may be seen, oldest issue first."""
    return issued_to(allowed.panel).filter(report__project__in=allowed.issued)


def _seen(allowed: Access, reports: QuerySet[ProjectReport]) -> QuerySet[ProjectReport]:
    rows: QuerySet[ProjectReport] = reports.filter(
        Q(project__in=allowed.working)
        | Q(project__in=allowed.accepted, state=ProjectReport.State.ACCEPTED)
        | Q(project__in=allowed.disputed, with_board=True)
    )
    return rows
