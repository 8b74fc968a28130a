"""Putting the return page together: the form that is open, the panels beside it, and what is only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.review.cards import cards_for
from hdcperf.review.entry_form import RECOVERY_TOLD, EscalateForm, escalations, look_over, say_beside
from hdcperf.review.findings import unanswered
from hdcperf.review.page import saved_words
from hdcperf.review.recovery import starting
from kpis.forms.entering import (
    ACTION_FIELDS,
    FIGURE_FIELDS,
    FORECAST_FIELDS,
    PROMPT_FIELDS,
    ReturnForm,
    ReturnShape,
)
from kpis.models import Challenge
from kpis.operations.checking import open_parts
from kpis.operations.entering import Entry
from kpis.presenters import return_page as words
from kpis.presenters.return_context import background
from kpis.presenters.return_dialogue import corrections
from kpis.presenters.standing import figures_panel, forecast_panel, published_words
from kpis.queries.assessing import assess
from kpis.queries.findings import checks, forecast_is_needed
from kpis.rules.checks import Check
from kpis.views.fetching import Found
from kpis.workflow import MOVES, may_enter, refusal

__all__ = ["answering_problems", "is_answering", "is_editing", "make_form", "panels", "shape_of", "show"]

_FIGURE_ASKS = (*FIGURE_FIELDS, "no_data_reason", "no_data_until")


def is_editing(found: Found) -> bool:
    """Whether the person can save this return as a draft now."""
    return refusal(found.record, MOVES["draft"], found.user) is None


def is_answering(found: Found) -> bool:
    """Whether the person can answer a challenge of this return now."""
    return refusal(found.record, MOVES["answer"], found.user) is None


def shape_of(found: Found, *, editing: bool = False, everything: bool = False) -> ReturnShape:
    """Which fields the form has: all of a draft, or those that open challenges reopened."""
    record = found.record
    answering = not editing and not everything and is_answering(found)
    last = found.last_time
    is_open = record.challenges.filter(state=Challenge.State.OPEN) if answering else ()
    return ReturnShape(
        kpi_year=record.kpi_year,
        measured=record.measured,
        with_forecast=forecast_is_needed(found.context),
        with_recovery=not answering and last is not None and bool(last.being_done),
        only=open_parts(record) if answering else None,
        challenges=tuple(is_open),
    )


def make_form(
    found: Found, data: QueryDict | None = None, *, asked: Iterable[Check] = (), editing: bool = False
) -> ReturnForm:
    """The form as stored, or as posted; ``use:<method>`` puts that suggested forecast into its box."""
    shape = shape_of(found, editing=editing)
    asks = [check for check in asked if not check.is_error and shape.is_open(check.field)]
    if data is None:
        return ReturnForm(initial=_initial(found), shape=shape, asked=asks)
    pressed, _, method = data.get("move", "").partition(":")
    if pressed == "use" and shape.with_forecast and shape.is_open("forecast"):
        data = _with_suggestion(found, ReturnForm(data, shape=shape), data, method)
    return ReturnForm(data, shape=shape, asked=asks)


def _initial(found: Found) -> dict[str, Any]:
    initial: dict[str, Any] = dict(vars(Entry.of(found.record)))
    return initial | starting(getattr(found.last_time, "recovery_outcome", None))


def _with_suggestion(found: Found, form: ReturnForm, data: QueryDict, method: str) -> QueryDict:
    form.is_valid()
    entry = form.entry(Entry.of(found.record))
    panel = forecast_panel(found.context, entry, assess(found.context.facts, found.record.measured, entry))
    one = next((one for one in panel.suggestions if one.method == method), None)
    if one is None:
        return data
    changed = data.copy()
    changed["forecast"], changed["forecast_method"] = one.plain, one.method
    return changed


def _typed(found: Found, form: ReturnForm | None) -> Entry:
    base = Entry.of(found.record)
    if form is None or not form.is_bound:
        return base
    form.is_valid()
    return form.entry(base)


def answering_problems(found: Found, form: ReturnForm, entry: Entry, answers: Mapping[int, str]) -> tuple[Check, ...]:
    """What keeps a correction from being sent: only about what the challenges reopened."""
    if not any(text.strip() for text in answers.values()):
        return ()  # there is no answer yet: that is said first
    stops, asks = checks(found.context, entry)
    said = form.answers()
    open_asks = [one for one in unanswered(found.record, asks) if not said.get(one.code, "").strip()]
    return tuple(one for one in (*stops, *open_asks) if one.field in form.fields)


def panels(found: Found, entry: Entry, form: ReturnForm | None) -> dict[str, object]:
    """How ``entry`` would stand, its forecast, and how its words will appear; without a form, how it stands."""
    context = found.context
    # An accepted return is read from what was frozen on it.
    standing = assess(context.facts, found.record.measured, entry if form is not None else None)
    return {
        "figures": figures_panel(context, entry, standing, is_typed=form is not None),
        "forecast": forecast_panel(context, entry, standing),
        "with_forecast": forecast_is_needed(context),
        "can_use": form is not None and "forecast" in form.fields,
        "published": published_words(entry),
    }


def show(
    request: HttpRequest,
    found: Found,
    *,
    form: ReturnForm | None = None,
    checking: bool = False,
    problems: Sequence[Check] = (),
    unsaved: bool = False,
    waiting: bool = False,
    escalating: EscalateForm | None = None,
) -> HttpResponse:
    """Print the page: with its form while it is open to this person, to be read otherwise.

    ``unsaved``: what was typed was refused. ``waiting``: something else was done, and it has not been sent yet.
    """
    record, user = found.record, found.user
    editing, answering = is_editing(found), is_answering(found)
    if form is None and (editing or answering):
        form = make_form(found)
    entry = _typed(found, form)
    needed: list[Check] = []
    if checking and form is not None:
        stops, asks = checks(found.context, entry)
        form, needed = look_over(record, stops, asks, lambda asked: make_form(found, request.POST, asked=asked))
    if form is not None and problems:
        say_beside(form, problems)
    context: dict[str, object] = {
        "noun": "return",
        "record": record,
        "kpi_year": record.kpi_year,
        "top": words.heading(record, user, found.who, enters=editing or answering),
        "lock": words.lock(record, user, found.who),
        "crumbs": words.crumbs(record, working=found.working),
        "action": reverse("return", args=[record.measured, record.kpi_year.code]),
        "preview": reverse("return-preview", args=[record.measured, record.kpi_year.code]),
        "background": background(found.context),
        "needed": needed,
        "checked": checking,
        "unsaved": unsaved,
        "kept": bool(problems) and not unsaved,
        "editing": editing,
        "answering": answering,
        "saved_words": saved_words(record) if editing else "",
        "waiting": waiting,
        "refused_escalation": escalating,
    }
    context |= panels(found, entry, form)
    context |= _dialogue(found, user, form, escalating)
    context |= _sections(form) if form is not None else {}
    context |= _read(found, form)
    return render(request, "kpis/return/page.html", context)


def _dialogue(
    found: Found, user: User, form: ReturnForm | None, escalating: EscalateForm | None
) -> dict[str, object]:
    cards = []
    if found.reads_disputes:
        cards = cards_for(found.record, user, MOVES["escalate"], working=found.working, form=form)
    open_cards = [card for card in cards if card.field is not None]
    return {
        "cards": {about.value: [card for card in open_cards if card.about == about] for about in Challenge.About},
        "cards_read": [card for card in cards if card.field is None],
        "escalations": escalations(cards, escalating, inside=form is not None),
        "corrections": corrections(found.record, user) if found.working else [],
        "answered": list(found.record.findings.select_related("answered_by")) if found.working else [],
    }


def _sections(form: ReturnForm) -> dict[str, object]:
    return {
        "form": form,
        "figure_fields": form.bound([*FIGURE_FIELDS]),
        "figure_asks": form.asked_about(_FIGURE_ASKS),
        "lesson_fields": form.bound(["lesson"]),
        "prompt_fields": form.bound(PROMPT_FIELDS),
        "action_fields": form.bound(ACTION_FIELDS),
        "words_asks": form.asked_about((*PROMPT_FIELDS, *ACTION_FIELDS)),
        "note_fields": (notes := form.bound(["internal_note"])),
        "note_open": any(note.value() or note.errors for note in notes),
        "forecast_fields": form.bound(FORECAST_FIELDS),
        "forecast_asks": form.asked_about(FORECAST_FIELDS),
        "recovery_fields": form.bound(RECOVERY_TOLD),
    }


def _read(found: Found, form: ReturnForm | None) -> dict[str, object]:
    """What is only read on this page: all of it, or what challenges did not reopen."""
    record = found.record
    enters = may_enter(record, found.user) is None
    return {
        "figure_rows": words.figure_rows(record) if form is None or not form.bound(FIGURE_FIELDS) else [],
        "words_rows": words.words_rows(record, working=found.working)
        if form is None or not form.bound(PROMPT_FIELDS)
        else [],
        "forecast_rows": words.forecast_rows(record) if form is None or not form.bound(FORECAST_FIELDS) else [],
        "revision_rows": words.revision_rows(record, working=found.working),
        "steps": words.steps(record, found.user, found.who) if form is None else [],
        "enters": enters,
    }
