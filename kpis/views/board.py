"""The board's page of a month (framework C.2, E.1)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.organisation.queries import council
from hdcperf.periods import Month
from hdcperf.ui import Link, chosen_sort, columns, with_query
from kpis.forms.seeing import BoardFilterForm
from kpis.presenters.board import board_rows, in_board_order, missing, shifts, under_challenge
from kpis.presenters.board_changes import moved_rows, revised_rows
from kpis.presenters.board_counts import breakdowns, completeness, overall, progress
from kpis.presenters.board_decisions import decisions
from kpis.queries.board import BoardMonth, board_month, changes_since, matches, what_is_being_done
from kpis.queries.sight import reads_board
from kpis.views.fetching import signed_in

HEADINGS = (
    ("KPI", "code"),
    ("Last 12 months", ""),
    ("Figure", "", "numeric"),
    ("Target", "", "numeric"),
    ("Now", "rag"),
    ("Year-end forecast", ""),
    ("Since last figure", ""),
    ("How it stands", ""),
)


def board(request: HttpRequest, month: Month) -> HttpResponse:
    """The month's KPIs on one page: counts, every KPI, what moved, what is missing, disputed or revised."""
    who = standing(signed_in(request))
    if not reads_board(who):
        raise PermissionDenied("This page is for the board, the leadership, portfolio holders and audit.")
    today = clock.today()
    if month > Month.from_date(today):
        raise Http404("This month has not begun.")
    form = BoardFilterForm(request.GET, choices=filter_choices())
    asked = form.asked()
    whole = board_month(who, month)
    found = BoardMonth(month, whole.period, [one for one in whole.kpis if matches(one, asked)])
    sort = chosen_sort(request, ("code", "rag", "service"), "rag")
    changed, movements = shifts(found.kpis)
    changes = changes_since(who, month, whole.period)
    context = {
        "month": month,
        "months": _months(request, month, Month.from_date(today)),
        "board_name": council().board_name,
        "form": form,
        "active": active_filters(request, form),
        "whole": not asked,
        "decisions": decisions(who),
        "progress": progress(found),
        "completeness": completeness(found),
        "overall": overall(found.kpis, month, lambda rag: with_query(request, rag=rag)),
        "breakdowns": breakdowns(found.kpis),
        "columns": columns(request, HEADINGS, sort),
        "rows": board_rows(in_board_order(found.kpis, sort), what_is_being_done(found.kpis)),
        "changed": changed,
        "movements": movements,
        "missing": missing(found.kpis, today),
        "challenged": under_challenge(found.kpis),
        "revised": revised_rows(changes.revised),
        "moved": moved_rows(changes.moved),
        "empty_links": (Link("All KPIs", reverse("kpi-list")),),
    }
    return render(request, "kpis/board.html", context)


def _months(request: HttpRequest, month: Month, current: Month) -> tuple[Link, ...]:
    """The month before, this one, and the one after once it has ended; the filters go with them."""
    query = with_query(request)
    query = "" if query == "?" else query
    shown = [month.previous, month, *([month.next] if month.next < current else [])]
    return tuple(Link(str(one), reverse("board", args=[one]) + query, current=one == month) for one in shown)
