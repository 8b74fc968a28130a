"""Who is late, and one message to each service."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import Service
from hdcperf.reminders.forms import ChaseForm
from hdcperf.reminders.operations.chasing import chase_service
from hdcperf.reminders.presenters.late import chase_words, late_tables, receivers
from hdcperf.reminders.queries.lateness import late_on
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day

__all__ = ["chase", "late"]


def _may_chase(request: HttpRequest) -> None:
    if not standing(signed_in(request)).may(Permission.REVIEW_RETURNS):
        raise PermissionDenied("Only the Performance Team sees who is late everywhere.")


def late(request: HttpRequest) -> HttpResponse:
    """Everybody who is late with something, service by service."""
    _may_chase(request)
    found = late_on(clock.today())
    unreachable = sorted(
        {
            found.people.names.get(person, "somebody unknown")
            for one in found.services
            for person in one.people
            if person and person not in found.people.reachable
        }
    )
    context = {
        "today": day(clock.today()),
        "tables": late_tables(found),
        "unreachable": f"No message can reach {', '.join(unreachable)}." if unreachable else "",
    }
    return render(request, "reminders/late.html", context)


def chase(request: HttpRequest, pk: int) -> HttpResponse:
    """The message about what is late in one service: changed, copied or sent."""
    _may_chase(request)
    service = get_object_or_404(Service, pk=pk)
    today = clock.today()
    found = late_on(today, only=service)
    if not found.services:
        messages.info(request, f"Nothing is late in {service} any more.")
        return redirect("reminders-late")
    one = found.services[0]
    to = receivers(one, found)
    form = ChaseForm(
        request.POST if request.method == "POST" else None, initial={"message": chase_words(one, found)}, to=to
    )
    if request.method == "POST" and to and form.is_valid():
        posted = chase_service(service, one.to, form.cleaned_data["message"], today)
        sentence = f"{count_of(posted, 'message')} posted to {to}." if posted else f"{to} had this message already."
        messages.success(request, sentence)
        return redirect("reminders-late")
    return render(request, "reminders/chase.html", {"form": form, "service": service.name, "to": to})
