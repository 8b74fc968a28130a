"""The board's page for a disputed figure: its dialogue, and the decision (framework E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.codes import code_key
from hdcperf.organisation.access import standing
from hdcperf.periods import Month
from hdcperf.review import posting
from hdcperf.review.cards import cards_for
from hdcperf.review.forms import RulingForm
from hdcperf.roles import Permission
from hdcperf.ui import Link, lower_first, rag_tag
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import rule_on
from kpis.operations.entering import Entry
from kpis.presenters.return_page import name_of
from kpis.presenters.standing import published_words
from kpis.queries.assessing import ACCEPTED, assess
from kpis.queries.sight import reads_board
from kpis.views.fetching import Found, find_return, signed_in
from kpis.workflow import MOVES, MoveRefused, may_rule, refusal

__all__ = ["ruling"]


@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Read a dispute, and for a member of the board record the decision."""
    if request.method == "POST" and standing(signed_in(request)).may(Permission.RULE_ON_CHALLENGES):
        return _decide(request, month, code)
    found = _found(request, month, code)
    if request.method == "POST":
        raise PermissionDenied("Only a member of the board decides a challenge that was escalated to it.")
    disputed = found.record.challenges.with_the_board().first()
    may = disputed is not None and may_rule(found.record, found.user) is None
    return _show(request, found, RulingForm(initial={"challenge": disputed.pk}) if may and disputed else None)


def _found(request: HttpRequest, month: Month, code: str) -> Found:
    """The return, for those who may read its dispute."""
    found = find_return(request, month, code)
    # Asked first: whoever reads no disputes is not told whether there was one.
    if not found.reads_disputes:
        raise PermissionDenied("A dispute is read by the board, directors and the two sides.")
    challenges = found.record.challenges
    if not (challenges.with_the_board().exists() or challenges.exclude(ruling="").exists()):
        raise Http404("Nothing about this return was sent to the board.")
    return found


def _decide(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Record the decision on the very challenge the form was shown for: another may be with the board as well.

    Once it is decided the board may no longer see the return, so the challenge is looked up by itself.
    """
    user = signed_in(request)
    challenge = _posted(request, month, code)
    record = challenge.monthly_return
    form = RulingForm(request.POST)
    if sentence := may_rule(record, user):
        raise PermissionDenied(sentence)
    if form.is_valid():
        try:
            rule_on(challenge, ruling=form.cleaned_data["ruling"], words=form.cleaned_data["words"], by=user)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The board's decision is recorded. Both sides see it.")
            return redirect(_board(record))
    try:
        return _show(request, _found(request, month, code), form)
    except Http404:
        return _decided_meanwhile(request, challenge, form)


def _posted(request: HttpRequest, month: Month, code: str) -> Challenge:
    challenge = (
        Challenge.objects.filter(
            pk=posting.whole(request.POST.get("challenge", "")),
            escalated_at__isnull=False,
            monthly_return__month=month.first_day,
            monthly_return__kpi_year__code_key=code_key(code),
        )
        .select_related("monthly_return__kpi_year__service", "monthly_return__period")
        .first()
    )
    if challenge is None:
        raise Http404("There is no such challenge of this return before the board.")
    return challenge


def _decided_meanwhile(request: HttpRequest, challenge: Challenge, form: RulingForm) -> HttpResponse:
    """Decided by a colleague, the return is the two sides' again: the words can still be copied."""
    record = challenge.monthly_return
    return posting.not_saved(
        request,
        sentence=" ".join(str(one) for errors in form.errors.values() for one in errors),
        name=name_of(record),
        back=Link("The board's page", _board(record)),
        typed=[("The decision in words", form["words"].value() or "")],
    )


def _board(record: MonthlyReturn) -> str:
    return reverse("board", args=[record.period.month if record.period else record.measured])


def _back(found: Found) -> Link:
    """To the board's page for those who have it; the service came from the return."""
    record = found.record
    if reads_board(found.who):
        return Link("The board's page", _board(record))
    return Link("The return", reverse("return", args=[record.measured, record.kpi_year.code]))


def _show(request: HttpRequest, found: Found, form: RulingForm | None) -> HttpResponse:
    record = found.record
    back = _back(found)
    if form is not None:
        form.cancel = Link("Cancel", back.href)
    why_not = refusal(record, MOVES["rule"], found.user) if form is not None else None
    # As the board reads it, also for the two sides: from accepted months alone.
    stands = assess(found.context.facts, record.measured, counting=ACCEPTED)
    context = {
        "record": record,
        "kpi_year": record.kpi_year,
        "figure": record.kpi_year.figure(stands.headline) or "No figure",
        "rag": rag_tag(stands.rag),
        "target": record.kpi_year.figure(stands.judged_by.target) or "No target",
        "words": published_words(Entry.of(record)),
        "cards": cards_for(record, found.user, MOVES["escalate"], working=found.working),
        "form": form if not why_not or (form is not None and form.is_bound) else None,
        "why_not": why_not,
        "about": _about(found, form),
        "back": back,
        "over_the_year": reverse("kpi", args=[record.kpi_year.financial_year, record.kpi_year.code]),
    }
    return render(request, "kpis/ruling.html", context)


def _about(found: Found, form: RulingForm | None) -> str:
    """What the challenge is about that the form decides."""
    if form is None:
        return ""
    challenge = found.record.challenges.filter(pk=form["challenge"].value()).first()
    return lower_first(challenge.get_about_display()) if challenge is not None else ""
