"""One data quality review: its page with the moves, and its plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dataquality.forms.quality_reviews import AnswerForm, ReplanForm, WithdrawForm
from dataquality.operations import quality_reviews as operations
from dataquality.operations.quality_reviews import Plan
from dataquality.presenters import quality_review_page as words
from dataquality.presenters import quality_review_parts as parts
from dataquality.presenters.quality_reviews import review_tag
from dataquality.queries.quality_reviews import reviewers_for
from dataquality.review_workflow import REVIEW_MOVES, MoveRefused, StaleRecord, may_plan, refusal
from dataquality.views.quality_fetching import HeldReview, find_review, who_changed
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse

__all__ = ["quality_review", "quality_review_replan"]

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def quality_review(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come, what was found, and what the person can do next."""
    held = find_review(request, pk)
    if request.method == "POST":
        return _move(request, held)
    return _show(request, held)


def _show(request: HttpRequest, held: HeldReview, answer: AnswerForm | None = None) -> HttpResponse:
    review = held.review
    writes = refusal(review, REVIEW_MOVES["save"], held.user) is None
    if answer is None and refusal(review, REVIEW_MOVES["agree"], held.user) is None:
        answer = AnswerForm()
    reads_parts = held.reads and not writes and bool(review.rating)
    context = {
        "crumbs": held.crumbs(),
        "kpi_year": review.kpi_year,
        "year": review.kpi_year.financial_year,
        "review": review,
        "tag": review_tag(review),
        "facts": words.facts(held),
        "notices": words.notices(review, held.reads, answer is not None),
        "parts": parts.review_parts(review) if writes else [],
        "left": parts.what_is_left(review) if writes else "",
        "compared": parts.compared(review) if reads_parts else [],
        "observed": parts.observed(review) if reads_parts else [],
        "actions": words.actions_of(review, held.who.today) if held.reads else [],
        "said": words.said(review, held.reads),
        "steps": words.steps(held),
        "answer": answer,
    }
    return render(request, "dataquality/reviews/review.html", context)


_DONE = {
    "start": "Started: write each part, then share it with the service.",
    "share": "Shared: the service manager finds it among their tasks.",
    "take_back": "Taken back: you can write more.",
    "report": "Finished. Whoever has an action finds it among their tasks.",
    "close": "Closed.",
}


def _move(request: HttpRequest, held: HeldReview) -> HttpResponse:
    name = request.POST.get("move", "")
    if name in ("agree", "comment"):
        return _answer(request, held, name)
    if name not in _DONE:
        raise Http404("There is no such button.")
    try:
        getattr(operations, name)(held.review, by=held.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _DONE[name])
    return redirect(held.address)


def _answer(request: HttpRequest, held: HeldReview, name: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    act = operations.agree if name == "agree" else operations.comment
    if attempt(form, lambda: act(held.review, by=held.user, words=form.cleaned_data["words"]), beside="words"):
        messages.success(request, "Thank you. The reviewer reads it, and finishes the review.")
        return redirect(held.address)
    return _show(request, find_review(request, held.review.pk), form)


@require_http_methods(METHODS)
def quality_review_replan(request: HttpRequest, pk: int) -> HttpResponse:
    """Another reviewer or day, or withdraw it with a reason."""
    held = find_review(request, pk)
    refuse(may_plan(held.review, held.user))
    review = held.review
    if sentence := refusal(review, REVIEW_MOVES["replan"], held.user):
        messages.warning(request, sentence)
        return redirect(held.address)
    if request.method == "POST" and request.POST.get("move") == "withdraw":
        return _withdraw(request, held)
    if request.method == "POST":
        return _replan(request, held)
    return _plan_page(request, held)


def _plan_form(held: HeldReview, data: Any = None) -> ReplanForm:
    review = held.review
    start = {
        "reviewer": review.reviewer_id,
        "due_on": review.due_on,
        "why": review.picked_why,
        "version": review.version,
    }
    people = reviewers_for(review.kpi_year, held.who.today)
    return ReplanForm(data, initial=start, people=people, back=held.address)


def _replan(request: HttpRequest, held: HeldReview) -> HttpResponse:
    form = _plan_form(held, request.POST)

    def act() -> None:
        typed = form.cleaned_data
        plan = Plan(typed["reviewer"], typed["due_on"], typed["why"])
        operations.replan(held.review, plan, by=held.user, version=typed["version"])

    try:
        if attempt(form, act):
            messages.success(request, "The plan is saved.")
            return redirect(held.address)
    except StaleRecord as stale:
        form = _plan_form(held, with_version(request.POST, stale.fresh.version))
        form.add_error(None, f"{who_changed(stale.fresh)} Yours is not saved: save again to put it in place.")
    return _plan_page(request, held, form=form)


def _withdraw(request: HttpRequest, held: HeldReview) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if attempt(form, lambda: operations.withdraw(held.review, by=held.user, why=form.cleaned_data["why_not"])):
        messages.success(request, "Withdrawn.")
        return redirect(held.address)
    return _plan_page(request, held, withdraw=form)


def _plan_page(
    request: HttpRequest, held: HeldReview, form: ReplanForm | None = None, withdraw: WithdrawForm | None = None
) -> HttpResponse:
    if withdraw is None and refusal(held.review, REVIEW_MOVES["withdraw"], held.user) is None:
        withdraw = WithdrawForm()
    context = {
        "crumbs": held.crumbs("The plan"),
        "kpi_year": held.review.kpi_year,
        "year": held.review.kpi_year.financial_year,
        "form": form or _plan_form(held),
        "withdraw": withdraw,
    }
    return render(request, "dataquality/reviews/plan.html", context)
