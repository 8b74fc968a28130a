"""``/dataquality/``: a year's templates; one as its list of questions; as a document; and what changed in it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.templates import NOT_COLLECTED, WAIVED, TemplateFilterForm
from dataquality.models import DECLARATION, Template
from dataquality.operations.templates import submit, take_back
from dataquality.presenters.template_page import before_of, facts, notices, sign_off_task, steps
from dataquality.presenters.templates import (
    boxes,
    differences,
    parts,
    service_counts,
    stage_tag,
    template_rows,
    version_rows,
)
from dataquality.queries.template_list import Line, lines, signatories, stage_of, years_held
from dataquality.queries.templates import reads_templates, seen_kpi_years, with_rows
from dataquality.views.fetching import Held, find_kpi, find_template
from dataquality.workflow import MoveRefused
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import FinancialYear, Month
from hdcperf.ui import Column, Link, count_of, paginate, with_query

__all__ = ["template", "template_changes", "template_document", "templates"]

NOBODY_HERE = "Templates are read by a KPI’s people, its service’s managers, corporate leadership and audit."
HEADINGS = ("KPI", "Service", "Template", "Signed off by", "What is missing", "Who must act")


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Every KPI's template for a year, how many of each service have come how far; filters in the address."""
    who = standing(signed_in(request))
    if not reads_templates(who):
        raise PermissionDenied(NOBODY_HERE)
    years = years_held()
    default = _default_year(years)
    form = TemplateFilterForm(_with_year(request.GET, years, default), choices=filter_choices(), years=years)
    asked = form.asked()
    year = FinancialYear.parse(asked["year"]) if "year" in asked else FinancialYear(default)
    everything = lines(who, seen_kpi_years(who).filter(year=year.start_year))
    found = sorted((line for line in everything if _matches(line, asked)), key=lambda line: not line.who_acts)
    page = paginate(request, found)
    context = {
        "year": year,
        "form": form,
        "active": active_filters(request, form, besides=("year",)),
        "clear": f"{request.path}?year={year.slug}",
        "summary": _summary(everything),
        "counts": service_counts(everything, lambda pk: with_query(request, service=pk)),
        "columns": [Column(text) for text in HEADINGS],
        "page": replace(page, rows=template_rows(page.rows)),
    }
    return render(request, "dataquality/templates.html", context)


def _default_year(years: list[int]) -> int:
    running = Month.from_date(clock.today()).financial_year.start_year
    return running if running in years or not years else years[0]


def _with_year(asked: QueryDict, years: list[int], default: int) -> QueryDict:
    """What the address asks, with the year filled in, so that the filter shows which one is listed."""
    found = asked.copy()
    if found.get("year") not in {FinancialYear(one).slug for one in years}:
        found["year"] = FinancialYear(default).slug
    return found


def _matches(line: Line, asked: dict[str, str]) -> bool:
    kpi_year = line.kpi_year
    words = asked.get("words", "")
    if words.casefold() not in kpi_year.name.casefold() and code_key(words) != kpi_year.code_key:
        return False
    if asked.get("service") and kpi_year.service_id != int(asked["service"]):
        return False
    if asked.get("stage") and line.stage.value != asked["stage"]:
        return False
    if asked.get("collected") == WAIVED:
        return kpi_year.is_waived(line.today)
    return asked.get("collected") != NOT_COLLECTED or line.is_left_out


def _summary(everything: list[Line]) -> str:
    signed = sum(line.stage.value == "signed" for line in everything)
    left_out = sum(line.is_left_out for line in everything)
    said = f"{signed} of {count_of(len(everything), 'template')} signed off."
    if left_out:
        are = "KPI cannot" if left_out == 1 else "KPIs cannot"
        said += f" {left_out} {are} be opened for collection."
    return said


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """The questions with what is answered; sending it for sign-off, or taking it back."""
    held = find_kpi(request, year, code)
    if request.method == "POST":
        return _move(request, held)
    if held.template is None:
        return render(request, "dataquality/template_none.html", _page(held))
    context = {
        **_page(held),
        "template": held.template,
        "parts": parts(held.kpi_year, held.template, sign_off_task(held)),
        "notices": notices(held),
        "versions": version_rows(held.kpi_year, _versions(held)),
        "began": _began(held.template),
    }
    return render(request, "dataquality/template.html", context)


def _page(held: Held) -> dict[str, object]:
    managers = signatories([held.kpi_year.service_id], held.who.today)[held.kpi_year.service_id]
    return {
        "crumbs": held.crumbs(),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "stage": stage_tag(stage_of(held.template)),
        "facts": facts(held, managers),
        "steps": steps(held),
    }


def _began(newest: Template) -> str:
    """What it began from, and in how many answers it differs by now."""
    before = before_of(newest)
    if before is None:
        return ""
    changed = len(differences(newest, before))
    said = f"{count_of(changed, 'answer differs', 'answers differ')}." if changed else "No answer differs."
    return f"It began from {before.kpi_year.financial_year}, version {before.number}. {said}"


def _versions(held: Held) -> list[Template]:
    rows = Template.objects.filter(kpi_year=held.kpi_year).order_by("-number")
    return list(rows.prefetch_related("transitions"))


_MOVES = {"submit": (submit, "Sent for sign-off."), "take_back": (take_back, "Taken back: it can be changed again.")}


def _move(request: HttpRequest, held: Held) -> HttpResponse:
    made = _MOVES.get(request.POST.get("move", ""))
    if made is None or held.template is None:
        raise Http404("There is no such button.")
    act, done = made
    try:
        act(held.template, by=held.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(held.address)


@require_safe
def template_document(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """A version as the framework's document, plain and ready to print (``?version=`` for an earlier one)."""
    held, newest = find_template(request, year, code)
    asked = request.GET.get("version", str(newest.number))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise Http404("There is no such version.")
    rows = Template.objects.filter(Q(kpi_year=held.kpi_year, number=int(asked)))
    found = with_rows(rows).first()
    if found is None:
        raise Http404("There is no such version.")
    context = {
        "held": held,
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "template": found,
        "boxes": boxes(found),
        "declaration": found.declaration or DECLARATION,
        "back": Link("Back to the template", held.address),
        "today": clock.today(),
    }
    return render(request, "dataquality/template_document.html", context)


@require_safe
def template_changes(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """What a version says otherwise than the one it began from, side by side."""
    held, newest = find_template(request, year, code)
    before = before_of(newest)
    if before is None:
        raise Http404("This template began from nothing, so there is nothing to compare it with.")
    context = {
        "crumbs": held.crumbs("What changed"),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "before": before,
        "template": newest,
        "differences": differences(newest, before),
        "back_to": Link("Back to the template", reverse("template", args=held.place)),
    }
    return render(request, "dataquality/template_changes.html", context)
