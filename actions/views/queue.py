"""``/actions/<quarter>/``: a quarter's updates, for the Performance Team to check and a service to see its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.forms.review import QueueFilterForm
from actions.presenters.queue import colour_counts, owed_by_service, quarter_links, queue_rows, review_link
from actions.presenters.report import report_queue_rows, report_review_link, reports_owed
from actions.project_workflow import may_report
from actions.queries.project_sight import works_on_reports
from actions.queries.queue import RoundRow, load_round
from actions.queries.report_contexts import load_reports
from actions.queries.sight import works_on_updates
from actions.rules.colours import ActionRag
from actions.workflow import may_enter
from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Quarter
from hdcperf.review.queue import dates_words, keep_of, left_words, place_of, to_check, totals
from hdcperf.review.queue_page import active_filters, for_the_team, newest_with, sorted_rows
from hdcperf.roles import Permission
from hdcperf.ui import Link, chosen_sort, columns, paginate, with_query

__all__ = ["quarter"]

HEADINGS = (
    ("Action", "code"),
    ("Service", "service"),
    ("State", "state"),
    ("RAG now", "rag"),
    ("Last quarter", "moved"),
    ("Does it fit together?", "flags"),
    ("Submitted", "sent"),
)


@require_safe
def quarter(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    """The round's list. Raises PermissionDenied for those who work on no updates."""
    who = standing(request.user)
    if not (works_on_updates(who) or works_on_reports(who)):
        raise PermissionDenied("You work on no updates of actions and no reports of projects.")
    period = ReportingPeriod.objects.collecting(quarter)
    if period is None:
        return _not_open(request, who, quarter)
    reviews = who.may(Permission.REVIEW_RETURNS)
    rows = load_round(who, period)
    owed = [row for row in rows if not row.record.excused]
    form = QueueFilterForm(request.GET, rows=rows, reviews=reviews)
    page = paginate(request, sorted_rows(request, form.chosen(rows), SORTS))
    keep = keep_of(request)
    context: dict[str, Any] = {
        "quarter": quarter,
        "period": period,
        "dates": dates_words(period, clock.today()),
        "reviews": reviews,
        "form": form,
        "active": active_filters(request, form),
        "page": page,
        "rows": queue_rows(page.rows, reviews=reviews, keep=keep),
        "columns": columns(request, HEADINGS, chosen_sort(request, SORTS, "")),
        "colours": colour_counts(owed, {one.value: with_query(request, rag=one.value) for one in ActionRag}),
        "last": quarter.previous,
        "progress": totals(owed, "updates"),
        "quarters": quarter_links(newest_with(_rounds(), period), period),
        "links": _links(who, quarter, has_rows=bool(rows)),
        "has_rows": bool(rows),
    }
    context |= _projects(request, who, period, reviews=reviews)
    if reviews:
        context |= for_the_team(
            request, form, rows, noun="update", link=lambda text, row: review_link(text, row, keep)
        )
    else:
        context |= _for_a_service(request, rows)
    return render(request, "actions/queue.html", context)


def _projects(request: HttpRequest, who: Standing, period: ReportingPeriod, *, reviews: bool) -> dict[str, object]:
    """The quarter's reports of projects, in a section of their own."""
    rows = load_reports(who, period)
    mine = to_check(rows)
    enters = frozenset(row.record.pk for row in rows if may_report(row.record, request.user) is None)  # type: ignore[arg-type]
    owed = [row for row in rows if not row.record.excused]
    return {
        "report_rows": report_queue_rows(rows, reviews=reviews),
        "report_links": [Link("Revisions of project reports", reverse("project-revisions"))],
        "report_progress": totals(owed, "project reports"),
        "reports_left": left_words(rows, "project report") if reviews else "",
        "reports_start": report_review_link("Check the project reports", mine[0]) if reviews and mine else None,
        "report_tasks": [] if reviews else reports_owed(rows, enters=enters),
    }


def _for_a_service(request: HttpRequest, rows: list[RoundRow]) -> dict[str, object]:
    enters = frozenset(row.record.pk for row in rows if may_enter(row.record, request.user) is None)  # type: ignore[arg-type]
    return {"tasks": owed_by_service(rows, enters=enters)}


def _not_open(request: HttpRequest, who: Standing, quarter: Quarter) -> HttpResponse:
    """A quarter that nobody has opened: an empty page, with the way to open it for those who may."""
    links = []
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Open {quarter} for updates", reverse("quarter-dates", args=[quarter])))
    context = {"quarter": quarter, "links": links, "quarters": quarter_links(newest_with(_rounds(), None), None)}
    return render(request, "actions/queue_not_open.html", context)


def _rounds() -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.quarters().opened()


SORTS: dict[str, Callable[[RoundRow], Any]] = {
    "code": lambda row: row.code_key,
    "service": lambda row: (row.service.name, row.code_key),
    "state": lambda row: (place_of(row), row.code_key),
    "rag": lambda row: (row.rag.rank, row.code_key),
    "moved": lambda row: (("worse", "none", "same", "better").index(row.movement.value), row.order),
    "flags": lambda row: (-len(row.flags), row.code_key),
    "sent": lambda row: (row.sent and row.sent.on, row.code_key),
}


def _links(who: Standing, quarter: Quarter, *, has_rows: bool) -> list[Link]:
    links = []
    if has_rows:
        links.append(Link("Revisions of updates", reverse("action-revisions")))
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Dates and locks of {quarter}", reverse("quarter-dates", args=[quarter])))
    return links
