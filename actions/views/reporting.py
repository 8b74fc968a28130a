"""``/projects/<quarter>/<code>/``: enter, answer or read one report. One address: the button pressed names the move.

Nothing is half written: a report is saved whole, or not at all with what was typed still on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.reporting import ReportForm
from actions.models import ProjectReport
from actions.operations.report_entry import PARTS, ReportEntry, as_it_was, fitting
from actions.operations.reporting import REPORTS, SAVING, answer_report
from actions.presenters.report import report_address, report_name, report_stale_rows
from actions.project_workflow import MoveRefused, StaleRecord, may_report, move_report
from actions.queries.report_contexts import next_report
from actions.views.found_reports import FoundReport, find_report
from actions.views.report_page import answering_problems, is_answering, is_editing, make_form, panels, show, typed
from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.answering import Answers, Unanswered
from hdcperf.review.entry_form import EscalateForm
from hdcperf.review.merging import choose, differences
from hdcperf.review.saving import Saved
from hdcperf.ui import Link

__all__ = ["project_report", "project_report_preview"]


@require_http_methods(["GET", "HEAD", "POST"])
def project_report(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """The page, and every button of it."""
    found = find_report(request, quarter, code)
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
def project_report_preview(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """How what is typed will appear, and what does not fit together in it; nothing is saved."""
    found = find_report(request, quarter, code)
    posting.refuse(may_report(found.record, found.user))
    form = make_form(found, request.POST, editing=not is_answering(found))
    return render(request, "actions/report/preview.html", panels(found, typed(found, form), form))


def _check(request: HttpRequest, found: FoundReport) -> HttpResponse:
    """Look for slips and print how it will appear, saving nothing."""
    posting.refuse(may_report(found.record, found.user))
    if not (is_editing(found) or is_answering(found)):
        return redirect(report_address(found.record))
    return show(request, found, form=make_form(found, request.POST), checking=True)


def _save(request: HttpRequest, found: FoundReport) -> HttpResponse:
    return _keep(request, found, submitting=False)


def _submit(request: HttpRequest, found: FoundReport) -> HttpResponse:
    return _keep(request, found, submitting=True)


def _keep(request: HttpRequest, found: FoundReport, *, submitting: bool) -> HttpResponse:
    posting.refuse(may_report(found.record, found.user))
    form = make_form(found, request.POST, editing=True)
    if not form.is_valid():
        if not is_editing(found):
            return _not_saved(request, found, "This report changed since you opened the page.")
        return show(request, found, form=form, unsaved=True)
    entry, merged = _entry(request, found, form)
    version = posting.version_of(request)
    try:
        saved = SAVING.save(
            found.record, entry, by=found.user, version=version, submitting=submitting, answers=form.answers()
        )
    except MoveRefused:
        if SAVING.is_as_typed(found.record, fitting(entry), by=found.user, submitting=submitting):
            return _after(request, found, found.record, submitting)  # a double click: the first one did it
        raise
    if saved.problems:
        return _incomplete(request, found, saved, merged)
    return _after(request, found, saved.record, submitting)


def _entry(request: HttpRequest, found: FoundReport, form: ReportForm) -> tuple[ReportEntry, bool]:
    """What was typed, with the parts chosen from the other person's; and whether any was."""
    theirs = ReportEntry.of(found.record)
    chosen = posting.kept(request, PARTS)
    return choose(PARTS, form.entry(theirs), theirs, chosen), bool(chosen)


def _incomplete(request: HttpRequest, found: FoundReport, saved: Saved[ProjectReport], merged: bool) -> HttpResponse:
    """The draft is saved; the page says beside each field what stops it from being submitted."""
    if merged:
        messages.success(request, "Saved as a draft. It is not submitted yet: press Submit to see what is missing.")
        return redirect(report_address(found.record))
    fresh = found.as_now(saved.record)
    return show(request, fresh, form=make_form(fresh, request.POST, asked=saved.problems), problems=saved.problems)


