"""One data quality review: its page with the moves, its plan, each of its parts, and the whole as a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.quality_reviews import AnswerForm, ReplanForm, WithdrawForm, review_section_form
from dataquality.models import QualityReview
from dataquality.operations import quality_reviews as operations
from dataquality.operations.quality_reviews import Plan, written
from dataquality.presenters import quality_review_page as words
from dataquality.presenters.quality_reviews import rating_tag, review_tag
from dataquality.queries.quality_reviews import find_review as seen_review
from dataquality.queries.quality_reviews import reads_findings, reviewers_for
from dataquality.queries.review_sections import section_changed_since
from dataquality.review_workflow import REVIEW_MOVES, MoveRefused, StaleRecord, may_plan, may_review, refusal
from dataquality.rules.quality_reviews import SECTIONS, Section, section_called
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link, day

__all__ = [
    "HeldReview",
    "find_review",
    "quality_review",
    "quality_review_document",
    "quality_review_replan",
    "quality_review_section",
]

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class HeldReview:
    """A review, who asks for it, and whether they may read what was found."""

    review: QualityReview
    user: User
    who: Standing
    reads: bool

    @property
    def address(self) -> str:
        return reverse("quality-review", args=[self.review.pk])

    def crumbs(self, *after: str) -> list[Link]:
        """The way here; ``after`` are the pages below the review's own."""
        found = [Link("Quality reviews", reverse("quality-reviews"))]
        code = self.review.kpi_year.code
        return [*found, Link(code, self.address if after else ""), *(Link(one, "") for one in after)]


def find_review(request: HttpRequest, pk: int) -> HeldReview:
    """The review in scope. Raises Http404 for somebody who may not know of it."""
    user = signed_in(request)
    who = standing(user)
    review = seen_review(who, pk)
    if review is None:
        raise Http404("There is no such data quality review that you can see.")
    return HeldReview(review, user, who, reads_findings(review, who))


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
        "facts": words.facts(review, held.reads),
        "notices": words.notices(review, held.reads),
        "parts": words.review_parts(review) if writes else [],
        "left": words.what_is_left(review) if writes else "",
        "compared": words.compared(review) if reads_parts else [],
        "observed": words.observed(review) if reads_parts else [],
        "actions": words.actions_of(review, held.who.today) if held.reads else [],
        "said": words.said(review, held.reads),
        "steps": words.steps(review, held.user, held.reads),
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
        form.add_error(None, f"{_who_changed(stale.fresh)} Yours is not saved: save again to put it in place.")
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


def _who_changed(fresh: Any, row: Any = None) -> str:
    last = row or fresh.history.first()
    who = last.history_by_name or "Somebody"
    return f"{who} changed this on {day(last.history_date)} after you opened the page."


# Its parts


@require_http_methods(METHODS)
def quality_review_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """``/dataquality/reviews/3/method/``: what was agreed beside what is done, one part on a page."""
    held = find_review(request, pk)
    part = section_called(section)
    if part is None:
        raise Http404("A review has no such part.")
    refuse(may_review(held.review, held.user))
    if sentence := refusal(held.review, REVIEW_MOVES["save"], held.user):
        messages.warning(request, sentence)
        return redirect(held.address)
    if request.method == "POST":
        return _write(request, held, part)
    return _ask(request, held, part, _section_form(held.review, part))


def _section_form(review: QualityReview, part: Section, data: Any = None) -> Any:
    return review_section_form(part, written(review, part), review.version, review.template_id is not None, data)


def _write(request: HttpRequest, held: HeldReview, part: Section) -> HttpResponse:
    form = _section_form(held.review, part, request.POST)

    def act() -> None:
        operations.write(held.review, part, form.given(), by=held.user, version=form.cleaned_data["version"])

    try:
        if attempt(form, act):
            return _onward(request, held, part)
    except StaleRecord as stale:
        row = section_changed_since(stale.fresh, part, form.cleaned_data["version"])
        now = written(stale.fresh, part).get("words", "")
        form = _section_form(stale.fresh, part, with_version(request.POST, stale.fresh.version))
        said = f"{_who_changed(stale.fresh, row)} It now says: “{now}” Yours is not saved: save again to replace it."
        form.add_error(None, said)
    return _ask(request, held, part, form)


def _onward(request: HttpRequest, held: HeldReview, part: Section) -> HttpResponse:
    """The next part, or the review after the last one or where it was asked for."""
    place = SECTIONS.index(part) + 1
    if request.POST.get("move") != "save" or place == len(SECTIONS):
        return redirect(held.address)
    return redirect("quality-review-section", held.review.pk, SECTIONS[place].key)


def _ask(request: HttpRequest, held: HeldReview, part: Section, form: Any) -> HttpResponse:
    context = {
        "crumbs": held.crumbs(part.words),
        "held": held,
        "kpi_year": held.review.kpi_year,
        "part": part,
        "number": SECTIONS.index(part) + 1,
        "of": len(SECTIONS),
        "agreed": words.agreed_for(part, held.review.template),
        "nothing_agreed": bool(part.questions) and held.review.template is None,
        "form": form,
    }
    return render(request, "dataquality/reviews/section.html", context)


@require_safe
def quality_review_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole review, plain and ready to print, for those who may read it."""
    held = find_review(request, pk)
    review = held.review
    refuse(None if held.reads else "What was found is read here once the review is finished.")
    context = {
        "kpi_year": review.kpi_year,
        "year": review.kpi_year.financial_year,
        "review": review,
        "tag": review_tag(review),
        "rating": rating_tag(review.rating),
        "facts": words.facts(review, held.reads),
        "compared": words.compared(review),
        "observed": words.observed(review),
        "actions": words.actions_of(review, held.who.today),
        "said": words.said(review, held.reads),
        "back": Link("Back to the review", held.address),
        "today": held.who.today,
    }
    return render(request, "dataquality/reviews/document.html", context)
