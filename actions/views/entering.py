"""``/actions/<quarter>/<code>/``: enter, answer or read one update. One address: the button pressed names the move.

Nothing is half written: an update is saved whole, or not at all with what was typed still on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.entering import UpdateForm, settled
from actions.models import ActionUpdate
from actions.operations.checking import Answers, Unanswered, answer, escalate
from actions.operations.entering import SAVING
from actions.operations.entry import Entry, fitting
from actions.operations.merging import PARTS, as_it_was
from actions.presenters.stale import stale_rows
from actions.presenters.update_page import name_of
from actions.queries.due import next_due
from actions.views.fetching import Found, find_update
from actions.views.update_page import (
    answering_problems,
    is_answering,
    is_editing,
    make_form,
    panels,
    shape_of,
    show,
    typed,
)
from actions.workflow import MoveRefused, StaleRecord, may_enter, move
from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.entry_form import EscalateForm
from hdcperf.review.merging import choose, differences
from hdcperf.review.recovery import Recovery
from hdcperf.review.saving import Saved
from hdcperf.ui import Link

__all__ = ["action_update", "preview"]


@require_http_methods(["GET", "HEAD", "POST"])
def action_update(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """The page, and every button of it."""
    found = find_update(request, quarter, code)
    if request.method != "POST":
        return show(request, found)
    handler = posting.handler(_MOVES, request.POST.get("move", "check"))
    try:
        return handler(request, found)
    except MoveRefused as refused:
        return _not_saved(request, found, str(refused))
    except StaleRecord as stale:
        return _stale(request, found, stale.fresh)


@require_POST
def preview(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """How what is typed will appear, and what does not fit together in it; nothing is saved."""
    found = find_update(request, quarter, code)
    posting.refuse(may_enter(found.record, found.user))
    form = make_form(found, request.POST, editing=not is_answering(found))
    return render(request, "actions/update/preview.html", panels(found, typed(found, form), form))


# Entering


def _check(request: HttpRequest, found: Found) -> HttpResponse:
    """Look for slips and print how it will appear, saving nothing."""
    posting.refuse(may_enter(found.record, found.user))
    if not (is_editing(found) or is_answering(found)):
        return redirect(_address(found.record))
    return show(request, found, form=make_form(found, request.POST), checking=True)


def _save(request: HttpRequest, found: Found) -> HttpResponse:
    return _keep(request, found, submitting=False)


def _submit(request: HttpRequest, found: Found) -> HttpResponse:
    return _keep(request, found, submitting=True)


def _keep(request: HttpRequest, found: Found, *, submitting: bool) -> HttpResponse:
    posting.refuse(may_enter(found.record, found.user))
    form = make_form(found, request.POST, editing=True)
    if not form.is_valid():
        if not is_editing(found):
            return _not_saved(request, found, "This update changed since you opened the page.")
        return show(request, found, form=form, unsaved=True)
    entry, keep_theirs = _entry(request, found, form)
    try:
        saved = SAVING.save(
            found.record,
            entry,
            by=found.user,
            version=posting.version_of(request),
            submitting=submitting,
            answers=form.answers(),
            recovery=Recovery.of(form.cleaned_data),
            promised_in=found.context.before if form.asks_of_recovery else None,
        )
    except MoveRefused:
        stored = fitting(entry, found.context.rag_before)
        if SAVING.is_as_typed(found.record, stored, by=found.user, submitting=submitting):
            return _after(request, found.record, submitting)  # a double click: the first one did it
        raise
    if saved.problems:
        return _incomplete(request, found, saved, keep_theirs)
    return _after(request, saved.record, submitting)


def _entry(request: HttpRequest, found: Found, form: UpdateForm) -> tuple[Entry, bool]:
    """What was typed, with the parts chosen from the other person's; and whether any was."""
    theirs = Entry.of(found.record)
    chosen = posting.kept(request, PARTS)
    return choose(PARTS, form.entry(theirs), theirs, chosen), bool(chosen)


def _incomplete(request: HttpRequest, found: Found, saved: Saved[ActionUpdate], merged: bool) -> HttpResponse:
    """The draft is saved; the page says beside each field what stops it from being submitted."""
    if merged:
        messages.success(request, "Saved as a draft. It is not submitted yet: press Submit to see what is missing.")
        return redirect(_address(found.record))
    fresh = found.as_now(saved.record)
    return show(request, fresh, form=make_form(fresh, request.POST, asked=saved.problems), problems=saved.problems)


def _after(request: HttpRequest, record: ActionUpdate, submitted: bool) -> HttpResponse:
    if not submitted:
        messages.success(request, f"Draft saved: {name_of(record)}.")
        return redirect(_address(record))
    following = next_due(request.user)  # type: ignore[arg-type]
    if following is None:
        messages.success(request, f"Submitted: {name_of(record)}. You have no more updates to submit.")
        return redirect("home")
    messages.success(request, f"Submitted: {name_of(record)}. This is your next update.")
    return redirect(_address(following))


