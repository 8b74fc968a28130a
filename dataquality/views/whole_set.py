"""A year's set as a whole: its codes, what bodies decided about it, and the page for the panel (C.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.setting import CodesForm, SetDecisionForm
from dataquality.models import SettingDecision, SettingRound
from dataquality.operations.codes import renumber
from dataquality.operations.going_live import body_of, record_decision
from dataquality.presenters.panel import HEADING, PanelSection, csv_rows, panel_sections
from dataquality.presenters.setting import round_tag
from dataquality.queries.setting import find_round, lines, proposals_of, sees_panel, stages
from dataquality.setting_workflow import (
    MoveRefused,
    StaleRecord,
    may_manage,
    may_record,
    portfolios_of,
    silent_portfolios,
)
from dataquality.views.setting_fetching import find_window, setting_crumbs
from hdcperf.csv_files import csv_lines
from hdcperf.organisation.access import signed_in, standing
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt
from hdcperf.review.problems import ProposalRefused
from hdcperf.review.stages import stage_rows
from hdcperf.ui import Link
from kpis.models import KpiYear

__all__ = ["setting_codes", "setting_decision", "setting_panel", "setting_panel_file"]

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def setting_codes(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Give the KPIs of the set other codes, in one go: two may swap theirs."""
    window = find_window(request, year)
    record = window.record
    if sentence := may_manage(record, window.user):
        raise PermissionDenied(sentence)
    if record.state == SettingRound.State.LIVE:
        raise Http404(f"These are the KPIs of {year} now: their codes stay.")
    rows = list(KpiYear.objects.filter(proposal__setting_round=record).order_by("code_key", "pk"))
    form = CodesForm(initial={"version": record.version}, rows=rows)
    if request.method == "POST":
        form = CodesForm(request.POST, rows=rows)
        if form.is_valid() and (done := _renumber(request, record, form)) is not None:
            return done
    before = dict(KpiYear.objects.filter(year=record.year - 1).values_list("kpi_id", "code"))
    context = {
        "crumbs": setting_crumbs(record, "Codes"),
        "year": year,
        "form": form,
        "rows": [(row, before.get(row.kpi_id, "New"), form[f"code_{row.pk}"]) for row in rows],
    }
    return render(request, "dataquality/setting/codes.html", context)


def _renumber(request: HttpRequest, record: SettingRound, form: CodesForm) -> HttpResponse | None:
    version = form.cleaned_data["version"]
    try:
        changed = renumber(record, form.codes(), by=signed_in(request), version=version)
    except ProposalRefused as refused:
        for problem in refused.problems:
            form.add_error(f"code_{problem.field}", problem.sentence)
        return None
    except (MoveRefused, StaleRecord) as refused:
        stale = "The set was changed after you opened the page: open it again and renumber what is there now."
        form.add_error(None, stale if isinstance(refused, StaleRecord) else str(refused))
        return None
    messages.success(request, f"{changed} renumbered." if changed else "No code was changed.")
    return redirect("setting", record.financial_year)


@require_http_methods(METHODS)
def setting_decision(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Record what the body that has the set decided in its meeting."""
    window = find_window(request, year)
    record, user = window.record, window.user
    if sentence := may_record(record, user):
        raise PermissionDenied(sentence)
    body = body_of(record)
    if not body:
        messages.info(request, f"{record.get_state_display()}: no body is to decide about the set now.")
        return redirect("setting", year)
    portfolios = portfolios_of(record) if body == SettingDecision.Body.PORTFOLIO else None
    form = SetDecisionForm(request.POST or None, portfolios=portfolios, back=reverse("setting", args=[year]))

    def act() -> None:
        typed = form.cleaned_data
        record_decision(record, form.decided(typed["kind"]), by=user, portfolio=typed.get("portfolio"))

    if request.method == "POST" and attempt(form, act):
        silent = silent_portfolios(record) if portfolios is not None else []
        messages.success(request, f"Recorded: {SettingDecision.Body(body).label}.")
        return redirect("setting-decision" if silent else "setting", year)
    silent_names = ", ".join(one.name for one in silent_portfolios(record)) if portfolios is not None else ""
    context = {
        "crumbs": setting_crumbs(record, "Record a decision"),
        "heading": f"What was decided about the KPIs of {year}: {SettingDecision.Body(body).label}",
        "intro": f"Still to be heard: {silent_names}." if silent_names else "",
        "form": form,
    }
    return render(request, "dataquality/setting/form.html", context)


def _sections(request: HttpRequest, year: FinancialYear) -> tuple[SettingRound, list[PanelSection]]:
    who = standing(signed_in(request))
    record = find_round(year)
    if record is None or not sees_panel(who, record):
        raise Http404(f"There is no set of KPIs for {year} that you can see.")
    return record, panel_sections(lines(proposals_of(record), record.year))


@require_safe
def setting_panel(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """``/kpi-setting/2027-28/panel/``: every KPI as the panel reads it; to be printed, or taken as a file."""
    record, sections = _sections(request, year)
    context = {
        "crumbs": (Link("KPIs", reverse("kpi-list")), Link(f"Proposed for {year}", "")),
        "year": year,
        "state": round_tag(record),
        "sections": sections,
        "stages": stage_rows(stages(record), names=False),
        "file": reverse("setting-panel-file", args=[year]),
    }
    return render(request, "dataquality/setting/panel.html", context)


@require_safe
def setting_panel_file(request: HttpRequest, year: FinancialYear) -> StreamingHttpResponse:
    """The same as CSV."""
    _, sections = _sections(request, year)
    answer = StreamingHttpResponse(csv_lines(HEADING, csv_rows(sections)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="kpis-proposed-{year.slug}.csv"'
    return answer
