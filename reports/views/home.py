"""Home: my tasks, whatever my role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.ui import Link, day
from hdcperf.ui.home_tasks import summary, task_rows
from reports.queries.home_tasks import reading_for, tasks_for


def home(request: HttpRequest) -> HttpResponse:
    """What I must do, by when, most urgent first; what I cover for others; what there is to read."""
    assert isinstance(request.user, User)
    today = clock.today()
    tasks = tasks_for(request.user, today)
    who = standing(request.user)
    reading = reading_for(who, today)
    covering = ", ".join(sorted(who.covering.values()))
    context = {
        "today": day(today),
        "summary": summary(tasks),
        "tasks": task_rows(tasks, today),
        "reading": reading,
        "covering": f"Today you cover for {covering}." if covering else "",
        "links": (Link("All KPIs", reverse("kpi-list")),),
    }
    return render(request, "reports/home.html", context)
