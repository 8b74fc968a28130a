"""Revisions: proposing one, the list, and deciding it: an accepted figure changes no other way (framework E.1)."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf.organisation.access import Standing, standing
from hdcperf.periods import Month
from hdcperf.review.attempting import with_version
from hdcperf.review.forms import DecisionForm
from hdcperf.review.revisions import Decision, decide, deciding, listed
from hdcperf.ui import Link
from hdcperf.workflow import StaleRecord
from kpis.forms.revisions import RevisionForm
from kpis.models import MonthlyReturn, Revision
from kpis.operations.entering import Entry
from kpis.operations.revising import accept_revision, decline_revision, propose, withdraw_revision
from kpis.presenters.revisions import changes, changes_if, revision_row
from kpis.queries.assessing import assess
from kpis.queries.duties import works_on_returns
from kpis.queries.findings import return_facts
from kpis.rules.checks import basic_checks
from kpis.views.fetching import Found, find_return, signed_in
from kpis.workflow import REVISION_MOVES, MoveRefused, either_side, may_review

__all__ = ["revision", "revision_propose", "revisions"]

STALE = "This figure was changed after you opened the page. Look at it as it is now, then propose again."
PARTS = ("value", "numerator", "denominator")


@require_http_methods(["GET", "HEAD", "POST"])
def revision_propose(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """``/returns/<month>/<code>/revise/``: say what should change and see it before proposing."""
    found = find_return(request, month, code)
    record = found.record
    if either_side(record, found.user):
        raise PermissionDenied("Only the service and the Performance Team can propose a revision.")
    if not record.is_accepted:
        messages.info(request, "Only an accepted figure is revised: this return can still be changed.")
        return redirect("return", record.measured, record.kpi_year.code)
    if request.method != "POST":
        start = {name: getattr(record, name) for name in PARTS} | {"version": record.version}
        return _form_page(request, found, RevisionForm(initial=start, kpi_year=record.kpi_year), looked=False)
    form = RevisionForm(request.POST, kpi_year=record.kpi_year)
    sound = form.is_valid() and not _impossible(found, form)
    if not sound or request.POST.get("step") != "propose":
        return _form_page(request, found, form, looked=sound)
    return _propose(request, found, form)


def _impossible(found: Found, form: RevisionForm) -> bool:
    """Put what cannot be beside its box, as on the return's own page."""
    record, figures = found.record, form.figures()
    typed = replace(
        Entry.of(record),
        value=figures.value,
        numerator=figures.numerator,
        denominator=figures.denominator,
        no_data=False,
    )
    stands = assess(found.context.facts, record.measured, typed)
    for one in basic_checks(return_facts(found.context, typed, stands)):
        if one.is_error:
            form.add_error(one.field if one.field in form.fields else None, f"{one.sentence} {one.instruction}")
    return bool(form.errors)


def _propose(request: HttpRequest, found: Found, form: RevisionForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        made = propose(
            found.record,
            figures=form.figures(),
            kind=typed["kind"],
            reason=typed["reason"],
            note=typed["note"],
            version=typed["version"],
            by=found.user,
        )
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return _form_page(request, found, form, looked=False)
    except StaleRecord:
        version = MonthlyReturn.objects.get(pk=found.record.pk).version
        form = RevisionForm(with_version(request.POST, version), kpi_year=found.record.kpi_year)
        form.add_error(None, STALE)
        return _form_page(request, found, form, looked=False)
    messages.success(request, "The revision is proposed. The accepted figure stands until somebody else accepts it.")
    return redirect("revision", made.pk)


def _form_page(request: HttpRequest, found: Found, form: RevisionForm, *, looked: bool) -> HttpResponse:
    record = found.record
    context = {
        "record": record,
        "kpi_year": record.kpi_year,
        "form": form,
        "action": request.path,
        "changes": changes_if(record, form.figures()) if looked else (),
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link(
                f"{record.kpi_year.code} {record.measured}",
                reverse("return", args=[record.measured, record.kpi_year.code]),
            ),
            Link("Propose a revision", ""),
        ],
    }
    return render(request, "kpis/revision_propose.html", context)


def _reach(who: Standing) -> QuerySet[Revision]:
    """The revisions of the returns ``who`` works on."""
    rows: QuerySet[Revision] = (
        Revision.objects.filter(monthly_return__in=MonthlyReturn.objects.working_for(who).order_by().values("pk"))
        .select_related("monthly_return__kpi_year__service__directorate", "proposed_by")
        .prefetch_related("transitions")
        .order_by("-proposed_at", "-pk")
    )
    return rows


@require_safe
def revisions(request: HttpRequest) -> HttpResponse:
    """``/revisions/``: those waiting, then those decided, of the returns one works on."""
    who = standing(signed_in(request))
    if not works_on_returns(who):
        raise PermissionDenied("Only those who enter, check or answer for returns see this list.")
    context = listed(request, _reach(who), revision_row) | {
        "title": "Revisions",
        "noun": "figure",
        "what": "KPI and month",
        "crumbs": [Link("My tasks", reverse("home")), Link("Revisions", "")],
    }
    return render(request, "review/revisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """``/revisions/<pk>/``: old and new, and accept, decline or withdraw it."""
    user = signed_in(request)
    found = _reach(standing(user)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no revision here that you can see.")
    form: DecisionForm | None = None
    if request.method == "POST":
        form = decide(request, found, DECISIONS)
        if form is None:
            return redirect("revision", pk)
        found = _reach(standing(user)).get(pk=pk)
    return _decision_page(request, found, form)


DECISIONS: dict[str, Decision] = {
    "accept": (
        accept_revision,
        "The revision is accepted, and the figure is marked as revised wherever it is shown.",
    ),
    "decline": (decline_revision, "The revision is declined: the accepted figure stands."),
    "withdraw": (withdraw_revision, "The revision is withdrawn: the accepted figure stands."),
}


def _decision_page(request: HttpRequest, found: Revision, form: DecisionForm | None) -> HttpResponse:
    user, record = signed_in(request), found.monthly_return
    outside = "The Performance Team decides it." if may_review(record, user) else ""
    context = deciding(found, REVISION_MOVES, user, form, why_not=outside) | {
        "row": revision_row(found),
        "record": record,
        "kpi_year": record.kpi_year,
        "changes": changes(found),
        "action": request.path,
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link("Revisions", reverse("revisions")),
            Link(record.kpi_year.code, ""),
        ],
        "links": [Link("The return", reverse("return", args=[record.measured, record.kpi_year.code]))],
    }
    return render(request, "kpis/revision.html", context)
