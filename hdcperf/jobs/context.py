"""What the navigation offers of the work in the background."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.jobs.queries import keeps_jobs
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    """Jobs for those whose work can take long; the schedule beside them for administrators."""
    if keeps_jobs(who):
        return [Link("Jobs", reverse("jobs")), Link("Schedule", reverse("schedule"))]
    return [Link("Jobs", reverse("jobs"))] if who.may(Permission.MANAGE_PERIODS) else []
