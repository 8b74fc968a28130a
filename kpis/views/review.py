"""``/returns/<month>/<code>/review/``: decide on a submitted return, and the next one appears (framework E.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.forms import GdsForm
from hdcperf.periods import Month
from hdcperf.review.forms import EscalationForm
from hdcperf.review.queue import Neighbours, keep_of, neighbours
from hdcperf.roles import Permission
from hdcperf.ui import Link
from hdcperf.workflow import StaleRecord
from kpis.forms.review import (
    PROMPTS,
    ChallengeForm,
    CorrectionForm,
    ExampleForm,
    QueueFilterForm,
)
from kpis.models import Challenge
from kpis.operations.checking import accept, choose_example, correct_words, escalate, raise_challenge
from kpis.operations.entering import Entry
from kpis.presenters import return_dialogue as dialogue
from kpis.presenters import return_page as words
from kpis.presenters.queue import review_link
from kpis.presenters.return_context import background
from kpis.presenters.review import earlier_challenges, options, top
from kpis.presenters.standing import figures_panel, published_words
from kpis.queries.assessing import assess
from kpis.queries.queue import RoundRow, load_round
from kpis.views.fetching import Found, find_return
from kpis.workflow import MOVES, MoveRefused, SomebodyElseDidIt, may_review, refusal

__all__ = ["review"]

STALE = "This return was changed after you opened it. Look at it again as it is now, then decide."
STALE_WORDS = "The return was changed after you opened it. Read the commentary as it is now, then save this again."


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Show a return whole and decide on it. Raises Http404 out of scope, PermissionDenied without leave to check."""
    found = find_return(request, month, code)
    if sentence := may_review(found.record, found.user):
        raise PermissionDenied(sentence)
    if request.method != "POST":
        return _show(request, found)
    handler = _DECISIONS.get(request.POST.get("decide", ""))
    if handler is None:
        raise Http404("There is no such button.")
    try:
        return handler(request, found)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    except StaleRecord:
        messages.warning(request, STALE)
    return redirect(request.get_full_path())


def _accept(request: HttpRequest, found: Found) -> HttpResponse:
    onward = _onward(request, found)
    accept(found.record, by=found.user, version=_whole(request.POST.get("version", "")))
    return onward(f"{_name(found)} is accepted.")


def _challenge(request: HttpRequest, found: Found) -> HttpResponse:
    form = ChallengeForm(request.POST)
    if not form.is_valid():
        return _show(request, found, challenge=form)
    onward = _onward(request, found)
    try:
        raise_challenge(found.record, by=found.user, **form.cleaned_data)
    except MoveRefused as refused:
        form.add_error(None if isinstance(refused, SomebodyElseDidIt) else "about", str(refused))
        return _show(request, _again(request, found), challenge=form)
    return onward(f"{_name(found)} went back to the service with your question.")


def _correct(request: HttpRequest, found: Found) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _show(request, found, correction=form)
    typed = form.cleaned_data
    try:
        correct_words(found.record, by=found.user, **typed)
    except MoveRefused as refused:
        form.add_error("after", str(refused))
        return _show(request, _again(request, found), correction=form)
    except StaleRecord as stale:
        again = request.POST.copy()
        again["version"] = str(stale.fresh.version)
        form = CorrectionForm(again)
        form.add_error("after", STALE_WORDS)
        return _show(request, _again(request, found), correction=form)
    messages.success(request, "The words are corrected. The owner is shown what you changed and can undo it.")
    return redirect(request.get_full_path())


def _example(request: HttpRequest, found: Found) -> HttpResponse:
    form = ExampleForm(request.POST)
    if not form.is_valid():
        return _show(request, found, example=form)
    try:
        choose_example(found.record, by=found.user, why_good=form.cleaned_data["why_good"])
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, _again(request, found), example=form)
    messages.success(request, "This commentary is now shown to others as a good one.")
    return redirect(request.get_full_path())


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    pk = _whole(request.POST.get("challenge", ""))
    challenge = found.record.challenges.filter(pk=pk).first()
    if challenge is None:
        raise Http404("There is no such challenge.")
    form = EscalationForm(request.POST)
    if not form.is_valid():
        return _show(request, found, escalation=(challenge, form))
    onward = _onward(request, found)
    try:
        escalate(challenge, by=found.user, reason=form.cleaned_data["reason"])
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, _again(request, found), escalation=(challenge, form))
    return onward(f"The challenge about {_name(found)} went to the board.")


_DECISIONS: dict[str, Callable[[HttpRequest, Found], HttpResponse]] = {
    "accept": _accept,
    "challenge": _challenge,
    "correct": _correct,
    "example": _example,
    "escalate": _escalate,
}


def _again(request: HttpRequest, found: Found) -> Found:
    """The return as it is now: a move that was refused found it changed. What was typed is shown with it."""
    return find_return(request, found.record.measured, found.record.kpi_year.code)


