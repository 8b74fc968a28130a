"""The half-year review of targets: the list, its dates, and each KPI's answer (*Acting on Performance*)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.half_year import AuthorityForm, ChangeForm, LeaveForm, ReviewDatesForm, ReviewFilterForm
from dataquality.models import TargetReview
from dataquality.operations.half_year import (
    change_review,
    leave,
    may_answer,
    open_review,
    propose_change,
    record_authority,
)
from dataquality.presenters.half_year import (
    item_facts,
    item_href,
    review_counts,
    review_facts,
    review_rows,
    standing_tag,
)
from dataquality.queries.half_year import ReviewLine, find_review, review_lines, seen_items
from dataquality.queries.setting import sees_setting
from dataquality.queries.windows import review_to_open
from dataquality.rules.half_year import window_sentence
from dataquality.setting_workflow import StaleRecord, may_manage
from dataquality.views.proposals import stale_sentence
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.decisions import decision_rows
from hdcperf.roles import MEMBER_ROLES
from hdcperf.ui import Link, Step, paginate, with_query
from kpis.forms.targets import starting_from
from kpis.models import TargetSet
from kpis.presenters.targets import preview
from kpis.queries.targets import sets_of, target_ground

__all__ = ["half_year", "half_year_change", "half_year_dates", "half_year_item"]

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Found:
    """One KPI of the review and who asks for it."""

    record: TargetReview
    user: User
    who: Standing
    line: ReviewLine


def _crumbs(year: FinancialYear, *last: str) -> tuple[Link, ...]:
    return (
        Link("Setting KPIs", reverse("setting-rounds")),
        Link(f"Half-year review, {year}", reverse("half-year", args=[year]) if last else ""),
        *(Link(words, "") for words in last),
    )


def _find_review(request: HttpRequest, year: FinancialYear) -> tuple[TargetReview, Standing]:
    who = standing(signed_in(request))
    record = find_review(year)
    if record is None or not sees_setting(who):
        raise Http404(f"There is no half-year review of {year} that you can see.")
    return record, who


def _find(request: HttpRequest, year: FinancialYear, code: str) -> Found:
    record, who = _find_review(request, year)
    rows = review_lines(seen_items(who, record).filter(kpi_year__code_key=code_key(code)))
    if not rows:
        raise Http404("There is no such KPI in this review that you can see.")
    return Found(record, signed_in(request), who, rows[0])


@require_safe
def half_year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """``/kpi-setting/2026-27/half-year/``: every KPI, stretched or left, because; filters in the address."""
    record, who = _find_review(request, year)
    user = signed_in(request)
    form = ReviewFilterForm(request.GET, choices=filter_choices())
    asked = form.asked()
    everything = review_lines(seen_items(who, record))
    page = paginate(request, [line for line in everything if _matches(line, asked)])
    steps = []
    if may_manage(record, user) is None:
        steps.append(Step("Change the review’s dates", reverse("half-year-dates", args=[year])))
    context = {
        "crumbs": _crumbs(year),
        "year": year,
        "facts": review_facts(record),
        "closed": window_sentence(record.opens_on, record.closes_on, who.today),
        "counts": review_counts(everything, lambda name, value: with_query(request, **{name: value})),
        "filters": form,
        "active": active_filters(request, form),
        "page": replace(page, rows=review_rows(page.rows)),
        "steps": steps,
    }
    return render(request, "dataquality/halfyear/review.html", context)


def _matches(line: ReviewLine, asked: dict[str, str]) -> bool:
    return (
        (not asked.get("service") or str(line.kpi_year.service_id) == asked["service"])
        and (not asked.get("portfolio") or str(line.kpi_year.portfolio_id) == asked["portfolio"])
        and (not asked.get("standing") or line.standing == asked["standing"])
        and (not asked.get("beaten") or line.is_beaten)
    )


@require_http_methods(METHODS)
def half_year_dates(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Open the review of the year we are in, or give it other dates."""
    user = signed_in(request)
    if sentence := may_manage(None, user):
        raise PermissionDenied(sentence)
    record = find_review(year)
    if record is None and year != review_to_open(standing(user)):
        raise Http404(f"The half-year review of {year} is not the next to be opened.")
    initial = {"opens_on": record.opens_on, "closes_on": record.closes_on} if record is not None else None
    back = reverse("half-year", args=[year]) if record is not None else reverse("setting-rounds")
    words = "Save the dates" if record is not None else "Open the review"
    form = ReviewDatesForm(request.POST or None, initial=initial, back=back, button=words)

    def act() -> object:
        opens, closes = form.cleaned_data["opens_on"], form.cleaned_data["closes_on"]
        if record is not None:
            return change_review(record, opens, closes, by=user)
        return open_review(year, opens, closes, by=user)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The dates are saved." if record is not None else "The review is open.")
        return redirect("half-year", year)
    context = {"crumbs": _crumbs(year, "Dates"), "heading": f"Dates of the half-year review, {year}", "form": form}
    return render(request, "dataquality/setting/form.html", context)


