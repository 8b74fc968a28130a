"""Whether the people a template names can get into its systems: confirmed, or said that they cannot, and answered."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dataquality.forms.template_access import AccessProblemForm, AnswerProblemForm
from dataquality.models import AccessProblem, Template
from dataquality.operations.template_access import answer_problem, confirm_access, report_problem
from dataquality.presenters.templates import boxes
from dataquality.views.fetching import Held, find_template
from dataquality.workflow import MoveRefused, may_answer_problems
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.review.posting import one_of, refuse, which
from hdcperf.roles import Permission

__all__ = ["template_access"]

NOT_YOURS = "Only those this template names, their managers and those who review data quality have this page."
NOT_ASKED = "Only the people this template names say whether they can get in, and only their managers answer."


@require_http_methods(["GET", "HEAD", "POST"])
def template_access(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """For each person it names to say that they can get into the systems, or cannot; for managers to answer that."""
    held, template = find_template(request, year, code)
    is_named = any(row.user_id == held.user.pk for row in template.people.all())
    takes_part = is_named or may_answer_problems(template, held.user) is None
    if request.method == "POST":
        if not takes_part:
            raise PermissionDenied(NOT_ASKED)
        return _act(request, held, template)
    if not takes_part and not held.who.may(Permission.REVIEW_QUALITY):
        raise PermissionDenied(NOT_YOURS)
    return _page(request, held, template)


def _act(request: HttpRequest, held: Held, template: Template) -> HttpResponse:
    match request.POST.get("move", "").partition(":")[0]:
        case "confirm":
            return _confirm(request, held, template)
        case "cannot":
            return _cannot(request, held, template)
        case "answer":
            return _answer(request, held, template)
    raise Http404("There is no such button.")


def _confirm(request: HttpRequest, held: Held, template: Template) -> HttpResponse:
    try:
        confirm_access(template, by=held.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Thank you: your access is confirmed.")
    return redirect(held.address)


def _cannot(request: HttpRequest, held: Held, template: Template) -> HttpResponse:
    form = _form(template, request.POST)
    if attempt(form, lambda: report_problem(template, **form.cleaned_data, by=held.user)):
        messages.success(request, "Your service manager is told, and answers before the template is signed off.")
        return redirect(held.address)
    return _page(request, held, template, form=form)


def _answer(request: HttpRequest, held: Held, template: Template) -> HttpResponse:
    refuse(may_answer_problems(template, held.user))
    problem = one_of(template.access_problems, which(request))
    form = AnswerProblemForm(request.POST, problem=problem)
    if attempt(form, lambda: answer_problem(problem, form.cleaned_data["answer"], by=held.user), beside="answer"):
        messages.success(request, f"{problem.user.name} is asked again whether they can get in.")
        return redirect(request.path)
    return _page(request, held, template, answering=form)


def _form(template: Template, data: object = None) -> AccessProblemForm:
    return AccessProblemForm(data, systems=[row.name for row in template.sources.all()])


def _page(
    request: HttpRequest,
    held: Held,
    template: Template,
    *,
    form: AccessProblemForm | None = None,
    answering: AnswerProblemForm | None = None,
) -> HttpResponse:
    mine = [row for row in template.people.all() if row.user_id == held.user.pk]
    is_open = template.state in (Template.State.DRAFT, Template.State.SUBMITTED)
    problems = list(template.access_problems.select_related("user"))
    waiting = [one for one in problems if one.answered_on is None]
    may_answer = is_open and may_answer_problems(template, held.user) is None
    asks = is_open and any(row.access_confirmed_on is None for row in mine)
    said = any(one.user_id == held.user.pk for one in waiting)
    context = {
        "crumbs": held.crumbs("Access"),
        "kpi_year": held.kpi_year,
        "asked": [] if mine else _asked(template),
        "duties": [row.get_duty_display() for row in mine],
        "box": next(box for box in boxes(template) if box.key == "systems"),
        "confirmed_on": max((row.access_confirmed_on for row in mine if row.access_confirmed_on), default=None),
        "asks": asks,
        "is_open": is_open,
        "address": request.path,
        "problems": [(one, _answering(one, answering) if may_answer else None) for one in problems],
        "form": (form or _form(template)) if asks and not said else None,
    }
    return render(request, "dataquality/template_access.html", context)


def _asked(template: Template) -> list[tuple[str, str, date | None]]:
    """Everybody the template names, for what, and when they confirmed that they can get in."""
    return [
        (row.user.name, row.get_duty_display(), row.access_confirmed_on)
        for row in template.people.select_related("user").order_by("pk")
    ]


def _answering(problem: AccessProblem, refused: AnswerProblemForm | None) -> AnswerProblemForm | None:
    """The box that answers a problem; the one that was refused keeps what was typed."""
    if problem.answered_on is not None:
        return None
    return refused if refused is not None and refused.problem == problem else AnswerProblemForm(problem=problem)
