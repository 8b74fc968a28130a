"""The parts of a data quality review, one on a page, and the whole as a document."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.quality_reviews import review_section_form
from dataquality.models import QualityReview
from dataquality.operations.quality_reviews import write
from dataquality.presenters import quality_review_page as words
from dataquality.presenters.quality_review_parts import agreed_for, compared, observed
from dataquality.presenters.quality_reviews import review_tag
from dataquality.queries.review_sections import section_changed_since, written
from dataquality.review_workflow import REVIEW_MOVES, StaleRecord, may_review, refusal
from dataquality.rules.quality_reviews import SECTIONS, Section, section_called
from dataquality.views.quality_fetching import HeldReview, find_review, who_changed
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link

__all__ = ["quality_review_document", "quality_review_section"]


@require_http_methods(["GET", "HEAD", "POST"])
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
        write(held.review, part, form.given(), by=held.user, version=form.cleaned_data["version"])

    try:
        if attempt(form, act):
            return _onward(request, held, part)
    except StaleRecord as stale:
        row = section_changed_since(stale.fresh, part, form.cleaned_data["version"])
        now = written(stale.fresh, part).get("words", "")
        form = _section_form(stale.fresh, part, with_version(request.POST, stale.fresh.version))
        said = f"{who_changed(stale.fresh, row)} It now says: “{now}” Yours is not saved: save again to replace it."
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
        "agreed": agreed_for(part, held.review.template),
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
        "facts": words.facts(held),
        "compared": compared(review),
        "observed": observed(review),
        "actions": words.actions_of(review, held.who.today),
        "said": words.said(review, held.reads),
        "back": Link("Back to the review", held.address),
        "today": held.who.today,
    }
    return render(request, "dataquality/reviews/document.html", context)
