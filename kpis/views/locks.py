"""Lifting a month's lock for one return, and ending that early (framework C.2)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.review.forms import ExceptionForm
from hdcperf.ui import Link
from kpis.models import LockException
from kpis.operations.exceptions import end_exception, exception_refusal, grant_exception
from kpis.presenters.periods import exception_rows
from kpis.views.fetching import find_return, signed_in
from kpis.views.periods import REFUSED, allow
from kpis.workflow import MoveRefused, may_review

__all__ = ["lock_exception", "lock_exception_end"]


@require_http_methods(["GET", "HEAD", "POST"])
def lock_exception(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Lift the lock for one return until a date; the times it was lifted before."""
    found = find_return(request, month, code)
    if may_review(found.record, found.user):
        raise PermissionDenied(REFUSED)
    back = reverse("return", args=[month, code])
    form = ExceptionForm(request.POST if request.method == "POST" else None, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            made = grant_exception(found.record, by=found.user, **form.cleaned_data)
        except MoveRefused as refused:
            form.add_error(None if exception_refusal(found.record) else "expires_on", str(refused))
        else:
            messages.success(request, f"The lock is lifted for this return. {made}")
            return redirect("return", month=month, code=code)
    lifted = found.record.lock_exceptions.select_related("monthly_return__kpi_year", "granted_by", "ended_by")
    context = {
        "noun": "return",
        "name": f"{found.record.kpi_year.code} {found.record.kpi_year.name}, {found.record.measured}",
        "form": form,
        "why_not": exception_refusal(found.record),
        "exceptions": exception_rows(list(lifted), clock.today()),
        "back": Link("Back to the return", back),
    }
    return render(request, "review/exception.html", context)


@require_POST
def lock_exception_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lifted lock early: the month's lock applies to the return again at once."""
    allow(request)
    exception = get_object_or_404(
        LockException.objects.select_related("monthly_return__kpi_year__service", "monthly_return__period"), pk=pk
    )
    record = exception.monthly_return
    if exception.expires_on < clock.today():
        messages.info(request, f"The lock of {record} applied again already.")
    else:
        end_exception(exception, by=signed_in(request))
        messages.success(request, f"The lock applies to {record} again.")
    return redirect("periods")
