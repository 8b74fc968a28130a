"""Fetching a project's report in scope: what a person may not see does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest

from actions.models import ProjectReport
from actions.queries.project_sight import project_access, seen_report_disputes, seen_reports
from actions.queries.projects import find_project
from actions.queries.report_contexts import ReportContext, load_report_context
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter

__all__ = ["FoundReport", "find_report"]


@dataclass
class FoundReport:
    """A report, who asks for it, and whether they see it as a working report or only as accepted or disputed."""

    record: ProjectReport
    user: User
    who: Standing
    working: bool

    @cached_property
    def context(self) -> ReportContext:
        """What it is read beside, read once."""
        return load_report_context(self.record)

    def as_now(self, record: ProjectReport) -> FoundReport:
        """The same, with the record fresh from a move."""
        record.project = self.record.project
        return FoundReport(record, self.user, self.who, self.working)


def find_report(request: HttpRequest, quarter: Quarter, code: str, *, dispute: bool = False) -> FoundReport:
    """The report for ``quarter`` of the project with this code. Raises Http404 out of scope.

    ``dispute``: for the page of a dispute, which the board sees after it was decided too.
    """
    user = signed_in(request)
    who = standing(user)
    project = find_project(code)
    if project is None:
        raise Http404(f"There is no project {code}.")
    allowed = project_access(who, [project])
    record = (
        (seen_report_disputes if dispute else seen_reports)(allowed)
        .filter(project=project, quarter=quarter.first_day)
        .select_related("period")
        .prefetch_related("transitions", "challenges", "revisions__proposed_by", "reached", "findings")
        .first()
    )
    if record is None:
        raise Http404("There is no report for this quarter that you can see.")
    record.project = project
    return FoundReport(record, user, who, project.pk in allowed.working)
