"""``/meetings/``: the dates of the bodies' meetings, one with the timetable of its papers, and keeping them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt, with_version
from hdcperf.ui import Link, Step, day
from hdcperf.workflow import StaleRecord
from reports.forms.meetings import CancelForm, MeetingForm
from reports.models import Meeting
from reports.operations.meetings import cancel_meeting, may_keep, save_meeting, version_of
from reports.presenters.meetings import meeting_facts, meeting_rows, timetable_rows
from reports.presenters.questions import question_rows
from reports.queries.meetings import asked_for, meetings_past, meetings_to_come
from reports.queries.questions import questions_seen_by
from reports.question_workflow import may_ask, may_record
from reports.rules.timetable import agenda_sentence

__all__ = ["meeting", "meeting_add", "meeting_cancel", "meeting_change", "meetings"]

METHODS = ["GET", "HEAD", "POST"]
MEETINGS = Link("Meetings", "/meetings/")
STALE = "Somebody changed this meeting after you opened the page. What you typed is below: save again to keep it."


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings to come, and those of the last year."""
    today = clock.today()
    keeps = may_keep(signed_in(request)) is None
    context = {
        "to_come": meeting_rows(meetings_to_come(today), today),
        "past": meeting_rows(meetings_past(today), today),
        "steps": [Step("Add a meeting", reverse("meeting-add"), kind="secondary")] if keeps else [],
    }
    return render(request, "reports/meetings/list.html", context)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: when and where, by when its papers are done, and what was asked for it."""
    one = get_object_or_404(Meeting, pk=pk)
    user, today = signed_in(request), clock.today()
    asked = questions_seen_by(standing(user)).filter(meeting=one)
    context = {
        "crumbs": [MEETINGS, Link(str(one), "")],
        "meeting": one,
        "facts": meeting_facts(one, today),
        "sentence": "" if one.is_cancelled else agenda_sentence(one.timetable, today),
        "timetable": [] if one.is_cancelled else timetable_rows(one, today),
        "questions": question_rows(asked, standing(user)),
        "steps": [*_ask(one, user), *_keep(one, user)],
    }
    return render(request, "reports/meetings/meeting.html", context)


def _ask(one: Meeting, user: User) -> list[Step]:
    """Scrutiny's members ask for their own panel's meetings, while there is anything to ask about."""
    records = may_record(None, user) is None
    bodies = None if records else frozenset({Meeting.Body.SCRUTINY.value})
    if may_ask(None, user) is not None or one not in asked_for(clock.today(), bodies):
        return []
    words = "Record what a member asked for it" if records else "Ask something for this meeting"
    return [Step(words, f"{reverse('question-ask')}?meeting={one.pk}", kind="secondary")]


def _keep(one: Meeting, user: User) -> list[Step]:
    if one.is_cancelled or may_keep(user) is not None:
        return []
    steps = [Step("Change its date, time or place", reverse("meeting-change", args=[one.pk]))]
    if one.held_on >= clock.today():
        steps.append(Step("Cancel the meeting", reverse("meeting-cancel", args=[one.pk])))
    return steps


@require_http_methods(METHODS)
def meeting_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(METHODS)
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Meeting.objects.going_ahead(), pk=pk))


def _edit(request: HttpRequest, one: Meeting | None) -> HttpResponse:
    user = signed_in(request)
    if sentence := may_keep(user):
        raise PermissionDenied(sentence)
    names = ("body", "held_on", "starts_at", "place")
    held = {name: getattr(one, name) for name in names} if one is not None else {}
    form = MeetingForm(request.POST or None, initial={**held, "version": version_of(one)})
    if request.method == "POST" and form.is_valid():
        saved: list[Meeting] = []

        def act() -> None:
            saved.append(save_meeting(one, form.facts(), by=user, version=form.cleaned_data["version"]))

        try:
            if attempt(form, act, beside="held_on"):
                messages.success(request, f"Saved: {saved[0]}.")
                return redirect(saved[0])
        except StaleRecord as stale:
            form = MeetingForm(with_version(request.POST, version_of(stale.fresh)))
            form.add_error(None, STALE)
    heading = "Add a meeting" if one is None else "Change a meeting"
    return _form(request, one, form, heading)


@require_http_methods(METHODS)
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    one = get_object_or_404(Meeting, pk=pk)
    user = signed_in(request)
    if sentence := may_keep(user):
        raise PermissionDenied(sentence)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if attempt(form, lambda: cancel_meeting(one, because, by=user), beside="because"):
            messages.success(request, f"Cancelled: {one.get_body_display()}, {day(one.held_on)}.")
            return redirect(one)
    return _form(request, one, form, "Cancel a meeting")


def _form(request: HttpRequest, one: Meeting | None, form: MeetingForm | CancelForm, heading: str) -> HttpResponse:
    here = [Link(str(one), one.get_absolute_url())] if one is not None else []
    form.cancel = Link("Do not change anything", one.get_absolute_url() if one is not None else reverse("meetings"))
    context = {
        "crumbs": [MEETINGS, *here, Link(heading, "")],
        "caption": str(one) if one is not None else "",
        "heading": heading,
        "form": form,
    }
    return render(request, "reports/meetings/form.html", context)
