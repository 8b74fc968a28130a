"""Everything the page of one project reads, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from actions.models import (
    ChangeRequest,
    Project,
    ReportChallenge,
    ReportChallengeMessage,
    ReportRevision,
    ReportRevisionTransition,
)
from actions.queries.project_sight import project_access
from actions.queries.projects import ProjectLine, project_lines, register_quarter
from actions.queries.sight import Access
from actions.queries.word_changes import WordChange, word_changes
from hdcperf.organisation.access import Standing

__all__ = ["ProjectHistory", "project_history"]

_FACTS = {
    "code": "Code",
    "name": "Name",
    "purpose": "Purpose",
    "outcome_id": "Outcome",
    "service_id": "Service",
    "portfolio_id": "Portfolio",
    "sponsor_id": "Sponsor",
    "manager_id": "Project manager",
    "board": "Board",
    "closed_on": "Closed on",
}
"""Dates have a place of their own, with the change that moved them."""


@dataclass(frozen=True)
class ProjectHistory:
    """A project as one person may see it, with all its quarters."""

    line: ProjectLine
    allowed: Access
    requests: list[ChangeRequest]
    disputes: list[ReportChallenge]
    dialogue: list[ReportChallenge]
    revisions: list[ReportRevision]
    changes: list[WordChange]

    @property
    def project(self) -> Project:
        return self.line.project

    @property
    def works_on_it(self) -> bool:
        return self.project.pk in self.allowed.working


def project_history(who: Standing, project: Project) -> ProjectHistory:
    """Read it all for the page of ``project`` (as ``find_project`` gives it)."""
    (line,) = project_lines(who, register_quarter(who), [project], words=True)
    allowed = project_access(who, [project])
    reports = [one.record.pk for one in line.told.by_quarter.values() if one.record is not None]
    working = project.pk in allowed.working
    disputes, dialogue = _challenges(reports, project, allowed)
    kept = list(project.history.order_by("history_date", "history_id"))
    return ProjectHistory(
        line=line,
        allowed=allowed,
        requests=_requests(project, every=project.pk not in allowed.issued),
        disputes=disputes,
        dialogue=dialogue,
        revisions=_revisions(reports, working=working),
        changes=word_changes(project, kept, _FACTS),
    )


def _requests(project: Project, *, every: bool) -> list[ChangeRequest]:
    """Newest first: those the board approved for everybody, the others for whoever sees the project's reports."""
    rows = project.change_requests.select_related("milestone", "requested_by").prefetch_related("transitions")
    if not every:
        rows = rows.filter(state=ChangeRequest.State.APPROVED)
    return list(rows.order_by("-requested_at", "-pk"))


def _challenges(
    reports: list[int], project: Project, allowed: Access
) -> tuple[list[ReportChallenge], list[ReportChallenge]]:
    """What is before the board, and for those who work on the project what else was asked."""
    working = project.pk in allowed.working
    if not working and project.pk not in allowed.disputed:
        return [], []
    said = Prefetch("messages", ReportChallengeMessage.objects.order_by("at", "pk"))
    rows = ReportChallenge.objects.filter(report__in=reports).select_related("report__project", "raised_by")
    found = list(rows.prefetch_related(said).order_by("-raised_at", "-pk"))
    disputes = [one for one in found if one.is_with_the_board]
    return disputes, [one for one in found if one not in disputes] if working else []


def _revisions(reports: list[int], *, working: bool) -> list[ReportRevision]:
    """Accepted revisions, newest first; those proposed or declined only for those who work on the report."""
    rows = ReportRevision.objects.filter(report__in=reports).select_related("report", "proposed_by")
    if not working:
        rows = rows.filter(state=ReportRevision.State.ACCEPTED)
    made = Prefetch("transitions", ReportRevisionTransition.objects.order_by("at", "pk"))
    return list(rows.prefetch_related(made).order_by("-proposed_at"))
