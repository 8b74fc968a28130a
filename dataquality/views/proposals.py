"""A proposal's page and its forms: the holder's review, what becomes of the KPI, its words, its target (C.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dataquality.forms.facts import AmendForm, NewForm, amend_initial
from dataquality.forms.setting import ReviewForm, SendBackForm, VerdictForm, typed_criteria
from dataquality.forms.yearly_target import YearlyTargetForm, target_initial
from dataquality.models import Proposal
from dataquality.operations.next_years import free_code
from dataquality.operations.proposing import (
    change_facts,
    decide,
    move,
    propose_new,
    review,
    set_target,
    withdraw_new,
)
from dataquality.presenters.proposal import criteria_rows, differences, facts_of, proposal_steps, said
from dataquality.presenters.setting import proposal_href, verdict_tag
from dataquality.presenters.targets import history_rows, plan_view
from dataquality.queries.proposed_targets import ground_of, plan_problems
from dataquality.queries.setting import replacements_for
from dataquality.rules.criteria import CRITERIA
from dataquality.setting_workflow import PROPOSAL_MOVES, MoveRefused, StaleRecord, refusal
from dataquality.views.setting import posted_version
from dataquality.views.setting_fetching import Found, find_proposal, find_window, require_move, setting_crumbs
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Service, User
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import day

__all__ = [
    "proposal",
    "proposal_facts",
    "proposal_review",
    "proposal_target",
    "proposal_verdict",
    "proposal_withdraw",
    "setting_new",
]

METHODS = ["GET", "HEAD", "POST"]
FORM = "dataquality/setting/form.html"
_BACK = ("send_back", "return")
_REASONS = {"intervention_why", "beaten_why"}


@require_http_methods(METHODS)
def proposal(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """``/kpi-setting/2027-28/kpis/missed-bins/``: what is proposed for one KPI, and moving it on."""
    found = find_proposal(request, year, reference)
    if request.method == "POST":
        return _move(request, found)
    return _show(request, found)


def _move(request: HttpRequest, found: Found) -> HttpResponse:
    name = request.POST.get("move", "")
    if name not in PROPOSAL_MOVES or name in ("review", "save"):
        raise Http404("There is no such button.")
    form = _back_form(name, request.POST) if name in _BACK else None
    if form is not None and not form.is_valid():
        return _show(request, found, form)
    comment = form.cleaned_data["comment"] if form is not None else ""
    year, reference = found.record.financial_year, found.proposal.kpi.reference
    try:
        move(found.proposal, name, by=found.user, version=posted_version(request), comment=comment)
    except (MoveRefused, StaleRecord) as refused:
        sentence = str(refused) if isinstance(refused, MoveRefused) else stale_sentence(refused)
        if form is None:
            messages.warning(request, sentence)
            return redirect("proposal", year, reference)
        fresh = find_proposal(request, year, reference)
        form = _back_form(name, with_version(request.POST, fresh.proposal.version))
        form.add_error(None, sentence)
        return _show(request, fresh, form)
    fresh = find_proposal(request, year, reference)
    messages.success(request, f"{fresh.line.year.code}: {fresh.proposal.get_state_display().lower()}.")
    return redirect("proposal", year, reference)


def stale_sentence(stale: StaleRecord) -> str:
    """Who saved what meanwhile."""
    last = stale.fresh.history.first()
    who = last.history_by_name if last is not None and last.history_by_name else "Somebody"
    return f"{who} changed this on {day(last.history_date)} after you opened the page. Look at it as it is now first."


def _back_form(name: str, *args: Any, **kwargs: Any) -> SendBackForm:
    return SendBackForm(*args, move=name, words=PROPOSAL_MOVES[name].label, **kwargs)


def _show(request: HttpRequest, found: Found, form: SendBackForm | None = None) -> HttpResponse:
    one, line = found.proposal, found.line
    if form is None:
        back = next((name for name in _BACK if refusal(one, PROPOSAL_MOVES[name], found.user) is None), "")
        form = _back_form(back, initial={"version": one.version}) if back else None
    context = {
        "crumbs": setting_crumbs(found.record, line.year.code),
        "year": found.record.financial_year,
        "kpi_year": line.year,
        "tag": verdict_tag(one),
        "facts": facts_of(line, found.who),
        "criteria": criteria_rows(one),
        "differences": differences(one),
        "history": history_rows(line.ground),
        "plan": plan_view(line.ground, line.plan) if line.plan is not None else None,
        "proposal": one,
        "said": said(one) if found.who.roles - MEMBER_ROLES else (),
        "steps": proposal_steps(one, found.user),
        "withdraw": one.before_id is None
        and not one.transitions.exists()
        and refusal(one, PROPOSAL_MOVES["save"], found.user) is None,
        "form": form,
    }
    return render(request, "dataquality/setting/proposal.html", context)


def _form_page(
    request: HttpRequest,
    found: Found,
    make: Callable[..., Any],
    act: Callable[[Any], object],
    *,
    initial: Mapping[str, Any],
    context: Mapping[str, Any],
    leads: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """A page with one form of the proposal: filled in, refused with all that was typed, or done."""
    form = make(request.POST) if request.method == "POST" else make(initial=initial)
    if request.method == "POST":
        try:
            if attempt(form, lambda: act(form)):
                messages.success(request, f"Saved: {found.line.year.code} {found.line.year.name}.")
                return redirect(leads(form) if leads is not None else proposal_href(found.proposal))
        except StaleRecord as stale:
            form = make(with_version(request.POST, stale.fresh.version))
            form.add_error(None, f"{stale_sentence(stale)} Yours is not saved: save again to put it in place.")
    shown = {"crumbs": setting_crumbs(found.record, found.line.year.code), "form": form, **context}
    return render(request, FORM, shown)


def _refused(request: HttpRequest, found: Found, name: str) -> HttpResponse | None:
    """Where the move cannot be made now: back to the proposal, with the sentence that says why."""
    try:
        require_move(found, name)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
        return redirect(proposal_href(found.proposal))
    return None


def _ticked(one: Proposal) -> list[str]:
    return [name for name in CRITERIA if getattr(one, name)]


@require_http_methods(METHODS)
def proposal_review(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """What the KPI's holder found on reviewing it."""
    found = find_proposal(request, year, reference)
    if found.proposal.before_id is None:
        raise Http404("A new KPI has nothing to review.")
    if (refused := _refused(request, found, "review")) is not None:
        return refused
    one = found.proposal

    def act(form: ReviewForm) -> object:
        typed = form.cleaned_data
        return review(one, typed["words"], typed_criteria(typed), by=found.user, version=typed["version"])

    return _form_page(
        request,
        found,
        ReviewForm,
        act,
        initial={"version": one.version, "words": one.holder_words, "criteria": _ticked(one)},
        context={"heading": f"Review {found.line.year.code} {found.line.year.name} for {year}"},
    )