def _take_back(request: HttpRequest, found: Found) -> HttpResponse:
    move(found.record, "take_back", by=found.user)
    messages.success(request, "Taken back: it is a draft again.")
    return redirect(_address(found.record))


# Answering a challenge


def _answer(request: HttpRequest, found: Found) -> HttpResponse:
    posting.refuse(may_enter(found.record, found.user))
    form = make_form(found, request.POST)
    challenges = form.shape.challenges
    if not challenges:
        return _nothing_to_answer(request, found)
    if not form.is_valid():
        return show(request, found, form=form, unsaved=True)
    entry, _ = _entry(request, found, form)
    words = {one.pk: form.words_for(one) for one in challenges}
    problems = answering_problems(found, form, entry, words)
    if problems:
        form = make_form(found, request.POST, asked=problems)
        return show(request, found, form=form, problems=problems, unsaved=True)
    answers = Answers(words, form.cleaned_data.get("lesson", ""), form.answers())
    try:
        answer(found.record, entry, answers, by=found.user, version=posting.version_of(request))
    except Unanswered as refused:
        form.add_error(refused.field, str(refused))
        return show(request, found, form=form, unsaved=True)
    messages.success(request, "Your answer was sent to the Performance Team.")
    return redirect(_address(found.record))


def _nothing_to_answer(request: HttpRequest, found: Found) -> HttpResponse:
    """No challenge is open: this very answer arrived already (a double click), or somebody else's did."""
    if posting.answered_already(found.record, found.user):
        messages.success(request, "Your answer was sent to the Performance Team.")
        return redirect(_address(found.record))
    return _not_saved(request, found, "No challenge of this update is open, so there is nothing to answer.")


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    challenge = posting.one_of(found.record.challenges.all(), posting.which(request))
    unsent = _what_is_typed(request, found)
    form = EscalateForm(request.POST, challenge_id=challenge.pk, inside=is_answering(found))
    if not form.is_valid():
        return show(request, found, form=unsent, escalating=form)
    escalate(challenge, reason=form.cleaned_data["reason"], by=found.user)
    messages.success(request, "Sent to the board, which will decide. The update is marked as disputed until then.")
    if unsent is None:
        return redirect(_address(found.record))
    again = find_update(request, found.record.span, found.record.action_year.code)
    if not is_answering(again):
        return redirect(_address(found.record))
    return show(request, again, form=make_form(again, request.POST), waiting=True)


def _what_is_typed(request: HttpRequest, found: Found) -> UpdateForm | None:
    """The update's form when a button beside it was pressed and something in it had not been sent yet."""
    if not is_answering(found) or TYPED_BY not in request.POST:
        return None
    form = make_form(found, request.POST)
    form.is_valid()
    base = Entry.of(found.record)
    unsent = form.entry(base) != settled(base, found.context) and form.entry(base) != base
    return form if unsent or form.errors or any(form.words_for(one) for one in form.shape.challenges) else None


_MOVES: dict[str, Callable[..., HttpResponse]] = {
    "check": _check,
    "save": _save,
    "submit": _submit,
    "take_back": _take_back,
    "answer": _answer,
    "escalate": _escalate,
}


# When it cannot be saved


def _address(record: ActionUpdate) -> str:
    return reverse("action-update", args=[record.span, record.action_year.code])


def _not_saved(request: HttpRequest, found: Found, sentence: str) -> HttpResponse:
    form = UpdateForm(request.POST, shape=shape_of(found, request.POST, everything=True))
    return posting.not_saved(
        request,
        sentence=sentence,
        name=name_of(found.record),
        back=Link("Open the update as it is now", _address(found.record)),
        typed=posting.typed_words(request.POST, {name: str(one.label) for name, one in form.fields.items()}),
    )


def _stale(request: HttpRequest, found: Found, fresh: ActionUpdate) -> HttpResponse:
    """Show both, lose neither: the person chooses, part by part, and saves."""
    now = found.as_now(fresh)
    record, context = now.record, now.context
    form = make_form(now, request.POST, editing=not is_answering(now))
    form.is_valid()
    theirs = Entry.of(record)
    mine = form.entry(theirs)
    before = as_it_was(record, posting.version_of(request))
    different = differences(
        PARTS,
        mine,
        settled(theirs, context) if theirs.milestones != mine.milestones else theirs,
        settled(before, context) if before is not None else None,
    )
    crumbs = [Link("My tasks", reverse("home")), Link(record.action_year.code, _address(record))]
    return posting.stale(
        request,
        record,
        noun="update",
        name=name_of(record),
        rows=stale_rows(context, mine, theirs, different),
        crumbs=crumbs,
        action=_address(record),
    )
