"""Putting the page of an update together: the form that is open, what is read beside it, and what is only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from actions.forms.entering import (
    MOST_NEW,
    RECOVERY_FIELDS,
    UpdateForm,
    UpdateShape,
)
from actions.models import Challenge
from actions.operations.checking import corrected, open_parts
from actions.operations.entry import Entry
from actions.presenters import update_page as words
from actions.presenters.published import published
from actions.queries.findings import checks
from actions.rules.colours import ActionRag, reasons_for
from actions.rules.guidelines import GUIDELINES
from actions.views.fetching import Found
from actions.workflow import MOVES, may_enter, refusal
from hdcperf.review.cards import cards_for
from hdcperf.review.checks import Check
from hdcperf.review.entry_form import RECOVERY_TOLD, EscalateForm, escalations, look_over, say_beside
from hdcperf.review.findings import unanswered
from hdcperf.review.page import saved_words

__all__ = ["answering_problems", "is_answering", "is_editing", "make_form", "panels", "show", "typed"]

About = Challenge.About
RAG_FIELDS = ("rag", "rag_reason", *RECOVERY_FIELDS, "achieved")
DUE_FIELDS = ("moves_due", "new_due_on", "new_due_reason")


def is_editing(found: Found) -> bool:
    """Whether the person can save this update as a draft now."""
    return refusal(found.record, MOVES["draft"], found.user) is None


def is_answering(found: Found) -> bool:
    """Whether the person can answer a challenge of this update now."""
    return refusal(found.record, MOVES["answer"], found.user) is None


def shape_of(
    found: Found, data: QueryDict | None = None, *, editing: bool = False, everything: bool = False
) -> UpdateShape:
    """Which fields the form has: all of a draft, or those that open challenges reopened."""
    record = found.record
    answering = not editing and not everything and is_answering(found)
    is_open = record.challenges.filter(state=Challenge.State.OPEN) if answering else ()
    new = sum(one.milestone is None for one in Entry.of(record).milestones)
    if data is not None:  # as many boxes as the page had
        new = max(new, sum(f"new_{number}" in data for number in range(1, MOST_NEW + 1)) - 1)
    return UpdateShape(
        context=found.context,
        new=min(new + 1, MOST_NEW),
        only=open_parts(record) if answering else None,
        with_recovery=not answering and found.context.promised is not None,
        challenges=tuple(is_open),
    )


def make_form(
    found: Found, data: QueryDict | None = None, *, asked: Iterable[Check] = (), editing: bool = False
) -> UpdateForm:
    """The form as stored, or as posted."""
    shape = shape_of(found, data, editing=editing)
    asks = [check for check in asked if not check.is_error and shape.is_open(check.field)]
    if data is None:
        return UpdateForm(initial=UpdateForm.starting(Entry.of(found.record), shape), shape=shape, asked=asks)
    return UpdateForm(data, shape=shape, asked=asks)


def typed(found: Found, form: UpdateForm | None) -> Entry:
    """What is typed into the form, or else what is stored."""
    base = Entry.of(found.record)
    if form is None or not form.is_bound:
        return base
    form.is_valid()
    return form.entry(base)


def answering_problems(found: Found, form: UpdateForm, entry: Entry, answers: Mapping[int, str]) -> tuple[Check, ...]:
    """What keeps a correction from being sent: only about what the challenges reopened."""
    if not any(text.strip() for text in answers.values()):
        return ()  # there is no answer yet: that is said first
    stops, asks = checks(found.context, corrected(found.record, entry))
    said = form.answers()
    open_asks = [one for one in unanswered(found.record, asks) if not said.get(one.code, "").strip()]
    return tuple(one for one in (*stops, *open_asks) if form.shape.is_open(one.field))


def panels(found: Found, entry: Entry, form: UpdateForm | None) -> dict[str, object]:
    """How ``entry`` will appear, and what does not fit together in it."""
    flags = unanswered(found.record, checks(found.context, entry)[1]) if form is not None and entry.rag else []
    asked = {check.code for check in form.asked} if form is not None else set()
    return {
        "published": published(found.context, entry),
        "flags": [one for one in flags if one.code not in asked],
    }


def show(
    request: HttpRequest,
    found: Found,
    *,
    form: UpdateForm | None = None,
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
    entry = typed(found, form)
    needed: list[Check] = []
    if checking and form is not None:
        stops, asks = checks(found.context, entry)
        form, needed = look_over(record, stops, asks, lambda asked: make_form(found, request.POST, asked=asked))
    if form is not None and problems:
        say_beside(form, problems)
    address = [record.span, record.action_year.code]
    context: dict[str, object] = {
        "noun": "update",
        "record": record,
        "action_year": record.action_year,
        "top": words.heading(record, user, found.who, enters=editing or answering),
        "lock": words.lock(record, user, found.who),
        "crumbs": words.crumbs(record, working=found.working),
        "action": reverse("action-update", args=address),
        "preview": reverse("action-update-preview", args=address),
        "background": words.background(found.context, ActionRag(entry.rag) if entry.rag else None),
        "guidelines": list(GUIDELINES.values()),
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
    context |= _dialogue(found, form, escalating)
    context |= _sections(found, form) if form is not None else {}
    context |= {
        "revision_rows": words.revision_rows(record, working=found.working),
        "steps": words.steps(record, user, found.who) if form is None else [],
        "note": record.internal_note
        if found.working and (form is None or "internal_note" not in form.fields)
        else "",
    }
    return render(request, "actions/update/page.html", context)


def _dialogue(found: Found, form: UpdateForm | None, escalating: EscalateForm | None) -> dict[str, object]:
    cards = cards_for(found.record, found.user, MOVES["escalate"], working=found.working, form=form)
    open_cards = [card for card in cards if card.field is not None]
    return {
        "cards": {about.value: [card for card in open_cards if card.about == about] for about in About},
        "cards_read": [card for card in cards if card.field is None],
        "escalations": escalations(cards, escalating, inside=form is not None),
        "enters": may_enter(found.record, found.user) is None,
        "answered": list(found.record.findings.select_related("answered_by")) if found.working else [],
    }


def _sections(found: Found, form: UpdateForm) -> dict[str, object]:
    milestones = form.milestone_names
    new = [(form[name], form[on]) for name, on in form.new_names]
    return {
        "form": form,
        "told_fields": form.bound(RECOVERY_TOLD),
        "done_fields": form.bound(["done"]),
        "done_asks": form.asked_about(["done"]),
        "milestone_fields": form.bound(milestones),
        "new_milestones": new,
        "new_open": any(name.value() or name.errors or on.errors for name, on in new) or not milestones,
        "due_fields": form.bound(["moves_due"]),
        "dates_asks": form.asked_about([*form.shape_names, *DUE_FIELDS]),
        "rag_fields": form.bound(["rag"]),
        "reason_fields": form.bound(["rag_reason"]),
        "recovery_fields": form.bound(RECOVERY_FIELDS),
        "achieved_fields": form.bound(["achieved"]),
        "rag_asks": form.asked_about(RAG_FIELDS),
        "moves": " ".join(one.value for one in reasons_for(found.context.rag_before)),
        "lesson_fields": form.bound(["lesson"]),
        "impact_fields": form.bound(["impact"]),
        "impact_asks": form.asked_about(["impact"]),
        "note_fields": (notes := form.bound(["internal_note"])),
        "note_open": any(note.value() or note.errors for note in notes),
    }