@require_http_methods(METHODS)
def proposal_verdict(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Keep, amend or drop, by the four criteria, and why."""
    found = find_proposal(request, year, reference)
    if (refused := _refused(request, found, "save")) is not None:
        return refused
    one = found.proposal

    def make(*args: Any, **kwargs: Any) -> VerdictForm:
        offered = replacements_for(found.who, one)
        is_new = one.before_id is None
        return VerdictForm(*args, is_new=is_new, back=proposal_href(one), replacements=offered, **kwargs)

    def act(form: VerdictForm) -> object:
        typed = form.cleaned_data
        return decide(
            one,
            typed["verdict"],
            typed_criteria(typed),
            typed["why"],
            by=found.user,
            version=typed["version"],
            replaced_by=form.replacement(),
        )

    def leads(form: VerdictForm) -> str:
        nexts = {"amend": "proposal-facts", "keep": "proposal-target", "new": "proposal-target"}
        name = nexts.get(form.cleaned_data["verdict"], "proposal")
        is_context = found.line.year.direction == "none"
        return proposal_href(one, "proposal" if name == "proposal-target" and is_context else name)

    heard = [("What its holder found", one.holder_words)] if one.holder_words else []
    return _form_page(
        request,
        found,
        make,
        act,
        initial={
            "version": one.version,
            "verdict": one.verdict,
            "why": one.why,
            "criteria": _ticked(one),
            "replaced_by": one.replaced_by_id,
        },
        context={
            "heading": f"What becomes of {found.line.year.code} {found.line.year.name} in {year}?",
            "now": heard,
        },
        leads=leads,
    )


def _services(user: User, own: int | None = None) -> Any:
    """The services the person may propose for, with the one the KPI is in."""
    who = standing(user)
    reach = who.reach(Permission.COMPLETE_TEMPLATES)
    if reach.council:
        return Service.objects.all()
    return Service.objects.filter(pk__in={*reach.services, *([own] if own is not None else [])})


@require_http_methods(METHODS)
def proposal_facts(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """The KPI's words and place next year."""
    found = find_proposal(request, year, reference)
    if found.proposal.kpi_year is None:
        raise Http404("This KPI has no next year: say first that it goes on.")
    if (refused := _refused(request, found, "save")) is not None:
        return refused
    one, next_year = found.proposal, found.proposal.kpi_year

    def make(*args: Any, **kwargs: Any) -> AmendForm:
        services = _services(found.user, one.service_id)
        return AmendForm(*args, services=services, back=proposal_href(one), **kwargs)

    return _form_page(
        request,
        found,
        make,
        lambda form: change_facts(one, form.facts(), by=found.user, version=form.cleaned_data["version"]),
        initial={"version": one.version, **amend_initial(next_year)},
        context={
            "heading": f"Words and place of {next_year.code} {next_year.name} in {year}",
            "intro": "How it is measured stays as it is: one that is to be measured otherwise is dropped, and a new "
            "KPI proposed.",
        },
    )


@require_http_methods(METHODS)
def proposal_target(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Next year's target: its method, the arithmetic, the level, the months."""
    found = find_proposal(request, year, reference)
    if found.proposal.kpi_year is None or found.proposal.kpi_year.direction == "none":
        raise Http404("This KPI has no target to set.")
    if (refused := _refused(request, found, "save")) is not None:
        return refused
    one, next_year = found.proposal, found.proposal.kpi_year
    ground = ground_of(next_year)

    def make(*args: Any, **kwargs: Any) -> YearlyTargetForm:
        return YearlyTargetForm(*args, ground=ground, back=proposal_href(one), **kwargs)

    form = make(request.POST or None, initial={"version": one.version, **target_initial(ground, found.line.plan)})
    shown = None
    if request.method == "POST" and form.is_valid() and form.plan is not None:
        plan, version = form.plan, form.cleaned_data["version"]
        if request.POST.get("step") == "preview":
            problems = plan_problems(next_year, plan)
            # A target that only lacks its reasons is shown; one that cannot stand is not drawn.
            shown = plan_view(ground, plan) if {one.field for one in problems} <= _REASONS else None
            for problem in problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        else:
            try:
                if attempt(form, lambda: set_target(one, plan, by=found.user, version=version)):
                    messages.success(request, f"The target of {next_year.code} is saved.")
                    return redirect(proposal_href(one))
            except StaleRecord as stale:
                form = make(with_version(request.POST, stale.fresh.version))
                form.add_error(None, f"{stale_sentence(stale)} Yours is not saved: save again to put it in place.")
    context = {
        "crumbs": setting_crumbs(found.record, next_year.code),
        "kpi_year": next_year,
        "year": year,
        "history": history_rows(ground),
        "result": ground.past.result,
        "preview": shown,
        "form": form,
    }
    return render(request, "dataquality/setting/target.html", context)


@require_http_methods(METHODS)
def setting_new(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Propose a KPI the year before did not have."""
    window = find_window(request, year)
    if not window.who.may(Permission.COMPLETE_TEMPLATES):
        raise PermissionDenied("Only service managers, heads of service and the Performance Team propose KPIs.")
    services = _services(window.user)
    options = {"services": services, "back": reverse("setting", args=[year])}
    start = {"code": free_code(year.start_year, "KPI 1"), "decimals": 0, "control": "do", "entry": "value"}
    start |= {"frequency": "monthly"}
    if len(services) == 1:
        start["service"] = services[0].pk
    form = NewForm(request.POST, **options) if request.method == "POST" else NewForm(initial=start, **options)
    made: list[Proposal] = []

    def act() -> None:
        typed = form.cleaned_data
        made.append(
            propose_new(window.record, form.facts(), typed_criteria(typed), typed["proposed_why"], by=window.user)
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, f"Added: {made[0]}. Set its target next.")
        return redirect("proposal", year, made[0].kpi.reference)
    context = {
        "crumbs": setting_crumbs(window.record, "A new KPI"),
        "heading": f"Propose a new KPI for {year}",
        "form": form,
    }
    return render(request, FORM, context)


@require_POST
def proposal_withdraw(request: HttpRequest, year: FinancialYear, reference: str) -> HttpResponse:
    """Take a new KPI out again, before it was ever proposed."""
    found = find_proposal(request, year, reference)
    try:
        withdraw_new(found.proposal, by=found.user, version=posted_version(request))
    except (MoveRefused, StaleRecord) as refused:
        messages.warning(request, stale_sentence(refused) if isinstance(refused, StaleRecord) else str(refused))
        return redirect(proposal_href(found.proposal))
    messages.success(request, f"Withdrawn: {found.line.year.name}.")
    return redirect("setting", year)
