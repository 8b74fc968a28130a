"""Beginning a template, discarding a version begun by mistake, and the Service Manager's sign-off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dataquality.forms.templates import BeginForm, DiscardForm, ReopenForm, SignForm, TemplateSendBackForm
from dataquality.models import DECLARATION, Template
from dataquality.operations.templates import begin, discard, send_back, sign
from dataquality.presenters.template_page import before_of
from dataquality.presenters.templates import boxes, differences
from dataquality.queries.template_list import signatories
from dataquality.queries.templates import in_hand, to_begin_from
from dataquality.views.fetching import Held, find_kpi, find_template
from dataquality.workflow import TEMPLATE_MOVES, StaleRecord, may_begin, may_complete, refusal
from hdcperf import clock
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse

__all__ = ["template_begin", "template_discard", "template_sign"]

METHODS = ["GET", "HEAD", "POST"]
CHANGED = "An answer was changed after you opened the page. Read it as it is now, then decide again."


@require_http_methods(METHODS)
def template_begin(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Begin the year's template from last year's, or a new version of it with a reason."""
    held = find_kpi(request, year, code)
    refuse(may_begin(held.kpi_year, held.user))
    if in_hand(held.kpi_year) is not None:
        return redirect(held.address)
    before = to_begin_from(held.kpi_year)
    again = before is not None and before.kpi_year_id == held.kpi_year.pk
    kind = ReopenForm if again else BeginForm
    form = kind(request.POST) if request.method == "POST" else kind()
    if form.is_bound and form.is_valid():
        why = form.cleaned_data.get("why", "")
        if attempt(form, lambda: begin(held.kpi_year, by=held.user, why=why), beside="why" if again else None):
            messages.success(request, "Begun. Answer each question, then send it for sign-off.")
            return redirect(held.address)
    context = {
        "crumbs": held.crumbs("A new version" if again else "Begin"),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "before": before,
        "again": again,
        "form": form,
    }
    return render(request, "dataquality/template_begin.html", context)


@require_http_methods(METHODS)
def template_discard(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Discard a version begun by mistake, with a reason; what was signed before it stands again."""
    held, template = find_template(request, year, code)
    refuse(may_complete(template, held.user))
    if (refused := refusal(template, TEMPLATE_MOVES["discard"], held.user)) is not None:
        messages.warning(request, refused)
        return redirect(held.address)
    form = DiscardForm(request.POST or None, back=held.address)
    if request.method == "POST" and attempt(
        form, lambda: discard(template, by=held.user, comment=form.cleaned_data["comment"]), beside="comment"
    ):
        messages.success(request, f"Version {template.number} is discarded; it stays on record with your reason.")
        return redirect(held.address)
    context = {
        "crumbs": held.crumbs("Discard"),
        "heading": f"Discard version {template.number} of the template of {held.name}?",
        "intro": "It is no longer completed or signed. The version signed off before it, if there is one, stands.",
        "form": form,
    }
    return render(request, "dataquality/setting/form.html", context)


@require_http_methods(METHODS)
def template_sign(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """The whole template with the declaration in full: signed off, or sent back with a reason."""
    held, template = find_template(request, year, code)
    if request.method == "POST":
        return _decide(request, held, template)
    return _sign_page(request, held, template)


def _decide(request: HttpRequest, held: Held, template: Template) -> HttpResponse:
    match request.POST.get("move", ""):
        case "sign":
            form = SignForm(request.POST)
            return _sign(request, held, template, form)
        case "send_back":
            back = TemplateSendBackForm(request.POST)
            if back.is_valid() and attempt(
                back, lambda: send_back(template, by=held.user, comment=back.cleaned_data["comment"])
            ):
                messages.success(request, "Sent back to be completed.")
                return redirect(held.address)
            return _sign_page(request, held, template, back=back)
    raise Http404("There is no such button.")


def _sign(request: HttpRequest, held: Held, template: Template, form: SignForm) -> HttpResponse:
    if not form.is_valid():
        return _sign_page(request, held, template, form=form)
    try:
        signed = attempt(form, lambda: sign(template, by=held.user, version=form.cleaned_data["version"]))
    except StaleRecord as found:
        form = SignForm(with_version(request.POST, found.fresh.version))
        form.add_error(None, CHANGED)
        signed = False
    if not signed:
        held, template = find_template(request, held.kpi_year.financial_year, held.kpi_year.code)
        return _sign_page(request, held, template, form=form)
    messages.success(
        request, f"Signed off. The people it names are the KPI’s people in {held.kpi_year.financial_year}."
    )
    return redirect(held.address)


def _sign_page(
    request: HttpRequest,
    held: Held,
    template: Template,
    *,
    form: SignForm | None = None,
    back: TemplateSendBackForm | None = None,
) -> HttpResponse:
    refused = refusal(template, TEMPLATE_MOVES["sign"], held.user)
    may_return = refusal(template, TEMPLATE_MOVES["send_back"], held.user) is None
    before = before_of(template)
    managers = signatories([held.kpi_year.service_id], held.who.today)[held.kpi_year.service_id]
    context = {
        "crumbs": held.crumbs("Service Manager sign-off"),
        "kpi_year": held.kpi_year,
        "year": held.kpi_year.financial_year,
        "template": template,
        "boxes": boxes(template),
        "before": before,
        "differences": differences(template, before) if before is not None else [],
        "declaration": template.declaration or DECLARATION,
        "signatory": held.user.name,
        "today": clock.today(),
        "managers": ", ".join(managers),
        "unsignable": "" if template.signed_on else refused,
        "form": (form or SignForm(initial={"version": template.version})) if refused is None or form else None,
        "send_back": (back or TemplateSendBackForm()) if may_return else None,
    }
    return render(request, "dataquality/template_sign.html", context)
