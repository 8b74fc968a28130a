"""What actions and projects tell the audit list of their tables (framework: audit and governance)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions import models as tables
from actions.models import (
    Action,
    ActionUpdate,
    ActionYear,
    ChangeRequest,
    PlanYear,
    Project,
    ProjectReport,
    ReportRevision,
    Revision,
)
from actions.plan_workflow import PLAN_MOVES
from actions.project_workflow import CHANGE_MOVES, REPORT_MOVES, REPORT_REVISION_MOVES
from actions.workflow import MOVES, REVISION_MOVES
from hdcperf.codes import code_key
from hdcperf.review.audit import Moves, Part, Source, Subject, nothing

__all__ = ["PART"]

_ACTION: dict[type[models.Model], str] = {
    Action: "id",
    ActionYear: "action",
    tables.ActionTheme: "action",
    tables.Milestone: "action",
    tables.ProjectAction: "action",
    ActionUpdate: "action",
    tables.ActionUpdateTransition: "update__action",
    tables.MilestoneReport: "update__action",
    tables.Challenge: "update__action",
    tables.Finding: "update__action",
    tables.LockException: "update__action",
    tables.RecoveryOutcome: "update__action",
    Revision: "update__action",
    tables.RevisionTransition: "revision__update__action",
}
"""The way from a row to its action."""

_PROJECT: dict[type[models.Model], str] = {
    Project: "id",
    tables.ProjectAction: "project",
    tables.ProjectMilestone: "project",
    ProjectReport: "project",
    tables.ProjectReportTransition: "report__project",
    tables.ReportChallenge: "report__project",
    tables.ReportFinding: "report__project",
    tables.ReachedMilestone: "report__project",
    tables.ReportLockException: "report__project",
    ReportRevision: "report__project",
    tables.ReportRevisionTransition: "revision__report__project",
    ChangeRequest: "project",
    tables.ChangeRequestTransition: "change_request__project",
}
"""The way from a row to its project."""

PLAIN_MOVES = ("draft", "submit", "take_back", "accept")
"""Moves that carry nothing of the dialogue."""


def _actions_called(text: str) -> frozenset[int]:
    """The ids of actions with this code or these words in their title, in any year."""
    rows = ActionYear.objects.filter(Q(code_key=code_key(text)) | Q(title__icontains=text))
    return frozenset(rows.values_list("action_id", flat=True))


def _projects_called(text: str) -> frozenset[int]:
    """The ids of projects with this code or these words in their name, now or before it was changed."""
    rows = Project.history.filter(Q(code_key=code_key(text)) | Q(name__icontains=text))
    return frozenset(rows.values_list("id", flat=True))


def _of_actions(source: Source, actions: Collection[int]) -> Q:
    path = _ACTION.get(source.model if source.is_history else source.rows)
    return nothing() if path is None else Q(**{f"{path}__in": actions})


def _of_projects(source: Source, projects: Collection[int]) -> Q:
    path = _PROJECT.get(source.model if source.is_history else source.rows)
    return nothing() if path is None else Q(**{f"{path}__in": projects})


def _of_service(source: Source, service: int) -> Q:
    actions = ActionYear.objects.filter(service=service).values_list("action_id", flat=True)
    projects = Project.objects.filter(service=service).values_list("pk", flat=True)
    return _of_actions(source, actions) | _of_projects(source, projects)  # type: ignore[arg-type]


def _accepted_only(source: Source) -> Q:
    """The rows of ``source`` that are about what is accepted, or about a year that is the plan."""
    accepted, adopted = ActionUpdate.State.ACCEPTED.value, PlanYear.State.ADOPTED.value
    match source.model if source.is_history else source.rows:
        case tables.ActionUpdate | tables.ProjectReport:
            return Q(state=accepted)
        case tables.ActionUpdateTransition:
            return Q(update__state=accepted, move__in=PLAIN_MOVES)
        case tables.ProjectReportTransition:
            return Q(report__state=accepted, move__in=PLAIN_MOVES)
        case tables.MilestoneReport | tables.LockException:
            return Q(update__state=accepted)
        case tables.RecoveryOutcome:
            return Q(update__state=accepted) & (Q(told_with__isnull=True) | Q(told_with__state=accepted))
        case tables.ReportLockException | tables.ReachedMilestone:
            return Q(report__state=accepted)
        case tables.ReportRevision:
            return Q(id__in=ReportRevision.objects.filter(state=ReportRevision.State.ACCEPTED).values("pk"))
        case tables.ReportRevisionTransition:
            return Q(revision__state=ReportRevision.State.ACCEPTED)
        case tables.ChangeRequest:
            return Q(id__in=ChangeRequest.objects.filter(state=ChangeRequest.State.APPROVED).values("pk"))
        case tables.ChangeRequestTransition:
            return Q(change_request__state=ChangeRequest.State.APPROVED)
        case tables.Revision:
            return Q(id__in=Revision.objects.filter(state=Revision.State.ACCEPTED).values("pk"))
        case tables.RevisionTransition:
            return Q(revision__state=Revision.State.ACCEPTED)
        case tables.ActionYear:
            return Q(plan_year__state=adopted)
        case tables.PlanYear:
            return Q(state=adopted)
        case tables.PlanYearTransition:
            return Q(plan_year__state=adopted)
    return Q()


def _not_yet_accepted(source: Source, row: Any) -> bool:
    return source.model in (ActionUpdate, ProjectReport) and row.state != ActionUpdate.State.ACCEPTED


def _subject(record: models.Model) -> Subject | None:
    if isinstance(record, ActionYear):
        year = record._state.fields_cache.get("plan_year")
        # An action of a year that is not the plan yet has no page.
        href = ""
        if isinstance(year, PlanYear) and year.is_adopted and record.is_in_the_set:
            href = reverse("action", args=[year.financial_year, record.code])
        return Subject(record.code, record.title, href)
    if isinstance(record, Project):
        return Subject(record.code, record.name, reverse("project", args=[record.code]))
    for way in ("action_year", "project", "update", "report", "change_request", "revision"):
        found = record._state.fields_cache.get(way)
        if isinstance(found, models.Model):
            return _subject(found)
    return None


def _named(record: models.Model) -> str | None:
    owner = getattr(record, "update", None) or getattr(record, "report", None)
    return str(owner) if owner is not None else None


_YEAR = ("action_year__plan_year",)

PART = Part(
    app="actions",
    moves=(
        Moves("update-move", "Move of an action's update", tables.ActionUpdateTransition, "update", MOVES, _YEAR),
        Moves(
            "update-revision-move",
            "Move of an update's revision",
            tables.RevisionTransition,
            "revision",
            REVISION_MOVES,
            ("update__action_year__plan_year",),
        ),
        Moves("plan-move", "Move of a year's actions", tables.PlanYearTransition, "plan_year", PLAN_MOVES),
        Moves(
            "project-move",
            "Move of a project's report",
            tables.ProjectReportTransition,
            "report",
            REPORT_MOVES,
            ("project",),
        ),
        Moves(
            "report-revision-move",
            "Move of a report's revision",
            tables.ReportRevisionTransition,
            "revision",
            REPORT_REVISION_MOVES,
            ("report__project",),
        ),
        Moves(
            "date-move",
            "Move of a change of date",
            tables.ChangeRequestTransition,
            "change_request",
            CHANGE_MOVES,
            ("project",),
        ),
    ),
    dialogue=frozenset({tables.Challenge, tables.Finding, tables.ReportChallenge, tables.ReportFinding}),
    private=frozenset({"internal_note"}),
    needed={
        ActionYear: ("plan_year",),
        ActionUpdate: _YEAR,
        ProjectReport: ("project",),
        Revision: ("update__action_year__plan_year",),
        ReportRevision: ("report__project",),
        ChangeRequest: ("project",),
    },
    accepted_only=_accepted_only,
    hides_before=_not_yet_accepted,
    called={"actions": _actions_called, "projects": _projects_called},
    of_subjects={"actions": _of_actions, "projects": _of_projects},
    of_service=_of_service,
    subject=_subject,
    named=_named,
)
