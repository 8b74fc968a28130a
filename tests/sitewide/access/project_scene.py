"""The projects' part of the scene: a report in every state, and changes of date. See ``scene``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from actions.models import ProjectReport, ReportChallengeMessage
from hdcperf.organisation.models import Portfolio, Service, User
from tests.factories.actions import Q1
from tests.factories.kpis import RAISED_AT
from tests.factories.projects import (
    ChangeRequestFactory,
    ProjectFactory,
    ProjectMilestoneFactory,
    ProjectReportFactory,
    ReportChallengeFactory,
    ReportLockExceptionFactory,
    ReportRevisionFactory,
)

__all__ = ["projects_of"]


def projects_of(people: Mapping[str, User], service: Service, portfolio: Portfolio) -> dict[str, models.Model]:
    """Projects of ``service`` and ``portfolio`` that the *project manager* runs, and one of another service."""
    manager = people["project manager"]
    ours: dict[str, Any] = {"service": service, "portfolio": portfolio, "manager": manager}

    def report(code: str, **facts: Any) -> ProjectReport:
        project = ProjectFactory(code=code, **ours)
        ProjectMilestoneFactory(project=project, name=f"Stage of {code}", due_on=date(2027, 1, 15))
        ProjectReportFactory(project=project, span=Q1, accepted=True)
        if facts:
            facts |= {"progress": f"What was built: {code} in the quarter.", "risks": f"Risk of {code}: the weather."}
        record: ProjectReport = ProjectReportFactory(project=project, **facts)
        return record

    challenged = report("PR 3", challenged=True)
    disputed = report("PR 4", challenged=True)
    accepted = report("PR 5", accepted=True)
    not_started = report("PR 6")
    records: dict[str, models.Model] = {
        "report_draft": report("PR 1", draft=True),
        "report_submitted": report("PR 2", submitted=True),
        "report_challenged": challenged,
        "report_challenge": ReportChallengeFactory(report=challenged),
        "report_disputed": disputed,
        "report_dispute": ReportChallengeFactory(report=disputed, escalated=True),
        "report_accepted": accepted,
        "report_revision": ReportRevisionFactory(report=accepted, proposed_by=manager),
        "report_not_started": not_started,
        "report_exception": ReportLockExceptionFactory(report=report("PR 7")),
        "report_to_revise": report("PR 8", accepted=True),
        "change": ChangeRequestFactory(project=not_started.project, reason="Reason of a change that waits."),
        "change approved": ChangeRequestFactory(project=accepted.project, approved=True),
    }
    for name in ("report_challenge", "report_dispute"):
        challenge: Any = records[name]
        ReportChallengeMessage.objects.create(
            challenge=challenge,
            kind=ReportChallengeMessage.Kind.QUESTION,
            words=challenge.question,
            by=challenge.raised_by,
            by_name="Example",
            at=RAISED_AT,
        )
    closed = {"closed_on": date(2026, 9, 1), "closed_how": "completed", "closed_why": "The works are done."}
    records["closed project"] = ProjectFactory(code="PR 10", **ours, **closed)
    ProjectReportFactory(project=ProjectFactory(code="PR 9"), accepted=True)
    return records
