"""Quarters: which wait to be opened, what opening one would make, and the locks that are lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from actions.models import ActionUpdate, ActionYear, LockException, ProjectReport, ReportLockException
from actions.operations.quarters import still_missing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, Quarter

__all__ = ["Opening", "active_exceptions", "active_report_exceptions", "opening", "to_open"]

MOST_WAITING = 2
"""Quarters waiting to be opened that are shown with what opening them would create."""


@dataclass(frozen=True)
class Opening:
    """What opening a quarter would create, and which of its actions lack something."""

    updates: int
    reports: int
    without_milestones: list[ActionYear]
    left: list[ActionYear]


def opening(quarter: Quarter) -> Opening:
    """Look before opening ``quarter``; nothing is written. ``left`` are those whose officer has no account now."""
    years, projects = still_missing(quarter)
    rows = list(years.select_related("responsible").prefetch_related("action__milestones"))
    return Opening(
        updates=len(rows),
        reports=projects.count(),
        without_milestones=[one for one in rows if not _has_milestones(one)],
        left=[one for one in rows if not one.responsible.is_active],
    )


def _has_milestones(one: ActionYear) -> bool:
    return any(each.reached_on is None and each.left_out_on is None for each in one.action.milestones.all())


def to_open(today: date) -> list[Quarter]:
    """The quarters that are over and wait to be opened since the last that was; at least the one now running."""
    running = Month.from_date(today).quarter
    latest = ReportingPeriod.objects.quarters().opened().order_by("-starts_on").first()
    first = running.previous
    if latest is not None:
        first = max(Month.from_date(latest.starts_on).quarter.next, running - MOST_WAITING)
    found = []
    while first < running:
        found.append(first)
        first = first.next
    return found or [max(first, running)]


def active_report_exceptions(today: date) -> QuerySet[ReportLockException]:
    """The same for projects' reports."""
    rows: QuerySet[ReportLockException] = ReportLockException.objects.filter(expires_on__gte=today)
    return (
        rows.exclude(report__state=ProjectReport.State.ACCEPTED)
        .select_related("report__project", "granted_by", "ended_by")
        .order_by("expires_on", "pk")
    )


def active_exceptions(today: date) -> QuerySet[LockException]:
    """The locks that are lifted today, those that end first at the top."""
    rows: QuerySet[LockException] = LockException.objects.filter(expires_on__gte=today)
    return (
        rows.exclude(update__state=ActionUpdate.State.ACCEPTED)
        .select_related("update__action_year", "granted_by", "ended_by")
        .order_by("expires_on", "pk")
    )
