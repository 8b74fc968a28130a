"""``/questions/``: what members ask, say and recommend, and what is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt
from hdcperf.ui import Link, Step, paginate, with_query
from reports.forms.questions import AskForm, QuestionFilterForm, RecordForm
from reports.models import Meeting, PanelQuestion
from reports.operations.questions import Asked, ask
from reports.presenters.questions import count_tiles, question_rows
from reports.queries.asking import find_item, item_groups, members
from reports.queries.meetings import asked_for
from reports.queries.question_list import counted, filter_meetings, filter_owners, narrowed
from reports.queries.questions import questions_seen_by
from reports.question_workflow import may_ask, may_record

__all__ = ["question_ask", "questions"]

QUESTIONS = Link("Questions", "/questions/")
INTRO = (
    "A question, a comment or a recommendation about anything in the reports. It belongs to the panel, so it stays "
    "when members change."
)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Every question the person may see, with filters."""
    user = signed_in(request)
    who = standing(user)
    everything = questions_seen_by(who)
    form = QuestionFilterForm(request.GET, meetings=filter_meetings(everything), owners=filter_owners(everything))
    asked = form.asked()
    page = paginate(request, narrowed(everything, asked, who))
    context = {
        "counts": count_tiles(counted(who), asked.get("stands", ""), lambda name: with_query(request, stands=name)),
        "form": form,
        "active": [
            Link(form.words_for(name, value), with_query(request, **{name: None})) for name, value in asked.items()
        ],
        "page": replace(page, rows=question_rows(page.rows, who)),
        "filtered": bool(asked),
        "steps": _ask_step(user),
    }
    return render(request, "reports/questions/list.html", context)


def _ask_step(user: User) -> list[Step]:
    if may_ask(None, user) is not None:
        return []
    words = "Record what a member asked" if may_record(None, user) is None else "Ask something"
    return [Step(words, reverse("question-ask"), kind="secondary")]


@require_http_methods(["GET", "HEAD", "POST"])
def question_ask(request: HttpRequest) -> HttpResponse:
    """Ask something for the panel, or write down what a member asked."""
    user = signed_in(request)
    if sentence := may_ask(None, user):
        raise PermissionDenied(sentence)
    records = may_record(None, user) is None
    form = _ask_form(request, user, records)
    if request.method == "POST" and form.is_valid():
        made: list[PanelQuestion] = []
        if attempt(form, lambda: made.append(_asked(form, user)), beside="words"):
            messages.success(
                request, "Recorded." if records else "Sent to the Performance Team, which finds who answers."
            )
            return redirect(made[0])
    context = {
        "crumbs": [QUESTIONS, Link("Record" if records else "Ask", "")],
        "heading": "Record what a member asked" if records else "Ask something for the panel",
        "intro": INTRO,
        "form": form if form.meetings else None,
    }
    return render(request, "reports/questions/ask.html", context)


def _ask_form(request: HttpRequest, user: User, records: bool) -> AskForm:
    today = clock.today()
    meetings = asked_for(today, None if records else frozenset({Meeting.Body.SCRUTINY.value}))
    wanted = request.GET.get("meeting", "")
    first = next((one for one in meetings if str(one.pk) == wanted), meetings[0] if meetings else None)
    given: dict[str, Any] = {
        "initial": {
            "kind": PanelQuestion.Kind.QUESTION.value,
            "about": request.GET.get("about", ""),
            "meeting": str(first.pk) if first is not None else "",
            "asked_on": today,
        },
        "groups": item_groups(today),
        "meetings": meetings,
    }
    if records:
        return RecordForm(request.POST or None, members=members(today), **given)
    return AskForm(request.POST or None, **given)


def _asked(form: AskForm, user: User) -> PanelQuestion:
    typed = form.cleaned_data
    asked = Asked(
        kind=typed["kind"],
        meeting=form.for_meeting(),
        about=find_item(typed["about"]),
        words=typed["words"],
        asked_on=typed.get("asked_on") or clock.today(),
    )
    member = User.objects.get(pk=int(typed["member"])) if typed.get("member") else None
    return ask(asked, by=user, member=member)
