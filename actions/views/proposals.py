"""The facts of a proposal for a year's set: a new action, or one amended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.plan import ProposalForm
from actions.models import ActionYear
from actions.operations.proposing import amend, propose_new
from actions.plan_workflow import StaleRecord
from actions.queries.plan import proposers_services
from actions.rules.proposals import DatedStep, next_code, steps_text
from actions.views.attempting import stale_sentence
from actions.views.plan import find_or_404
from actions.views.proposed import Proposed, find_proposed, require_proposer, set_crumbs, standing_steps
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import Service, User
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version

__all__ = ["plan_amend", "plan_new"]

Proposal = ActionYear.Proposal
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def plan_new(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Propose an action the year before did not have."""
    plan_year = find_or_404(request, year)
    user = signed_in(request)
    require_proposer(plan_year, user)
    if request.method == "POST":
        form = ProposalForm(request.POST, plan_year=plan_year, services=_services(user))
        if form.is_valid() and attempt(
            form, lambda: propose_new(plan_year, form.facts(), by=user, decision=form.decision)
        ):
            messages.success(request, f"Added: {form.cleaned_data['code']} {form.cleaned_data['title']}.")
            return redirect("plan-year", year)
    else:
        codes = plan_year.actions.in_the_set().values_list("code", flat=True)
        before = ActionYear.objects.adopted().filter(plan_year__year=plan_year.year - 1)
        start = {
            "version": 0,
            "code": next_code([*codes, *before.values_list("code", flat=True)]),
            "starts_on": year.first_day,
            "due_on": year.last_day,
        }
        form = ProposalForm(initial=start, plan_year=plan_year, services=_services(user))
    context = {
        "crumbs": set_crumbs(plan_year, "A new action"),
        "heading": f"A new action for {year}",
        "form": form,
    }
    return render(request, "actions/form.html", context)


@require_http_methods(METHODS)
def plan_amend(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Propose the action with other words, people, dates or milestones."""
    one = find_proposed(request, year, reference)
    if request.method != "POST":
        return _amend_page(request, one, _proposal_form(one, initial=_amend_start(one)))
    form = _proposal_form(one, request.POST)
    if not form.is_valid():
        return _amend_page(request, one, form)
    try:
        done = attempt(
            form,
            lambda: amend(
                one.plan_year,
                one.action,
                form.facts(),
                reason=form.cleaned_data.get("proposal_reason", ""),
                by=one.user,
                version=form.cleaned_data["version"],
                decision=form.decision,
            ),
        )
    except StaleRecord:
        fresh = find_proposed(request, year, reference)
        form = _proposal_form(fresh, with_version(request.POST, fresh.version))
        form.add_error(None, stale_sentence(fresh.row))
        return _amend_page(request, fresh, form)
    if not done:
        return _amend_page(request, one, form)
    messages.success(request, f"Saved: {form.cleaned_data['code']} {form.cleaned_data['title']}.")
    return redirect("plan-year", year)


def _proposal_form(one: Proposed, *args: Any, **kwargs: Any) -> ProposalForm:
    row = one.row or one.source
    assert row is not None
    services = _services(one.user) | {row.service_id}
    return ProposalForm(
        *args,
        plan_year=one.plan_year,
        services=services,
        row=one.row,
        is_amendment=one.source is not None,
        **kwargs,
    )


def _amend_start(one: Proposed) -> dict[str, Any]:
    """The proposal so far; else the action as it is this year, with the milestones it still has before it."""
    row = one.row if one.row is not None and one.row.is_in_the_set else one.source
    assert row is not None
    proposed = one.row is not None and one.row.proposal in (Proposal.NEW, Proposal.AMEND)
    steps = (
        [DatedStep(step.due_on, step.name) for step in one.row.proposed_milestones.all()]
        if proposed and one.row is not None
        else standing_steps(one.action)
    )
    names = ("code", "title", "wording", "success", "control", "outcome", "service", "portfolio", "responsible")
    more = ("starts_on", "due_on", "mtfs_line")
    return {
        **{name: getattr(row, name) for name in (*names, *more)},
        "version": one.version,
        "parent": _parent_now(one, row),
        "milestones": steps_text(steps),
        "proposal_reason": one.row.proposal_reason if proposed and one.row is not None else "",
    }


def _parent_now(one: Proposed, row: ActionYear) -> ActionYear | None:
    """The action it is a part of, in the new set."""
    if row.plan_year_id == one.plan_year.pk or row.parent is None:
        return row.parent
    found: ActionYear | None = one.plan_year.actions.in_the_set().filter(action=row.parent.action_id).first()
    return found


def _services(user: User) -> set[int]:
    """The services the person may propose actions for."""
    return proposers_services(standing(user), Service.objects.values_list("pk", "directorate"))


def _amend_page(request: HttpRequest, one: Proposed, form: ProposalForm) -> HttpResponse:
    year = one.plan_year.financial_year
    heading = f"Amend {one.known_as} for {year}" if one.source is not None else f"{one.known_as}, new in {year}"
    context = {
        "crumbs": set_crumbs(one.plan_year, one.known_as),
        "heading": heading,
        "form": form,
        "take_out": reverse("plan-take-out", args=[year, one.action.reference]) if one.row is not None else "",
    }
    return render(request, "actions/form.html", context)
