"""``/actions/<quarter>/<code>/review/``: decide on a submitted update, and the next one appears (framework E.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.review import ChallengeForm, QueueFilterForm, ReturnForm
from actions.operations.checking import accept, escalate, raise_challenge, return_update
from actions.operations.entry import Entry
from actions.presenters import update_page as words
from actions.presenters.published import published
from actions.presenters.queue import review_link
from actions.presenters.review import earlier_challenges, options, top
from actions.queries.findings import checks
from actions.queries.queue import Flag, RoundRow, kept_check, load_round
from actions.rules.colours import ActionRag
from actions.rules.guidelines import GUIDELINES
from actions.views.fetching import Found, find_update
from actions.workflow import MOVES, may_review, refusal
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.attempting import attempt
from hdcperf.review.cards import cards_for
from hdcperf.review.findings import unanswered
from hdcperf.review.forms import EscalationForm
from hdcperf.review.queue import Neighbours, keep_of, neighbours
from hdcperf.review.reviewing import Refused, decided, escalation_forms, onward
from hdcperf.roles import Permission
from hdcperf.ui import Link

__all__ = ["review"]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Show an update whole and decide on it. Raises Http404 out of scope, PermissionDenied without leave to check."""
    found = find_update(request, quarter, code)
    posting.refuse(may_review(found.record, found.user))
    if request.method != "POST":
        return _show(request, found)
    handler = posting.handler(_DECISIONS, request.POST.get("decide", ""))
    return decided(request, lambda: handler(request, found), noun="update")


def _accept(request: HttpRequest, found: Found) -> HttpResponse:
    go_on = _onward(request, found)
    accept(found.record, by=found.user, version=posting.version_of(request))
    return go_on(f"{words.name_of(found.record)} is accepted.")


def _return(request: HttpRequest, found: Found) -> HttpResponse:
    form = ReturnForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: return_update(found.record, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), returning=form)
    return go_on(f"{words.name_of(found.record)} was returned, saying what is missing.")


def _challenge(request: HttpRequest, found: Found) -> HttpResponse:
    form = ChallengeForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: raise_challenge(found.record, by=found.user, **form.cleaned_data), beside="about"):
        return _show(request, _again(request, found), challenge=form)
    return go_on(f"{words.name_of(found.record)} went back to the service with your question.")


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    challenge = posting.one_of(found.record.challenges.all(), request.POST.get("challenge", ""))
    form = EscalationForm(request.POST, auto_id=f"id_board_{challenge.pk}_%s")
    go_on = _onward(request, found)
    if not attempt(form, lambda: escalate(challenge, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), escalation=(challenge, form))
    return go_on(f"The challenge about {words.name_of(found.record)} went to the board.")


_DECISIONS: dict[str, Callable[..., HttpResponse]] = {
    "accept": _accept,
    "return": _return,
    "challenge": _challenge,
    "escalate": _escalate,
}


def _again(request: HttpRequest, found: Found) -> Found:
    """The update as it is now: a move that was refused found it changed. What was typed is shown with it."""
    return find_update(request, found.record.span, found.record.action_year.code)


# Decide, and the next one appears


def _queue(request: HttpRequest, found: Found) -> tuple[Neighbours, RoundRow | None]:
    rows = load_round(found.who, found.record.period)
    chosen = QueueFilterForm(request.GET, rows=rows, reviews=True).chosen(rows)
    keep = keep_of(request)

    def link(text: str, row: RoundRow) -> Link:
        return review_link(text, row, keep)

    row = next((row for row in rows if row.record.pk == found.record.pk), None)
    return neighbours(rows, found.record, chosen, link=link, noun="update"), row


def _onward(request: HttpRequest, found: Found) -> Callable[[str], HttpResponse]:
    place, _ = _queue(request, found)
    return onward(request, place, reverse("quarter", args=[found.record.span]))


# The page


def _show(
    request: HttpRequest,
    found: Found,
    *,
    returning: ReturnForm | None = None,
    challenge: ChallengeForm | None = None,
    escalation: Refused | None = None,
) -> HttpResponse:
    record, user = found.record, found.user
    place, row = _queue(request, found)
    may = options(record, user)
    may_escalate = refusal(record, MOVES["escalate"], user) is None
    entry = Entry.of(record)
    background = words.background(found.context, ActionRag(record.rag) if record.rag else None)
    context = {
        "noun": "update",
        "name": record.action_year.name,
        "record": record,
        "action_year": record.action_year,
        "top": top(found.context, row),
        "place": place,
        "options": may,
        "action": request.get_full_path(),
        "published": published(found.context, entry),
        "background": background,
        "facts": background.facts[1:],  # the RAG before is read with the update
        "meaning": ActionRag(record.rag).meaning if record.rag else "",
        "flags": _flags(found, entry),
        "guidelines": list(GUIDELINES.values()),
        "note": record.internal_note,
        "revision_rows": words.revision_rows(record, working=found.working),
        "cards": cards_for(record, user, MOVES["escalate"], working=True),
        "earlier": earlier_challenges(record),
        "return_form": returning or (ReturnForm(auto_id="id_return_%s") if may.may_challenge else None),
        "return_open": returning is not None,
        "challenge_form": challenge or (ChallengeForm(auto_id="id_challenge_%s") if may.may_challenge else None),
        "challenge_open": challenge is not None,
        "escalations": escalation_forms(record, escalation, may=may_escalate),
        "escalation_form": escalation[1] if escalation else None,
        "crumbs": [*words.crumbs(record)[:-1], Link(f"Check {record.action_year.code}", "")],
        "links": _links(found),
    }
    return render(request, "actions/review.html", context)


def _flags(found: Found, entry: Entry) -> list[tuple[Flag, str]]:
    """What does not fit together, each with the sentence that explains it; an accepted update has what was asked."""
    kept = {one.code: one for one in found.record.findings.select_related("answered_by")}
    if found.record.is_accepted:
        return [(Flag(kept_check(one), True), f"{one.answer} ({one.answered_by.name})") for one in kept.values()]
    asks = checks(found.context, entry)[1]
    open_ones = {one.code for one in unanswered(found.record, asks)}
    return [
        (Flag(one, False), "")
        if one.code in open_ones
        else (Flag(one, True), f"{kept[one.code].answer} ({kept[one.code].answered_by.name})")
        for one in asks
    ]


def _links(found: Found) -> list[Link]:
    record = found.record
    address = [record.span, record.action_year.code]
    links = [Link("The update's own page", reverse("action-update", args=address))]
    if record.is_accepted:
        links.append(Link("Propose a revision", reverse("action-revise", args=address)))
    elif found.who.may(Permission.MANAGE_PERIODS, record.scope):
        links.append(Link("Lift the lock for this update", reverse("action-lock-exception", args=address)))
    return links
