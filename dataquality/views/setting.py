"""The yearly windows, and one: its dates, stages, counts and every KPI; opening it, and sending the set on (C.1)."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.forms.setting import DatesForm, SendBackForm, SettingFilterForm
from dataquality.models import SettingRound
from dataquality.operations.going_live import advance
from dataquality.operations.windows import change_dates, open_window
from dataquality.presenters.setting import (
    counts,
    needed,
    proposal_rows,
    round_tag,
    setting_steps,
    window_facts,
)
from dataquality.queries.setting import (
    filtered,
    lines,
    phase_now,
    seen_proposals,
    sees_panel,
    sees_setting,
    stages,
)
from dataquality.queries.windows import next_to_open, review_to_open, reviews_shown, rounds_shown
from dataquality.setting_workflow import ROUND_MOVES, MoveRefused, StaleRecord, may_manage, refusal
from dataquality.views.setting_fetching import Window, find_window, setting_crumbs
from hdcperf.jobs.operations import start
from hdcperf.jobs.telling import AT_ONCE
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.stages import stage_rows
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Link, Step, paginate, with_query

__all__ = ["setting", "setting_dates", "setting_open", "setting_rounds"]

METHODS = ["GET", "HEAD", "POST"]
MANY = AT_ONCE // 14
"""KPIs that are made a year's while somebody waits: each writes itself, its target and twelve months."""
STALE = "The set was changed after you opened the page. Look at it as it is now, then decide again."


@require_safe
def setting_rounds(request: HttpRequest) -> HttpResponse:
    """``/kpi-setting/``: the windows of the years, and the half-year reviews."""
    user = signed_in(request)
    who = standing(user)
    if not sees_setting(who):
        raise PermissionDenied("The setting of KPIs is for the people of the KPIs, their managers and councillors.")
    steps = []
    following = next_to_open(who)
    if following is not None and may_manage(None, user) is None:
        steps.append(
            Step(
                f"Open the window for {following}",
                reverse("setting-open", args=[following]),
                kind="primary",
                hint="Every KPI of the year before is listed in it.",
            )
        )
    reviewed = review_to_open(who)
    if reviewed is not None and may_manage(None, user) is None:
        steps.append(
            Step(
                f"Open the half-year review of {reviewed}",
                reverse("half-year-dates", args=[reviewed]),
                kind="secondary",
            )
        )
    reviews = [
        (Link(str(FinancialYear(one.year)), reverse("half-year", args=[FinancialYear(one.year)])), one)
        for one in reviews_shown()
    ]
    rows = [
        (Link(str(one.financial_year), reverse("setting", args=[one.financial_year])), round_tag(one), one)
        for one in rounds_shown()
    ]
    return render(request, "dataquality/setting/rounds.html", {"rows": rows, "reviews": reviews, "steps": steps})