def _whole(text: str) -> int:
    """A whole number from a form; anything else matches nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _name(found: Found) -> str:
    return f"{found.record.kpi_year.code} {found.record.kpi_year.name}, {found.record.measured}"


# Decide, and the next one appears


def _queue(request: HttpRequest, found: Found) -> tuple[Neighbours, RoundRow | None]:
    period = found.record.period
    rows = load_round(found.who, period) if period is not None else []
    chosen = QueueFilterForm(request.GET, rows=rows, reviews=True).chosen(rows)
    keep = keep_of(request)

    def link(text: str, row: RoundRow) -> Link:
        return review_link(text, row, keep)

    row = next((row for row in rows if row.record.pk == found.record.pk), None)
    return neighbours(rows, found.record, chosen, link=link, noun="return"), row


def _onward(request: HttpRequest, found: Found) -> Callable[[str], HttpResponse]:
    """The way to the next return to check, worked out before the decision takes this one off the queue."""
    place, _ = _queue(request, found)

    def onward(done: str) -> HttpResponse:
        if place.next is not None:
            messages.success(request, f"{done} This is the next one.")
            return redirect(place.next.href)
        messages.success(request, f"{done} Nothing more waits for you here.")
        return redirect("returns", _round(found))

    return onward


def _round(found: Found) -> Month:
    period = found.record.period
    return period.month if period is not None else found.record.measured


# The page


def _show(
    request: HttpRequest,
    found: Found,
    *,
    challenge: ChallengeForm | None = None,
    correction: CorrectionForm | None = None,
    example: ExampleForm | None = None,
    escalation: tuple[Challenge, EscalationForm] | None = None,
) -> HttpResponse:
    record, user = found.record, found.user
    place, row = _queue(request, found)
    may = options(record, user)
    stands = assess(found.context.facts, record.measured)
    context = {
        "record": record,
        "kpi_year": record.kpi_year,
        "top": top(record, row),
        "place": place,
        "options": may,
        "action": request.get_full_path(),
        "figures": figures_panel(found.context, Entry.of(record), stands, is_typed=False),
        "background": background(found.context),
        "figure_rows": words.figure_rows(record),
        "words_rows": words.words_rows(record, working=True),
        "forecast_rows": words.forecast_rows(record),
        "revision_rows": words.revision_rows(record, working=True),
        "published": published_words(Entry.of(record)),
        "findings": list(record.findings.select_related("answered_by")),
        "cards": dialogue.challenge_cards(record, user, working=True),
        "corrections": dialogue.corrections(record, user),
        "earlier": earlier_challenges(record),
        "challenge_form": challenge or (ChallengeForm() if may.may_challenge else None),
        "challenge_open": challenge is not None,
        "corrections_forms": _correction_forms(found, correction, may_correct=may.may_correct),
        "example_form": example or (_example_form(found) if may.may_choose_example else None),
        "example_open": example is not None,
        "escalations": _escalations(found, escalation),
        "escalation_form": escalation[1] if escalation else None,
        "correction_form": correction,
        "crumbs": _crumbs(found),
        "links": _links(found),
    }
    return render(request, "kpis/review.html", context)


def _correction_forms(
    found: Found, refused: CorrectionForm | None, *, may_correct: bool
) -> list[tuple[str, GdsForm, bool]]:
    """A form for each prompt that has words; the one that was refused stays open with what was typed."""
    forms: list[tuple[str, GdsForm, bool]] = []
    for prompt, label in PROMPTS.items():
        if refused is not None and refused.data.get("prompt") == prompt:
            forms.append((label, refused, True))
            continue
        text = getattr(found.record, prompt)
        if not text or not may_correct:
            continue
        start = {"prompt": prompt, "after": text, "version": found.record.version}
        forms.append((label, CorrectionForm(initial=start, auto_id=f"id_{prompt}_%s"), False))
    return forms


def _example_form(found: Found) -> ExampleForm:
    chosen = getattr(found.record, "as_example", None)
    return ExampleForm(initial={"why_good": chosen.why_good} if chosen else None)


def _escalations(
    found: Found, refused: tuple[Challenge, EscalationForm] | None
) -> list[tuple[Challenge, GdsForm, bool]]:
    """A form for each challenge that can go to the board; one that was refused stays, with what was typed."""
    may = refusal(found.record, MOVES["escalate"], found.user) is None
    forms: list[tuple[Challenge, GdsForm, bool]] = []
    for one in found.record.challenges.all():
        if refused is not None and refused[0].pk == one.pk:
            forms.append((one, refused[1], True))
        elif may and one.state != Challenge.State.CLOSED and not one.is_with_the_board:
            forms.append((one, EscalationForm(auto_id=f"id_board_{one.pk}_%s"), False))
    return forms


def _crumbs(found: Found) -> list[Link]:
    month = _round(found)
    return [
        Link("My tasks", reverse("home")),
        Link(f"{month} returns", reverse("returns", args=[month])),
        Link(f"Check {found.record.kpi_year.code}", ""),
    ]


def _links(found: Found) -> list[Link]:
    record = found.record
    address = [record.measured, record.kpi_year.code]
    links = [
        Link("The return's own page", reverse("return", args=address)),
        Link("The KPI over the year", reverse("kpi", args=[record.kpi_year.financial_year, record.kpi_year.code])),
    ]
    if record.is_accepted:
        links.append(Link("Propose a revision", reverse("revision-propose", args=address)))
    elif found.who.may(Permission.MANAGE_PERIODS, record.scope):
        links.append(Link("Lift the lock for this return", reverse("lock-exception", args=address)))
    return links
