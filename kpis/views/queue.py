"""``/returns/<month>/``: a round's returns, for the Performance Team to check and for a service to see its own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link, chosen_sort, columns, paginate, with_query
from kpis.forms.review import STATES, QueueFilterForm
from kpis.presenters.queue import (
    dates_words,
    left_words,
    month_links,
    queue_rows,
    state_counts,
    task_rows,
    totals,
)
from kpis.queries.duties import enters_returns, works_on_returns
from kpis.queries.queue import RoundRow, load_round, round_of, to_check

__all__ = ["returns"]

BESIDE = 6
"""Rounds linked beside the one shown."""
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
    period = round_of(month)
    if period is None:
        return _not_open(request, who, month)
    rows = load_round(who, period)
    form = QueueFilterForm(request.GET, rows=rows, reviews=reviews)
    found = _sorted(request, form.chosen(rows))
    page = paginate(request, found)
    asked = form.asked()
    mine = to_check(rows)
    keep = _keep(request)
    sort = chosen_sort(request, SORTS, "")
    context = {
        "month": month,
        "period": period,
        "dates": dates_words(period, clock.today()),
        "reviews": reviews,
        "form": form,
        "active": [
            Link(form.words_for(name, value), with_query(request, **{name: None})) for name, value in asked.items()
        ],
        "page": page,
        "rows": queue_rows(page.rows, reviews=reviews, keep=keep),
        "columns": columns(request, HEADINGS, sort),
        "counts": _counts(request, form.chosen(rows, but_state=True), asked.get("state", "")) if reviews else [],
        "progress": totals(rows),
        "left": left_words(rows, mine) if reviews else "",
        "start": _start(mine, keep) if reviews else None,
        "tasks": [] if reviews else task_rows(rows, enters=enters_returns(who)),
        "months": month_links(_beside(period), period),
        "links": _links(who, month, has_rows=bool(rows)),
        "has_rows": bool(rows),
    }
    return render(request, "kpis/queue.html", context)


def _not_open(request: HttpRequest, who: Standing, month: Month) -> HttpResponse:
    """A month that nobody has opened: an empty page, with the way to open it for those who may."""
    links = [Link("Open a month for collection", reverse("periods"))] if who.may(Permission.MANAGE_PERIODS) else []
    context = {"month": month, "links": links, "months": month_links(_latest(), ReportingPeriod())}
    return render(request, "kpis/queue_not_open.html", context)


def _latest() -> list[ReportingPeriod]:
    return list(ReportingPeriod.objects.months().opened().order_by("-starts_on")[:BESIDE])


def _beside(period: ReportingPeriod) -> list[ReportingPeriod]:
    """The newest rounds, with this one among them."""
    newest = _latest()
    return newest if period in newest else [period, *newest[:-1]]


SORTS = {
    "code": lambda row: row.kpi_year.code_key,
    "service": lambda row: (row.kpi_year.service.name, row.kpi_year.code_key),
    "state": lambda row: (row.order[0], row.kpi_year.code_key),
    "rag": lambda row: (row.rag.rank, row.forecast_rag.rank, row.kpi_year.code_key),
    "sent": lambda row: (row.sent is None, row.sent.at if row.sent else None, row.kpi_year.code_key),
}


def _sorted(request: HttpRequest, rows: list[RoundRow]) -> list[RoundRow]:
    """As asked for in the address; otherwise what waits first, the worst first, the latest first."""
    sort = chosen_sort(request, SORTS, "")
    if not sort:
        return rows
    if sort.removeprefix("-") == "sent":
        # What has not been submitted comes last either way.
        there = sorted((row for row in rows if row.sent), key=SORTS["sent"], reverse=sort.startswith("-"))
        return [*there, *(row for row in rows if not row.sent)]
    return sorted(rows, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))


def _counts(request: HttpRequest, rows: list[RoundRow], chosen: str) -> object:
    addresses = {name: with_query(request, state=None if name == chosen else name) for name in STATES}
    return state_counts(rows, addresses, chosen)


def _keep(request: HttpRequest) -> str:
    """The filters in the address, to be carried to the review page: *next* stays within them."""
    kept = request.GET.copy()
    for name in ("page", "sort"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""


def _start(mine: list[RoundRow], keep: str) -> Link | None:
    """Where to begin: the first return in the queue that this reviewer can decide."""
    if not mine:
        return None
    first = mine[0]
    return Link("Start checking", reverse("return-review", args=[first.record.measured, first.kpi_year.code]) + keep)


def _links(who: Standing, month: Month, *, has_rows: bool) -> list[Link]:
    links = []
    if enters_returns(who):
        links.append(Link("Enter several returns on one page", reverse("return-grid", args=[month])))
    if has_rows:
        links.append(Link("Revisions", reverse("revisions")))
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Dates and locks of {month}", reverse("period", args=[month])))
    return links
