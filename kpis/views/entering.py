"""The stakeholder's page for one KPI's month (framework C.2.1, E.1). One address: the button pressed names the move.

Nothing is half written: a return is saved whole, or not at all with what was typed still on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.periods import Month
from hdcperf.ui import Link
from kpis.forms.entering import ESCALATE, EscalateForm, ReturnForm
from kpis.models import MonthlyReturn
from kpis.operations.answering import Answers, Unanswered, answer_all
from kpis.operations.checking import escalate, undo_correction
from kpis.operations.entering import Entry, StaleRecord, confirm_outturn
from kpis.operations.merging import MERGED_PARTS, Difference, choose, differences
from kpis.operations.saving import Recovery, Saved, is_as_typed, save_return
from kpis.presenters.return_stale import stale_rows
from kpis.queries.due import next_due
from kpis.views.fetching import Found, find_return
from kpis.views.return_page import answering_problems, is_answering, is_editing, make_form, shape_of, show
from kpis.workflow import MoveRefused, NotPermitted, either_side, may_enter, move

__all__ = ["monthly_return"]

_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "move", "version", TYPED_BY})


@require_http_methods(["GET", "HEAD", "POST"])
def monthly_return(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """``/returns/<month measured>/<code>/``: enter, answer or read one return."""
    found = find_return(request, month, code)
    if request.method != "POST":
        return show(request, found)
    name = request.POST.get("move", "check")
    handler = _MOVES.get(name.partition(":")[0])
    if handler is None:
        raise Http404("There is no such button.")
    try:
        return handler(request, found)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except MoveRefused as refused:
        return _not_saved(request, found, str(refused))
    except StaleRecord as stale:
        return _stale(request, found, stale.fresh)


# Entering


def _check(request: HttpRequest, found: Found) -> HttpResponse:
    """Work the figures out and look for slips, saving nothing."""
    _refuse_reader(found)
    if not (is_editing(found) or is_answering(found)):
        return redirect(_address(found.record))
    return show(request, found, form=make_form(found, request.POST), checking=True)


def _save(request: HttpRequest, found: Found) -> HttpResponse:
    return _keep(request, found, submitting=False)


def _submit(request: HttpRequest, found: Found) -> HttpResponse:
    return _keep(request, found, submitting=True)


def _keep(request: HttpRequest, found: Found, *, submitting: bool) -> HttpResponse:
    _refuse_reader(found)
    form = make_form(found, request.POST, editing=True)
    if not form.is_valid():
        if not is_editing(found):
            return _not_saved(request, found, "This return changed since you opened the page.")
        return show(request, found, form=form, unsaved=True)
    entry, keep_theirs = _entry(request, found, form)
    recovery = Recovery.of(form.cleaned_data)
    try:
        saved = save_return(
            found.record,
            entry,
            by=found.user,
            version=_version(request),
            submitting=submitting,
            answers=form.answers(),
            recovery=recovery,
            promised_in=found.last_time if recovery.result else None,
        )
    except MoveRefused:
        if is_as_typed(found.record, entry, by=found.user, submitting=submitting):
            return _after(request, found.record, submitting)  # a double click: the first one did it
        raise
    if saved.problems:
        return _incomplete(request, found, saved, keep_theirs)
    return _after(request, saved.record, submitting)


def _entry(request: HttpRequest, found: Found, form: ReturnForm) -> tuple[Entry, bool]:
    """What was typed, with the parts chosen from the other person's; and whether any was."""
    theirs = Entry.of(found.record)
    chosen = [part for part in MERGED_PARTS if request.POST.get(f"keep_{part}") == "theirs"]
    return choose(form.entry(theirs), theirs, chosen), bool(chosen)


def _incomplete(request: HttpRequest, found: Found, saved: Saved, merged: bool) -> HttpResponse:
    """The draft is saved; the page says beside each field what stops it from being submitted."""
    if merged:
        messages.success(request, "Saved as a draft. It is not submitted yet: press Submit to see what is missing.")
        return redirect(_address(found.record))
    fresh = found.as_now(saved.record)
    return show(request, fresh, form=make_form(fresh, request.POST, asked=saved.problems), problems=saved.problems)


def _after(request: HttpRequest, record: MonthlyReturn, submitted: bool) -> HttpResponse:
    kpi_year = record.kpi_year
    name = f"{kpi_year.code} {kpi_year.name}, {record.measured}"
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
    _refuse_reader(found)
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
        answer_all(found.record, entry, answers, by=found.user, version=_version(request))
    except Unanswered as refused:
        form.add_error(refused.field, str(refused))
        return show(request, found, form=form, unsaved=True)
    messages.success(request, "Your answer was sent to the Performance Team.")
    return redirect(_address(found.record))


