"""Everything held on one KPI, as one readable document and spreadsheets, for a freedom of information request."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.csv_files import csv_lines
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.organisation.queries import council
from hdcperf.periods import FinancialYear
from hdcperf.roles import Permission
from hdcperf.ui import Link, day, moment
from kpis.models import KpiYear
from kpis.queries.everything_held import Line, Sheet, everything_held, in_words, pairs

_RETURNS = "monthlyreturn"
_SAID_ABOVE = frozenset({"Monthly return", "KPI", "KPI year", "First day of the month measured"})
"""What a month's heading says already."""
_AS_TABLES = frozenset({"monthlytarget", "history"})
"""Sheets with many short rows: a table reads better than a list."""


def export(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """What the file will hold, then the file itself (``?file=zip``)."""
    user = request.user
    assert isinstance(user, User)
    found = (
        KpiYear.objects.filter(year=year.start_year, code_key=code_key(code), is_live=True)
        .select_related("kpi", "service__directorate", "portfolio")
        .first()
    )
    if found is None:
        raise Http404("There is no KPI with this code in this year.")
    if not standing(user).may(Permission.EXPORT_KPI, found.scope):
        raise PermissionDenied(
            "Only the Performance Team, internal audit and the monitoring officer export everything held on a KPI."
        )
    sheets = everything_held(found.kpi)
    if request.GET.get("file") == "zip":
        return _download(found, sheets, user)
    context = {
        "kpi_year": found,
        "counts": [(one.title, f"{one.slug}.csv", len(one.lines)) for one in sheets],
        "links": [Link("Download everything (zip)", "?file=zip")],
        "back": Link(found.code, reverse("kpi", args=[found.financial_year, found.code])),
    }
    return render(request, "kpis/export.html", context)


def _download(found: KpiYear, sheets: Sequence[Sheet], user: User) -> HttpResponse:
    name = f"{slugify(found.code)}-everything-held-{clock.today().isoformat()}"
    answer = HttpResponse(_zipped(name, _document(found, sheets, user), sheets), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer


def _zipped(name: str, document: str, sheets: Iterable[Sheet]) -> bytes:
    files = {f"{name}/everything-held.html": document}
    for one in sheets:
        lines = csv_lines(one.heading, ([_csv_cell(cell) for cell in line.cells] for line in one.lines))
        files[f"{name}/csv/{one.slug}.csv"] = "".join(lines)
    made = io.BytesIO()
    now = timezone.localtime(clock.now()).timetuple()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, now)
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, text.encode("utf-8"))
    return made.getvalue()


def _csv_cell(cell: object) -> object:
    """A cell as a spreadsheet reads it: ISO dates, plain numbers."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        plain = f"{cell:f}"
        return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


@dataclass(frozen=True)
class Part:
    """A sheet of the document, or one return's share of it: a table, or records each as (name, words)."""

    title: str
    heading: tuple[str, ...]
    table: list[list[str]]
    records: list[list[tuple[str, str]]]

    @property
    def is_empty(self) -> bool:
        return not (self.table or self.records)


@dataclass(frozen=True)
class MonthHeld:
    """One monthly return with everything that belongs to it."""

    title: str
    facts: list[tuple[str, str]]
    parts: list[Part]


def _document(found: KpiYear, sheets: Sequence[Sheet], user: User) -> str:
    returns = next(one for one in sheets if one.slug == _RETURNS)
    about = [one for one in sheets if one is not returns and not any(line.owner for line in one.lines)]
    of_months = [one for one in sheets if one not in about and one is not returns]
    years = KpiYear.objects.filter(kpi=found.kpi_id)
    context = {
        "kpi_year": found,
        "council_name": council().name,
        "made": f"Made by {user.name} on {moment(clock.now())}.",
        "today": day(clock.today()),
        "names": [f"{one.financial_year}: {one.code} {one.name}" for one in years],
        "about": [_part(one, None) for one in about if one.slug != "history"],
        "months": [
            MonthHeld(
                title=_title(returns, line.cells),
                facts=_said(returns, line),
                parts=[part for one in of_months if not (part := _part(one, line.owner)).is_empty],
            )
            for line in returns.lines
        ],
        "history": _part(next(one for one in sheets if one.slug == "history"), None),
    }
    return render_to_string("kpis/export_document.html", context)


def _title(returns: Sheet, cells: Sequence[object]) -> str:
    by_name = dict(zip(returns.heading, cells, strict=True))
    return str(by_name["First day of the month measured"])


def _part(one: Sheet, owner: int | None) -> Part:
    lines = [line for line in one.lines if line.owner == owner]
    if one.slug in _AS_TABLES:
        return Part(one.title, one.heading, [[in_words(cell) for cell in line.cells] for line in lines], [])
    return Part(one.title, one.heading, [], [_said(one, line) for line in lines])


def _said(one: Sheet, line: Line) -> list[tuple[str, str]]:
    """What a line says, without what its month's heading says already."""
    return [(name, words) for name, words in pairs(one.heading, line) if not (line.owner and name in _SAID_ABOVE)]
