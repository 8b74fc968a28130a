"""The projects' part of the scene: a report in every state, and changes of date. See ``scene``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models

from actions.models import (
    ActionUpdate,
    IssuedReport,
    IssuedUpdate,
    ProjectAction,
    ProjectReport,
    ReportChallengeMessage,
    ReportFinding,
)
from hdcperf.history import save_as
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

__all__ = ["projects_of", "serve"]


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
        "report_challenge": ReportChallengeFactory(report=challenged, question="Is PR 3 between the two sides?"),
        "report_disputed": disputed,
        "report_dispute": ReportChallengeFactory(
            report=disputed, escalated=True, question="Did the board of PR 4 see the risk?"
        ),
        "report_accepted": accepted,
        "report_revision": ReportRevisionFactory(
            report=accepted, proposed_by=manager, reason="Why PR 5 would be revised."
        ),
        "report_not_started": not_started,
        "report_exception": ReportLockExceptionFactory(report=report("PR 7"), reason="Leave for PR 7 to be late."),
        "report_finding": _answered(accepted, manager),
        "report_to_revise": report("PR 8", accepted=True),
        "change": ChangeRequestFactory(project=not_started.project, reason="Reason of a change that waits."),
        "change declined": ChangeRequestFactory(
            project=accepted.project,
            declined=True,
            reason="Reason of a change that was declined.",
            decision="The board keeps the date.",
        ),
        "change approved": ChangeRequestFactory(
            project=accepted.project, approved=True, reason="Reason of a change that was approved."
        ),
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
    IssuedReport.objects.create(
        report=accepted.project.reports.get(quarter=Q1.first_day),
        audience=IssuedUpdate.Audience.PANEL,
        pack="Example pack",
        issued_on=date(2026, 9, 3),
        status="amber",
        progress="What was built: PR 5 as issued.",
    )
    closed = {"closed_on": date(2026, 9, 1), "closed_how": "completed", "closed_why": "The works are done."}
    records["closed project"] = ProjectFactory(code="PR 10", **ours, **closed)
    theirs = ProjectFactory(code="PR 9")
    records["their_report"] = ProjectReportFactory(
        project=theirs, span=Q1, accepted=True, progress="What was built: another's."
    )
    records["their_report_draft"] = ProjectReportFactory(
        project=theirs, draft=True, progress="What was built: a draft of another's."
    )
    return records


def _answered(report: ProjectReport, by: User) -> ReportFinding:
    finding = ReportFinding(
        report=report,
        code="copied",
        sentence="These are last quarter’s words.",
        answer="What answered a check of PR 5.",
        answered_by=by,
        answered_at=RAISED_AT,
    )
    save_as(finding, by=by, reason="Submit")
    return finding


def serve(update: models.Model, *reports: models.Model) -> None:
    """The projects of ``reports`` serve the action of ``update``: they stand on its page and in the golden thread."""
    assert isinstance(update, ActionUpdate)
    for report in reports:
        assert isinstance(report, ProjectReport)
        ProjectAction.objects.create(project=report.project, action=update.action)
