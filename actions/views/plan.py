"""The Corporate Plan: its years, and a year's set with who has decided what and what is still needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.forms.plan import SendBackForm
from actions.models import PlanYear
from actions.operations.answering import carry_forward
from actions.operations.deciding import advance
from actions.operations.plan_years import start_refresh
from actions.operations.the_set import ProposalRefused
from actions.plan_workflow import PLAN_MOVES, MoveRefused, StaleRecord, may_manage, may_propose, refusal
from actions.presenters.action_facts import is_officer
from actions.presenters.changes import present_changes
from actions.presenters.plan import (
    adopted_words,
    needed,
    plan_cards,
    proposal_rows,
    set_steps,
    state_of_set,
)
from actions.queries.changes import changes_of
from actions.queries.plan import find_set, next_to_begin, plans_shown, set_rows, stages
from actions.queries.readiness import unanswered
from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.periods import FinancialYear, Month
from hdcperf.review.stages import stage_rows
from hdcperf.ui import Link, Step

__all__ = ["find_or_404", "plan", "plan_carry", "plan_changes", "plan_start", "plan_year"]

STALE = "The set was changed after you opened the page. Look at it as it is now, then decide again."


def find_or_404(request: HttpRequest, year: FinancialYear) -> PlanYear:
    """The set of the year, for those who may see it."""
    found = find_set(standing(signed_in(request)), year)
    if found is None:
        raise Http404(f"There is no set of actions for {year} that you can see.")
    return found


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """``/actions/plan/``: the Corporate Plan and its years."""
    user = signed_in(request)
    who = standing(user)
    following = next_to_begin(Month.from_date(clock.today()).financial_year)
    steps = []
    if following is not None and may_manage(None, user) is None:
        steps.append(
            Step(
                f"Begin the set of {following}",
                reverse("plan-start"),
                method="post",
                name="year",
                value=following.slug,
                kind="primary",
                hint="Each action of the year before is then carried forward, amended, completed or dropped.",
            )
        )
    context = {"cards": plan_cards(plans_shown(who)), "steps": steps}
    return render(request, "actions/plan.html", context)


@require_POST
def plan_start(request: HttpRequest) -> HttpResponse:
    """Begin next year's set."""
    user = signed_in(request)
    try:
        year = FinancialYear.parse(request.POST.get("year", ""))
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
    if year != next_to_begin(Month.from_date(clock.today()).financial_year) and not PlanYear.objects.filter(
        year=year.start_year
    ):
        raise Http404(f"The set of {year} is not the next to be begun.")
    try:
        start_refresh(year, by=user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
        return redirect("plan")
    return redirect("plan-year", year)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """``/actions/plan/2027-28/``: the set, its stage, who has decided what; and sending it on."""
    found = find_or_404(request, year)
    if request.method == "POST":
        return _move(request, found)
    return _show(request, found)


def _move(request: HttpRequest, found: PlanYear) -> HttpResponse:
    name = request.POST.get("move", "")
    if name not in PLAN_MOVES:
        raise Http404("There is no such button.")
    form = SendBackForm(request.POST) if name == "send_back" else None
    if form is not None and not form.is_valid():
        return _show(request, found, form)
    try:
        advance(
            found,
            name,
            by=signed_in(request),
            version=_version(request),
            comment=form.cleaned_data["comment"] if form is not None else "",
        )
    except (MoveRefused, StaleRecord) as refused:
        sentence = STALE if isinstance(refused, StaleRecord) else str(refused)
        fresh = find_or_404(request, found.financial_year)
        if form is not None:  # what was typed is kept on the page
            form = SendBackForm({**request.POST.dict(), "version": str(fresh.version)})
            form.add_error(None, sentence)
            return _show(request, fresh, form)
        messages.warning(request, sentence)
        return redirect("plan-year", found.financial_year)
    fresh = find_or_404(request, found.financial_year)
    messages.success(request, f"{fresh.get_state_display()}: the actions of {fresh.financial_year}.")
    return redirect("plan-year", fresh.financial_year)


def _version(request: HttpRequest) -> int:
    """The version the page was made from; a missing or garbled one is no version at all."""
    posted = request.POST.get("version", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def _show(request: HttpRequest, found: PlanYear, form: SendBackForm | None = None) -> HttpResponse:
    user = signed_in(request)
    who = standing(user)
    may_send_back = refusal(found, PLAN_MOVES["send_back"], user) is None
    missing = [] if found.is_adopted else unanswered(found)
    year = found.financial_year
    drawing_up = found.state == PlanYear.State.DRAWING_UP
    open_ones = [
        (row, drawing_up and may_propose(row.scope, user) is None, row.due_on >= found.financial_year.first_day)
        for row in missing
    ]
    context = {
        "crumbs": (Link("Corporate Plan", reverse("plan")), Link(str(year), "")),
        "plan_year": found,
        "year": year,
        "state": state_of_set(found),
        "adopted": adopted_words(found) if found.is_adopted else "",
        "needed": needed(found),
        "stages": stage_rows(stages(found), is_officer(who)),
        "rows": proposal_rows(set_rows(found), found, user, is_officer(who)),
        "unanswered": open_ones,
        "any_tick": any(may and can for _, may, can in open_ones),
        "steps": set_steps(found, user),
        "form": form or (SendBackForm(initial={"version": found.version}) if may_send_back else None),
    }
    return render(request, "actions/plan_year.html", context)


@require_POST
def plan_carry(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Carry forward, as they are, the actions that were ticked; all of them or none."""
    found = find_or_404(request, year)
    ticked = [int(pk) for pk in request.POST.getlist("action") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    if not ticked:
        messages.warning(request, "Tick the actions to carry forward first.")
        return redirect("plan-year", year)
    try:
        made = carry_forward(found, ticked, by=signed_in(request))
    except (MoveRefused, ProposalRefused) as refused:
        messages.warning(request, f"None was carried forward. {refused}")
        return redirect("plan-year", year)
    words = f"{len(made)} carried forward as they are." if len(made) != 1 else f"Carried forward: {made[0].name}."
    messages.success(request, words)
    return redirect("plan-year", year)


@require_safe
def plan_changes(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """``/actions/plan/2027-28/changes/``: what changed between this year's set and the one before."""
    found = find_or_404(request, year)
    who = standing(signed_in(request))
    context = {
        "crumbs": (
            Link("Corporate Plan", reverse("plan")),
            Link(str(year), reverse("plan-year", args=[year])),
            Link("What changed", ""),
        ),
        "plan_year": found,
        "year": year,
        "state": state_of_set(found),
        "changes": present_changes(changes_of(found), is_officer(who)),
    }
    return render(request, "actions/plan_changes.html", context)
