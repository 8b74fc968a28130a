"""The register of projects: the list, registering one, and changing what is not a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.projects import AmendForm, ProjectFilterForm, RegisterForm
from actions.forms.seeing import with_quarter
from actions.operations.projects import amend, register
from actions.presenters.projects import project_counts, project_rows
from actions.project_workflow import StaleRecord, may_register
from actions.queries.projects import (
    ProjectLine,
    actions_served,
    narrowed,
    project_lines,
    projects_held,
    register_quarter,
)
from actions.queries.told import opened_quarters
from actions.rules.colours import ActionRag
from actions.rules.proposals import next_code
from actions.views.found_projects import found_project, project_page
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import Quarter
from hdcperf.review.attempting import attempt, with_version
from hdcperf.ui import Link, chosen_sort, columns, paginate, with_query

__all__ = ["project_amend", "project_list", "project_new"]

METHODS = ["GET", "HEAD", "POST"]

SORTS: dict[str, Callable[[ProjectLine], Any]] = {
    "code": lambda line: line.project.code_key,
    "service": lambda line: (line.project.service.name.casefold(), line.project.code_key),
    "status": lambda line: (line.now.rank, line.project.code_key),
    "before": lambda line: (line.before.rank, line.project.code_key),
    "next": lambda line: (line.is_over or line.dates.next_step is None, _next_on(line), line.project.code_key),
    "ends": lambda line: (line.dates.due_on, line.project.code_key),
}


def _next_on(line: ProjectLine) -> object:
    step = line.dates.next_step
    return step.due_on if step is not None else line.dates.due_on


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """``/projects/``: every project as it stands and as it stood; filters and order in the address."""
    user = signed_in(request)
    who = standing(user)
    newest = register_quarter(who)
    held = [newest, *sorted((one for one in opened_quarters(who.today) if one < newest), reverse=True)]
    form = ProjectFilterForm(with_quarter(request.GET, held, newest), choices=filter_choices(), quarters=held)
    asked = form.asked()
    quarter = Quarter.parse(asked.pop("quarter"))
    sort = chosen_sort(request, SORTS, "code")
    # Status, movement and lateness are what this person may see of them, so they are asked of the line.
    in_place = project_lines(who, quarter, narrowed(projects_held(), asked), since=quarter - 8)
    found = [line for line in in_place if _matches(line, asked)]
    found.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    page = paginate(request, found)
    headings = (
        ("Project", "code"),
        ("Service", "service"),
        (str(quarter.previous), "before"),
        (str(quarter), "status"),
        ("Moved", ""),
        ("Next milestone", "next"),
        ("Ends", "ends"),
    )
    counts, words, moves = project_counts(
        in_place, lambda name, value: with_query(request, **{name: value}), asked.get("status", "")
    )
    may = may_register(user) is None
    context = {
        "quarter": quarter,
        "form": form,
        "active": active_filters(request, form, besides=("quarter",)),
        "clear": f"{request.path}?quarter={quarter.slug}",
        "counts": counts,
        "counted": words,
        "moves": moves,
        "page": replace(page, rows=project_rows(page.rows)),
        "columns": columns(request, headings, sort),
        "meanings": [(one, one.meaning) for one in ActionRag],
        "is_filtered": bool(asked),
        "links": [Link("Register a project", reverse("project-new"))] if may else [],
        "empty_links": (Link("See all projects", reverse("project-list")),),
    }
    return render(request, "actions/projects/list.html", context)


def _matches(line: ProjectLine, asked: dict[str, Any]) -> bool:
    if asked.get("status") and line.now.value != asked["status"]:
        return False
    if asked.get("movement") and line.movement.value != asked["movement"]:
        return False
    return not asked.get("overdue") or line.is_overdue == (asked["overdue"] == "yes")


@require_http_methods(METHODS)
def project_new(request: HttpRequest) -> HttpResponse:
    """``/projects/new/``: register a project with its dates."""
    user = signed_in(request)
    if sentence := may_register(user):
        raise PermissionDenied(sentence)
    if request.method == "POST":
        form = RegisterForm(request.POST)
        if form.is_valid():
            typed = form.cleaned_data
            if attempt(
                form,
                lambda: register(
                    form.facts(),
                    starts_on=typed["starts_on"],
                    ends_on=typed["ends_on"],
                    steps=typed["milestones"],
                    serves=typed["serves"],
                    by=user,
                ),
            ):
                messages.success(request, f"Registered: {typed['code']} {typed['name']}.")
                return redirect("project", typed["code"])
    else:
        form = RegisterForm(initial={"code": next_code(projects_held().values_list("code", flat=True))})
    form.cancel = Link("Cancel", reverse("project-list"))
    crumbs = (Link("Projects", reverse("project-list")), Link("Register a project", ""))
    return render(request, "actions/form.html", {"crumbs": crumbs, "heading": "Register a project", "form": form})


@require_http_methods(METHODS)
def project_amend(request: HttpRequest, code: str) -> HttpResponse:
    """``/projects/<code>/change/``: its words, people and board, the actions it serves, more milestones."""
    project = found_project(request, code)
    user = signed_in(request)
    if sentence := may_register(user, project.scope):
        raise PermissionDenied(sentence)
    heading, intro = "Change the project", "Its dates, and those of its milestones, move only as its board decides."
    if request.method != "POST":
        served = actions_served([project], standing(user).today).get(project.pk, [])
        form = AmendForm(initial=AmendForm.starting(project, served))
        return project_page(request, project, heading, form, intro=intro)
    form = AmendForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            if attempt(
                form,
                lambda: amend(
                    project,
                    form.facts(),
                    serves=typed["serves"],
                    new_steps=typed["milestones"],
                    reason=typed["reason"],
                    by=user,
                    version=typed["version"],
                ),
            ):
                messages.success(request, "The project is changed. What it said before is kept on this page.")
                return redirect("project", typed["code"])
        except StaleRecord as stale:
            form = AmendForm(with_version(request.POST, stale.fresh.version))
            form.add_error(None, _changed_meanwhile(stale.fresh))
            return project_page(request, stale.fresh, heading, form, now=_as_it_is(stale.fresh))
    return project_page(request, project, heading, form, intro=intro)


def _changed_meanwhile(project: Any) -> str:
    last = project.history.first()
    who = (last.history_by_name if last is not None else "") or "Somebody"
    return (
        f"{who} changed this project while you were writing. Yours is not saved. Look at it as it is now, then save "
        "again to put yours in place of it."
    )


def _as_it_is(project: Any) -> list[tuple[str, str]]:
    people = f"Sponsor {project.sponsor.name}, project manager {project.manager.name}, {project.board}"
    return [("Name now", project.name), ("Purpose now", project.purpose), ("People and board now", people)]
