"""What a KPI is compared with: its comparator series and its unit cost, each with source and how comparable."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dataquality.forms.comparators import ComparatorForm, ValuesFileForm, values_lines, values_text
from dataquality.importing.comparators import values_of
from dataquality.models import Comparator
from dataquality.operations.comparators import remove_series, save_series, version_of_series
from dataquality.presenters.comparators import series_cards
from dataquality.views.fetching import Held, find_kpi
from dataquality.workflow import StaleRecord, may_begin
from hdcperf.importing import FileRefused
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link, Step, count_of

__all__ = ["comparator", "comparator_new", "comparator_remove", "comparators"]

METHODS = ["GET", "HEAD", "POST"]
STALE = "Somebody changed this series after you opened the page. What you typed is below: save again to keep it."
NAME = "What it is compared with"


@require_safe
def comparators(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Every series of the KPI with its values, newest first."""
    held = find_kpi(request, year, code)
    may = may_begin(held.kpi_year, held.user) is None
    series = Comparator.objects.filter(kpi=held.kpi_year.kpi_id).prefetch_related("values")
    context = {
        "crumbs": held.crumbs(NAME),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "cards": series_cards(series, held.place if may else None),
        "steps": [Step("Add a series", reverse("comparator-new", args=held.place), kind="secondary")] if may else [],
    }
    return render(request, "dataquality/comparators.html", context)


@require_http_methods(METHODS)
def comparator_new(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Add a series with its values."""
    held = find_kpi(request, year, code)
    refuse(may_begin(held.kpi_year, held.user))
    return _edit(request, held, None)


@require_http_methods(METHODS)
def comparator(request: HttpRequest, year: FinancialYear, code: str, pk: int) -> HttpResponse:
    """Change a series and its values."""
    held = find_kpi(request, year, code)
    refuse(may_begin(held.kpi_year, held.user))
    return _edit(request, held, _find(held, pk))


def _find(held: Held, pk: int) -> Comparator:
    found = Comparator.objects.filter(kpi=held.kpi_year.kpi_id, pk=pk).first()
    if found is None:
        raise Http404("This KPI has no such series.")
    return found


def _edit(request: HttpRequest, held: Held, series: Comparator | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, held, series, ComparatorForm(initial=_held_now(series)))
    if request.POST.get("move") == "read":
        return _fill(request, held, series)
    form = ComparatorForm(request.POST)
    if not form.is_valid():
        return _page(request, held, series, form)
    facts, values, version = form.facts(), form.cleaned_data["values"], form.cleaned_data["version"]
    try:
        saved = attempt(
            form,
            lambda: save_series(held.kpi_year, series, facts, values, by=held.user, version=version),
            beside="name",
        )
    except StaleRecord as found:
        form = ComparatorForm(with_version(request.POST, version_of_series(found.fresh)))
        form.add_error(None, STALE)
        saved = False
    if not saved:
        return _page(request, held, series, form)
    messages.success(request, f"Saved: {facts['name']}.")
    return redirect("comparators", *held.place)


def _fill(request: HttpRequest, held: Held, series: Comparator | None) -> HttpResponse:
    """The values of a spreadsheet in the box of values: they are looked at, then saved with the rest."""
    form, sent = ComparatorForm(initial=_held_now(series)), ValuesFileForm(request.POST, request.FILES)
    if sent.is_valid():
        file = sent.cleaned_data["file"]
        try:
            values = values_of(file.read(), file.name)
        except FileRefused as refused:
            sent.add_error("file", str(refused))
        else:
            form.initial["values"] = values_lines(values)
            messages.info(request, f"{count_of(len(values), 'value')} read from {file.name}. Nothing is saved yet.")
            return _page(request, held, series, form)
    return _page(request, held, series, form, sent)


def _held_now(series: Comparator | None) -> dict[str, object]:
    if series is None:
        return {"version": 0}
    names = ("group", "name", "source", "how_comparable")
    return {
        **{name: getattr(series, name) for name in names},
        "values": values_text(series.values.all()),
        "version": version_of_series(series),
    }


def _page(
    request: HttpRequest,
    held: Held,
    series: Comparator | None,
    form: ComparatorForm,
    sent: ValuesFileForm | None = None,
) -> HttpResponse:
    context = {
        "crumbs": [
            *held.crumbs()[:1],
            Link(held.kpi_year.code, held.address),
            Link(NAME, reverse("comparators", args=held.place)),
            Link(series.name if series is not None else "A new series", ""),
        ],
        "kpi_year": held.kpi_year,
        "series": series,
        "form": form,
        "file_form": sent or ValuesFileForm(),
        "remove": reverse("comparator-remove", args=[*held.place, series.pk]) if series is not None else "",
    }
    return render(request, "dataquality/comparator.html", context)


@require_POST
def comparator_remove(request: HttpRequest, year: FinancialYear, code: str, pk: int) -> HttpResponse:
    """Take a series away."""
    held = find_kpi(request, year, code)
    refuse(may_begin(held.kpi_year, held.user))
    series = _find(held, pk)
    remove_series(held.kpi_year, series, by=held.user)
    messages.success(request, f"Removed: {series.name}.")
    return redirect("comparators", *held.place)
