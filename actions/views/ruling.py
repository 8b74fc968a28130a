"""``/actions/<quarter>/<code>/dispute/``: the board's page for a disputed update (framework E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.operations.checking import rule_on
from actions.operations.entry import Entry
from actions.presenters.published import published
from actions.rules.colours import ActionRag
from actions.views.fetching import Found, find_update
from actions.workflow import MOVES, MoveRefused, may_rule
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.cards import cards_for
from hdcperf.review.forms import RulingForm
from hdcperf.roles import Permission
from hdcperf.ui import Link, lower_first

__all__ = ["ruling"]


@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Read a dispute, and for a member of the board record the decision."""
    found = find_update(request, quarter, code, dispute=True)
    if not found.who.may(Permission.SEE_DISPUTED) and not found.working:
        # Whoever reads the update but no disputes is not told whether there was one.
        raise PermissionDenied("A dispute is read by the board, directors and the two sides.")
    disputed = found.record.challenges.with_the_board().first()
    if disputed is None and not found.record.challenges.exclude(ruling="").exists():
        raise Http404("Nothing about this update was sent to the board.")
    may = may_rule(found.record, found.user) is None
    if request.method == "POST":
        if not may:
            raise PermissionDenied("Only a member of the board decides a challenge that was escalated to it.")
        return _decide(request, found, _form(request))
    start = {"challenge": disputed.pk if disputed is not None else ""}
    return _show(request, found, _form(initial=start) if may and disputed else None)


def _form(request: HttpRequest | None = None, **kwargs: object) -> RulingForm:
    back = reverse("home")
    return RulingForm(*([request.POST] if request is not None else []), back=back, noun="update", **kwargs)


def _decide(request: HttpRequest, found: Found, form: RulingForm) -> HttpResponse:
    """Record the decision on the very challenge the form was shown for: another may be with the board as well."""
    disputed = posting.one_of(found.record.challenges.all(), request.POST.get("challenge", ""))
    if not form.is_valid():
        return _show(request, found, form)
    try:
        rule_on(disputed, ruling=form.cleaned_data["ruling"], words=form.cleaned_data["words"], by=found.user)
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, _again(request, found), form)
    messages.success(request, "The board's decision is recorded. Both sides see it.")
    return redirect("home")


def _show(request: HttpRequest, found: Found, form: RulingForm | None) -> HttpResponse:
    record = found.record
    context = {
        "record": record,
        "action_year": record.action_year,
        "published": published(found.context, Entry.of(record)),
        "meaning": ActionRag(record.rag).meaning if record.rag else "",
        "cards": cards_for(record, found.user, MOVES["escalate"], working=found.working),
        "form": form,
        "about": _about(found, form),
        "back": Link("My tasks", reverse("home")),
    }
    return render(request, "actions/ruling.html", context)


def _again(request: HttpRequest, found: Found) -> Found:
    """The update as it is now: somebody decided first."""
    return find_update(request, found.record.span, found.record.action_year.code, dispute=True)


def _about(found: Found, form: RulingForm | None) -> str:
    """What the challenge is about that the form decides."""
    if form is None:
        return ""
    challenge = found.record.challenges.filter(pk=posting.whole(str(form["challenge"].value() or ""))).first()
    return lower_first(challenge.get_about_display()) if challenge is not None else ""
