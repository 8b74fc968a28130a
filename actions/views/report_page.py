"""Putting the page of a project's report together: the form that is open, and what is read beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from actions.forms.reporting import RECOVERY_FIELDS, ReportForm, ReportShape
from actions.models import ReportChallenge
from actions.operations.report_entry import ReportEntry
from actions.operations.reporting import corrected, open_parts
from actions.presenters.report import (
    facts_beside,
    published_report,
    report_address,
    report_heading,
    report_lock_piece,
    report_revision_rows,
    report_steps,
)
from actions.project_workflow import REPORT_MOVES, may_report, refusal
from actions.queries.report_contexts import report_checks
from actions.rules.guidelines import REPORT_GUIDELINES
from actions.views.found_reports import FoundReport
from hdcperf.review.cards import cards_for
from hdcperf.review.checks import Check
from hdcperf.review.entry_form import EscalateForm, escalations, look_over, say_beside
from hdcperf.review.findings import unanswered
from hdcperf.review.page import saved_words
from hdcperf.ui import Link, rag_tag

__all__ = [
    "answering_problems",
    "is_answering",
    "is_editing",
    "make_form",
    "panels",
    "report_crumbs",
    "show",
    "typed",
]

About = ReportChallenge.About
BOARD_FIELDS = ("status", "board", "met_on", "board_words")
OWN_FIELDS = ("own_view", "own_view_why")


def is_editing(found: FoundReport) -> bool:
    """Whether the person can save this report as a draft now."""
    return refusal(found.record, REPORT_MOVES["draft"], found.user) is None


def is_answering(found: FoundReport) -> bool:
    """Whether the person can answer a challenge of this report now."""
    return refusal(found.record, REPORT_MOVES["answer"], found.user) is None


def make_form(
    found: FoundReport,
    data: QueryDict | None = None,
    *,
    asked: Iterable[Check] = (),
    editing: bool = False,
    everything: bool = False,
) -> ReportForm:
    """The form as stored, or as posted: all of a draft, or what open challenges reopened."""
    record = found.record
    answering = not editing and not everything and is_answering(found)
    shape = ReportShape(
        context=found.context,
        only=open_parts(record) if answering else None,
        challenges=tuple(record.challenges.filter(state=ReportChallenge.State.OPEN)) if answering else (),
    )
    asks = [check for check in asked if not check.is_error and shape.is_open(check.field)]
    if data is None:
        return ReportForm(initial=ReportForm.starting(record), shape=shape, asked=asks)
    return ReportForm(data, shape=shape, asked=asks)


def typed(found: FoundReport, form: ReportForm | None) -> ReportEntry:
    """What is typed into the form, or else what is stored."""
    base = ReportEntry.of(found.record)
    if form is None or not form.is_bound:
        return base
    form.is_valid()
    return form.entry(base)


def answering_problems(
    found: FoundReport, form: ReportForm, entry: ReportEntry, answers: Mapping[int, str]
) -> tuple[Check, ...]:
    """What keeps a correction from being sent: only about what the challenges reopened."""
    if not any(text.strip() for text in answers.values()):
        return ()  # there is no answer yet: that is said first
    stops, asks = report_checks(found.context, corrected(found.record, entry))
    said = form.answers()
    open_asks = [one for one in unanswered(found.record, asks) if not said.get(one.code, "").strip()]
    return tuple(one for one in (*stops, *open_asks) if form.shape.is_open(one.field))


def panels(found: FoundReport, entry: ReportEntry, form: ReportForm | None) -> dict[str, object]:
    """How ``entry`` will appear, and what does not fit together in it."""
    asks = report_checks(found.context, entry)[1] if form is not None and entry.status else []
    asked = {check.code for check in form.asked} if form is not None else set()
    return {
        "published": published_report(found.context, entry),
        "flags": [one for one in unanswered(found.record, asks) if one.code not in asked],
    }


def show(
    request: HttpRequest,
    found: FoundReport,
    *,
    form: ReportForm | None = None,
    checking: bool = False,
    problems: Sequence[Check] = (),
    unsaved: bool = False,
    waiting: bool = False,
    escalating: EscalateForm | None = None,
) -> HttpResponse:
    """Print the page: with its form while it is open to this person, to be read otherwise."""
    record, user = found.record, found.user
    editing, answering = is_editing(found), is_answering(found)
    if form is None and (editing or answering):
        form = make_form(found)
    entry = typed(found, form)
    needed: list[Check] = []
    if checking and form is not None:
        stops, asks = report_checks(found.context, entry)
        form, needed = look_over(record, stops, asks, lambda asked: make_form(found, request.POST, asked=asked))
    if form is not None and problems:
        say_beside(form, problems)
    context: dict[str, object] = {
        "noun": "report",
        "record": record,
        "project": record.project,
        "top": report_heading(record, user, found.who, enters=editing or answering),
        "lock": report_lock_piece(record, user, found.who),
        "crumbs": report_crumbs(found),
        "action": report_address(record),
        "preview": report_address(record, "project-report-preview"),
        "facts": facts_beside(found.context),
        "before": found.context.before,
        "before_status": rag_tag(found.context.before.status) if found.context.before is not None else None,
        "guidelines": list(REPORT_GUIDELINES.values()),
        "needed": needed,
        "checked": checking,
        "unsaved": unsaved,
        "kept": bool(problems) and not unsaved,
        "editing": editing,
        "answering": answering,
        "saved_words": saved_words(record) if editing else "",
        "waiting": waiting,
        "refused_escalation": escalating,
        "revision_rows": report_revision_rows(record, working=found.working),
        "steps": report_steps(record, user, found.who) if form is None else [],
    }
    context |= panels(found, entry, form) | _dialogue(found, form, escalating)
    context |= _sections(form) if form is not None else {}
    return render(request, "actions/report/page.html", context)


def report_crumbs(found: FoundReport, *more: Link) -> list[Link]:
    """The way to the page; the quarter's list is for those who work on its reports."""
    record = found.record
    listed = [Link(f"{record.span} updates", reverse("quarter", args=[record.span]))] if found.working else []
    here = Link(record.project.code, report_address(record) if more else "")
    return [Link("My tasks", reverse("home")), *listed, here, *more]


def _dialogue(found: FoundReport, form: ReportForm | None, escalating: EscalateForm | None) -> dict[str, object]:
    cards = cards_for(found.record, found.user, REPORT_MOVES["escalate"], working=found.working, form=form)
    open_cards = [card for card in cards if card.field is not None]
    return {
        "cards": {about.value: [card for card in open_cards if card.about == about] for about in About},
        "cards_read": [card for card in cards if card.field is None],
        "escalations": escalations(cards, escalating, inside=form is not None),
        "enters": may_report(found.record, found.user) is None,
        "answered": list(found.record.findings.select_related("answered_by")) if found.working else [],
    }


def _sections(form: ReportForm) -> dict[str, object]:
    return {
        "form": form,
        "board_fields": form.bound(BOARD_FIELDS),
        "own_fields": form.bound(OWN_FIELDS),
        "recovery_fields": form.bound(RECOVERY_FIELDS),
        "status_asks": form.asked_about([*BOARD_FIELDS, *OWN_FIELDS, *RECOVERY_FIELDS]),
        "lesson_fields": form.bound(["lesson"]),
        "progress_fields": form.bound(["progress"]),
        "progress_asks": form.asked_about(["progress"]),
        "next_fields": form.bound(["next_steps"]),
        "risk_fields": form.bound(["risks"]),
        "risk_asks": form.asked_about(["risks"]),
        "step_fields": form.bound(form.step_names),
    }
