"""``/calendar/``: the year on one page, and each person's own as a feed at an address nobody can guess."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.queries import council
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link, Step, count_of, with_query
from reports.calendar_feed import as_icalendar
from reports.models import CalendarFeed
from reports.operations.calendar import make_address, owner_of, revoke_address
from reports.presenters.calendar import month_cards
from reports.queries.calendar import events_between, events_of_year

__all__ = ["calendar", "calendar_address", "calendar_feed", "calendar_year"]

CALENDAR = Link("Calendar", "/calendar/")
BACK, AHEAD = timedelta(days=90), timedelta(days=400)
"""How far back and ahead a feed reaches."""
_SHOWN_ONCE = "calendar address"
"""Where a new address waits for the page that shows it."""


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The year that runs."""
    return _year(request, FinancialYear.from_date(clock.today()))


@require_safe
def calendar_year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Another year."""
    return _year(request, year)


def _year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    who, today = standing(signed_in(request)), clock.today()
    everything = events_of_year(who, year)
    mine = [one for one in everything if one.mine]
    only_mine = request.GET.get("show") == "mine"
    running = FinancialYear.from_date(today)
    context = {
        "year": year,
        "summary": f"{count_of(len(everything), 'date')}, {len(mine)} of them yours.",
        "months": month_cards(mine if only_mine else everything, year, today),
        "years": [
            Link(str(one), reverse("calendar-year", args=[one]), current=one == year)
            for one in (running.previous, running, running.next)
        ],
        "shown": [
            Link("Everything", with_query(request, show=None), current=not only_mine),
            Link("Only yours", with_query(request, show="mine"), current=only_mine, count=len(mine)),
        ],
        "steps": [
            Step(
                "Put your dates into your own calendar",
                reverse("calendar-address"),
                hint="An address for your phone or mail program, which keeps itself up to date.",
            )
        ],
    }
    return render(request, "reports/calendar/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make or revoke the address of one's own calendar; a new one is shown this once."""
    user = signed_in(request)
    if request.method == "POST":
        match request.POST.get("move", ""):
            case "make":
                request.session[_SHOWN_ONCE] = make_address(user)
                messages.success(request, "The address is made. Copy it now: it is shown this once.")
            case "revoke":
                revoke_address(user)
                messages.success(request, "Revoked: the address opens nothing any more.")
            case _:
                raise Http404("There is no such button.")
        return redirect("calendar-address")
    token = request.session.pop(_SHOWN_ONCE, "") if request.method == "GET" else ""
    live = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()
    context = {
        "crumbs": [CALENDAR, Link("Your own calendar", "")],
        "live": live,
        "address": request.build_absolute_uri(reverse("calendar-feed", args=[token])) if token and live else "",
        "steps": _steps(live),
    }
    return render(request, "reports/calendar/address.html", context)


def _steps(live: CalendarFeed | None) -> list[Step]:
    address = reverse("calendar-address")
    if live is None:
        return [Step("Make an address", address, method="post", name="move", value="make", kind="primary")]
    return [
        Step(
            "Make a new address",
            address,
            method="post",
            name="move",
            value="make",
            kind="secondary",
            hint="The one you have stops working.",
        ),
        Step("Revoke the address", address, method="post", name="move", value="revoke", kind="warning"),
    ]


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of the person whose address this is, as iCalendar. Raises Http404 for one that opens nothing."""
    user = owner_of(token)
    if user is None:
        raise Http404("There is no such calendar.")
    who = standing(user)
    mine = [one for one in events_between(who, who.today - BACK, who.today + AHEAD) if one.mine]
    name = f"{council().name}: your dates"
    answer = HttpResponse(
        as_icalendar(mine, name, f"{request.scheme}://{request.get_host()}"),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
