"""What the rows of both sides are made with."""

from __future__ import annotations

from typing import Any

from hdcperf.jobs.models import Run
from hdcperf.jobs.operations import start
from hdcperf.organisation.models import Theme
from hdcperf.outbox.models import Attempt
from hdcperf.outbox.operations import post
from kpis.models import KpiYear
from tests.factories.kpis import RAISED_AT
from tests.sitewide.access.scene import Scene


def ours(scene: Scene) -> dict[str, Any]:
    """The service and portfolio of the scene's own KPIs and actions."""
    first: KpiYear = scene.fresh("august").kpi_year
    return {"service": first.service, "portfolio": first.portfolio}


def theme() -> Theme:
    """The theme that every KPI and action of the growth is evidence for."""
    found: Theme = Theme.objects.filter(framework__slug="best-value").order_by("number")[0]
    return found


def ask(challenge: Any, message: Any) -> None:
    """Have something said of a challenge, on both sides; ``message`` is the model of what is said."""
    for kind in (message.Kind.QUESTION, message.Kind.ANSWER):
        message.objects.create(
            challenge=challenge, kind=kind, words="Example.", by=challenge.raised_by, by_name="Example", at=RAISED_AT
        )


def closed(scene: Scene) -> dict[str, Any]:
    """What a challenge that the board decided says."""
    person = scene.people["board"]
    return {
        "state": "closed",
        "ruling": "stands",
        "escalated": True,
        **{"ruled_by": person, "ruled_at": RAISED_AT, "closed_by": person, "closed_at": RAISED_AT},
    }


def message(scene: Scene, number: int) -> None:
    """Another message, and another attempt at the scene's own."""
    post(scene.people["performance_team"], f"G{number}", kind=f"kind {number}", subject="Due", text="Due")
    Attempt.objects.create(
        message=scene.fresh("message"), number=number, at=RAISED_AT, outcome="postponed", error="451 Busy"
    )


def job(scene: Scene, number: int) -> None:
    """Another job, and another run of the schedule that failed."""
    start("open_month", scene.people["performance_team"], f"Open month {number}", {"month": "October 2026"})
    Run.objects.create(name="Count things", ended_at=RAISED_AT, error=f"Failure {number}", detail="Traceback")
