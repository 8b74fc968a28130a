"""Revisions of updates: proposing one, the list, and deciding it: an accepted update changes no other way (E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.revisions import RevisionForm
from actions.models import ActionUpdate, Revision
from actions.operations.revising import Revised, accept_revision, decline_revision, propose, withdraw_revision
from actions.presenters.revisions import changes, revision_row
from actions.presenters.update_page import name_of
from actions.queries.sight import working_updates, works_on_updates
from actions.views.fetching import Found, find_update
from actions.workflow import REVISION_MOVES, MoveRefused, StaleRecord, either_side
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.periods import Quarter
from hdcperf.review.attempting import with_version
from hdcperf.review.forms import DecisionForm
from hdcperf.review.revisions import Decision, decide, deciding, listed
from hdcperf.ui import Link

__all__ = ["revision", "revision_propose", "revisions"]

STALE = "This update was changed after you opened the page. Look at it as it is now, then propose again."


@require_http_methods(["GET", "HEAD", "POST"])
def revision_propose(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """``/actions/<quarter>/<code>/revise/``: say what should change and see it before proposing."""
    found = find_update(request, quarter, code)
    record = found.record
    if either_side(record, found.user):
        raise PermissionDenied("Only the service and the Performance Team can propose a revision.")
    if not record.is_accepted:
        messages.info(request, "Only an accepted update is revised: this one can still be changed.")
        return redirect("action-update", record.span, record.action_year.code)
    if request.method != "POST":
        start = vars(Revised.of(record)) | {"version": record.version}
        return _form_page(request, found, RevisionForm(initial=start), looked=False)
    form = RevisionForm(request.POST)
    if not form.is_valid() or request.POST.get("step") != "propose":
        return _form_page(request, found, form, looked=form.is_valid())
    return _propose(request, found, form)


def _propose(request: HttpRequest, found: Found, form: RevisionForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        made = propose(
            found.record,
            new=form.revised(),
            kind=typed["kind"],
            reason=typed["reason"],
            version=typed["version"],
            by=found.user,
        )
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _form_page(request, found, form, looked=False)
    except StaleRecord:
        form = RevisionForm(with_version(request.POST, ActionUpdate.objects.get(pk=found.record.pk).version))
        form.add_error(None, STALE)
        return _form_page(request, found, form, looked=False)
    messages.success(request, "The revision is proposed. The accepted update stands until somebody else accepts it.")
    return redirect("action-revision", made.pk)


def _form_page(request: HttpRequest, found: Found, form: RevisionForm, *, looked: bool) -> HttpResponse:
    record = found.record
    context = {
        "record": record,
        "name": name_of(record),
        "form": form,
        "action": request.path,
        "changes": changes(Revised.of(record), form.revised()) if looked else (),
        "looked": looked,
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link(name_of(record), reverse("action-update", args=[record.span, record.action_year.code])),
            Link("Propose a revision", ""),
        ],
    }
    return render(request, "actions/revision_propose.html", context)


def _reach(who: Standing) -> QuerySet[Revision]:
    """The revisions of the updates ``who`` works on."""
    rows: QuerySet[Revision] = (
        Revision.objects.filter(update__in=working_updates(who).order_by().values("pk"))
        .select_related("update__action_year__service__directorate", "proposed_by")
        .prefetch_related("transitions")
        .order_by("-proposed_at", "-pk")
    )
    return rows


@require_safe
def revisions(request: HttpRequest) -> HttpResponse:
    """``/actions/revisions/``: those waiting, then those decided, of the updates one works on."""
    who = standing(signed_in(request))
    if not works_on_updates(who):
        raise PermissionDenied("You work on no updates of actions.")
    context = listed(request, _reach(who), revision_row) | {
        "title": "Revisions of updates",
        "noun": "update",
        "what": "Action and quarter",
        "crumbs": [Link("My tasks", reverse("home")), Link("Revisions of updates", "")],
    }
    return render(request, "review/revisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """``/actions/revisions/<pk>/``: old and new, and accept, decline or withdraw it."""
    user = signed_in(request)
    found = _reach(standing(user)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no revision here that you can see.")
    form: DecisionForm | None = None
    if request.method == "POST":
        form = decide(request, found, DECISIONS)
        if form is None:
            return redirect("action-revision", pk)
        found = _reach(standing(user)).get(pk=pk)
    return _decision_page(request, found, form)


DECISIONS: dict[str, Decision] = {
    "accept": (
        accept_revision,
        "The revision is accepted, and the update is marked as revised wherever it is shown.",
    ),
    "decline": (decline_revision, "The revision is declined: the accepted update stands."),
    "withdraw": (withdraw_revision, "The revision is withdrawn: the accepted update stands."),
}


def _decision_page(request: HttpRequest, found: Revision, form: DecisionForm | None) -> HttpResponse:
    user, record = signed_in(request), found.update
    old = Revised.of(record) if found.state == Revision.State.PROPOSED else Revised.old(found)
    context = deciding(found, REVISION_MOVES, user, form) | {
        "row": revision_row(found),
        "changes": changes(old, Revised.new(found)),
        "action": request.path,
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link("Revisions of updates", reverse("action-revisions")),
            Link(record.action_year.code, ""),
        ],
        "links": [Link("The update", reverse("action-update", args=[record.span, record.action_year.code]))],
    }
    return render(request, "actions/revision.html", context)
