"""``/returns/<month>/``: a round's returns, for the Performance Team to check and for a service to see its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.review.queue import dates_words, keep_of, place_of, totals
from hdcperf.review.queue_page import active_filters, for_the_team, newest_with, sorted_rows
from hdcperf.roles import Permission
from hdcperf.ui import Link, chosen_sort, columns, paginate
from kpis.forms.review import QueueFilterForm
from kpis.presenters.queue import month_links, owed_by_service, queue_rows, review_link
from kpis.queries.duties import enters_returns, works_on_returns
from kpis.queries.queue import RoundRow, load_round

__all__ = ["returns"]

HEADINGS = (
    ("KPI", "code"),
    ("Service", "service"),
    ("State", "state"),
    ("Figure", "", "numeric"),
    ("Now", "rag"),
    ("Year-end forecast", ""),
    ("Since last time", ""),
    ("Submitted", "sent"),
)


@require_safe
def returns(request: HttpRequest, month: Month) -> HttpResponse:
    """The round's list. Raises PermissionDenied for those who work on no returns."""
    who = standing(request.user)
    reviews = who.may(Permission.REVIEW_RETURNS)
    if not works_on_returns(who):
        raise PermissionDenied("Only those who enter, check or answer for returns see this list.")
    period = ReportingPeriod.objects.collecting(month)
    if period is None:
        return _not_open(request, who, month)
    rows = load_round(who, period)
    form = QueueFilterForm(request.GET, rows=rows, reviews=reviews)
    page = paginate(request, sorted_rows(request, form.chosen(rows), SORTS))
    keep = keep_of(request)
    context: dict[str, Any] = {
        "month": month,
        "period": period,
        "dates": dates_words(period, clock.today()),
        "reviews": reviews,
        "form": form,
        "active": active_filters(request, form),
        "page": page,
        "rows": queue_rows(page.rows, reviews=reviews, keep=keep),
        "columns": columns(request, HEADINGS, chosen_sort(request, SORTS, "")),
        "progress": totals(rows, "returns"),
        "months": month_links(newest_with(_rounds(), period), period),
        "links": _links(who, month, has_rows=bool(rows)),
        "has_rows": bool(rows),
    }
    if reviews:
        context |= for_the_team(
            request, form, rows, noun="return", link=lambda text, row: review_link(text, row, keep)
        )
    else:
        context["tasks"] = owed_by_service(rows, enters=enters_returns(who))
    return render(request, "kpis/queue.html", context)


def _not_open(request: HttpRequest, who: Standing, month: Month) -> HttpResponse:
    """A month that nobody has opened: an empty page, with the way to open it for those who may."""
    links = [Link("Open a month for collection", reverse("periods"))] if who.may(Permission.MANAGE_PERIODS) else []
    context = {"month": month, "links": links, "months": month_links(newest_with(_rounds(), None), None)}
    return render(request, "kpis/queue_not_open.html", context)


def _rounds() -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.months().opened()


SORTS: dict[str, Callable[[RoundRow], Any]] = {
    "code": lambda row: row.code_key,
    "service": lambda row: (row.service.name, row.code_key),
    "state": lambda row: (place_of(row), row.code_key),
    "rag": lambda row: (row.rag.rank, row.forecast_rag.rank, row.code_key),
    "sent": lambda row: (row.sent and row.sent.at, row.code_key),
}


def _links(who: Standing, month: Month, *, has_rows: bool) -> list[Link]:
    links = []
    if enters_returns(who):
        links.append(Link("Enter several returns on one page", reverse("return-grid", args=[month])))
    if has_rows:
        links.append(Link("Revisions", reverse("revisions")))
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Dates and locks of {month}", reverse("period", args=[month])))
    return links
