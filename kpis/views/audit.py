"""The audit page and its CSV: who, when, from what, to what, why (framework: internal audit, governance)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hdcperf import clock
from hdcperf.csv_files import csv_lines
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import Link, paginate
from kpis.forms.audit import AuditFilterForm
from kpis.queries.audit import RowKey, audit_rows
from kpis.queries.audit_words import Change, Entry, described

PER_PAGE = 50
SHOWN_AT_ONCE = 4
SHOWN_OF_NEW = 1
"""Values printed under a line; more are folded away. What a new record began with is seldom asked for."""
_CHUNK = 500


def _working(request: HttpRequest) -> bool:
    """Whether the person sees what is not accepted too. Refuses whoever may see no history."""
    user = request.user
    assert isinstance(user, User)
    who = standing(user)
    if not who.may(Permission.SEE_HISTORY):
        raise PermissionDenied("Only internal audit and members of the governance committee see this list.")
    return who.may(Permission.SEE_WORKING_HISTORY)


@dataclass(frozen=True)
class AuditRow:
    """An entry with its link and the changes that are folded away."""

    entry: Entry
    kpi: Link | None
    changes: tuple[Change, ...]
    folded: tuple[Change, ...]


def audit(request: HttpRequest) -> HttpResponse:
    """Everything that was done, newest first, narrowed by the address."""
    working = _working(request)
    form = AuditFilterForm(request.GET, working=working)
    page = paginate(request, audit_rows(form.asked(), working=working), PER_PAGE)
    rows = [_row(entry) for entry in described(page.rows, working=working)]
    context = {
        "form": form,
        "page": replace(page, rows=rows),
        "working": working,
        "export": [Link("Download this list (CSV)", f"{reverse('audit-export')}?{request.GET.urlencode()}")],
    }
    return render(request, "kpis/audit.html", context)


def _row(entry: Entry) -> AuditRow:
    kpi = entry.kpi
    link = None
    if kpi is not None:
        link = Link(kpi.code, reverse("kpi", args=[kpi.financial_year, kpi.code]), hint=kpi.name)
    fits = len(entry.changes) <= (SHOWN_OF_NEW if entry.what == "Created" else SHOWN_AT_ONCE)
    return AuditRow(entry, link, entry.changes if fits else (), () if fits else entry.changes)


HEADING = ("When", "Who", "Kind of record", "Record", "KPI", "KPI name", "Done", "What", "From", "To", "Why")


def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV, a line for each value changed, with the page's own filters."""
    working = _working(request)
    form = AuditFilterForm(request.GET, working=working)
    keys = audit_rows(form.asked(), working=working).iterator(chunk_size=_CHUNK)
    answer = StreamingHttpResponse(csv_lines(HEADING, _lines(keys, working)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{clock.today().isoformat()}.csv"'
    return answer


def _lines(keys: Iterator[RowKey], working: bool) -> Iterator[tuple[str, ...]]:
    while chunk := list(islice(keys, _CHUNK)):
        for entry in described(chunk, working=working):
            yield from csv_rows(entry)


def csv_rows(entry: Entry) -> Iterable[tuple[str, ...]]:
    """An entry as lines of CSV: one for each value, or one alone where no value that is kept changed."""
    when = f"{timezone.localtime(entry.when):%Y-%m-%d %H:%M:%S}"
    kpi = (entry.kpi.code, entry.kpi.name) if entry.kpi else ("", "")
    start = (when, entry.who, entry.kind, entry.subject, *kpi, entry.what)
    for one in entry.changes or (Change("", "", ""),):
        yield (*start, one.label, one.before, one.after, entry.why)
