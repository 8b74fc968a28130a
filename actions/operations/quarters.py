"""Opening a quarter: every live action and project gets its update (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from actions.models import ActionUpdate, ProjectReport
from actions.queries.live import live_actions, live_projects
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.organisation.rounds import hold_round
from hdcperf.periods import Quarter
from hdcperf.roles import Permission
from hdcperf.workflow import NotPermitted

__all__ = ["Opened", "open_quarter"]


@dataclass(frozen=True)
class Opened:
    """The round, and how many updates and reports were made just now."""

    period: ReportingPeriod
    updates: int
    reports: int


def open_quarter(quarter: Quarter, *, by: User | None = None) -> Opened:
    """Open ``quarter`` and create the updates and project reports due.

    Doing it twice changes nothing: dates an officer has edited stay, and only what is still missing is made (for an
    action added since). Raises NotPermitted; without ``by`` it is the computer's own (``manage.py open_quarter``).
    """
    if by is not None and not standing(by).may(Permission.MANAGE_PERIODS):
        raise NotPermitted("Only the Performance Team opens a quarter.", state="", move="open_quarter")
    with transaction.atomic():
        period = hold_round(quarter, by)
        return Opened(period, _create_updates(quarter, period, by), _create_reports(quarter, period, by))


def _create_updates(quarter: Quarter, period: ReportingPeriod, by: User | None) -> int:
    there = ActionUpdate.objects.filter(quarter=quarter.first_day)
    missing = live_actions(quarter).exclude(action__in=there.values("action"))
    for one in missing:
        fresh = ActionUpdate(action=one.action, action_year=one, quarter=quarter.first_day, period=period)
        save_as(fresh, by=by, reason=f"Opened with {quarter}")
    return len(missing)


def _create_reports(quarter: Quarter, period: ReportingPeriod, by: User | None) -> int:
    there = ProjectReport.objects.filter(quarter=quarter.first_day)
    missing = live_projects(quarter).exclude(pk__in=there.values("project"))
    for project in missing:
        fresh = ProjectReport(project=project, quarter=quarter.first_day, period=period)
        save_as(fresh, by=by, reason=f"Opened with {quarter}")
    return len(missing)