def _nothing_to_answer(request: HttpRequest, found: Found, form: ReturnForm) -> HttpResponse:
    """No challenge is open: this very answer arrived already (a double click), or somebody else's did."""
    last = found.record.transitions.order_by("-at", "-pk").first()
    if last is not None and last.move == "answer" and last.by_id == found.user.pk:
        messages.success(request, "Your answer was sent to the Performance Team.")
        return redirect(_address(found.record))
    return _not_saved(request, found, "No challenge of this return is open, so there is nothing to answer.")


def _escalate(request: HttpRequest, found: Found) -> HttpResponse:
    if sentence := either_side(found.record, found.user):
        raise PermissionDenied(sentence)
    challenge = _one_of(found.record.challenges.all(), _which(request))
    typed = _what_is_typed(request, found)
    form = EscalateForm(request.POST, challenge_id=challenge.pk, inside=is_answering(found))
    if not form.is_valid():
        return show(request, found, form=typed, escalating=form)
    escalate(challenge, reason=form.cleaned_data["reason"], by=found.user)
    messages.success(request, "Sent to the board, which will decide. The figure is marked as disputed until then.")
    return _stay(request, found, request.POST if typed else None)


def _undo(request: HttpRequest, found: Found) -> HttpResponse:
    _refuse_reader(found)
    correction = _one_of(found.record.word_corrections.all(), _which(request))
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


# What is shared


def _refuse_reader(found: Found) -> None:
    if sentence := may_enter(found.record, found.user):
        raise PermissionDenied(sentence)


def _one_of(rows: Any, posted: str) -> Any:
    """The row of this return that was posted by id; a forged id is not found."""
    row = rows.filter(pk=int(posted)).first() if posted.isascii() and posted.isdigit() and len(posted) < 10 else None
    if row is None:
        raise Http404("There is no such row on this return.")
    return row


def _which(request: HttpRequest) -> str:
    """The id in the button pressed: ``escalate:12``."""
    return request.POST.get("move", "").partition(":")[2]


def _version(request: HttpRequest) -> int:
    """The version the page was made from; a missing or garbled one is no version at all."""
    posted = request.POST.get("version", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def _address(record: MonthlyReturn) -> str:
    return reverse("return", args=[record.measured, record.kpi_year.code])


def _not_saved(request: HttpRequest, found: Found, sentence: str) -> HttpResponse:
    """A clear page, with what was typed still to be copied."""
    context = {
        "sentence": sentence,
        "name": f"{found.record.kpi_year.code} {found.record.kpi_year.name}, {found.record.measured}",
        "back": Link("Open the return as it is now", _address(found.record)),
        "typed": _typed_words(request, found),
    }
    return render(request, "kpis/return/not_saved.html", context, status=409)


def _typed_words(request: HttpRequest, found: Found) -> list[tuple[str, str]]:
    """Each thing that was typed with the name of its box."""
    form = ReturnForm(request.POST, shape=shape_of(found, everything=True))
    labels = {name: str(one.label) for name, one in form.fields.items()}
    typed: list[tuple[str, str]] = []
    for name, text in request.POST.items():
        base = name.removesuffix("_day").removesuffix("_month").removesuffix("_year")
        if base in labels and isinstance(text, str) and text.strip():
            typed.append((labels[base] if base == name else f"{labels[base]}: {name.rpartition('_')[2]}", text))
        elif name.startswith(("words_", ESCALATE)) and isinstance(text, str) and text.strip():
            typed.append(("Your answer", text))
    return typed


def _stale(request: HttpRequest, found: Found, fresh: MonthlyReturn) -> HttpResponse:
    """Show both, lose neither: the person chooses, part by part, and saves."""
    now = found.as_now(fresh)
    record = now.record
    form = make_form(now, request.POST, editing=not is_answering(now))
    form.is_valid()
    mine = form.entry(Entry.of(record))
    different = differences(mine, record, _version(request))
    last = record.history.first()
    context = {
        "name": f"{record.kpi_year.code} {record.kpi_year.name}, {record.measured}",
        "who": last.history_by_name if last is not None else "",
        "rows": stale_rows(record, mine, different),
        "carried": _carried(request, different),
        "version": record.version,
        "move": request.POST.get("move", "save"),
        "action": _address(record),
        "crumbs": [Link("My tasks", reverse("home")), Link(record.kpi_year.code, _address(record))],
    }
    return render(request, "kpis/return/stale.html", context, status=409)


def _carried(request: HttpRequest, different: list[Difference]) -> list[tuple[str, str]]:
    """Everything that was posted, to be posted again, but for what the page says anew."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_CARRIED and not name.startswith("keep_")
    ]
