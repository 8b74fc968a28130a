"""``/periods/``: the months collected, and opening one (framework C.2, E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hdcperf import clock
from hdcperf.jobs.operations import start
from hdcperf.jobs.telling import AT_ONCE
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.review.rounds.reading import load_rounds
from hdcperf.roles import Permission
from hdcperf.ui import Link, paginate
from kpis.forms.periods import ChooseMonthForm
from kpis.models import MonthlyReturn
from kpis.operations.periods import left_out, open_period, still_missing
from kpis.presenters.periods import (
    exception_rows,
    left_out_words,
    opened_words,
    opening_card,
    round_line,
    year_end_cards,
)
from kpis.queries.rounds import active_exceptions, not_opened, to_open, year_end
from kpis.views.fetching import signed_in
from kpis.workflow import MoveRefused

__all__ = ["REFUSED", "allow", "period_open", "periods"]

REFUSED = "Only the Performance Team opens months and lifts locks."


def allow(request: HttpRequest) -> None:
    """Raise PermissionDenied for those who do not keep the rounds."""
    if not standing(signed_in(request)).may(Permission.MANAGE_PERIODS):
        raise PermissionDenied(REFUSED)


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """The rounds; those that wait to be opened with what opening them would create; locks lifted for one return."""
    allow(request)
    today = clock.today()
    at_year_end = year_end(today)
    shown = {at_year_end.march.month, at_year_end.april.month} if at_year_end is not None else set()
    waiting = load_rounds([month for month in to_open(today) if month not in shown], today)
    others = [month for month in not_opened(today) if month not in shown | {one.month for one in waiting}]
    choose = ChooseMonthForm(request.GET if "month" in request.GET else None, months=others)
    if choose.is_bound and choose.is_valid():
        return redirect("period", month=choose.cleaned_data["month"])
    accepted = Q(returns__state=MonthlyReturn.State.ACCEPTED)
    rounds = (
        ReportingPeriod.objects.months()
        .annotate(wanted=Count("returns"), accepted=Count("returns", filter=accepted))
        .order_by("-starts_on")
    )
    page = paginate(request, rounds, 24)
    year = Month.from_date(today).financial_year
    context = {
        "cards": [opening_card(one) for one in waiting],
        "year_end": year_end_cards(at_year_end) if at_year_end is not None else None,
        "choose": choose if others else None,
        "years": [Link(f"Dates of {one}", reverse("period-year", args=[one])) for one in (year, year.next)],
        "page": page,
        "rounds": [round_line(one, today) for one in page.rows],
        "exceptions": exception_rows(list(active_exceptions(today)), today),
    }
    return render(request, "kpis/periods/list.html", context)


@require_POST
def period_open(request: HttpRequest, month: Month) -> HttpResponse:
    """Open the round of ``month``, or add the returns of KPIs set up since it was opened."""
    user = signed_in(request)
    if standing(user).may(Permission.MANAGE_PERIODS) and len(still_missing(month)) > AT_ONCE:
        job = start("open_month", user, f"Open {month}", {"month": str(month)}, key=str(month))
        return redirect("job", job.pk)
    try:
        opened, made = open_period(month, by=user)
    except MoveRefused as refused:
        messages.error(request, str(refused))
        return redirect("period", month=month)
    messages.success(request, opened_words(opened, made))
    if without := left_out_words(left_out(month)):
        messages.warning(request, without)
    return redirect("returns", month=month)
