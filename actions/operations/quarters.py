"""Opening a quarter: every live action and project gets its update (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from actions.models import ActionUpdate, ActionYear, Project, ProjectReport
from actions.operations.checking import DIALOGUE
from actions.operations.reporting import REPORTS
from actions.queries.live import live_actions, live_projects
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.organisation.rounds import hold_round
from hdcperf.periods import Quarter
from hdcperf.review.rounds import locking
from hdcperf.review.rounds.setting import refuse_others, refuse_passed
from hdcperf.workflow import MoveRefused

__all__ = ["Opened", "escalate_at_lock", "open_quarter", "still_missing"]


@dataclass(frozen=True)
class Opened:
    """The round, and how many updates and reports were made just now."""

    period: ReportingPeriod
    updates: int
    reports: int


def open_quarter(quarter: Quarter, *, by: User | None = None, tell: Tell = nobody) -> Opened:
    """Open ``quarter`` and create the updates and project reports due.

    Doing it twice changes nothing: dates an officer has edited stay, and only what is still missing is made (for an
    action added since). Raises NotPermitted, or MoveRefused for a quarter that has not begun or would be locked at
    once; without ``by`` it is the computer's own (``manage.py open_quarter``).
    """
    if by is not None:
        refuse_others(by, "open_quarter")
    if quarter.first_day > clock.today():
        raise MoveRefused(f"{quarter} has not begun, so it cannot be opened yet.", state="", move="open_quarter")
    with transaction.atomic():
        refuse_passed(quarter, "open_quarter")
        period = hold_round(quarter, by)
        updates, reports = still_missing(quarter)
        actions, projects = list(updates), list(reports)
        due: list[ActionYear | Project] = [*actions, *projects]
        for number, one in enumerate(due):
            tell(number, len(due))
            _create(one, quarter, period, by)
        return Opened(period, len(actions), len(projects))


def still_missing(quarter: Quarter) -> tuple[QuerySet[ActionYear], QuerySet[Project]]:
    """The live actions without an update for ``quarter``, and the live projects without a report."""
    updates = ActionUpdate.objects.filter(quarter=quarter.first_day)
    reports = ProjectReport.objects.filter(quarter=quarter.first_day)
    return (
        live_actions(quarter).exclude(action__in=updates.values("action")),
        live_projects(quarter).exclude(pk__in=reports.values("project")),
    )


def _create(one: ActionYear | Project, quarter: Quarter, period: ReportingPeriod, by: User | None) -> None:
    due: dict[str, Any] = {"quarter": quarter.first_day, "period": period}
    fresh = (
        ActionUpdate(action=one.action, action_year=one, **due)
        if isinstance(one, ActionYear)
        else ProjectReport(project=one, **due)
    )
    save_as(fresh, by=by, reason=f"Opened with {quarter}")


def escalate_at_lock(today: date) -> int:
    """Send to the board every challenge of an update or a report that was too old when its quarter locked."""
    return locking.escalate_at_lock(ReportingPeriod.QUARTER, [DIALOGUE, REPORTS], today)