def _after(request: HttpRequest, found: FoundReport, record: ProjectReport, submitted: bool) -> HttpResponse:
    name = report_name(found.record)
    if not submitted:
        messages.success(request, f"Draft saved: {name}.")
        return redirect(report_address(found.record))
    following = next_report(found.who)
    if following is None:
        messages.success(request, f"Submitted: {name}. You have no more reports to submit.")
        return redirect("home")
    messages.success(request, f"Submitted: {name}. This is your next report.")
    return redirect(report_address(following))


def _take_back(request: HttpRequest, found: FoundReport) -> HttpResponse:
    move_report(found.record, "take_back", by=found.user)
    messages.success(request, "Taken back: it is a draft again.")
    return redirect(report_address(found.record))


# Answering a challenge


def _answer(request: HttpRequest, found: FoundReport) -> HttpResponse:
    posting.refuse(may_report(found.record, found.user))
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
        answer_report(found.record, entry, answers, by=found.user, version=posting.version_of(request))
    except Unanswered as refused:
        form.add_error(refused.field, str(refused))
        return show(request, found, form=form, unsaved=True)
    messages.success(request, "Your answer was sent to the Performance Team.")
    return redirect(report_address(found.record))


def _nothing_to_answer(request: HttpRequest, found: FoundReport) -> HttpResponse:
    """No challenge is open: this very answer arrived already (a double click), or somebody else's did."""
    if posting.answered_already(found.record, found.user):
        messages.success(request, "Your answer was sent to the Performance Team.")
        return redirect(report_address(found.record))
    return _not_saved(request, found, "No challenge of this report is open, so there is nothing to answer.")


def _escalate(request: HttpRequest, found: FoundReport) -> HttpResponse:
    challenge = posting.one_of(found.record.challenges.all(), posting.which(request))
    unsent = _what_is_typed(request, found)
    form = EscalateForm(request.POST, challenge_id=challenge.pk, inside=is_answering(found))
    if not form.is_valid():
        return show(request, found, form=unsent, escalating=form)
    REPORTS.escalate(challenge, reason=form.cleaned_data["reason"], by=found.user)
    messages.success(request, "Sent to the board, which will decide. The report is marked as disputed until then.")
    again = find_report(request, found.record.span, found.record.project.code)
    if unsent is None or not is_answering(again):
        return redirect(report_address(found.record))
    return show(request, again, form=make_form(again, request.POST), waiting=True)


def _what_is_typed(request: HttpRequest, found: FoundReport) -> ReportForm | None:
    """The report's form when a button beside it was pressed and something in it had not been sent yet."""
    if not is_answering(found) or TYPED_BY not in request.POST:
        return None
    form = make_form(found, request.POST)
    form.is_valid()
    base = ReportEntry.of(found.record)
    unsent = form.entry(base) != base or form.errors or any(form.words_for(one) for one in form.shape.challenges)
    return form if unsent else None


_MOVES: dict[str, Callable[..., HttpResponse]] = {
    "check": _check,
    "save": _save,
    "submit": _submit,
    "take_back": _take_back,
    "answer": _answer,
    "escalate": _escalate,
}


# When it cannot be saved


def _not_saved(request: HttpRequest, found: FoundReport, sentence: str) -> HttpResponse:
    form = make_form(found, request.POST, everything=True)
    return posting.not_saved(
        request,
        sentence=sentence,
        name=report_name(found.record),
        back=Link("Open the report as it is now", report_address(found.record)),
        typed=posting.typed_words(request.POST, {name: str(one.label) for name, one in form.fields.items()}),
    )


def _stale(request: HttpRequest, found: FoundReport, fresh: ProjectReport) -> HttpResponse:
    """Show both, lose neither: the person chooses, part by part, and saves."""
    now = found.as_now(fresh)
    form = make_form(now, request.POST, editing=not is_answering(now))
    form.is_valid()
    theirs = ReportEntry.of(fresh)
    mine = form.entry(theirs)
    different = differences(PARTS, mine, theirs, as_it_was(fresh, posting.version_of(request)))
    return posting.stale(
        request,
        fresh,
        noun="report",
        name=report_name(fresh),
        rows=report_stale_rows(now.context, mine, theirs, different),
        crumbs=[Link("My tasks", reverse("home")), Link(fresh.project.code, report_address(fresh))],
        action=report_address(fresh),
    )
