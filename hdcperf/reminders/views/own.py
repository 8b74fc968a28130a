"""A person's own reminders: the days they choose, what always comes, and what was sent to them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.reminders.forms import DaysForm
from hdcperf.reminders.models import Digest, Preference
from hdcperf.reminders.operations.preferences import choose_days
from hdcperf.reminders.views.preview import may_preview
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Step, count_of, day

__all__ = ["own"]

SHOWN = 10
"""The last messages listed."""


def own(request: HttpRequest) -> HttpResponse:
    """Choose the days of reminders that can wait; see the last ones."""
    user = signed_in(request)
    chosen = Preference.objects.filter(user=user).first()
    kept = list(Preference.DAYS) if chosen is None else chosen.days
    form = DaysForm(request.POST if request.method == "POST" else None, initial={"days": kept})
    if request.method == "POST" and form.is_valid():
        days = choose_days(user, form.cleaned_data["days"]).days
        names = ", ".join(name.capitalize() for name in days)
        messages.success(
            request, f"Reminders that can wait come on {names}." if days else "You are sent only what is compulsory."
        )
        return redirect("reminders")
    roles = standing(user).roles
    context = {
        "form": form,
        "sent": _sent_to(user),
        "steps": _steps(user),
        "has_delegates": not (roles and roles <= MEMBER_ROLES),  # a councillor's posts are personal
    }
    return render(request, "reminders/own.html", context)


def _sent_to(user: User) -> list[tuple[str, str]]:
    """The last messages: their day, and how many reminders each held."""
    rows = Digest.objects.filter(recipient=user).annotate(how_many=Count("reminders")).order_by("-day")[:SHOWN]
    return [(day(row.day), count_of(row.how_many, "reminder")) for row in rows]


def _steps(user: User) -> list[Step]:
    """What those who look after reminders can do next."""
    found = []
    if standing(user).may(Permission.REVIEW_RETURNS):
        found.append(Step("See who is late", reverse("reminders-late"), "Service by service, with a message to each"))
    if may_preview(user):
        found.append(
            Step("See who receives what on a day", reverse("reminders-preview"), "Before it is sent, and why")
        )
    return found
