"""``/periods/<month>/`` and ``/periods/year/<year>/``: the dates of one round or a year's (framework C.2, E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf import clock
from hdcperf.periods import APRIL, LAST_YEAR, FinancialYear, Month, working_days
from hdcperf.review.rounds.forms import DatesForm, YearDatesForm
from hdcperf.review.rounds.reading import Round, load_rounds
from hdcperf.review.rounds.saving import save_dates
from hdcperf.review.rounds.words import fixed_words, moves_of, round_rows, state_of
from hdcperf.ui import Link, count_of, day
from kpis.presenters.periods import opening_card
from kpis.queries.rounds import outturns
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
    if (
        form.is_bound
        and form.is_valid()
        and (changed := save_dates(request, form, by=signed_in(request))) is not None
    ):
        messages.success(request, "The dates are saved." if changed else "These were the dates already.")
        return redirect("period", month=month)
    card = opening_card(found)
    context = {
        "month": month,
        "state": state_of(found),
        "row": round_rows(form, [found], _link)[0],
        "form": form,
        "fixed": fixed_words(found),
        "card": card if card.button or not found.is_opened else None,
        "returns": card.returns,
        "moves": moves_of(found),
        "crumbs": [Link("Months", reverse("periods")), Link(str(month), "")],
        "outturns": outturns(month) if found.is_opened else [],
    }
    return render(request, "kpis/periods/month.html", context)


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
    if (
        form.is_bound
        and form.is_valid()
        and (changed := save_dates(request, form, by=signed_in(request))) is not None
    ):
        said = f"The dates of {count_of(changed, 'month')} are saved." if changed else "These were the dates already."
        messages.success(request, said)
        return redirect("period-year", year=year)
    context = {
        "year": year,
        "form": form,
        "rows": round_rows(form, rounds, _link),
        "filled": filling,
        "unknown": _unknown(year),
        "years": [Link(str(one), reverse("period-year", args=[one]), current=one == year) for one in _beside(year)],
        "crumbs": [Link("Months", reverse("periods")), Link(f"Dates of {year}", "")],
    }
    return render(request, "kpis/periods/year.html", context)


def _link(one: Round) -> Link:
    return Link(str(one.span), reverse("period", args=[one.span]))


def _beside(year: FinancialYear) -> list[FinancialYear]:
    return [year.previous, year, year.next]


def _unknown(year: FinancialYear) -> str:
    """Said when the year's usual dates reach beyond the bank holidays that are known."""
    known = working_days().known_until
    if year.next.months[0].last_day <= known:
        return ""
    return f"Bank holidays after {day(known)} are not known yet, so usual dates beyond it leave out weekends alone."
