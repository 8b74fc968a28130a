"""Revisions of projects' reports: proposing one, the list, and deciding it (framework E.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.reporting import ReportRevisionForm
from actions.models import ProjectReport, ReportRevision
from actions.operations.revising_reports import (
    RevisedReport,
    accept_revision,
    decline_revision,
    propose,
    withdraw_revision,
)
from actions.presenters.report import report_address, report_changes, report_name, report_revision_row
from actions.project_workflow import REPORT_REVISION_MOVES, StaleRecord, either_side
from actions.queries.project_sight import working_reports, works_on_reports
from actions.views.found_reports import FoundReport, find_report
from actions.views.report_page import report_crumbs
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.forms import DecisionForm
from hdcperf.review.revisions import Decision, decide, deciding, listed
from hdcperf.ui import Link

__all__ = ["report_revise", "report_revision", "report_revisions"]

STALE = "This report was changed after you opened the page. Look at it as it is now, then propose again."


def _reach(who: Standing) -> QuerySet[ReportRevision]:
    """The revisions of the reports ``who`` works on."""
    rows: QuerySet[ReportRevision] = (
        ReportRevision.objects.filter(report__in=working_reports(who).order_by().values("pk"))
        .select_related("report__project__service__directorate", "proposed_by")
        .prefetch_related("transitions")
        .order_by("-proposed_at", "-pk")
    )
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def report_revise(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """``/projects/<quarter>/<code>/revise/``: say what should change and see it before proposing."""
    found = find_report(request, quarter, code)
    record = found.record
    if either_side(record, found.user):
        posting.refuse("Only the project and the Performance Team can propose a revision.")
    if not record.is_accepted:
        messages.info(request, "Only an accepted report is revised: this one can still be changed.")
        return redirect(report_address(record))
    if request.method != "POST":
        start = vars(RevisedReport.of(record)) | {"version": record.version}
        return _form_page(request, found, ReportRevisionForm(initial=start), looked=False)
    form = ReportRevisionForm(request.POST)
    if not form.is_valid() or request.POST.get("step") != "propose":
        return _form_page(request, found, form, looked=form.is_valid())
    return _propose(request, found, form)


def _propose(request: HttpRequest, found: FoundReport, form: ReportRevisionForm) -> HttpResponse:
    made: list[ReportRevision] = []

    def act() -> None:
        typed = form.cleaned_data
        facts = {name: typed[name] for name in ("kind", "reason", "version")}
        made.append(propose(found.record, new=form.revised(), by=found.user, **facts))

    try:
        if not attempt(form, act):
            return _form_page(request, found, form, looked=False)
    except StaleRecord:
        version = ProjectReport.objects.get(pk=found.record.pk).version
        form = ReportRevisionForm(with_version(request.POST, version))
        form.add_error(None, STALE)
        return _form_page(request, found, form, looked=False)
    messages.success(request, "The revision is proposed. The accepted report stands until somebody else accepts it.")
    return redirect("project-revision", made[0].pk)


def _form_page(request: HttpRequest, found: FoundReport, form: ReportRevisionForm, *, looked: bool) -> HttpResponse:
    record = found.record
    context = {
        "record": record,
        "name": report_name(record),
        "form": form,
        "action": request.path,
        "changes": report_changes(RevisedReport.of(record), form.revised()) if looked else (),
        "looked": looked,
        "crumbs": report_crumbs(found, Link("Propose a revision", "")),
    }
    return render(request, "actions/report/revise.html", context)


@require_safe
def report_revisions(request: HttpRequest) -> HttpResponse:
    """``/projects/revisions/``: those waiting, then those decided, of the reports one works on."""
    who = standing(signed_in(request))
    if not works_on_reports(who):
        raise PermissionDenied("You work on no reports of projects.")
    context = listed(request, _reach(who), report_revision_row) | {
        "title": "Revisions of project reports",
        "noun": "project report",
        "what": "Project and quarter",
        "crumbs": [Link("My tasks", reverse("home")), Link("Revisions of project reports", "")],
    }
    return render(request, "review/revisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_revision(request: HttpRequest, pk: int) -> HttpResponse:
    """``/projects/revisions/<pk>/``: old and new, and accept, decline or withdraw it."""
    user = signed_in(request)
    found = _reach(standing(user)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no revision here that you can see.")
    form: DecisionForm | None = None
    if request.method == "POST":
        form = decide(request, found, DECISIONS)
        if form is None:
            return redirect("project-revision", pk)
        found = _reach(standing(user)).get(pk=pk)
    waits = found.state == ReportRevision.State.PROPOSED
    old = RevisedReport.of(found.report) if waits else RevisedReport.old(found)
    context = deciding(found, REPORT_REVISION_MOVES, user, form) | {
        "row": report_revision_row(found),
        "changes": report_changes(old, RevisedReport.new(found)),
        "action": request.path,
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link("Revisions of project reports", reverse("project-revisions")),
            Link(found.report.project.code, ""),
        ],
        "links": [Link("The report", report_address(found.report))],
    }
    return render(request, "actions/revision.html", context)


DECISIONS: dict[str, Decision] = {
    "accept": (
        accept_revision,
        "The revision is accepted, and the report is marked as revised wherever it is shown.",
    ),
    "decline": (decline_revision, "The revision is declined: the accepted report stands."),
    "withdraw": (withdraw_revision, "The revision is withdrawn: the accepted report stands."),
}
