"""What somebody is typing, worked out by the server while they type: nothing is saved (framework C.2.1)."""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from hdcperf.periods import Month
from kpis.forms.return_grid import GridRowForm
from kpis.operations.entering import Entry
from kpis.views.fetching import Found, find_return
from kpis.views.return_page import make_form, panels, shape_of
from kpis.workflow import may_enter

__all__ = ["preview"]


@require_POST
def preview(request: HttpRequest, month: Month, code: str) -> HttpResponse:
    """``/returns/<month>/<code>/preview/``: the panels of the return page, or of one row of the grid."""
    found = find_return(request, month, code)
    if sentence := may_enter(found.record, found.user):
        raise PermissionDenied(sentence)
    prefix = request.POST.get("row", "")
    if re.fullmatch(r"r[0-9]{1,18}", prefix):
        return render(request, "kpis/return/row_preview.html", _row(request, found, prefix))
    form = make_form(found, request.POST)
    form.is_valid()
    context = panels(found, form.entry(Entry.of(found.record)), form)
    context["errors"] = [str(error) for name in form.errors for error in form.errors[name]]
    return render(request, "kpis/return/preview.html", context)


def _row(request: HttpRequest, found: Found, prefix: str) -> dict[str, object]:
    form = GridRowForm(request.POST, prefix=prefix, shape=shape_of(found, editing=True))
    form.is_valid()
    return panels(found, form.entry(Entry.of(found.record)), form)
