"""A year's set as a whole: its codes, and what bodies decided about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.deciding import SetDecisionForm
from actions.forms.plan import CodesForm
from actions.models import ActionYear, PlanDecision, PlanYear
from actions.operations.deciding import body_of, record_decision
from actions.operations.plan_years import renumber
from actions.operations.the_set import ProposalRefused
from actions.plan_workflow import MoveRefused, StaleRecord, may_manage, may_record
from actions.queries.readiness import silent_portfolios
from actions.views.plan import find_or_404
from actions.views.proposed import set_crumbs
from hdcperf.organisation.access import signed_in
from hdcperf.organisation.models import Portfolio
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt

__all__ = ["plan_codes", "plan_decision"]

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def plan_codes(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Give the actions of the set other codes, in one go: two may swap theirs."""
    plan_year = find_or_404(request, year)
    user = signed_in(request)
    if sentence := may_manage(plan_year, user):
        raise PermissionDenied(sentence)
    if plan_year.is_adopted:
        raise Http404(f"{year} is the plan now: its codes stay.")
    rows = list(plan_year.actions.in_the_set().select_related("action").order_by("code_key", "pk"))
    form = CodesForm(initial={"version": plan_year.version}, rows=rows)
    if request.method == "POST":
        form = CodesForm(request.POST, rows=rows)
        if form.is_valid() and (saved := _renumber(request, plan_year, form)) is not None:
            return saved
    before = {
        one.action_id: one.code
        for one in ActionYear.objects.adopted().filter(plan_year__year=plan_year.year - 1).only("action", "code")
    }
    context = {
        "crumbs": set_crumbs(plan_year, "Codes"),
        "year": year,
        "form": form,
        "rows": [(row, before.get(row.action_id, "New"), form[f"code_{row.pk}"]) for row in rows],
    }
    return render(request, "actions/plan_codes.html", context)


def _renumber(request: HttpRequest, plan_year: PlanYear, form: CodesForm) -> HttpResponse | None:
    try:
        changed = renumber(plan_year, form.codes(), by=signed_in(request), version=form.cleaned_data["version"])
    except ProposalRefused as refused:
        for problem in refused.problems:
            form.add_error(f"code_{problem.field}", problem.sentence)
        return None
    except (MoveRefused, StaleRecord) as refused:
        stale = "The set was changed after you opened the page: open it again and renumber what is there now."
        form.add_error(None, stale if isinstance(refused, StaleRecord) else str(refused))
        return None
    messages.success(request, f"{changed} renumbered." if changed else "No code was changed.")
    return redirect("plan-year", plan_year.financial_year)


@require_http_methods(METHODS)
def plan_decision(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Record what the body that has the set decided in its meeting."""
    plan_year = find_or_404(request, year)
    user = signed_in(request)
    if sentence := may_record(plan_year, user):
        raise PermissionDenied(sentence)
    body = body_of(plan_year)
    if not body:
        messages.info(request, f"{plan_year.get_state_display()}: no body is to decide about the set now.")
        return redirect("plan-year", year)
    back = reverse("plan-year", args=[year])
    portfolios = None
    if body == PlanDecision.Body.PORTFOLIO:
        portfolios = Portfolio.objects.filter(action_years__plan_year=plan_year).distinct()
    form = SetDecisionForm(request.POST or None, portfolios=portfolios, back=back)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: record_decision(
                plan_year,
                form.decided(form.cleaned_data["kind"]),
                by=user,
                portfolio=form.cleaned_data.get("portfolio"),
            ),
        )
    ):
        silent = silent_portfolios(plan_year) if portfolios is not None else []
        messages.success(request, f"Recorded: {PlanDecision.Body(body).label}.")
        return redirect("plan-decision" if silent else "plan-year", year)
    heading = f"What was decided about {year}: {PlanDecision.Body(body).label}"
    silent_names = ", ".join(one.name for one in silent_portfolios(plan_year)) if portfolios is not None else ""
    context = {
        "crumbs": set_crumbs(plan_year, "Record a decision"),
        "heading": heading,
        "intro": f"Still to be heard: {silent_names}." if silent_names else "",
        "form": form,
    }
    return render(request, "actions/form.html", context)
