"""A change of a project's date: asking for it, what the board decided, and those that wait."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.projects import AskForm, BoardForm
from actions.models import ChangeRequest
from actions.operations.changing_dates import approve, ask, decline, withdraw
from actions.presenters.project import request_row
from actions.project_workflow import CHANGE_MOVES, MoveRefused, may_ask, may_register, refusal
from actions.queries.project_sight import project_access
from actions.views.found_projects import found_project, project_address, project_page
from hdcperf.organisation.access import signed_in, standing
from hdcperf.review import posting
from hdcperf.review.attempting import attempt
from hdcperf.ui import Link, day, paginate

__all__ = ["project_ask", "project_change", "project_changes"]

METHODS = ["GET", "HEAD", "POST"]
State = ChangeRequest.State


@require_http_methods(METHODS)
def project_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the board to move the project's end or a milestone: the old date is kept, with the reason."""
    project = found_project(request, code)
    user = signed_in(request)
    posting.refuse(may_ask(project, user))
    if project.closed_on is not None:
        messages.info(request, f"{project} is closed, so its dates do not move.")
        return redirect("project", project.code)
    open_steps = project.milestones.filter(reached_on__isnull=True)
    form = AskForm(request.POST or None, project=project, steps=open_steps)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if attempt(
            form,
            lambda: ask(project, milestone=form.milestone, new_on=typed["new_on"], reason=typed["reason"], by=user),
        ):
            messages.success(request, "Asked for. The date stays as it is until the board’s decision is recorded.")
            return redirect("project", project.code)
    intro = f"A date moves only when {project.board} approves it. The old date stays beside the new one."
    return project_page(request, project, "Ask for a change of date", form, intro=intro)


@require_safe
def project_changes(request: HttpRequest) -> HttpResponse:
    """``/projects/changes/``: the changes of date that wait for their boards, then those decided."""
    user = signed_in(request)
    posting.refuse(may_register(user))
    rows = ChangeRequest.objects.select_related("project", "milestone", "requested_by")
    waiting = rows.filter(state=State.REQUESTED).order_by("requested_at", "pk")
    page = paginate(request, rows.exclude(state=State.REQUESTED).order_by("-requested_at", "-pk"))
    context = {
        "crumbs": (Link("Projects", reverse("project-list")), Link("Changes of date", "")),
        "waiting": [(str(one.project), request_row(one, one.project.board, named=True)) for one in waiting],
        "decided": [(str(one.project), request_row(one, one.project.board, named=True)) for one in page.rows],
        "page": page,
    }
    return render(request, "actions/projects/changes.html", context)


@require_http_methods(METHODS)
def project_change(request: HttpRequest, pk: int) -> HttpResponse:
    """``/projects/changes/<pk>/``: a change of date, to record what the board decided or to withdraw it."""

    found = _found(request, pk)
    if request.method != "POST":
        return _change_page(request, found, None)
    if request.POST.get("decide") == "withdraw":
        _withdraw(request, found)
        return redirect("project-change", pk)
    form = _board_form(request, found)
    if not _record(request, found, form):
        return _change_page(request, _found(request, pk), form)
    approved = form.cleaned_data["decided"] == "approve"
    now = f"The date is now {day(found.new_on)}." if approved else "The date stays as it is."
    messages.success(request, f"Recorded. {now}")
    return redirect("project-change", pk)


def _withdraw(request: HttpRequest, found: ChangeRequest) -> None:
    try:
        withdraw(found, by=signed_in(request))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Withdrawn: the date stays as it is.")


def _found(request: HttpRequest, pk: int) -> ChangeRequest:
    """The change, for whoever sees the project's reports; one that was approved is open to everybody."""
    rows = ChangeRequest.objects.select_related(
        "project__service__directorate", "project__portfolio", "milestone", "requested_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such change of date.")
    hidden = project_access(standing(signed_in(request)), [found.project]).issued
    if found.project_id in hidden and found.state != State.APPROVED:
        raise Http404("There is no change of date here that you can see.")
    return found


def _record(request: HttpRequest, found: ChangeRequest, form: BoardForm) -> bool:
    """Whether the decision was recorded; what refuses it is said in the form."""

    def act() -> object:
        decide = approve if form.cleaned_data["decided"] == "approve" else decline
        return decide(found, form.decision, by=signed_in(request))

    return attempt(form, act)


def _board_form(request: HttpRequest, found: ChangeRequest) -> BoardForm:
    """The form as posted, or empty. Raises PermissionDenied for those who do not record decisions."""
    if sentence := CHANGE_MOVES["approve"].permitted(found, signed_in(request)):
        raise PermissionDenied(sentence)
    return BoardForm(request.POST if request.method == "POST" else None, back=project_address(found.project))


def _change_page(request: HttpRequest, found: ChangeRequest, form: BoardForm | None) -> HttpResponse:
    user = signed_in(request)
    waits = found.state == State.REQUESTED
    why_not = refusal(found, CHANGE_MOVES["approve"], user) if waits else None
    if form is None and waits and why_not is None:
        form = _board_form(request, found)
    name = found.milestone.name if found.milestone is not None else "The project’s end"
    context = {
        "crumbs": (
            Link("Projects", reverse("project-list")),
            Link(found.project.code, project_address(found.project)),
            Link("Change of date", ""),
        ),
        "change": found,
        "name": name,
        "row": request_row(found, found.project.board, named=may_ask(found.project, user) is None),
        "waits": waits,
        "why_not": why_not or "",
        "form": form,
        "may_withdraw": waits and refusal(found, CHANGE_MOVES["withdraw"], user) is None,
    }
    return render(request, "actions/projects/change.html", context)
