"""``/periods/``: open a month, set its dates, and lift its lock for one return (framework C.2, E.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.review.forms import ExceptionForm
from hdcperf.roles import Permission
from hdcperf.ui import Link, Progress, count_of, paginate
from kpis.forms.periods import DatesForm
from kpis.models import MonthlyReturn
from kpis.operations.exceptions import exception_refusal, grant_exception
from kpis.operations.periods import DatesMoved, NewDates, open_period, set_dates
from kpis.queries.rounds import active_exceptions, opening, outturns
from kpis.views.fetching import find_return, signed_in
from kpis.workflow import MoveRefused, NotPermitted, may_review

__all__ = ["lock_exception", "period", "periods"]

DATES = ("opens_on", "due_on", "locks_on")
REFUSED = "Only the Performance Team opens months and lifts locks."


@dataclass(frozen=True)
class RoundLine:
    """A round in the list."""

    period: ReportingPeriod
    href: str
    returns: str
    state: str
    progress: Progress


def _allowed(request: HttpRequest) -> None:
    if not standing(signed_in(request)).may(Permission.MANAGE_PERIODS):
        raise PermissionDenied(REFUSED)


@require_http_methods(["GET", "HEAD", "POST"])
def periods(request: HttpRequest) -> HttpResponse:
    """The rounds, and the next one to open with what opening it would create."""
    _allowed(request)
    month = _next_to_open()
    if request.method == "POST":
        return _open(request, month)
    accepted = Q(returns__state=MonthlyReturn.State.ACCEPTED)
    rounds = (
        ReportingPeriod.objects.filter(kind=ReportingPeriod.MONTH)
        .annotate(wanted=Count("returns"), accepted=Count("returns", filter=accepted))
        .order_by("-starts_on")
    )
    page = paginate(request, rounds, 24)
    context = {
        "month": month,
        "page": page,
        "rounds": [_line(one) for one in page.rows],
        "exceptions": active_exceptions(clock.today()),
        **_opening(month),
    }
    return render(request, "kpis/periods.html", context)


def _open(request: HttpRequest, offered: Month) -> HttpResponse:
    """Open the month the button was for. A second click finds it open already, and opens no other."""
    posted = request.POST.get("month", "")
    if posted != offered.slug:
        if (there := _opened(posted)) is not None:
            messages.info(request, f"{there} is open already.")
            return redirect("returns", month=there.month)
        messages.warning(request, f"The next month to open is {offered}. Nothing was opened.")
        return redirect("periods")
    if offered >= Month.from_date(clock.today()):
        messages.warning(request, f"{offered} can be opened when it is over.")
        return redirect("periods")
    opened, made = open_period(offered, by=signed_in(request))
    messages.success(request, f"{opened} is open: {count_of(made, 'return')} created.")
    return redirect("returns", month=offered)


def _opened(posted: str) -> ReportingPeriod | None:
    """The round of a month that was posted, if it is open already."""
    try:
        month = Month.parse(posted)
    except ValueError:
        return None
    return ReportingPeriod.objects.filter(kind=ReportingPeriod.MONTH, starts_on=month.first_day).first()


def _next_to_open() -> Month:
    latest = ReportingPeriod.objects.filter(kind=ReportingPeriod.MONTH).order_by("-starts_on").first()
    return latest.month.next if latest else Month.from_date(clock.today()).previous


def _opening(month: Month) -> dict[str, object]:
    """What opening ``month`` would create, and which of those KPIs lack something."""
    found = opening(month)
    return {
        "to_create": count_of(len(found.to_create), "return"),
        "opening": found,
        "can_open": bool(found.to_create) and month < Month.from_date(clock.today()),
    }


def _line(found: ReportingPeriod) -> RoundLine:
    today = clock.today()
    wanted, accepted = found.wanted, found.accepted  # type: ignore[attr-defined]
    state = "Locked" if found.is_locked(today) else "Open" if found.is_open(today) else "Not yet open"
    return RoundLine(
        period=found,
        href=reverse("period", args=[found.month]),
        returns=reverse("returns", args=[found.month]),
        state=state,
        progress=Progress(accepted, wanted, "accepted"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def period(request: HttpRequest, month: Month) -> HttpResponse:
    """One round's dates."""
    _allowed(request)
    found = get_object_or_404(ReportingPeriod, kind=ReportingPeriod.MONTH, starts_on=month.first_day)
    dates = {name: getattr(found, name) for name in DATES} | {"was": _shown(found)}
    form = DatesForm(request.POST if request.method == "POST" else None, back=reverse("periods"), initial=dates)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = NewDates(typed["opens_on"], typed["due_on"], typed["locks_on"])
        was = _read(typed["was"])
        try:
            changed = set_dates(
                {found.pk: wanted},
                by=signed_in(request),
                reason=typed["reason"],
                was={found.pk: was} if was is not None else {},
            )
        except DatesMoved as moved:
            again = request.POST.copy()
            again["was"] = _shown(moved.period)
            form = DatesForm(again, back=reverse("periods"), initial=dates)
            form.add_error(None, str(moved))
        except MoveRefused as refused:
            form.add_error("due_on" if wanted.due_on < wanted.opens_on else "locks_on", str(refused))
        else:
            messages.success(request, "The dates are saved." if changed else "These were the dates already.")
            return redirect("periods")
    crumbs = [Link("Months", reverse("periods")), Link(str(found), "")]
    context = {"period": found, "form": form, "crumbs": crumbs, "outturns": outturns(month)}
    return render(request, "kpis/period.html", context)


def _shown(found: ReportingPeriod) -> str:
    """The dates a page shows, for its form to carry."""
    return " ".join(getattr(found, name).isoformat() for name in DATES)


def _read(shown: str) -> NewDates | None:
    """The dates a form carried, or None where it carried none that can be read."""
    try:
        return NewDates(*map(date.fromisoformat, shown.split()))
    except (TypeError, ValueError):
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def lock_exception(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Lift the lock for one return until a date."""
    found = find_return(request, month, code)
    if may_review(found.record, found.user):
        raise PermissionDenied(REFUSED)
    back = reverse("return", args=[month, code])
    form = ExceptionForm(request.POST if request.method == "POST" else None, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            made = grant_exception(found.record, by=found.user, **form.cleaned_data)
        except NotPermitted as refused:
            raise PermissionDenied(str(refused)) from refused
        except MoveRefused as refused:
            form.add_error(None if exception_refusal(found.record) else "expires_on", str(refused))
        else:
            messages.success(request, f"The lock is lifted for this return. {made}")
            return redirect("return", month=month, code=code)
    context = {
        "record": found.record,
        "kpi_year": found.record.kpi_year,
        "form": form,
        "refused": exception_refusal(found.record),
        "back": Link("Back to the return", back),
    }
    return render(request, "kpis/lock_exception.html", context)
