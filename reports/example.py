"""The example's objectives, each tied to the piece of the plan it serves; and its work in the background."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions.models import Action
from actions.tasks import lock_quarters
from hdcperf.jobs.operations import cancel, start
from hdcperf.jobs.running import run
from hdcperf.jobs.tasks import forget_sign_ins
from hdcperf.organisation.example import Cast
from kpis.models import Kpi
from kpis.tasks import lock_months
from reports.models import Objective

__all__ = ["set_objectives", "work_behind"]

SET_ON = date(2026, 5, 11)


def set_objectives(cast: Cast, actions: Mapping[str, Action]) -> None:
    """Two people who report to the service manager, who reports to the head of service."""
    holder, manager = cast.users["kpi-holder"], cast.users["service-manager"]
    head, missed = cast.users["head-of-service"], Kpi.objects.get(reference="missed-bins")
    for person, above, words, serves in (
        (holder, manager, "Have every round collect food waste by the end of October", actions["food-waste"]),
        (holder, manager, "Bring missed bins below target in every month from July", missed),
        (
            cast.users["deputy"],
            manager,
            "Learn to run the round reports, so that no month waits",
            cast.outcomes[7],
        ),
        (manager, head, "Put the last three electric vans on the road by August", actions["cleaner-vans"]),
    ):
        column = type(serves).__name__.lower()
        Objective.objects.create(user=person, manager=above, words=words, set_on=SET_ON, **{column: serves})


def work_behind(cast: Cast) -> None:
    """Work in the background: a month opened a second time, one refused, a quarter cancelled; the schedule's own."""
    team, admin = cast.users["performance-team"], cast.users["admin"]
    for month in ("October 2026", "December 2026"):
        run(start("open_month", team, f"Open {month}", {"month": month}).pk, apart=False)
    cancel(start("open_quarter", team, "Open Q3 2026/27", {"quarter": "Q3 2026/27"}), by=admin)
    for task in (lock_months, lock_quarters, forget_sign_ins):
        task()
