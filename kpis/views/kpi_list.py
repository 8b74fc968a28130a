"""The list of KPIs of a year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Rag
from hdcperf.ui import Link, chosen_sort, columns, paginate
from kpis.forms.seeing import KpiFilterForm
from kpis.models import KpiYear
from kpis.presenters.listing import kpi_rows
from kpis.queries.figures import Figure, figures
from kpis.queries.listing import filtered, in_order, years_held
from kpis.views.fetching import signed_in

__all__ = ["kpi_list"]

HEADINGS = (
    ("KPI", "code"),
    ("Service", "service"),
    ("Latest figure", "", "numeric"),
    ("Now", "rag"),
    ("Year-end forecast", "forecast"),
    ("Since last time", ""),
    ("Last 12 months", ""),
)
BY_RAG = {"rag", "forecast"}


def kpi_list(request: HttpRequest) -> HttpResponse:
    """Every KPI of a year with its latest figure, for those who may see it; filters and order in the address."""
    who = standing(signed_in(request))
    years = years_held()
    form = KpiFilterForm(_with_year(request.GET, years), choices=filter_choices(), years=years)
    asked = form.asked()
    year = int(asked.get("year") or _this_year(years))
    sort = chosen_sort(request, ("code", "service", *BY_RAG), "code")
    page = paginate(request, _found(who, year, asked, sort))
    rows = kpi_rows(who, list(page.rows), figures(who, page.rows))
    context = {
        "year": FinancialYear(year),
        "form": form,
        "active": active_filters(request, form, besides=("year",)),
        "page": replace(page, rows=rows),
        "columns": columns(request, HEADINGS, sort),
        "caption": f"KPIs of {FinancialYear(year)}",
        "empty_links": (Link("See all KPIs", reverse("kpi-list")),),
    }
    return render(request, "kpis/kpi_list.html", context)


def _this_year(years: list[int]) -> int:
    """The financial year we are in, or the newest there are KPIs for before it."""
    now = Month.from_date(clock.today()).financial_year.start_year
    return next((year for year in years if year <= now), years[0] if years else now)


def _with_year(asked: QueryDict, years: list[int]) -> QueryDict:
    """What the address asks, with the year filled in, so that the filter shows which one is listed."""
    found = asked.copy()
    if found.get("year") not in {str(year) for year in years}:
        found["year"] = str(_this_year(years))
    return found


def _found(who: Standing, year: int, asked: dict[str, Any], sort: str) -> list[KpiYear]:
    """The KPIs asked for, in order. RAG is what the person may see, so it is asked after the figures are read."""
    by_rag = sort.removeprefix("-") in BY_RAG
    found = in_order(list(filtered(year, asked)), "code" if by_rag else sort)
    if not by_rag and "rag" not in asked:
        return found
    latest = {pk: one.latest() for pk, one in figures(who, found).items()}
    if "rag" in asked:
        found = [one for one in found if (figure := latest[one.pk]) is not None and figure.rag == asked["rag"]]
    if by_rag:
        found.sort(key=lambda one: _rank(latest[one.pk], sort), reverse=sort.startswith("-"))
    return found


def _rank(figure: Figure | None, sort: str) -> int:
    """Worst first; those without a figure last."""
    if figure is None:
        return len(Rag)
    return figure.forecast_rag.rank if sort.endswith("forecast") else figure.rag.rank
