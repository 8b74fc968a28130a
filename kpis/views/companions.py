"""``/kpis/<year>/<code>/companion/``: which KPI is printed beside this one in packs."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.codes import code_key
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link
from kpis.forms.companions import CompanionForm
from kpis.operations.companions import companions_for, may_set_companion, set_companion
from kpis.queries.kpi_page import find_year
from kpis.views.fetching import signed_in

__all__ = ["companion"]


@require_http_methods(["GET", "HEAD", "POST"])
def companion(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Choose it, or none."""
    user = signed_in(request)
    kpi_year = find_year(year.start_year, code_key(code))
    if kpi_year is None:
        raise Http404("There is no KPI with this code in this year.")
    if sentence := may_set_companion(kpi_year, user):
        raise PermissionDenied(sentence)
    back = reverse("kpi", args=[kpi_year.financial_year, kpi_year.code])
    initial = {"companion": str(kpi_year.companion_id or "")}
    form = CompanionForm(request.POST or None, initial=initial, others=companions_for(kpi_year), back=back)
    if request.method == "POST" and form.is_valid():
        set_companion(kpi_year, form.chosen(), by=user)
        messages.success(request, "It is saved, and packs frozen from now on print it.")
        return redirect(back)
    crumbs = (
        Link("KPIs", f"{reverse('kpi-list')}?year={kpi_year.year}"),
        Link(kpi_year.code, back),
        Link("Printed beside it", ""),
    )
    return render(request, "kpis/companion.html", {"kpi_year": kpi_year, "form": form, "crumbs": crumbs})
