"""A dated waiver: leave to collect a KPI for a while without a signed template."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dataquality.forms.template_waivers import WaiverForm
from dataquality.operations.template_waivers import end_waiver, waive
from dataquality.views.fetching import Held, find_kpi
from dataquality.workflow import may_waive
from hdcperf import clock
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.review.posting import refuse
from hdcperf.ui import day

__all__ = ["template_waiver"]


@require_http_methods(["GET", "HEAD", "POST"])
def template_waiver(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """The waivers of a KPI's year; allowing one, and ending it before its day."""
    held = find_kpi(request, year, code)
    refuse(may_waive(held.kpi_year, held.user))
    if request.method == "POST":
        return _decide(request, held)
    return _page(request, held, _form(held))


def _form(held: Held, data: object = None) -> WaiverForm:
    return WaiverForm(data, latest=held.kpi_year.months[-1].last_day)


def _decide(request: HttpRequest, held: Held) -> HttpResponse:
    match request.POST.get("move", ""):
        case "end":
            end_waiver(held.kpi_year, by=held.user)
            messages.success(request, "The waiver has ended.")
            return redirect(held.address)
        case "allow":
            form = _form(held, request.POST)
            if form.is_valid() and attempt(form, lambda: waive(held.kpi_year, **form.cleaned_data, by=held.user)):
                until = day(form.cleaned_data["expires_on"])
                messages.success(request, f"Allowed: {held.name} is collected until {until}.")
                return redirect(held.address)
            return _page(request, held, form)
    raise Http404("There is no such button.")


def _page(request: HttpRequest, held: Held, form: WaiverForm) -> HttpResponse:
    today = clock.today()
    waivers = list(held.kpi_year.waivers.all())
    context = {
        "crumbs": held.crumbs("Waiver"),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "form": form if held.kpi_year.template_signed_on is None else None,
        "in_force": held.kpi_year.is_waived(today),
        "waivers": waivers,
    }
    return render(request, "dataquality/template_waiver.html", context)
