"""``/returns/<month>/<code>/review/``: decide on a submitted return, and the next one appears (framework E.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.forms import GdsForm
from hdcperf.periods import Month
from hdcperf.review import posting
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.cards import cards_for
from hdcperf.review.forms import EscalationForm
from hdcperf.review.queue import Neighbours, keep_of, neighbours
from hdcperf.review.reviewing import Refused, decided, escalation_forms, onward
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
from kpis.operations.checking import accept, choose_example, correct_words, escalate, raise_challenge
from kpis.operations.entering import Entry
from kpis.presenters import return_page as words
from kpis.presenters.queue import review_link
from kpis.presenters.return_context import background
from kpis.presenters.return_dialogue import corrections
from kpis.presenters.review import earlier_challenges, movement_since, options, position, top
from kpis.presenters.standing import figures_panel, published_words
from kpis.queries.assessing import assess
from kpis.queries.queue import RoundRow, load_round
from kpis.views.fetching import Found, find_return
from kpis.workflow import MOVES, may_review, refusal

__all__ = ["review"]

STALE_WORDS = "The return was changed after you opened it. Read the commentary as it is now, then save this again."


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """Show a return whole and decide on it. Raises Http404 out of scope, PermissionDenied without leave to check."""
    found = find_return(request, month, code)
    posting.refuse(may_review(found.record, found.user))
    if request.method != "POST":
        return _show(request, found)
    handler = posting.handler(_DECISIONS, request.POST.get("decide", ""))
    return decided(request, lambda: handler(request, found), noun="return")


def _accept(request: HttpRequest, found: Found) -> HttpResponse:
    go_on = _onward(request, found)
    accept(found.record, by=found.user, version=posting.version_of(request))
    return go_on(f"{words.name_of(found.record)} is accepted.")


def _challenge(request: HttpRequest, found: Found) -> HttpResponse:
    form = ChallengeForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: raise_challenge(found.record, by=found.user, **form.cleaned_data), beside="about"):
        return _show(request, _again(request, found), challenge=form)
    return go_on(f"{words.name_of(found.record)} went back to the service with your question.")


def _correct(request: HttpRequest, found: Found) -> HttpResponse:
    form = CorrectionForm(request.POST)
    try:
        done = attempt(form, lambda: correct_words(found.record, by=found.user, **form.cleaned_data), beside="after")
    except StaleRecord as stale:
        form = CorrectionForm(with_version(request.POST, stale.fresh.version))
        form.add_error("after", STALE_WORDS)
        done = False
    if not done:
        return _show(request, _again(request, found), correction=form)
    messages.success(request, "The words are corrected. The owner is shown what you changed and can undo it.")
    return redirect(request.get_full_path())


def _example(request: HttpRequest, found: Found) -> HttpResponse:
    form = ExampleForm(request.POST)
    if not attempt(form, lambda: choose_example(found.record, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), example=form)
    messages.success(request, "This commentary is now shown to others as a good one.")
    return redirect(request.get_full_path())


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    challenge = posting.one_of(found.record.challenges.all(), request.POST.get("challenge", ""))
    form = EscalationForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: escalate(challenge, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), escalation=(challenge, form))
    return go_on(f"The challenge about {words.name_of(found.record)} went to the board.")


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
    place, _ = _queue(request, found)
    return onward(request, place, reverse("returns", args=[_round(found)]))


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
    escalation: Refused | None = None,
) -> HttpResponse:
    record, user = found.record, found.user
    place, row = _queue(request, found)
    may = options(record, user)
    may_escalate = refusal(record, MOVES["escalate"], user) is None
    stands = assess(found.context.facts, record.measured)
    context = {
        "noun": "return",
        "name": f"{record.kpi_year.code} {record.kpi_year.name}",
        "record": record,
        "kpi_year": record.kpi_year,
        "top": top(record, row),
        "position": position(record),
        "movement": movement_since(record, row),
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
        "cards": cards_for(record, user, MOVES["escalate"], working=True),
        "corrections": corrections(record, user),
        "earlier": earlier_challenges(record),
        "challenge_form": challenge or (ChallengeForm() if may.may_challenge else None),
        "challenge_open": challenge is not None,
        "corrections_forms": _correction_forms(found, correction, may_correct=may.may_correct),
        "example_form": example or (_example_form(found) if may.may_choose_example else None),
        "example_open": example is not None,
        "escalations": escalation_forms(record, escalation, may=may_escalate),
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
