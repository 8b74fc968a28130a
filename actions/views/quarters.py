"""``/quarters/``: opening a quarter, its dates, and lifting its lock for one update (framework C.2, E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import ActionUpdate, LockException
from actions.operations.exceptions import LIFTING
from actions.operations.quarters import open_quarter, still_missing
from actions.presenters.quarters import (
    exception_rows,
    opened_words,
    opening_card,
    report_exception_rows,
    round_line,
)
from actions.presenters.update_page import name_of
from actions.queries.rounds import active_exceptions, active_report_exceptions, to_open
from actions.views.fetching import find_update
from actions.workflow import MoveRefused, may_review
from hdcperf import clock
from hdcperf.jobs.operations import start
from hdcperf.jobs.telling import AT_ONCE
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Quarter
from hdcperf.review.lifting import end_page, lift_page
from hdcperf.review.rounds.forms import DatesForm
from hdcperf.review.rounds.reading import Round, load_rounds
from hdcperf.review.rounds.saving import save_dates
from hdcperf.review.rounds.words import fixed_words, moves_of, round_rows, state_of
from hdcperf.roles import Permission
from hdcperf.ui import Link, paginate

__all__ = ["lock_exception", "lock_exception_end", "quarter_dates", "quarter_open", "quarters"]

REFUSED = "Only the Performance Team opens quarters and lifts locks."


def allow(request: HttpRequest) -> None:
    """Raise PermissionDenied for those who do not keep the rounds."""
    if not standing(signed_in(request)).may(Permission.MANAGE_PERIODS):
        raise PermissionDenied(REFUSED)


@require_safe
def quarters(request: HttpRequest) -> HttpResponse:
    """The quarters; those that wait to be opened with what opening them would create; locks lifted for one update."""
    allow(request)
    today = clock.today()
    waiting = to_open(today)
    cards = [opening_card(one, quarter) for one, quarter in zip(load_rounds(waiting, today), waiting, strict=True)]
    owed = Q(action_updates__excused="")
    accepted = Q(action_updates__state=ActionUpdate.State.ACCEPTED)
    rounds = (
        ReportingPeriod.objects.quarters()
        .annotate(
            wanted=Count("action_updates", filter=owed), accepted=Count("action_updates", filter=owed & accepted)
        )
        .order_by("-starts_on")
    )
    page = paginate(request, rounds, 24)
    context = {
        "cards": cards,
        "page": page,
        "rounds": [round_line(one, today) for one in page.rows],
        "exceptions": [
            *exception_rows(list(active_exceptions(today)), today),
            *report_exception_rows(list(active_report_exceptions(today)), today),
        ],
        "links": [Link("Months of KPIs", reverse("periods"))],
    }
    return render(request, "actions/quarters/list.html", context)


@require_POST
def quarter_open(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    """Open the round of ``quarter``, or add the updates of actions that began since it was opened."""
    user = signed_in(request)
    if standing(user).may(Permission.MANAGE_PERIODS) and sum(one.count() for one in still_missing(quarter)) > AT_ONCE:
        job = start("open_quarter", user, f"Open {quarter}", {"quarter": str(quarter)}, key=str(quarter))
        return redirect("job", job.pk)
    try:
        opened = open_quarter(quarter, by=user)
    except MoveRefused as refused:
        messages.error(request, str(refused))
        return redirect("quarter-dates", quarter=quarter)
    messages.success(request, opened_words(opened))
    return redirect("quarter", quarter=quarter)


@require_http_methods(["GET", "HEAD", "POST"])
def quarter_dates(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    """One quarter's round: what opening it creates, its dates and why they moved."""
    allow(request)
    (found,) = load_rounds([quarter], clock.today())
    form = DatesForm(request.POST if request.method == "POST" else None, rounds=[found])
    form.cancel = Link("Cancel", reverse("quarters"))
    if (changed := save_dates(request, form, by=signed_in(request))) is not None:
        messages.success(request, "The dates are saved." if changed else "These were the dates already.")
        return redirect("quarter-dates", quarter=quarter)
    card = opening_card(found, quarter)
    context = {
        "span": quarter,
        "state": state_of(found),
        "row": round_rows(form, [found], _link)[0],
        "form": form,
        "fixed": fixed_words(found),
        "card": card if card.button or not found.is_opened else None,
        "updates": card.updates,
        "moves": moves_of(found),
        "crumbs": [Link("Quarters", reverse("quarters")), Link(str(quarter), "")],
    }
    return render(request, "actions/quarters/quarter.html", context)


def _link(one: Round) -> Link:
    return Link(str(one.span), reverse("quarter-dates", args=[one.span]))


@require_http_methods(["GET", "HEAD", "POST"])
def lock_exception(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Lift the lock for one update until a date; the times it was lifted before."""
    found = find_update(request, quarter, code)
    if may_review(found.record, found.user):
        raise PermissionDenied(REFUSED)
    return lift_page(
        request,
        found.record,
        LIFTING,
        by=found.user,
        noun="update",
        name=name_of(found.record),
        back=reverse("action-update", args=[quarter, code]),
        rows=lambda: exception_rows(_lifted(found.record), clock.today()),
    )


def _lifted(record: ActionUpdate) -> list[LockException]:
    return list(record.lock_exceptions.select_related("update__action_year", "granted_by", "ended_by"))


@require_POST
def lock_exception_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lifted lock early: the quarter's lock applies to the update again at once."""
    allow(request)
    exception = get_object_or_404(
        LockException.objects.select_related("update__action_year__service", "update__period"), pk=pk
    )
    name = name_of(exception.update)
    return end_page(request, exception, LIFTING, by=signed_in(request), name=name, back=reverse("quarters"))
