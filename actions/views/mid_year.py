"""What happens to an action between refreshes: another officer, corrected words, an ending by decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.deciding import AgainForm, EndForm, OfficerForm, WordsForm
from actions.models import ActionYear, PlanDecision
from actions.operations.mid_year import (
    Words,
    change_responsible,
    correct_wording,
    end_action,
    may_correct,
    may_hand_over,
    take_up_again,
)
from actions.plan_workflow import StaleRecord
from actions.queries.action_page import find_row
from hdcperf.codes import code_key
from hdcperf.forms import GdsForm
from hdcperf.organisation.access import signed_in
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.ui import Link, day

__all__ = ["action_again", "action_end", "action_officer", "action_words"]

METHODS = ["GET", "HEAD", "POST"]
May = Callable[[ActionYear, User], str | None]


def _found(request: HttpRequest, year: FinancialYear, code: str, may: May) -> ActionYear:
    row = find_row(year.start_year, code_key(code))
    if row is None:
        raise Http404(f"There is no action {code} in {year}.")
    if sentence := may(row, signed_in(request)):
        raise PermissionDenied(sentence)
    return row


def _address(row: ActionYear) -> str:
    return reverse("action", args=[row.plan_year.financial_year, row.code])


def _page(request: HttpRequest, row: ActionYear, heading: str, form: GdsForm, **more: Any) -> HttpResponse:
    form.cancel = Link("Cancel", _address(row))
    crumbs = (Link("Actions", reverse("action-list")), Link(row.name, _address(row)), Link(heading, ""))
    return render(
        request,
        "actions/form.html",
        {"crumbs": crumbs, "caption": row.name, "heading": heading, "form": form, **more},
    )


def _done(request: HttpRequest, form: GdsForm, act: Callable[[], object], words: str) -> bool:
    """Whether it was done; then ``words`` say so on the next page."""
    if attempt(form, act):
        messages.success(request, words)
        return True
    return False


@require_http_methods(METHODS)
def action_officer(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Another officer answers for the action from now on."""
    row = _found(request, year, code, may_hand_over)
    heading, intro = "Name another responsible officer", f"{row.responsible.name} answers for it now."
    if request.method != "POST":
        return _page(request, row, heading, OfficerForm(initial={"version": row.version}), intro=intro)
    form = OfficerForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        officer: User = typed["responsible"]
        try:
            if _done(
                request,
                form,
                lambda: change_responsible(
                    row, officer, reason=typed["reason"], by=signed_in(request), version=typed["version"]
                ),
                f"{officer.name} answers for {row.name} from now on.",
            ):
                return redirect(_address(row))
        except StaleRecord as stale:
            form = OfficerForm({**request.POST.dict(), "version": str(stale.fresh.version)})
            form.add_error(None, _changed_meanwhile(stale.fresh))
    return _page(request, row, heading, form, intro=intro)


@require_http_methods(METHODS)
def action_words(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Correct the plan's words; the old ones stay beside them."""
    row = _found(request, year, code, may_correct)
    heading = "Correct its words"
    if request.method != "POST":
        start = {"version": row.version, "title": row.title, "wording": row.wording, "success": row.success}
        return _page(request, row, heading, WordsForm(initial=start))
    form = WordsForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        words = Words(typed["title"], typed["wording"], typed["success"])
        try:
            if _done(
                request,
                form,
                lambda: correct_wording(
                    row, words, reason=typed["reason"], by=signed_in(request), version=typed["version"]
                ),
                "The words are corrected. What they said before is kept on this page.",
            ):
                return redirect(_address(row))
        except StaleRecord as stale:
            form = WordsForm({**request.POST.dict(), "version": str(stale.fresh.version)})
            form.add_error(None, _changed_meanwhile(stale.fresh))
            now = [("Title now", stale.fresh.title), ("Wording now", stale.fresh.wording)]
            return _page(request, row, heading, form, now=[*now, ("How we will know, now", stale.fresh.success)])
    return _page(request, row, heading, form)


def _changed_meanwhile(row: ActionYear) -> str:
    last = row.history.first()
    who = last.history_by_name if last is not None else "Somebody"
    return (
        f"{who} changed this action while you were writing. Yours is not saved. Look at it as it is now, then save "
        "again to put yours in place of it."
    )


@require_http_methods(METHODS)
def action_end(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """Record that a body completed or dropped the action during the year."""
    row = _found(request, year, code, may_correct)
    heading = "Record that it was completed or dropped"
    intro = "An update that is not handed in yet is then no longer owed, and says so. What was accepted stays."
    form = EndForm(request.POST or None, back=_address(row))
    if request.method == "POST" and form.is_valid():
        how, body = form.cleaned_data["how"], form.cleaned_data["body"]
        decided = form.decided(PlanDecision.Kind.AGREED)
        if _done(
            request,
            form,
            lambda: end_action(row, how, body, decided, by=signed_in(request)),
            f"Recorded: {row.name} was {how} from {day(decided.takes_effect_on or decided.met_on)}.",
        ):
            return redirect(_address(row))
    return _page(request, row, heading, form, intro=intro)


@require_http_methods(METHODS)
def action_again(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """An action that was ended goes on after all."""
    row = _found(request, year, code, may_correct)
    if row.action.ended_on is None:
        return redirect(_address(row))
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(
            request,
            form,
            lambda: take_up_again(row, reason=reason, by=signed_in(request)),
            f"{row.name} goes on. The updates it had not handed in are owed again.",
        ):
            return redirect(_address(row))
    intro = f"It was {row.action.ended_how} on {day(row.action.ended_on)}: {row.action.ended_why}"
    return _page(request, row, "Put it back into the plan", form, intro=intro)