@require_http_methods(METHODS)
def half_year_item(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """One KPI: leave its target, because; see what is proposed; record the decision that allows it."""
    found = _find(request, year, code)
    if request.method != "POST":
        return _show(request, found)
    which = request.POST.get("answer", "")
    if which == "leave":
        return _leave(request, found)
    if which == "decide":
        return _decide(request, found)
    raise Http404("There is no such button.")


def _leave(request: HttpRequest, found: Found) -> HttpResponse:
    item = found.line.item
    if sentence := may_answer(item, found.user):
        raise PermissionDenied(sentence)
    form = LeaveForm(request.POST)

    def act() -> object:
        typed = form.cleaned_data
        return leave(item, typed["reason_code"], typed["why"], by=found.user, version=typed["version"])

    try:
        if attempt(form, act):
            messages.success(request, f"{found.line.kpi_year.code}: left as it is.")
            return redirect(item_href(found.line))
    except StaleRecord as stale:
        form = LeaveForm(with_version(request.POST, stale.fresh.version))
        form.add_error(None, f"{stale_sentence(stale)} Yours is not saved: save again to put it in place.")
    return _show(request, _find(request, found.record.financial_year, found.line.kpi_year.code), leaving=form)


def _decide(request: HttpRequest, found: Found) -> HttpResponse:
    item = found.line.item
    if sentence := may_manage(item, found.user):
        raise PermissionDenied(sentence)
    form = AuthorityForm(request.POST)

    def act() -> object:
        typed = form.cleaned_data
        return record_authority(
            item, typed["body"], form.decision(), delegated_to=typed["delegated_to"], by=found.user
        )

    if attempt(form, act):
        messages.success(request, f"Recorded for {found.line.kpi_year.code}.")
        return redirect(item_href(found.line))
    return _show(request, found, deciding=form)


def _show(
    request: HttpRequest,
    found: Found,
    leaving: LeaveForm | None = None,
    deciding: AuthorityForm | None = None,
) -> HttpResponse:
    line, item = found.line, found.line.item
    waits = line.waiting is not None
    answerable = (
        may_answer(item, found.user) is None
        and not waits
        and line.standing not in ("stretched", "changed")
        and not window_sentence(found.record.opens_on, found.record.closes_on, found.who.today)
    )
    if leaving is None and answerable:
        start = {"version": item.version, "reason_code": item.reason, "why": item.why}
        leaving = LeaveForm(initial=start)
    if deciding is None and waits and may_manage(item, found.user) is None:
        deciding = AuthorityForm()
    steps = []
    if answerable:
        steps.append(Step("Stretch or change the target", item_href(line, "half-year-change"), kind="secondary"))
    kpi_year = line.kpi_year
    place = [kpi_year.financial_year, kpi_year.code]
    steps.append(Step("See its targets month by month", reverse("targets", args=place)))
    context = {
        "crumbs": _crumbs(found.record.financial_year, kpi_year.code),
        "kpi_year": kpi_year,
        "year": found.record.financial_year,
        "tag": standing_tag(line),
        "facts": item_facts(line),
        "decisions": decision_rows(item.decisions.all(), bool(found.who.roles - MEMBER_ROLES)),
        "steps": steps,
        "leaving": leaving,
        "deciding": deciding,
        "who_approved": _approver(line),
    }
    return render(request, "dataquality/halfyear/item.html", context)


def _approver(line: ReviewLine) -> str:
    """Who approved the target that would be changed: the same body decides."""
    approved = [one for one in line.past.facts.target_sets if one.state == TargetSet.State.APPROVED]
    return approved[-1].approved_by if approved else ""


@require_http_methods(METHODS)
def half_year_change(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Propose another target from a month on, with the reason's code and words."""
    found = _find(request, year, code)
    line, item = found.line, found.line.item
    if sentence := may_answer(item, found.user):
        raise PermissionDenied(sentence)
    ground = target_ground(line.kpi_year)
    closed = window_sentence(found.record.opens_on, found.record.closes_on, clock.today())
    waits = ground.awaiting is not None and request.method != "POST"
    if closed or waits or not ground.starts or line.standing in ("stretched", "changed"):
        sentence = closed or "Its target cannot be changed now: one is decided or waits, or every month is judged."
        messages.warning(request, sentence)
        return redirect(item_href(line))
    back = item_href(line)
    if request.method == "POST":
        form = ChangeForm(request.POST, ground=ground, back=back)
    else:
        sets = sets_of(line.kpi_year)
        begun = next((one for one in sets if one.state == TargetSet.State.APPROVED), None)
        start = starting_from(ground, begun) | {"version": item.version}
        form = ChangeForm(initial=start, ground=ground, back=back)
    if form.is_bound and form.is_valid() and form.proposal is not None and request.POST.get("step") == "propose":
        proposal, typed = form.proposal, form.cleaned_data
        try:
            done = attempt(
                form,
                lambda: propose_change(item, typed["reason_code"], proposal, by=found.user, version=typed["version"]),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            done = False
        except StaleRecord as stale:
            form = ChangeForm(with_version(request.POST, stale.fresh.version), ground=ground, back=back)
            form.add_error(None, f"{stale_sentence(stale)} Yours is not saved: propose again to put it in place.")
            done = False
        if done:
            messages.success(request, "The change is proposed. It governs once its body’s decision is recorded.")
            return redirect(back)
    shown = form.proposal if form.is_bound else None
    context = {
        "kpi_year": line.kpi_year,
        "form": form,
        "no_shape": ground.shape is None,
        "preview": preview(ground, shown.start, shown.year, shown.profile, shown.months) if shown else None,
        "action": request.path,
        "crumbs": _crumbs(year, line.kpi_year.code),
    }
    return render(request, "kpis/targets/propose.html", context)
