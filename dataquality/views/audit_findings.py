"""``/dataquality/assurance/audit-findings/``: what audit found on data quality, followed until it is closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.assurance_workflow import StaleRecord, may_record_findings
from dataquality.forms.assurance import CloseFindingForm, FindingForm
from dataquality.models import AuditFinding
from dataquality.operations.audit_findings import change_finding, close_finding, record_finding
from dataquality.presenters.assurance import finding_rows
from dataquality.queries.assurance import seen_findings, sees_assurance
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import Service
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link, Step, paginate

__all__ = ["audit_finding", "audit_finding_new", "audit_findings"]

METHODS = ["GET", "HEAD", "POST"]
NOT_YOURS = "What audit found on data quality is read by the services’ managers, corporate leadership and audit."
STALE = "A colleague changed this finding after you opened the page. What you typed is below: save again to keep it."


@require_safe
def audit_findings(request: HttpRequest) -> HttpResponse:
    """Every finding the person may see: those that are open first, the most overdue at the top."""
    user = signed_in(request)
    who = standing(user)
    if not sees_assurance(who):
        raise PermissionDenied(NOT_YOURS)
    may = may_record_findings(None, user) is None
    found = sorted(
        seen_findings(who), key=lambda one: (one.closed_on is not None, one.due_on is None, one.due_on or who.today)
    )
    page = paginate(request, found)
    context = {
        "crumbs": (Link("Assurance", reverse("assurance")), Link("Audit findings", "")),
        "page": page,
        "rows": finding_rows(page.rows, who.today, may),
        "steps": [Step("Record a finding", reverse("audit-finding-new"), kind="primary")] if may else [],
    }
    return render(request, "dataquality/assurance/findings.html", context)


def _form(data: Any = None, **how: Any) -> FindingForm:
    services = list(Service.objects.all())
    return FindingForm(data, back=reverse("audit-findings"), services=services, **how)


@require_http_methods(METHODS)
def audit_finding_new(request: HttpRequest) -> HttpResponse:
    """Record what an audit found."""
    user = signed_in(request)
    refuse(may_record_findings(None, user))
    form = _form(request.POST) if request.method == "POST" else _form(initial={"version": 0})
    if form.is_bound and attempt(form, lambda: record_finding(form.found(), by=user)):
        messages.success(request, "The finding is recorded.")
        return redirect("audit-findings")
    return _page(request, form, "Record an audit finding")


@require_http_methods(METHODS)
def audit_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a finding, or close it."""
    user = signed_in(request)
    if not sees_assurance(standing(user)):
        raise Http404("There is no such finding that you can see.")
    record = get_object_or_404(seen_findings(standing(user)), pk=pk)
    refuse(may_record_findings(record, user))
    if request.method != "POST":
        return _one(request, record)
    match request.POST.get("move", ""):
        case "save":
            return _change(request, record)
        case "close":
            close = CloseFindingForm(request.POST)
            if attempt(close, lambda: close_finding(record, close.cleaned_data["words"], by=user)):
                messages.success(request, "The finding is closed.")
                return redirect("audit-findings")
            return _one(request, record, close=close)
    raise Http404("There is no such button.")


def _change(request: HttpRequest, record: AuditFinding) -> HttpResponse:
    form = _form(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            user = signed_in(request)
            if attempt(form, lambda: change_finding(record, form.found(), by=user, version=version)):
                messages.success(request, "The finding is changed.")
                return redirect("audit-findings")
        except StaleRecord as stale:
            form = _form(with_version(request.POST, stale.fresh.version))
            form.add_error(None, STALE)
    return _one(request, record, form=form)


def _one(
    request: HttpRequest,
    record: AuditFinding,
    *,
    form: FindingForm | None = None,
    close: CloseFindingForm | None = None,
) -> HttpResponse:
    heading = f"{record.audit}: audit finding {record.pk}"
    if record.closed_on is not None:
        rows = finding_rows([record], standing(signed_in(request)).today, may_record=False)
        return _page(request, None, heading, rows=rows)
    columns = ("version", "audit", "reported_on", "priority", "finding", "response", "owner", "due_on")
    held = {name: getattr(record, name) for name in columns} | {"service": str(record.service_id or "")}
    return _page(request, form or _form(initial=held), heading, close=close or CloseFindingForm())


def _page(
    request: HttpRequest,
    form: FindingForm | None,
    heading: str,
    *,
    close: CloseFindingForm | None = None,
    rows: object = (),
) -> HttpResponse:
    context = {
        "crumbs": (
            Link("Assurance", reverse("assurance")),
            Link("Audit findings", reverse("audit-findings")),
            Link(heading, ""),
        ),
        "heading": heading,
        "form": form,
        "close": close,
        "rows": rows,
    }
    return render(request, "dataquality/assurance/finding.html", context)
