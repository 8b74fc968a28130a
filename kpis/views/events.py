"""Dated events: noted once, shown on every chart they touch."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.ui import Link, count_of, paginate
from kpis.forms.events import EventForm
from kpis.models import KpiEvent, KpiYear
from kpis.operations.events import change_event, note_event, remove_event
from kpis.views.fetching import signed_in

__all__ = ["event", "event_new", "event_remove", "events"]

NAMED = 3
"""KPIs named beside an event in the list; of more, their number."""


@dataclass(frozen=True)
class EventRow:
    """An event of the list."""

    month: str
    sentence: str
    touches: str
    noted_by: str
    links: tuple[Link, ...]


def _noter(request: HttpRequest) -> User:
    user = signed_in(request)
    if not standing(user).may(Permission.NOTE_EVENTS):
        raise PermissionDenied("Only the Performance Team notes events.")
    return user


def events(request: HttpRequest) -> HttpResponse:
    """Every event, the latest first."""
    _noter(request)
    rows = KpiEvent.objects.select_related("noted_by").prefetch_related("touches__kpi").order_by("-month", "-pk")
    page = paginate(request, rows)
    codes = _codes()
    context = {
        "page": page,
        "rows": [_row(one, codes) for one in page.rows],
        "new": (Link("Note an event", reverse("event-new")),),
    }
    return render(request, "kpis/events.html", context)


def _codes() -> dict[int, str]:
    """Each KPI's latest code."""
    rows = KpiYear.objects.filter(is_live=True).order_by("year").values_list("kpi_id", "code")
    return dict(rows)


def _row(one: KpiEvent, codes: dict[int, str]) -> EventRow:
    touched = sorted(codes.get(row.kpi_id, row.kpi.reference) for row in one.touches.all())
    words = ", ".join(touched) if len(touched) <= NAMED else count_of(len(touched), "KPI")
    return EventRow(
        month=str(Month.from_date(one.month)),
        sentence=one.sentence,
        touches=words or "None",
        noted_by=one.noted_by.name,
        links=(Link("Change", reverse("event", args=[one.pk]), hint=one.sentence),),
    )


def _form(request: HttpRequest, event: KpiEvent | None, initial: dict[str, object]) -> EventForm:
    today = Month.from_date(clock.today())
    rows = KpiYear.objects.filter(year=today.financial_year.start_year, is_live=True).select_related("service")
    kpi_years = sorted(rows, key=lambda one: one.code_key)
    kpis = [(one.kpi_id, f"{one.code} {one.name}", one.service_id) for one in kpi_years]
    services = sorted({(one.service_id, one.service.name) for one in kpi_years}, key=lambda pair: pair[1])
    return EventForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        kpis=_with_those_held(kpis, event),
        services=services,
        this_month=today,
        event=event,
    )


def _with_those_held(kpis: list[tuple[int, str, int]], event: KpiEvent | None) -> list[tuple[int, str, int]]:
    """The KPIs an older event touches stay on offer, though they have ended."""
    if event is None:
        return kpis
    there = {kpi_id for kpi_id, _, _ in kpis}
    held = [row for row in event.touches.select_related("kpi") if row.kpi_id not in there]
    return kpis + [(row.kpi_id, f"{row.kpi.reference} (ended)", 0) for row in held]


def event_new(request: HttpRequest) -> HttpResponse:
    """Note a new event; ``?kpi=`` ticks one KPI."""
    user = _noter(request)
    month = Month.from_date(clock.today())
    form = _form(request, None, {"month": month.slug, "reach": "kpis", "kpis": request.GET.getlist("kpi")})
    if form.is_valid():
        made = note_event(
            month=Month.parse(form.cleaned_data["month"]),
            sentence=form.cleaned_data["sentence"],
            kpis=form.chosen_kpis(),
            by=user,
        )
        messages.success(request, f"The event is noted on {count_of(made.touches.count(), 'chart')}.")
        return redirect("events")
    return _answer(request, form, "Note an event", None)


def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an event."""
    user = _noter(request)
    found = get_object_or_404(KpiEvent, pk=pk)
    held = [str(row.kpi_id) for row in found.touches.all()]
    form = _form(
        request,
        found,
        {
            "month": Month.from_date(found.month).slug,
            "sentence": found.sentence,
            "reach": "kpis",
            "kpis": held,
        },
    )
    if form.is_valid():
        change_event(
            found,
            month=Month.parse(form.cleaned_data["month"]),
            sentence=form.cleaned_data["sentence"],
            kpis=form.chosen_kpis(),
            by=user,
        )
        messages.success(request, "The event is changed.")
        return redirect("events")
    return _answer(request, form, "Change an event", found)


def event_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an event off every chart, after asking once (a plain GET asks)."""
    user = _noter(request)
    found = get_object_or_404(KpiEvent, pk=pk)
    if request.method == "POST":
        remove_event(found, by=user)
        messages.success(request, "The event is removed from every chart.")
        return redirect("events")
    context = {
        "crumbs": (Link("Events", reverse("events")), Link("Remove", "")),
        "month": str(Month.from_date(found.month)),
        "sentence": found.sentence,
        "back_to": reverse("event", args=[found.pk]),
    }
    return render(request, "kpis/event_remove.html", context)


def _answer(request: HttpRequest, form: EventForm, heading: str, found: KpiEvent | None) -> HttpResponse:
    context = {
        "crumbs": (Link("Events", reverse("events")), Link(heading, "")),
        "heading": heading,
        "form": form,
        "remove": reverse("event-remove", args=[found.pk]) if found is not None else "",
    }
    return render(request, "kpis/event.html", context)
