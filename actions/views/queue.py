"""``/actions/<quarter>/``: a quarter's updates, for the Performance Team to check and a service to see its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.forms.review import QueueFilterForm
from actions.presenters.queue import colour_counts, quarter_links, queue_rows, review_link, task_rows
from actions.queries.queue import RoundRow, load_round, round_of
from actions.queries.sight import works_on_updates
from actions.rules.colours import ActionRag
from actions.workflow import may_enter
from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Quarter
from hdcperf.review.queue import STATES, dates_words, keep_of, left_words, place_of, state_counts, to_check, totals
from hdcperf.roles import Permission
from hdcperf.ui import Link, chosen_sort, columns, paginate, with_query

__all__ = ["quarter"]

BESIDE = 6
"""Rounds linked beside the one shown."""
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
    if not works_on_updates(who):
        raise PermissionDenied("You work on no updates of actions.")
    period = round_of(quarter)
    if period is None:
        return _not_open(request, who, quarter)
    reviews = who.may(Permission.REVIEW_RETURNS)
    rows = load_round(who, period)
    owed = [row for row in rows if not row.record.excused]
    form = QueueFilterForm(request.GET, rows=rows, reviews=reviews)
    chosen = form.chosen(rows)
    page = paginate(request, _sorted(request, chosen))
    asked = form.asked()
    keep = keep_of(request)
    context: dict[str, Any] = {
        "quarter": quarter,
        "period": period,
        "dates": dates_words(period, clock.today()),
        "reviews": reviews,
        "form": form,
        "active": [
            Link(form.words_for(name, value), with_query(request, **{name: None})) for name, value in asked.items()
        ],
        "page": page,
        "rows": queue_rows(page.rows, reviews=reviews, keep=keep),
        "columns": columns(request, HEADINGS, chosen_sort(request, SORTS, "")),
        "colours": colour_counts(owed, {one.value: with_query(request, rag=one.value) for one in ActionRag}),
        "last": quarter.previous,
        "progress": totals(owed, "updates"),
        "quarters": quarter_links(_beside(period), period),
        "links": _links(who, quarter, has_rows=bool(rows)),
        "has_rows": bool(rows),
    }
    context |= _for_the_team(request, form, rows, keep) if reviews else _for_a_service(request, rows)
    return render(request, "actions/queue.html", context)


def _for_the_team(request: HttpRequest, form: QueueFilterForm, rows: list[RoundRow], keep: str) -> dict[str, object]:
    state = form.asked().get("state", "")
    addresses = {name: with_query(request, state=None if name == state else name) for name in STATES}
    mine = to_check(rows)
    return {
        "counts": state_counts(form.chosen(rows, but_state=True), addresses, state),
        "left": left_words(rows, "update"),
        "start": review_link("Start checking", mine[0], keep) if mine else None,
    }


def _for_a_service(request: HttpRequest, rows: list[RoundRow]) -> dict[str, object]:
    enters = frozenset(row.record.pk for row in rows if may_enter(row.record, request.user) is None)  # type: ignore[arg-type]
    return {"tasks": task_rows(rows, enters=enters)}


def _not_open(request: HttpRequest, who: Standing, quarter: Quarter) -> HttpResponse:
    """A quarter that nobody has opened: an empty page, with the way to open it for those who may."""
    links = []
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Open {quarter} for updates", reverse("quarter-dates", args=[quarter])))
    context = {"quarter": quarter, "links": links, "quarters": quarter_links(_latest(), None)}
    return render(request, "actions/queue_not_open.html", context)


def _latest() -> list[ReportingPeriod]:
    rounds = ReportingPeriod.objects.opened().filter(kind=ReportingPeriod.QUARTER)
    return list(rounds.order_by("-starts_on")[:BESIDE])


def _beside(period: ReportingPeriod) -> list[ReportingPeriod]:
    """The newest rounds, with this one among them."""
    newest = _latest()
    return newest if period in newest else [period, *newest[:-1]]


SORTS: dict[str, Callable[[RoundRow], Any]] = {
    "code": lambda row: row.record.action_year.code_key,
    "service": lambda row: (row.record.action_year.service.name, row.record.action_year.code_key),
    "state": lambda row: (place_of(row), row.record.action_year.code_key),
    "rag": lambda row: (row.rag.rank, row.record.action_year.code_key),
    "moved": lambda row: (("worse", "none", "same", "better").index(row.movement.value), row.order),
    "flags": lambda row: (-len(row.flags), row.record.action_year.code_key),
    "sent": lambda row: (row.sent.on if row.sent else None, row.record.action_year.code_key),
}


def _sorted(request: HttpRequest, rows: list[RoundRow]) -> list[RoundRow]:
    """As asked for in the address; otherwise what waits first, the worst first, the latest first."""
    sort = chosen_sort(request, SORTS, "")
    if not sort:
        return rows
    name, backwards = sort.removeprefix("-"), sort.startswith("-")
    if name == "sent":
        # What has not been submitted comes last either way.
        there = sorted((row for row in rows if row.sent), key=SORTS[name], reverse=backwards)
        return [*there, *(row for row in rows if not row.sent)]
    return sorted(rows, key=SORTS[name], reverse=backwards)


def _links(who: Standing, quarter: Quarter, *, has_rows: bool) -> list[Link]:
    links = []
    if has_rows:
        links.append(Link("Revisions of updates", reverse("action-revisions")))
    if who.may(Permission.MANAGE_PERIODS):
        links.append(Link(f"Dates and locks of {quarter}", reverse("quarter-dates", args=[quarter])))
    return links
