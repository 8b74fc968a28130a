"""``/dataquality/reviews/``: the reviews there are, KPIs by risk, the actions to follow, and a review's plan."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.quality_actions import ActionFilterForm
from dataquality.forms.quality_reviews import PlanForm, ReviewFilterForm, RiskFilterForm, weeks_ahead
from dataquality.models import QualityAction, QualityReview
from dataquality.operations.quality_reviews import Plan, plan_review
from dataquality.presenters.quality_reviews import action_rows, quality_review_rows, risk_rows, tiles
from dataquality.queries.quality_reviews import (
    IN_HAND,
    chooses_by_risk,
    in_hand_of,
    last_review_of,
    reads_reviews,
    reviewers_for,
    seen_actions,
    seen_reviews,
)
from dataquality.queries.review_risk import RiskLine, risk_facts, risk_lines
from dataquality.queries.templates import find_kpi_year
from dataquality.review_workflow import may_plan
from dataquality.rules.review_risk import RiskFacts, risks_of
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.review.posting import refuse
from hdcperf.roles import Permission
from hdcperf.ui import Column, Link, paginate, with_query
from kpis.models import KpiYear

__all__ = ["quality_actions", "quality_review_plan", "quality_reviews", "quality_risk"]

NOBODY_HERE = "Quality reviews are read by a KPI’s people, its service’s managers, corporate leadership and audit."
NOT_BY_RISK = "The Performance Team and internal audit choose which KPIs to review."
FIRST = 5
"""KPIs by risk, and actions, that stand above the list of reviews."""
REVIEW_HEADINGS = ("KPI", "Service", "Reviewer", "Review", "Rating", "When", "Actions")


def _reader(request: HttpRequest) -> Standing:
    who = standing(signed_in(request))
    if not reads_reviews(who):
        raise PermissionDenied(NOBODY_HERE)
    return who


def _tabs(who: Standing, here: str) -> list[Link]:
    names = [("quality-reviews", "Reviews"), ("quality-actions", "Actions")]
    if chooses_by_risk(who):
        names.insert(1, ("quality-risk", "KPIs by risk"))
    return [Link(words, reverse(name), current=name == here) for name, words in names]


def _may_plan(who: Standing) -> bool:
    return who.may(Permission.MANAGE_SETTING)


@require_safe
def quality_reviews(request: HttpRequest) -> HttpResponse:
    """The reviews the person may know of, those under way first; before them what to look at first."""
    who = _reader(request)
    form = ReviewFilterForm(request.GET, choices=filter_choices())
    asked = form.asked()
    latest = F("reported_on").desc(nulls_last=True)
    everything = list(seen_reviews(who).order_by(latest, "-pk").prefetch_related("actions"))
    waiting = list(_waiting_actions(seen_actions(who)))
    page = paginate(request, _in_order([one for one in everything if _matches(one, asked)]))
    chooses = chooses_by_risk(who)
    context = {
        "tabs": _tabs(who, "quality-reviews"),
        "tiles": tiles(everything, waiting, who.today, lambda state: with_query(request, state=state)),
        "risks": risk_rows(risk_lines(who.today)[:FIRST], _may_plan(who)) if chooses else [],
        "chooses": chooses,
        "actions": action_rows(waiting[:FIRST], who.today),
        "more_actions": len(waiting) > FIRST,
        "form": form,
        "active": active_filters(request, form),
        "columns": [Column(text) for text in REVIEW_HEADINGS],
        "page": replace(page, rows=quality_review_rows(page.rows, who.today)),
        "some": bool(everything),
    }
    return render(request, "dataquality/reviews/reviews.html", context)


def _in_order(reviews: list[QualityReview]) -> list[QualityReview]:
    """Those in hand first, the soonest due at the top; then the others, the latest finished first."""
    in_hand = sorted((one for one in reviews if one.state in IN_HAND), key=lambda one: one.due_on)
    return [*in_hand, *(one for one in reviews if one.state not in IN_HAND)]


def _matches(review: QualityReview, asked: dict[str, str]) -> bool:
    kpi_year, state = review.kpi_year, asked.get("state")
    if not _called(kpi_year, asked.get("words", "")):
        return False
    if asked.get("service") and str(kpi_year.service_id) != asked["service"]:
        return False
    if asked.get("rating") and not (review.is_finished and review.rating == asked["rating"]):
        return False
    return not state or (review.state in IN_HAND if state == "in_hand" else review.state == state)


def _called(kpi_year: KpiYear, words: str) -> bool:
    return words.casefold() in kpi_year.name.casefold() or code_key(words) == kpi_year.code_key


def _waiting_actions(actions: QuerySet[QualityAction]) -> QuerySet[QualityAction]:
    """Those that are not closed, the longest overdue first."""
    State = QualityAction.State
    return actions.filter(state__in=(State.OPEN, State.DONE)).order_by("due_on", "pk")


@require_safe
def quality_risk(request: HttpRequest) -> HttpResponse:
    """Every KPI of the year with the reasons to review it, the riskiest first."""
    who = _reader(request)
    if not chooses_by_risk(who):
        raise PermissionDenied(NOT_BY_RISK)
    form = RiskFilterForm(request.GET, choices=filter_choices())
    asked = form.asked()
    page = paginate(request, [line for line in risk_lines(who.today) if _is_asked(line, asked)])
    context = {
        "tabs": _tabs(who, "quality-risk"),
        "form": form,
        "active": active_filters(request, form),
        "page": replace(page, rows=risk_rows(page.rows, _may_plan(who))),
    }
    return render(request, "dataquality/reviews/risk.html", context)


def _is_asked(line: RiskLine, asked: dict[str, str]) -> bool:
    if not _called(line.kpi_year, asked.get("words", "")):
        return False
    if asked.get("service") and str(line.kpi_year.service_id) != asked["service"]:
        return False
    return not asked.get("reason") or any(risk.reason == asked["reason"] for risk in line.risks)


@require_safe
def quality_actions(request: HttpRequest) -> HttpResponse:
    """The actions of finished reviews that are not closed, the longest overdue first."""
    who = _reader(request)
    form = ActionFilterForm(request.GET, choices=filter_choices())
    asked = form.asked()
    rows = _waiting_actions(seen_actions(who))
    if asked.get("service"):
        rows = rows.filter(review__kpi_year__service=int(asked["service"]))
    if asked.get("mine"):
        rows = rows.filter(owner__in=who.people)
    if asked.get("standing"):
        rows = rows.filter(_standing(asked["standing"], who))
    page = paginate(request, rows)
    context = {
        "tabs": _tabs(who, "quality-actions"),
        "form": form,
        "active": active_filters(request, form),
        "page": replace(page, rows=action_rows(page.rows, who.today)),
    }
    return render(request, "dataquality/reviews/actions.html", context)


def _standing(asked: str, who: Standing) -> Q:
    if asked == "done":
        return Q(state=QualityAction.State.DONE)
    to_do = Q(state=QualityAction.State.OPEN)
    return to_do & Q(due_on__lt=who.today) if asked == "overdue" else to_do


@require_http_methods(["GET", "HEAD", "POST"])
def quality_review_plan(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Plan a review of one KPI: who, by when, and why; it begins with the reasons its risk gives."""
    user = signed_in(request)
    who = standing(user)
    kpi_year = find_kpi_year(who, year.start_year, code)
    if kpi_year is None:
        raise Http404("There is no KPI with this code in this year that you can see.")
    refuse(may_plan(kpi_year, user))
    there = in_hand_of([kpi_year.pk]).get(kpi_year.pk)
    if there is not None and request.method != "POST":
        return redirect("quality-review", there.pk)
    last = last_review_of(kpi_year.kpi_id)
    reasons = _reasons(kpi_year, last, who)
    start = {"why": " ".join(reasons), "due_on": weeks_ahead(4)}
    people = reviewers_for(kpi_year, who.today)
    form = PlanForm(request.POST or None, initial=start, people=people, back=reverse("quality-risk"))

    def act() -> None:
        typed = form.cleaned_data
        made.append(plan_review(kpi_year, Plan(typed["reviewer"], typed["due_on"], typed["why"]), by=user))

    made: list[QualityReview] = []
    if request.method == "POST" and attempt(form, act):
        messages.success(request, f"Planned: {made[0].reviewer.name} finds it among their tasks.")
        return redirect("quality-review", made[0].pk)
    context = {
        "crumbs": (Link("Quality reviews", reverse("quality-reviews")), Link("Plan a review", "")),
        "kpi_year": kpi_year,
        "year": year,
        "reasons": reasons,
        "form": form,
    }
    return render(request, "dataquality/reviews/plan.html", context)


def _reasons(kpi_year: KpiYear, last: QualityReview | None, who: Standing) -> list[str]:
    known = risk_facts(who.today, {kpi_year.kpi_id: last} if last is not None else {})
    return [risk.words for risk in risks_of(known.get(kpi_year.kpi_id, RiskFacts()), who.today)]
