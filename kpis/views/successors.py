"""The page on which a KPI ends and its successor begins."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.codes import code_key
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link
from kpis.forms.successors import SuccessorForm
from kpis.models import KpiYear
from kpis.operations.successors import CodeTaken, may_replace, replace, replace_refusal, still_open
from kpis.queries.kpi_page import find_year
from kpis.views.fetching import signed_in
from kpis.workflow import MoveRefused

__all__ = ["successor_start"]


@require_http_methods(["GET", "HEAD", "POST"])
def successor_start(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """``/kpis/<year>/<code>/successor/``: the old measure's last month, and what the new one is."""
    user = signed_in(request)
    kpi_year = find_year(year.start_year, code_key(code))
    if kpi_year is None:
        raise Http404("There is no KPI with this code in this year.")
    if sentence := may_replace(kpi_year, user):
        raise PermissionDenied(sentence)
    back = reverse("kpi", args=[kpi_year.financial_year, kpi_year.code])
    if request.method != "POST":
        if sentence := replace_refusal(kpi_year):
            messages.warning(request, sentence)
            return redirect(back)
        return _page(request, kpi_year, SuccessorForm.beginning(kpi_year, still_open(kpi_year), back), back)
    form = SuccessorForm(request.POST, months=still_open(kpi_year), back=back)
    if form.is_valid():
        try:
            made = replace(kpi_year, form.successor(), by=user)
        except CodeTaken as taken:
            form.add_error("code", str(taken))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                f"{kpi_year.code} ends with {form.successor().last}, and {made.code} {made.name} replaces it. Its "
                "template and its target come next: no return is due before its template is signed off.",
            )
            return redirect("kpi", made.financial_year, made.code)
    return _page(request, kpi_year, form, back)


def _page(request: HttpRequest, kpi_year: KpiYear, form: SuccessorForm, back: str) -> HttpResponse:
    context = {
        "kpi_year": kpi_year,
        "form": form,
        "crumbs": (
            Link("KPIs", f"{reverse('kpi-list')}?year={kpi_year.year}"),
            Link(kpi_year.code, back),
            Link("Its successor", ""),
        ),
    }
    return render(request, "kpis/successor.html", context)
