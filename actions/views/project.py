"""The page of a project, closing it, and taking it up again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.projects import CloseForm, GoesOnForm
from actions.models import Project, ProjectReport
from actions.operations.projects import close, take_up_again
from actions.presenters.action_facts import changes, questions
from actions.presenters.project import facts, quarters, reports, requests, revisions, stand, steps
from actions.project_workflow import may_ask, may_register, may_report
from actions.queries.project_page import ProjectHistory, project_history
from actions.queries.projects import find_project
from actions.queries.told import Source
from actions.rules.colours import ActionRag
from actions.views.found_projects import found_project, project_page
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt
from hdcperf.ui import Link, Step, day

__all__ = ["project", "project_again", "project_close"]

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """``/projects/<code>/``: how it stands, quarter by quarter, what its board said and decided, what it is."""
    user = signed_in(request)
    who = standing(user)
    found = find_project(code)
    if found is None:
        missing = {"code": code, "links": [Link("Search all projects", reverse("project-list"))]}
        return render(request, "actions/projects/missing.html", missing, status=404)
    if found.code != code:
        return redirect("project", found.code)
    history = project_history(who, found)
    context: dict[str, object] = {
        "crumbs": (Link("Projects", reverse("project-list")), Link(found.code, "")),
        "project": found,
        "stand": stand(history),
        "quarters": quarters(history),
        "steps": _steps(history, user),
        "facts": facts(history, who),
        "serves": [
            Link(row.name, reverse("action", args=[row.plan_year.financial_year, row.code]))
            for row in history.line.serves
        ],
        "milestones": steps(history),
        "updates": reports(history),
        "requests": [("", row) for row in requests(history, who)],
        "disputes": questions(history.disputes),
        "dialogue": questions(history.dialogue),
        "revisions": revisions(history),
        "changes": changes(history.changes, who),
        "meanings": [(one, one.meaning) for one in ActionRag],
    }
    return render(request, "actions/projects/project.html", context)


def _steps(history: ProjectHistory, user: User) -> list[Step]:
    """What the person can do from here."""
    one = history.project
    found = list(_report_steps(history, user))
    if may_ask(one, user) is None and one.closed_on is None:
        found.append(Step("Ask for a change of date", reverse("project-ask", args=[one.code])))
    if may_register(user, one.scope) is None:
        found.append(Step("Change what it says", reverse("project-amend", args=[one.code])))
        if one.closed_on is None:
            found.append(Step("Close the project", reverse("project-close", args=[one.code])))
        else:
            found.append(Step("Take it up again", reverse("project-again", args=[one.code])))
    return found


def _report_steps(history: ProjectHistory, user: User) -> list[Step]:
    """To the newest report in the making, for those who work on it."""
    told = history.line.told.by_quarter.values()
    waiting = [one.record for one in told if one.source is Source.WORKING and one.record is not None]
    newest = max(waiting, key=lambda one: one.quarter, default=None)
    if newest is None or newest.excused:
        return []
    newest.project = history.project
    to_enter = newest.state in (ProjectReport.State.NOT_STARTED, ProjectReport.State.DRAFT)
    verb = "Enter" if to_enter and may_report(newest, user) is None else "Open"
    address = reverse("project-report", args=[newest.span, history.project.code])
    return [Step(f"{verb} the report for {newest.span}", address, kind="secondary")]


def _managed(request: HttpRequest, code: str) -> Project:
    one = found_project(request, code)
    if sentence := may_register(signed_in(request), one.scope):
        raise PermissionDenied(sentence)
    return one


@require_http_methods(METHODS)
def project_close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the project, with how it ended and what came of it."""
    one = _managed(request, code)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if attempt(form, lambda: close(one, by=signed_in(request), **typed)):
            messages.success(request, f"Closed: {one}. It ended on {day(typed['on'])}.")
            return redirect("project", one.code)
    intro = "The quarter it ended in still has its last report. No report is owed for later quarters."
    return project_page(request, one, "Close the project", form, intro=intro)


@require_http_methods(METHODS)
def project_again(request: HttpRequest, code: str) -> HttpResponse:
    """A project that was closed goes on after all."""
    one = _managed(request, code)
    if one.closed_on is None:
        return redirect("project", one.code)
    form = GoesOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: take_up_again(one, reason=reason, by=signed_in(request))):
            messages.success(request, f"{one} goes on. The reports it had not handed in are owed again.")
            return redirect("project", one.code)
    intro = f"{one.get_closed_how_display()} on {day(one.closed_on)}: {one.closed_why}"
    return project_page(request, one, "Take the project up again", form, intro=intro)
