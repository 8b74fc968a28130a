"""What becomes of an action in the new year, and taking a proposal back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.plan import AnswerForm, TakeOutForm
from actions.models import ActionUpdate, ActionYear
from actions.operations.answering import answer, take_out
from actions.plan_workflow import StaleRecord
from actions.presenters.plan import proposal_tag
from actions.rules.colours import ActionRag
from actions.views.attempting import stale_sentence
from actions.views.proposed import Proposed, find_proposed, set_crumbs, standing_steps
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.ui import Link, Tag

__all__ = ["plan_action", "plan_take_out"]

Proposal = ActionYear.Proposal
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def plan_action(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Carry it forward, amend it, or say that it is completed or dropped."""
    one = find_proposed(request, year, reference)
    if one.source is None:  # new this year: there is only its proposal to change
        return redirect("plan-amend", year, reference)
    if request.method != "POST":
        return _answer_page(request, one, AnswerForm(initial=_answer_start(one), plan_year=one.plan_year))
    form = AnswerForm(request.POST, plan_year=one.plan_year)
    if not form.is_valid():
        return _answer_page(request, one, form)
    proposal = form.cleaned_data["proposal"]
    if proposal == Proposal.AMEND:
        return redirect("plan-amend", year, reference)
    ends = proposal in (Proposal.COMPLETE, Proposal.DROP)
    try:
        done = attempt(
            form,
            lambda: answer(
                one.plan_year,
                one.action,
                proposal,
                by=one.user,
                version=form.cleaned_data["version"],
                reason=form.reason if ends else "",
                code=form.cleaned_data["code"],
                decision=form.decision,
            ),
        )
    except StaleRecord:
        fresh = find_proposed(request, year, reference)
        form = AnswerForm(with_version(request.POST, fresh.version), plan_year=one.plan_year)
        form.add_error(None, stale_sentence(fresh.row))
        return _answer_page(request, fresh, form)
    if not done:
        return _answer_page(request, one, form)
    messages.success(request, f"Saved: {one.known_as}.")
    return redirect("plan-year", year)


def _answer_start(one: Proposed) -> dict[str, Any]:
    row, source = one.row, one.source
    assert source is not None
    if row is None:
        return {"version": 0, "code": source.code} | _completed_already(one)
    reason = {Proposal.COMPLETE.value: "achieved", Proposal.DROP.value: "dropped_why"}.get(row.proposal)
    start = {"version": row.version, "code": row.code, "proposal": row.proposal}
    return start | ({reason: row.proposal_reason} if reason else {})


def _completed_already(one: Proposed) -> dict[str, Any]:
    """An action whose accepted update says it is completed is offered as that, in the update’s own words."""
    said = one.action.updates.filter(state=ActionUpdate.State.ACCEPTED, rag=ActionRag.COMPLETED.value)
    newest = said.order_by("-quarter").first()
    return {} if newest is None else {"proposal": Proposal.COMPLETE.value, "achieved": newest.achieved}


def _answer_page(request: HttpRequest, one: Proposed, form: AnswerForm) -> HttpResponse:
    year = one.plan_year.financial_year
    context = {
        "crumbs": set_crumbs(one.plan_year, one.known_as),
        "year": year,
        "one": one,
        "source": one.source,
        "proposal": proposal_tag(one.row.proposal) if one.row is not None else Tag("Not answered for yet", "outline"),
        "milestones": standing_steps(one.action),
        "form": form,
        "take_out": reverse("plan-take-out", args=[year, one.action.reference]) if one.row is not None else "",
    }
    return render(request, "actions/plan_action.html", context)


@require_http_methods(METHODS)
def plan_take_out(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Take a proposal out of the set, after asking once (a plain GET asks)."""
    one = find_proposed(request, year, reference)
    row = one.row
    if row is None:
        return redirect("plan-year", year)
    form = TakeOutForm(request.POST or None, initial={"version": row.version}, plan_year=one.plan_year)
    form.cancel = Link("Leave it in", reverse("plan-action", args=[year, reference]))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            if attempt(form, lambda: take_out(row, by=one.user, version=version, decision=form.decision)):
                messages.success(request, f"Taken out of the set: {row.name}.")
                return redirect("plan-year", year)
        except StaleRecord as stale:
            form = TakeOutForm(with_version(request.POST, stale.fresh.version), plan_year=one.plan_year)
            form.add_error(None, stale_sentence(stale.fresh))
    context = {
        "crumbs": set_crumbs(one.plan_year, "Take out"),
        "heading": f"Take {row.name} out of the set of {year}?",
        "intro": "The proposal and its milestones go."
        if one.source is None
        else f"What becomes of {one.source.name} is then open again.",
        "form": form,
    }
    return render(request, "actions/form.html", context)