@require_http_methods(METHODS)
def setting_open(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Open the window of the year that comes next."""
    user = signed_in(request)
    if sentence := may_manage(None, user):
        raise PermissionDenied(sentence)
    if SettingRound.objects.filter(year=year.start_year).exists():
        return redirect("setting", year)
    if year != next_to_open(standing(user)):
        raise Http404(f"The window for {year} is not the next to be opened.")
    form = DatesForm(
        request.POST or None,
        initial={"version": 0},
        back=reverse("setting-rounds"),
        button=f"Open the window for {year}",
    )
    if request.method == "POST" and attempt(form, lambda: open_window(year, form.dates(), by=user)):
        messages.success(request, f"The window for {year} is set up: every KPI of {year.previous} is listed in it.")
        return redirect("setting", year)
    context = {
        "crumbs": (Link("Setting KPIs", reverse("setting-rounds")), Link(f"Open {year}", "")),
        "heading": f"Open the window for the KPIs of {year}",
        "intro": "Holders review their KPIs first; then services propose to keep, amend or drop each, or new ones.",
        "form": form,
    }
    return render(request, "dataquality/setting/form.html", context)


@require_http_methods(METHODS)
def setting_dates(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Give the window other dates."""
    window = find_window(request, year)
    record, user = window.record, window.user
    if sentence := may_manage(record, user):
        raise PermissionDenied(sentence)
    names = ("holders_from", "services_from", "closes_on", "version")
    initial = {name: getattr(record, name) for name in names}
    options = {"back": reverse("setting", args=[year]), "button": "Save the dates"}
    form = DatesForm(request.POST or None, initial=initial, **options)
    if request.method == "POST" and form.is_valid():
        try:
            dates, version = form.dates(), form.cleaned_data["version"]
            if attempt(form, lambda: change_dates(record, dates, by=user, version=version)):
                messages.success(request, "The dates are saved.")
                return redirect("setting", year)
        except StaleRecord as stale:
            form = DatesForm(with_version(request.POST, stale.fresh.version), **options)
            form.add_error(None, "The set was changed after you opened the page. Save again to put your dates in.")
    context = {"crumbs": setting_crumbs(record, "Dates"), "heading": f"Dates of the window for {year}", "form": form}
    return render(request, "dataquality/setting/form.html", context)


@require_http_methods(METHODS)
def setting(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """``/kpi-setting/2027-28/``: the window, the stages of the set, and every KPI with what is proposed."""
    window = find_window(request, year)
    if request.method == "POST":
        return _move(request, window)
    return _show(request, window)


def _move(request: HttpRequest, window: Window) -> HttpResponse:
    record, name = window.record, request.POST.get("move", "")
    if name not in ROUND_MOVES:
        raise Http404("There is no such button.")
    form = _send_back_form(request.POST) if name == "send_back" else None
    if form is not None and not form.is_valid():
        return _show(request, window, form)
    if name == "go_live" and record.proposals.count() > MANY and not refusal(record, ROUND_MOVES[name], window.user):
        version = posted_version(request)
        label = f"Make the set the KPIs of {record.financial_year}"
        job = start("go_live", window.user, label, {"pk": record.pk, "version": version}, key=str(record.pk))
        return redirect("job", job.pk)
    try:
        advance(
            record,
            name,
            by=window.user,
            version=posted_version(request),
            comment=form.cleaned_data["comment"] if form is not None else "",
        )
    except (MoveRefused, StaleRecord) as refused:
        sentence = STALE if isinstance(refused, StaleRecord) else str(refused)
        fresh = find_window(request, record.financial_year)
        if form is not None:  # what was typed is kept on the page
            form = _send_back_form(with_version(request.POST, fresh.record.version))
            form.add_error(None, sentence)
            return _show(request, fresh, form)
        messages.warning(request, sentence)
        return redirect("setting", record.financial_year)
    fresh = find_window(request, record.financial_year)
    messages.success(request, f"{fresh.record.get_state_display()}: the KPIs of {record.financial_year}.")
    return redirect("setting", record.financial_year)


def _send_back_form(*args: object, **kwargs: object) -> SendBackForm:
    return SendBackForm(*args, move="send_back", words="Send back to be proposed again", **kwargs)


def posted_version(request: HttpRequest) -> int:
    """The version the page was made from; a missing or garbled one is no version at all."""
    posted = request.POST.get("version", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def _show(request: HttpRequest, window: Window, form: SendBackForm | None = None) -> HttpResponse:
    record, who, user = window.record, window.who, window.user
    filters = SettingFilterForm(request.GET, choices=filter_choices())
    everything = lines(seen_proposals(who, record), record.year)
    found = filtered(everything, filters.asked())
    page = paginate(request, found)
    phase = phase_now(record, who)
    may_send_back = refusal(record, ROUND_MOVES["send_back"], user) is None
    if form is None and may_send_back:
        form = _send_back_form(initial={"version": record.version})
    context = {
        "crumbs": setting_crumbs(record),
        "year": record.financial_year,
        "record": record,
        "state": round_tag(record),
        "facts": window_facts(record, phase),
        "needed": needed(record),
        "stages": stage_rows(stages(record), bool(who.roles - MEMBER_ROLES)),
        "counts": counts(everything, lambda name, value: with_query(request, **{name: value})),
        "filters": filters,
        "active": active_filters(request, filters),
        "page": replace(page, rows=proposal_rows(page.rows)),
        "listed": bool(everything),
        "steps": setting_steps(
            record,
            user,
            phase,
            sees_panel=sees_panel(who, record),
            proposes=who.may(Permission.COMPLETE_TEMPLATES),
        ),
        "form": form,
    }
    return render(request, "dataquality/setting/window.html", context)
