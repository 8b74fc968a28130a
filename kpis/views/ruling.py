"""The board's page for a disputed figure: its dialogue, and the decision (framework E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.periods import Month
from hdcperf.review.forms import RulingForm
from hdcperf.roles import Permission
from hdcperf.ui import Link, rag_tag
from kpis.operations.checking import rule_on
from kpis.operations.entering import Entry
from kpis.presenters.return_dialogue import challenge_cards
from kpis.presenters.standing import published_words
from kpis.queries.assessing import ACCEPTED, KNOWN, assess
from kpis.views.fetching import Found, find_return
from kpis.workflow import MoveRefused, NotPermitted, may_rule

__all__ = ["ruling"]


@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Read a dispute, and for a member of the board record the decision."""
    found = find_return(request, month, code)
    disputed = found.record.challenges.with_the_board().first()
    if disputed is None and not found.record.challenges.exclude(ruling="").exists():
        raise Http404("Nothing about this return was sent to the board.")
    if not found.who.may(Permission.SEE_DISPUTED) and not found.working:
        raise PermissionDenied("A dispute is read by the board, directors and the two sides.")
    may = may_rule(found.record, found.user) is None
    back = reverse("board", args=[found.record.period.month if found.record.period else month])
    if request.method == "POST":
        if not may:
            raise PermissionDenied("Only a member of the board decides a challenge that was escalated to it.")
        return _decide(request, found, RulingForm(request.POST, back=back), back)
    start = {"challenge": disputed.pk if disputed is not None else ""}
    return _show(request, found, RulingForm(initial=start, back=back) if may and disputed else None, back)


def _decide(request: HttpRequest, found: Found, form: RulingForm, back: str) -> HttpResponse:
    """Record the decision on the very challenge the form was shown for: another may be with the board as well."""
    posted = request.POST.get("challenge", "")
    number = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else -1
    disputed = found.record.challenges.filter(pk=number).first()
    if disputed is None:
        raise Http404("There is no such challenge of this return.")
    if not form.is_valid():
        return _show(request, found, form, back)
    try:
        rule_on(disputed, ruling=form.cleaned_data["ruling"], words=form.cleaned_data["words"], by=found.user)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, find_return(request, found.record.measured, found.record.kpi_year.code), form, back)
    messages.success(request, "The board's decision is recorded. Both sides see it.")
    return redirect(back)


def _show(request: HttpRequest, found: Found, form: RulingForm | None, back: str) -> HttpResponse:
    record = found.record
    stands = assess(found.context.facts, record.measured, counting=KNOWN if found.working else ACCEPTED)
    context = {
        "record": record,
        "kpi_year": record.kpi_year,
        "figure": record.kpi_year.figure(stands.headline) or "No figure",
        "rag": rag_tag(stands.rag),
        "target": record.kpi_year.figure(stands.judged_by.target) or "No target",
        "words": published_words(Entry.of(record)),
        "cards": challenge_cards(record, found.user, working=found.working),
        "form": form,
        "about": _about(found, form),
        "back": Link("The board's page", back),
    }
    return render(request, "kpis/ruling.html", context)


def _about(found: Found, form: RulingForm | None) -> str:
    """What the challenge is about that the form decides."""
    if form is None:
        return ""
    challenge = found.record.challenges.filter(pk=form["challenge"].value()).first()
    return challenge.get_about_display().lower() if challenge is not None else ""
