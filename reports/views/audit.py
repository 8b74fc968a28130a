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
from hdcperf.review.audit import Change, Entry, RowKey, audit_rows, described
from hdcperf.roles import Permission
from hdcperf.ui import Link, paginate
from reports.forms.audit import AuditFilterForm
from reports.queries.audit import sources

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
    about: Link | None
    changes: tuple[Change, ...]
    folded: tuple[Change, ...]


def audit(request: HttpRequest) -> HttpResponse:
    """Everything that was done, newest first, narrowed by the address."""
    working = _working(request)
    form = AuditFilterForm(request.GET, working=working)
    page = paginate(request, audit_rows(sources(), form.asked(), working=working), PER_PAGE)
    rows = [_row(entry) for entry in described(sources(), page.rows, working=working)]
    context = {
        "form": form,
        "page": replace(page, rows=rows),
        "working": working,
        "export": [Link("Download this list (CSV)", f"{reverse('audit-export')}?{request.GET.urlencode()}")],
    }
    return render(request, "reports/audit.html", context)


def _row(entry: Entry) -> AuditRow:
    about = entry.about
    link = Link(about.code, about.href, hint=about.name) if about is not None else None
    fits = len(entry.changes) <= (SHOWN_OF_NEW if entry.what == "Created" else SHOWN_AT_ONCE)
    return AuditRow(entry, link, entry.changes if fits else (), () if fits else entry.changes)


HEADING = ("When", "Who", "Kind of record", "Record", "Code", "Name", "Done", "What", "From", "To", "Why")


def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV, a line for each value changed, with the page's own filters."""
    working = _working(request)
    form = AuditFilterForm(request.GET, working=working)
    keys = audit_rows(sources(), form.asked(), working=working).iterator(chunk_size=_CHUNK)
    answer = StreamingHttpResponse(csv_lines(HEADING, _lines(keys, working)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{clock.today().isoformat()}.csv"'
    return answer


def _lines(keys: Iterator[RowKey], working: bool) -> Iterator[tuple[str, ...]]:
    while chunk := list(islice(keys, _CHUNK)):
        for entry in described(sources(), chunk, working=working):
            yield from csv_rows(entry)


def csv_rows(entry: Entry) -> Iterable[tuple[str, ...]]:
    """An entry as lines of CSV: one for each value, or one alone where no value that is kept changed."""
    when = f"{timezone.localtime(entry.when):%Y-%m-%d %H:%M:%S}"
    about = (entry.about.code, entry.about.name) if entry.about else ("", "")
    start = (when, entry.who, entry.kind, entry.subject, *about, entry.what)
    for one in entry.changes or (Change("", "", ""),):
        yield (*start, one.label, one.before, one.after, entry.why)
