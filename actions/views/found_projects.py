"""Fetching a project by its code, and the page of a form about it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from actions.models import Project
from actions.queries.projects import find_project
from hdcperf.forms import GdsForm
from hdcperf.ui import Link

__all__ = ["found_project", "project_address", "project_page"]


def found_project(request: HttpRequest, code: str) -> Project:
    """The project with this code. Raises Http404 when there is none."""
    project = find_project(code)
    if project is None:
        raise Http404(f"There is no project {code}.")
    return project


def project_address(project: Project) -> str:
    return reverse("project", args=[project.code])


def project_page(request: HttpRequest, project: Project, heading: str, form: GdsForm, **more: Any) -> HttpResponse:
    """A page with one form about the project."""
    form.cancel = form.cancel or Link("Cancel", project_address(project))
    crumbs = (
        Link("Projects", reverse("project-list")),
        Link(project.code, project_address(project)),
        Link(heading, ""),
    )
    page = {"crumbs": crumbs, "caption": str(project), "heading": heading, "form": form, **more}
    return render(request, "actions/form.html", page)
