"""The stakeholder's page for one KPI's month (framework C.2.1, E.1). One address: the button pressed names the move.

Nothing is half written: a return is saved whole, or not at all with what was typed still on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.periods import Month
from hdcperf.review import posting
from hdcperf.review.answering import Answers, Unanswered
from hdcperf.review.entry_form import EscalateForm
from hdcperf.review.merging import choose, differences
from hdcperf.review.recovery import Recovery
from hdcperf.review.saving import Saved
from hdcperf.ui import Link
from hdcperf.workflow import StaleRecord
from kpis.forms.entering import ReturnForm
from kpis.models import MonthlyReturn
from kpis.operations.answering import answer
from kpis.operations.checking import escalate, undo_correction
from kpis.operations.entering import SAVING, Entry, confirm_outturn
from kpis.operations.merging import PARTS, as_it_was
from kpis.presenters.return_page import name_of
from kpis.presenters.return_stale import stale_rows
from kpis.queries.due import next_due
from kpis.views.fetching import Found, find_return
from kpis.views.return_page import answering_problems, is_answering, is_editing, make_form, shape_of, show
from kpis.workflow import MoveRefused, either_side, may_enter, move

__all__ = ["monthly_return"]


@require_http_methods(["GET", "HEAD", "POST"])
def monthly_return(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """``/returns/<month measured>/<code>/``: enter, answer or read one return."""
    found = find_return(request, month, code)
    if request.method != "POST":
        return show(request, found)
    handler = posting.handler(_MOVES, request.POST.get("move", "check"))
    try:
        return handler(request, found)
    except MoveRefused as refused:
        return _not_saved(request, found, str(refused))
    except StaleRecord as stale:
        return _stale(request, found, stale.fresh)


# Entering


def _check(request: HttpRequest, found: Found) -> HttpResponse:
    """Work the figures out and look for slips, saving nothing."""
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
            return _not_saved(request, found, "This return changed since you opened the page.")
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
            promised_in=found.last_time if form.asks_of_recovery else None,
        )
    except MoveRefused:
        if SAVING.is_as_typed(found.record, entry, by=found.user, submitting=submitting):
            return _after(request, found.record, submitting)  # a double click: the first one did it
        raise
    if saved.problems:
        return _incomplete(request, found, saved, keep_theirs)
    return _after(request, saved.record, submitting)


def _entry(request: HttpRequest, found: Found, form: ReturnForm) -> tuple[Entry, bool]:
    """What was typed, with the parts chosen from the other person's; and whether any was."""
    theirs = Entry.of(found.record)
    chosen = posting.kept(request, PARTS)
    return choose(PARTS, form.entry(theirs), theirs, chosen), bool(chosen)


def _incomplete(request: HttpRequest, found: Found, saved: Saved[MonthlyReturn], merged: bool) -> HttpResponse:
    """The draft is saved; the page says beside each field what stops it from being submitted."""
    if merged:
        messages.success(request, "Saved as a draft. It is not submitted yet: press Submit to see what is missing.")
        return redirect(_address(found.record))
    fresh = found.as_now(saved.record)
    return show(request, fresh, form=make_form(fresh, request.POST, asked=saved.problems), problems=saved.problems)


def _after(request: HttpRequest, record: MonthlyReturn, submitted: bool) -> HttpResponse:
    name = name_of(record)
    if not submitted:
        messages.success(request, f"Draft saved: {name}.")
        return redirect(_address(record))
    following = next_due(request.user)  # type: ignore[arg-type]
    if following is None:
        messages.success(request, f"Submitted: {name}. You have no more returns to submit.")
        return redirect("home")
    messages.success(request, f"Submitted: {name}. This is your next return.")
    return redirect(_address(following))


def _take_back(request: HttpRequest, found: Found) -> HttpResponse:
    move(found.record, "take_back", by=found.user)
    messages.success(request, "Taken back: it is a draft again.")
    return redirect(_address(found.record))


def _confirm(request: HttpRequest, found: Found) -> HttpResponse:
    confirm_outturn(found.record, by=found.user)
    messages.success(request, "Confirmed: this is the final outturn.")
    return redirect(_address(found.record))


# Answering a challenge


