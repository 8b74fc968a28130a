"""Who would receive what on a day, and the timings that make it so."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import working_days
from hdcperf.reminders.forms import PreviewForm
from hdcperf.reminders.kinds import kinds
from hdcperf.reminders.presenters.preview import preview_of
from hdcperf.reminders.presenters.timings import timing_rows
from hdcperf.reminders.queries.planning import plan_of, timings_by_kind
from hdcperf.roles import Permission
from hdcperf.ui import Link, day, paginate

__all__ = ["may_preview", "preview"]

PEOPLE = 40
"""People on a page."""


def may_preview(user: User) -> bool:
    """The Performance Team, and administrators, who set the timings."""
    return user.is_superuser or standing(user).may(Permission.MANAGE_PERIODS)


def preview(request: HttpRequest) -> HttpResponse:
    """The day's messages as the work stands now, person by person."""
    user = signed_in(request)
    if not may_preview(user):
        raise PermissionDenied("Only the Performance Team and administrators see what everybody is sent.")
    form = PreviewForm(request.GET if "on" in request.GET else None)
    on = form.chosen()
    seen = preview_of(plan_of(on))
    context = {
        "form": form,
        "seen": seen,
        "page": paginate(request, seen.sent, PEOPLE),
        "others": (_to(on, -1), _to(on, 1)),
        "timings": timing_rows(kinds(), timings_by_kind()),
        "change": (
            [Link("Change the timings", reverse("admin:reminders_timing_changelist"))] if user.is_superuser else []
        ),
    }
    return render(request, "reminders/preview.html", context)


def _to(on: date, days: int) -> Link:
    """To the working day before or after."""
    other = working_days().add_working_days(on, days)
    word = "Working day before" if days < 0 else "Next working day"
    return Link(f"{word}: {day(other)}", f"{reverse('reminders-preview')}?{urlencode({'on': day(other)})}")
