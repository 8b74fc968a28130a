"""``/golden-thread/``: from priorities down to actions and KPIs; national frameworks; a person's own objectives."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import Framework
from hdcperf.ui import Link
from reports.forms.objectives import ObjectiveForm
from reports.forms.thread import ThreadForm
from reports.models import Objective
from reports.presenters.objectives import objective_rows
from reports.presenters.thread import evidence_rows, summary, thread_rows
from reports.queries.frameworks import evidence
from reports.queries.objectives import objectives_seen_by
from reports.queries.thread import golden_thread

__all__ = ["framework", "objective_remove", "objectives", "thread"]

THREAD = Link("Golden thread", "/golden-thread/")
TAGGING = Link("Tag KPIs and actions in the admin", "/admin/")


@require_safe
def thread(request: HttpRequest) -> HttpResponse:
    """The whole thread, or what leads up from one action or KPI (``?about=``)."""
    form = ThreadForm(request.GET)
    text = form.asked()
    context = {
        "form": form,
        "about": text,
        "active": [Link(f"About: {text}", request.path)] if text else [],
        "priorities": thread_rows(golden_thread(standing(request.user), text)),
        "links": [
            Link("My objectives", reverse("objectives")),
            *(Link(str(one), reverse("framework", args=[one.slug])) for one in Framework.objects.all()),
        ],
    }
    return render(request, "reports/thread.html", context)


@require_safe
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """What evidence the council has for each theme of a national framework, and where it has none."""
    found = get_object_or_404(Framework, slug=slug)
    rows = evidence(standing(request.user), found)
    context = {
        "framework": found,
        "summary": summary(rows, found.theme_noun),
        "themes": evidence_rows(rows),
        "crumbs": [THREAD, Link(str(found), "")],
        "links": [TAGGING] if signed_in(request).is_staff else [],
    }
    return render(request, "reports/framework.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objectives(request: HttpRequest) -> HttpResponse:
    """My objectives, and those of the people who named me as their manager."""
    user = signed_in(request)
    form = ObjectiveForm(request.POST or None, user=user, thread=golden_thread(standing(user)))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        same = Objective.objects.filter(user=user, words=typed["words"], **form.served())
        if not same.exists():  # a double click adds one
            Objective.objects.create(
                user=user, manager=typed["manager"], words=typed["words"], set_on=clock.today(), **form.served()
            )
        messages.success(request, f"Added. You and {typed['manager'].name} see it, and nobody else.")
        return redirect("objectives")
    seen = list(objectives_seen_by(user))
    context = {
        "form": form,
        "mine": objective_rows([one for one in seen if one.user_id == user.pk]),
        "staff": objective_rows([one for one in seen if one.manager_id == user.pk]),
        "crumbs": [THREAD, Link("My objectives", "")],
    }
    return render(request, "reports/objectives.html", context)


@require_POST
def objective_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own objective away. Raises Http404 for anybody else's, also a manager's staff's."""
    found = Objective.objects.filter(pk=pk, user=signed_in(request)).first()
    if found is None:
        raise Http404("There is no such objective of yours.")
    found.delete()
    messages.success(request, "The objective is removed.")
    return redirect("objectives")
