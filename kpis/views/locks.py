"""Lifting a month's lock for one return, and ending that early (framework C.2)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.review.lifting import end_page, lift_page
from kpis.models import LockException, MonthlyReturn
from kpis.operations.exceptions import LIFTING
from kpis.presenters.periods import exception_rows
from kpis.presenters.return_page import name_of
from kpis.views.fetching import find_return, signed_in
from kpis.views.periods import REFUSED, allow
from kpis.workflow import may_review

__all__ = ["lock_exception", "lock_exception_end"]


@require_http_methods(["GET", "HEAD", "POST"])
def lock_exception(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Lift the lock for one return until a date; the times it was lifted before."""
    found = find_return(request, month, code)
    if may_review(found.record, found.user):
        raise PermissionDenied(REFUSED)
    return lift_page(
        request,
        found.record,
        LIFTING,
        by=found.user,
        noun="return",
        name=name_of(found.record),
        back=reverse("return", args=[month, code]),
        rows=lambda: exception_rows(_lifted(found.record), clock.today()),
    )


def _lifted(record: MonthlyReturn) -> list[LockException]:
    return list(record.lock_exceptions.select_related("monthly_return__kpi_year", "granted_by", "ended_by"))


@require_POST
def lock_exception_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lifted lock early: the month's lock applies to the return again at once."""
    allow(request)
    exception = get_object_or_404(
        LockException.objects.select_related("monthly_return__kpi_year__service", "monthly_return__period"), pk=pk
    )
    record = exception.monthly_return
    return end_page(request, exception, LIFTING, by=signed_in(request), name=str(record), back=reverse("periods"))