def _answer(request: HttpRequest, found: Found) -> HttpResponse:
    posting.refuse(may_enter(found.record, found.user))
    form = make_form(found, request.POST)
    challenges = form.shape.challenges
    if not challenges:
        return _nothing_to_answer(request, found, form)
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


def _nothing_to_answer(request: HttpRequest, found: Found, form: ReturnForm) -> HttpResponse:
    """No challenge is open: this very answer arrived already (a double click), or somebody else's did."""
    if posting.answered_already(found.record, found.user):
        messages.success(request, "Your answer was sent to the Performance Team.")
        return redirect(_address(found.record))
    return _not_saved(request, found, "No challenge of this return is open, so there is nothing to answer.")


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    posting.refuse(either_side(found.record, found.user))
    challenge = posting.one_of(found.record.challenges.all(), posting.which(request))
    typed = _what_is_typed(request, found)
    form = EscalateForm(request.POST, challenge_id=challenge.pk, inside=is_answering(found))
    if not form.is_valid():
        return show(request, found, form=typed, escalating=form)
    escalate(challenge, reason=form.cleaned_data["reason"], by=found.user)
    messages.success(request, "Sent to the board, which will decide. The figure is marked as disputed until then.")
    return _stay(request, found, request.POST if typed else None)


def _undo(request: HttpRequest, found: Found) -> HttpResponse:
    posting.refuse(may_enter(found.record, found.user))
    correction = posting.one_of(found.record.word_corrections.all(), posting.which(request))
    typed = _what_is_typed(request, found)
    undo_correction(correction, by=found.user)
    messages.success(request, "Your own words are back.")
    data = request.POST.copy()
    if data.get(correction.prompt) == correction.after:
        data[correction.prompt] = correction.before
    return _stay(request, found, data if typed else None)


def _what_is_typed(request: HttpRequest, found: Found) -> ReturnForm | None:
    """The form of the return when a button beside it was pressed and something in it had not been sent yet."""
    if not is_answering(found) or TYPED_BY not in request.POST:
        return None
    form = make_form(found, request.POST)
    form.is_valid()
    base = Entry.of(found.record)
    typed = form.entry(base) != base or any(form.words_for(one) for one in form.shape.challenges)
    return form if typed or form.errors else None


def _stay(request: HttpRequest, found: Found, typed: QueryDict | None) -> HttpResponse:
    """The page again; with what was typed and not sent, where there is any."""
    if typed is None:
        return redirect(_address(found.record))
    again = find_return(request, found.record.measured, found.record.kpi_year.code)
    if not is_answering(again):
        return redirect(_address(found.record))
    return show(request, again, form=make_form(again, typed), waiting=True)


_MOVES: dict[str, Callable[[HttpRequest, Found], HttpResponse]] = {
    "check": _check,
    "use": _check,
    "save": _save,
    "submit": _submit,
    "take_back": _take_back,
    "confirm_outturn": _confirm,
    "answer": _answer,
    "escalate": _escalate,
    "undo_correction": _undo,
}


# When it cannot be saved


def _address(record: MonthlyReturn) -> str:
    return reverse("return", args=[record.measured, record.kpi_year.code])


def _not_saved(request: HttpRequest, found: Found, sentence: str) -> HttpResponse:
    form = ReturnForm(request.POST, shape=shape_of(found, everything=True))
    return posting.not_saved(
        request,
        sentence=sentence,
        name=name_of(found.record),
        back=Link("Open the return as it is now", _address(found.record)),
        typed=posting.typed_words(request.POST, {name: str(one.label) for name, one in form.fields.items()}),
    )


def _stale(request: HttpRequest, found: Found, fresh: MonthlyReturn) -> HttpResponse:
    """Show both, lose neither: the person chooses, part by part, and saves."""
    now = found.as_now(fresh)
    record = now.record
    form = make_form(now, request.POST, editing=not is_answering(now))
    form.is_valid()
    theirs = Entry.of(record)
    mine = form.entry(theirs)
    different = differences(PARTS, mine, theirs, as_it_was(record, posting.version_of(request)))
    crumbs = [Link("My tasks", reverse("home")), Link(record.kpi_year.code, _address(record))]
    return posting.stale(
        request,
        record,
        noun="return",
        name=name_of(record),
        rows=stale_rows(record, mine, theirs, different),
        crumbs=crumbs,
        action=_address(record),
    )
