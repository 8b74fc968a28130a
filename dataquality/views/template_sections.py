"""One question of a template: answered and saved by itself, so that a colleague may answer another meanwhile."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dataquality.forms.template_sections import SectionForm, section_form
from dataquality.models import Template
from dataquality.operations.templates import answer
from dataquality.presenters.templates import boxes, names_of, words_of
from dataquality.queries.templates import answer_to, changed_since
from dataquality.rules.templates import QUESTIONS, Answer, Kind, Question, question_called
from dataquality.views.fetching import Held, find_template
from dataquality.workflow import TEMPLATE_MOVES, StaleRecord, may_complete, refusal
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.review.merging import StaleRow
from hdcperf.review.posting import kept, refuse, stale

__all__ = ["template_section"]

NOUN = "answer"


@require_http_methods(["GET", "HEAD", "POST"])
def template_section(request: HttpRequest, year: FinancialYear, code: str, section: str) -> HttpResponse:
    """``/dataquality/2026-27/KPI 1/method/``: read by all who see the template, answered while it is completed."""
    held, template = find_template(request, year, code)
    question = question_called(section)
    if question is None:
        raise Http404("The template has no such question.")
    if request.method == "POST":
        refuse(may_complete(template, held.user))
        return _save(request, held, template, question)
    if refused := refusal(template, TEMPLATE_MOVES["save"], held.user):
        return _read(request, held, template, question, refused)
    return _ask(request, held, question, _form(template, question))


def _form(template: Template, question: Question, data: object = None) -> SectionForm:
    return section_form(question, answer_to(template, question), template.version, data)


def _save(request: HttpRequest, held: Held, template: Template, question: Question) -> HttpResponse:
    if question.key in kept(request, [question.key]):
        messages.info(request, "Kept what your colleague saved.")
        return _onward(request, held, question)
    form = _form(template, question, request.POST)
    if not form.is_valid():
        return _ask(request, held, question, form)
    given, version = form.answer(), form.cleaned_data["version"]
    try:
        saved = attempt(form, lambda: answer(template, {question.key: given}, by=held.user, version=version))
    except StaleRecord as found:
        return _both(request, held, found.fresh, question, given, version)
    return _onward(request, held, question) if saved else _ask(request, held, question, form)


def _onward(request: HttpRequest, held: Held, question: Question) -> HttpResponse:
    """The next question, or the list after the last one or where it was asked for."""
    place = QUESTIONS.index(question) + 1
    if request.POST.get("move") != "save" or place == len(QUESTIONS):
        return redirect(held.address)
    return redirect("template-section", *held.place, QUESTIONS[place].key)


def _ask(request: HttpRequest, held: Held, question: Question, form: SectionForm) -> HttpResponse:
    context = {
        "crumbs": held.crumbs(question.part),
        "held": held,
        "kpi_year": held.kpi_year,
        "question": question,
        "number": QUESTIONS.index(question) + 1,
        "of": len(QUESTIONS),
        "form": form,
        "shows_kpi": question.kind is Kind.FREQUENCY,
    }
    return render(request, "dataquality/template_section.html", context)


def _read(request: HttpRequest, held: Held, template: Template, question: Question, refused: str) -> HttpResponse:
    context = {
        "crumbs": held.crumbs(question.part),
        "held": held,
        "kpi_year": held.kpi_year,
        "question": question,
        "number": QUESTIONS.index(question) + 1,
        "of": len(QUESTIONS),
        "box": next(box for box in boxes(template) if box.key == question.key),
        "read_only": refused,
    }
    return render(request, "dataquality/template_section.html", context)


def _both(
    request: HttpRequest, held: Held, fresh: Template, question: Question, given: Answer, version: int
) -> HttpResponse:
    """What each of the two answered, side by side: nothing of either is lost."""
    theirs = answer_to(fresh, question)
    names = names_of([*given.get("people", ()), *theirs.get("people", ())])
    row = StaleRow(
        question.key,
        question.words,
        tuple(words_of(question, given, names)) or ("Nothing",),
        tuple(words_of(question, theirs, names)) or ("Nothing",),
        keep_theirs=False,
    )
    last = changed_since(fresh, question, version)
    return stale(
        request,
        fresh,
        noun=NOUN,
        name=held.name,
        rows=[row],
        crumbs=held.crumbs(question.part),
        action=reverse("template-section", args=[*held.place, question.key]),
        who=last.history_by_name,
    )
