"""``/periods/<month>/`` and ``/periods/year/<year>/``: the dates of one round or a year's (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf import clock
from hdcperf.periods import APRIL, LAST_YEAR, FinancialYear, Month, RoundDates, working_days
from hdcperf.ui import Link, count_of, day, moment
from kpis.forms.periods import DatesForm, YearDatesForm
from kpis.operations.round_dates import DatesRefused, set_dates
from kpis.presenters.periods import opening_card, round_rows, state_of, unusual_days
from kpis.queries.rounds import Round, load_rounds, outturns
from kpis.rules.rounds import DATES
from kpis.views.fetching import signed_in
from kpis.views.periods import allow

__all__ = ["period", "period_year"]


@require_http_methods(["GET", "HEAD", "POST"])
def period(request: HttpRequest, month: Month) -> HttpResponse:
    """One month's round: what opening it creates, its dates and why they moved, and in April March's outturns."""
    allow(request)
    (found,) = load_rounds([month], clock.today())
    form = DatesForm(request.POST if request.method == "POST" else None, rounds=[found])
    form.cancel = Link("Cancel", reverse("periods"))
    if form.is_bound and form.is_valid() and (changed := _save(request, form)) is not None:
        messages.success(request, "The dates are saved." if changed else "These were the dates already.")
        return redirect("period", month=month)
    card = opening_card(found)
    context = {
        "month": month,
        "state": state_of(found),
        "row": round_rows(form, [found])[0],
        "form": form,
        "fixed": _fixed(found),
        "card": card if card.button or not found.is_opened else None,
        "returns": card.returns,
        "moves": _moves(found),
        "crumbs": [Link("Months", reverse("periods")), Link(str(month), "")],
        "outturns": outturns(month) if found.is_opened else [],
    }
    return render(request, "kpis/periods/month.html", context)


def _fixed(found: Round) -> str:
    """Why some of its dates have no box."""
    if found.is_opened and found.is_over:
        return f"{found.month} has locked. Giving it a later last day opens all its returns again until that day."
    return "A day that has passed stays as it is." if len(found.movable) < len(DATES) else ""


def _moves(found: Round) -> list[tuple[str, str, str]]:
    """Who set which dates when, and why, newest first; what left the dates as they were is no move."""
    if found.period is None:
        return []
    rows = list(found.period.history.all())
    said = [
        f"Opens on {day(one.opens_on)}, due on {day(one.due_on)}, locks after {day(one.locks_on)}" for one in rows
    ]
    return [
        (
            f"{moment(one.history_date)}, {one.history_by_name or 'the computer'}",
            words,
            one.history_change_reason,
        )
        for one, words, before in zip(rows, said, [*said[1:], ""], strict=True)
        if words != before
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def period_year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """The twelve rounds of a year on one page, with the usual dates beside each."""
    allow(request)
    if year.first_month != APRIL or year.start_year >= LAST_YEAR:
        raise Http404("The council's rounds run from April.")
    rounds = load_rounds(year.months, clock.today())
    filling = request.POST.get("fill") == "usual"
    form = YearDatesForm(request.POST if request.method == "POST" and not filling else None, rounds=rounds)
    if filling:
        form.fill_in_usual()
        form.initial["reason"] = request.POST.get("reason", "")
    form.cancel = Link("Cancel", reverse("periods"))
    if form.is_bound and form.is_valid() and (changed := _save(request, form)) is not None:
        said = f"The dates of {count_of(changed, 'month')} are saved." if changed else "These were the dates already."
        messages.success(request, said)
        return redirect("period-year", year=year)
    context = {
        "year": year,
        "form": form,
        "rows": round_rows(form, rounds),
        "filled": filling,
        "unknown": _unknown(year),
        "years": [Link(str(one), reverse("period-year", args=[one]), current=one == year) for one in _beside(year)],
        "crumbs": [Link("Months", reverse("periods")), Link(f"Dates of {year}", "")],
    }
    return render(request, "kpis/periods/year.html", context)


def _beside(year: FinancialYear) -> list[FinancialYear]:
    return [year.previous, year, year.next]


def _unknown(year: FinancialYear) -> str:
    """Said when the year's usual dates reach beyond the bank holidays that are known."""
    known = working_days().known_until
    if year.next.months[0].last_day <= known:
        return ""
    return f"Bank holidays after {day(known)} are not known yet, so usual dates beyond it leave out weekends alone."


def _save(request: HttpRequest, form: DatesForm) -> int | None:
    """Set the dates; None when they are refused, each sentence beside its date."""
    wanted = form.wanted()
    try:
        changed = set_dates(wanted, by=signed_in(request), reason=form.cleaned_data.get("reason", ""))
    except DatesRefused as refused:
        form.show(refused)
        return None
    _say_unusual(request, {month: one.dates for month, one in wanted.items() if one.dates != one.seen})
    return changed


def _say_unusual(request: HttpRequest, moved: Mapping[Month, RoundDates]) -> None:
    if said := unusual_days(moved):
        messages.warning(request, said)
