"""A project with a report to make, and what is typed into it, for the tests of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from actions.models import Project, ProjectReport
from hdcperf.organisation.models import User
from tests.actions.project_typing import dated
from tests.factories.projects import ProjectFactory, ProjectReportFactory
from tests.kpis.seeing import signed_in

__all__ = ["TODAY", "Reported", "reported"]

TODAY = date(2026, 10, 12)  # Q2's round is open
WORDS = {
    "status": "green",
    "board": "Riverside Board",
    "board_words": "The board is content with the works so far.",
    "own_view": "",
    "own_view_why": "",
    "progress": "Four hundred metres of path were laid between the bridge and the mill.",
    "risks": "The river may flood in December; the crew can work uphill then.",
    "next_steps": "Lights go in by the end of January.",
    "recovery": "",
    "recovery_owner": "",
}
RECOVERY = {
    "recovery": "A second crew starts in November.",
    "recovery_owner": "Estates manager",
    **dated("recovery_by", date(2026, 12, 1)),
}


@dataclass
class Reported:
    """A report of Q2 2026/27, its project's manager and the address of its page."""

    record: ProjectReport

    @property
    def project(self) -> Project:
        return self.record.project

    @property
    def manager(self) -> User:
        return self.project.manager

    @property
    def url(self) -> str:
        return f"/projects/2026-27-Q2/{self.project.code}/"

    def client(self, person: User | None = None) -> Client:
        return signed_in(person or self.manager)

    def fresh(self) -> ProjectReport:
        found: ProjectReport = ProjectReport.objects.get(pk=self.record.pk)
        return found

    def typed(self, **more: Any) -> dict[str, Any]:
        """The form as its page would send it."""
        version = self.fresh().version
        return {**WORDS, **dated("met_on", date(2026, 9, 24)), "version": version, **more}

    def press(self, button: str, person: User | None = None, **more: Any) -> Any:
        """Press a button of the page, with everything typed."""
        return self.client(person).post(self.url, self.typed(**more) | {"move": button})


def reported(**facts: Any) -> Reported:
    """A report in the state asked for, of a project called PR 1."""
    project = ProjectFactory(code="PR 1", name="Riverside works", board="Riverside Board")
    return Reported(ProjectReportFactory(project=project, **facts))
